"""What the words of a card may hold: figures that nobody knows to the hundredth, reasons that make sense."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.consult import Reader, answer_for, asked
from app.journal.trail import Trail
from app.render.figures import Figures
from app.told import Prefetch
from cds_hooks.cards import Card
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from knowledge.facts import Certainty, DailyDose, Dosage, Period, Use
from knowledge.texts import LANGUAGES
from tests.render.test_every_case import LIBRARY

TODAY = date(2026, 11, 21)
LINE = Decimal(20)


Dose = float | str | None  # mg a day, words, or nothing


def card_of(name: str, dose: Dose, *in_use: tuple[str, Dose, str], language: str = "en") -> Card:
    """The card on an order of so much a day, beside what is in use since when."""

    def request(identity: str, status: str, name: str, dose: Dose, since: str | None = None) -> dict[str, object]:
        repeat = {"frequency": 1, "period": 1, "periodUnit": "d"}
        bounds = {"boundsPeriod": {"start": since}} if since else {}
        quantity = {"value": dose, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
        structure = {"timing": {"repeat": repeat | bounds}, "doseAndRate": [{"doseQuantity": quantity}]}
        words = {"text": dose, "timing": {"repeat": bounds}}
        return {
            "resourceType": "MedicationRequest",
            "id": identity,
            "status": status,
            "intent": "order",
            "medicationCodeableConcept": {"text": name},
            "subject": {"reference": "Patient/1"},
            "dosageInstruction": [] if dose is None else [words if isinstance(dose, str) else structure],
        }

    drafts = [{"resource": request("d-1", "draft", name, dose)}]
    used = [{"resource": request(f"m-{place}", "active", *one)} for place, one in enumerate(in_use)]
    body = {
        "hook": "order-sign",
        "hookInstance": "96b48493-bbc6-5f8b-a694-f44c43e84425",
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": drafts},
        },
        "prefetch": {
            **dict.fromkeys(("patient", "conditions", "statements", "dispenses", "encounter")),
            "medications": {"resourceType": "Bundle", "type": "searchset", "entry": used},
        },
    }
    question_of = read_request(body, HOOKS["order-sign"])
    question = asked(question_of, Prefetch(question_of.prefetch), LIBRARY)
    (card,) = answer_for(question, LIBRARY, TODAY, Reader(language, "https://wane.example"), Trail()).cards
    return card


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        ("20", "40", "20-40 mg/day"),
        ("12.5", "25", "12.5-25 mg/day"),
        ("26.67", "30.08", "about 27-30 mg/day"),
        ("19.6", "30.04", "about 19-30 mg/day"),
        ("12", "19.9", "about 12-19 mg/day"),
        ("20.2", "20.3", "about 20 mg/day"),
        ("19.99", "19.99", "about 19 mg/day"),
    ],
)
def test_a_converted_amount_is_rounded_for_people_and_never_over_the_line(low: str, high: str, said: str) -> None:
    figures = Figures(LIBRARY.phrases["en"])
    assert figures.equivalent(Decimal(low), Decimal(high), LINE) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rounded_amount_says_so_in_every_language(language: str) -> None:
    figures = Figures(LIBRARY.phrases[language])
    exact, rounded = (figures.equivalent(Decimal(low), Decimal("30"), LINE) for low in ("27", "26.67"))
    assert exact in rounded
    assert exact != rounded


def test_a_card_tells_no_hundredths_of_a_diazepam_equivalent() -> None:
    assert "about 27-30 mg/day" in card_of("Tranxene 10 mg capsule", 40).summary


def test_a_high_dose_to_begin_with_cannot_be_overridden_by_a_taper_under_way() -> None:
    assert "already-tapering" not in [reason.code for reason in card_of("Diazepam 10 mg tablet", 20).override_reasons]


def test_a_high_dose_in_use_can_be_overridden_by_a_taper_under_way() -> None:
    card = card_of("Diazepam 10 mg tablet", 20, ("Diazepam 10 mg tablet", 20, "2026-09-01"))
    assert "already-tapering" in [reason.code for reason in card.override_reasons]


def test_a_high_dose_together_is_said_and_followed_up_of_all_that_is_counted() -> None:
    card = card_of("cloxazolam 1 mg", 1, ("prazepam 20 mg", 60, "2025-01-01"))
    assert card.summary == "Cloxazolam with prazepam: together a high dose, check what is taken (Paling 2015)."
    described = [action.description for suggestion in card.suggestions for action in suggestion.actions]
    assert "Check with patient, GP or pharmacist what is taken of cloxazolam and prazepam" in described


def stretches(*periods: tuple[str, str | None]) -> list[Use]:
    read = tuple(
        Period(date.fromisoformat(first), date.fromisoformat(last) if last else None) for first, last in periods
    )
    daily = DailyDose(Decimal(1), Decimal(1), "mg", Certainty.SURE, "structure")
    return [Use("lorazepam", ("m-1",), read, current=True, dosage=Dosage(daily))]


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        pytest.param(
            [("2020-01-01", "2026-11-02"), ("2026-11-19", None)], None, id="long, but for the last three days"
        ),
        pytest.param([("2020-01-01", "2026-08-01"), ("2026-10-01", None)], "52 days (after a break)", id="begun again"),
        pytest.param([("2020-01-01", "2026-05-01"), ("2026-06-01", None)], "5 months (after a break)", id="long again"),
        pytest.param([("2026-11-19", None)], "3 days", id="begun"),
    ],
)
def test_days_after_a_break_are_not_told_as_the_whole_use(periods: list[Any], said: str | None) -> None:
    assert Figures(LIBRARY.phrases["en"]).course(stretches(*periods), TODAY, at_least=1) == said


LONG = "2025-01-01"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nl", "Niet bekend: de dagdosis van prazepam."),
        ("fr", "Non connu : la dose journalière (prazépam)."),
        ("en", "Not known: the daily dose of prazepam."),
        ("de", "Nicht bekannt: die Tagesdosis von Prazepam."),
    ],
)
def test_a_dose_beside_the_order_that_nobody_can_read_is_named(language: str, told: str) -> None:
    in_use = ("lormetazepam 1 mg", 1.0, LONG), ("prazepam 10 mg", "5-5-5", LONG)
    assert card_of("lormetazepam 1 mg", 1, *in_use, language=language).detail.endswith(told)


@pytest.mark.parametrize(
    ("dose", "in_use", "told"),
    [
        pytest.param("5-5-5", (), "the daily dose of prazepam.", id="of the order"),
        pytest.param(10, ("prazepam 10 mg", "5-5-5", LONG), "of prazepam until now.", id="of what the order changes"),
        pytest.param(10, ("baclofen 10 mg", "5-5-5", LONG), None, id="of a medicine that is not counted"),
        pytest.param(10, ("lorazepam 1 mg", "1 mg if needed", LONG), None, id="of one that is taken when needed"),
        pytest.param(None, (), None, id="an order still without a dose"),
    ],
)
def test_an_unread_dose_is_named_where_a_rule_asked_for_it(
    dose: Dose, in_use: tuple[Any, ...], told: str | None
) -> None:
    detail = card_of("prazepam 10 mg", dose, *([in_use] if in_use else [])).detail
    assert "daily dose" not in detail if told is None else detail.endswith(told)
