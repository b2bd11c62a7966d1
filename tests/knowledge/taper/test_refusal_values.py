"""A refusal tells the figures it rests on, each under its own name."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import Because, Conversion, Equivalence, Fact, PlanRequest, make_plan
from knowledge.taper.notes import Note, note
from tests.knowledge.taper.asking import ADULT, ask, refused, tablets

F = Fraction
ZOLPIDEM: dict[str, Any] = {"equivalence": Equivalence(F(10), F(20)), "programme_limit_mg": F(30), "scheme": "riziv-5"}


def zolpidem(daily: str = "10", **changes: Any) -> PlanRequest:
    request = ask("zolpidem", daily, tablets("zolpidem", "5", "10"), **ZOLPIDEM)
    return replace(request, **changes)


def lorazepam(**changes: Any) -> PlanRequest:
    diazepam = Conversion(tablets("diazepam", "2", parts=2))
    request = ask("lorazepam", "2", tablets("lorazepam", "1"), equivalence=Equivalence(F(1), F(2)), conversion=diazepam)
    return replace(request, **changes)


@pytest.mark.parametrize(
    ("request_", "because"),
    [
        (zolpidem(patient=replace(ADULT, country="NL")), note(Because.PROGRAMME_COUNTRY, country="NL")),
        (
            zolpidem(patient=replace(ADULT, continuous_days=89)),
            note(Because.PROGRAMME_USE_TOO_SHORT, days=89, at_least_days=90),
        ),
        (zolpidem(intakes=()), note(Because.PROGRAMME_DIVISION_NOT_TOLD)),
        (
            ask("zolpidem", "10", tablets("zolpidem", "5"), ("5", "5"), **ZOLPIDEM),
            note(Because.PROGRAMME_NOT_ONCE_DAILY, intakes=2),
        ),
        (
            zolpidem(products=tablets("zolpidem", "10", modified_release=True)),
            note(Because.PROGRAMME_MODIFIED_RELEASE),
        ),
        (zolpidem(programme_limit_mg=None), note(Because.PROGRAMME_LIMIT_UNKNOWN, medicine="zolpidem")),
        (zolpidem(programme_limit_mg=F(9)), note(Because.PROGRAMME_DOSE_ABOVE_LIMIT, mg=F(10), limit_mg=F(9))),
        (zolpidem(equivalence=None), note(Because.PROGRAMME_EQUIVALENCE_UNKNOWN, medicine="zolpidem")),
        (
            zolpidem(equivalence=Equivalence(F(2), F(4))),
            note(Because.PROGRAMME_HIGH_DOSE, low_mg=F(25), limit_mg=20),
        ),
        (lorazepam(equivalence=None), note(Because.CONVERSION_EQUIVALENCE_UNKNOWN, medicine="lorazepam")),
        (lorazepam(conversion=Conversion(())), note(Because.NO_PRODUCTS, medicine="diazepam")),
        (
            lorazepam(conversion=Conversion(tablets("oxazepam", "10"))),
            note(Because.PRODUCT_OF_OTHER_MEDICINE, medicine="oxazepam"),
        ),
        (
            lorazepam(conversion=Conversion(tablets("diazepam", "25"))),
            note(Because.CONVERSION_NOT_MAKEABLE, low_mg=F(10), high_mg=F(20), nearest_below_mg=F(0)),
        ),
        (
            ask("cloxazolam", "2", tablets("cloxazolam", "1"), conversion=Conversion(tablets("diazepam", "2"))),
            note(Because.CONVERSION_NEVER, medicine="cloxazolam"),
        ),
        (
            ask("lorazepam", "2", tablets("lorazepam", "1"), last_mg=F(3), equivalence=Equivalence(F(1), F(2))),
            note(Because.LAST_DOSE_TOO_HIGH, last_mg=F(3), at_most_mg=F("0.2"), below_mg=F(1)),
        ),
        (
            ask("lorazepam", "2", tablets("lorazepam", "0.5"), last_mg=F(1), equivalence=Equivalence(F(1), F(2))),
            note(Because.LAST_DOSE_TOO_HIGH, last_mg=F(1), at_most_mg=F("0.2"), below_mg=F(1)),
        ),
        (
            ask("lorazepam", "2", tablets("lorazepam", "0.5"), last_mg=F(1)),
            note(Because.LAST_DOSE_TOO_HIGH, last_mg=F(1), at_most_mg=F("0.2")),
        ),
        (
            ask("lorazepam", "2", tablets("lorazepam", "0.5"), last_mg=F("0.3")),
            note(Because.LAST_DOSE_NOT_MAKEABLE, last_mg=F("0.3")),
        ),
        (
            ask("lorazepam", "2", tablets("lorazepam", "0.5"), last_mg=F(0)),
            note(Because.LAST_DOSE_NOT_MAKEABLE, last_mg=F(0)),
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Note) else "",
)
def test_a_reason_tells_its_figures(request_: PlanRequest, because: Note) -> None:
    assert because in refused(make_plan(request_)).because


def test_the_facts_of_the_patient_are_named_one_by_one() -> None:
    patient = replace(
        ADULT,
        absent=ADULT.absent - {Fact.PREGNANCY, Fact.EPILEPSY},
        present=ADULT.present | {Fact.PREGNANCY, Fact.EPILEPSY},
    )
    assert refused(make_plan(zolpidem(patient=patient))).codes() == ("pregnancy", "epilepsy")
