"""What would help where the products do not allow the scheme: each with the figure that makes it work."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import Alternative, Circumstances, Equivalence, Fact, PlanRequest, make_plan
from tests.knowledge.taper.asking import ADULT, ask, made, refused, tablets

ZOPICLONE = ask(
    "zopiclone",
    "7.5",
    tablets("zopiclone", "7.5"),
    equivalence=Equivalence(Fraction("7.5"), Fraction(15)),
)
LIVER_NOT_TOLD = ADULT.absent - {Fact.HEPATIC_DISEASE}


def diazepam_offered(request: PlanRequest) -> dict[str, Any] | None:
    offered = [dict(each.values) for each in refused(make_plan(request)).alternatives]
    codes = [each.code for each in refused(make_plan(request)).alternatives]
    return offered[codes.index(Alternative.SWITCH_TO_DIAZEPAM)] if Alternative.SWITCH_TO_DIAZEPAM in codes else None


@pytest.mark.parametrize(
    ("patient", "check"),
    [
        pytest.param(replace(ADULT, age_years=64), None, id="64 years"),
        pytest.param(replace(ADULT, age_years=65), "elderly", id="65 years"),
        pytest.param(replace(ADULT, age_years=None), None, id="age not told"),
        pytest.param(replace(ADULT, absent=LIVER_NOT_TOLD), "hepatic-disease", id="liver not told"),
        pytest.param(
            replace(ADULT, absent=LIVER_NOT_TOLD, age_years=80), "hepatic-disease,elderly", id="both, in this order"
        ),
    ],
)
def test_a_switch_to_diazepam_says_what_to_check_first(patient: Circumstances, check: str | None) -> None:
    offered = diazepam_offered(replace(ZOPICLONE, patient=patient))

    assert offered == {"low_mg": 5, "high_mg": 10} | ({} if check is None else {"check": check})


def test_a_switch_to_diazepam_is_not_offered_in_liver_disease_nor_without_a_table() -> None:
    ill = replace(ADULT, present=ADULT.present | {Fact.HEPATIC_DISEASE}, absent=LIVER_NOT_TOLD)

    assert diazepam_offered(replace(ZOPICLONE, patient=ill)) is None
    assert diazepam_offered(replace(ZOPICLONE, equivalence=None)) is None


@pytest.mark.parametrize(
    ("daily", "part"),
    [
        pytest.param("10", {"smallest_part_mg": 1}, id="a tenth of the dose is below one standard dose"),
        pytest.param("50", {"below_mg": 5}, id="a tenth of the dose is one standard dose: the stop binds"),
        pytest.param("80", {"below_mg": 5}, id="a tenth of the dose is more than one standard dose"),
    ],
)
def test_a_finer_product_is_named_by_the_bound_that_binds(daily: str, part: dict[str, Any]) -> None:
    tables = Equivalence(Fraction(5), Fraction(10))
    refusal = refused(make_plan(ask("bromazepam", daily, tablets("bromazepam", "10"), equivalence=tables)))

    assert [dict(each.values) for each in refusal.alternatives[:3]] == [part] * 3


@pytest.mark.parametrize(
    ("stands_for", "offered"),
    [
        pytest.param("1.25", False, id="20 mg of diazepam by one table"),
        pytest.param("1.26", True, id="just below"),
    ],
)
def test_a_faster_scheme_is_not_offered_from_twice_the_standard_dose_on(stands_for: str, offered: bool) -> None:
    tables = Equivalence(Fraction(stands_for), Fraction(5))
    refusal = refused(make_plan(ask("lorazepam", "2.5", tablets("lorazepam", "0.5"), equivalence=tables)))

    assert (Alternative.OTHER_SCHEME in [each.code for each in refusal.alternatives]) is offered


def test_the_largest_dose_to_stop_from_is_just_below_the_standard_dose() -> None:
    """The Dutch scheme ends with an eighth of the dose; of 40 mg of diazepam or more that is half a standard dose."""
    ends = [
        made(make_plan(ask("diazepam", daily, tablets("diazepam", "5"), scheme="nl-guided-reduction")))
        for daily in ("40", "80", "120")
    ]

    assert [(plan.last_mg, plan.last_by) for plan in ends] == [(5, "scheme")] * 3
