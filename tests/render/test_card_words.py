"""What the words of a card may hold: figures that nobody knows to the hundredth, reasons that make sense."""

from datetime import date
from decimal import Decimal

import pytest

from app.consult import Reader, answer_for, asked
from app.journal.trail import Trail
from app.render.figures import Figures
from app.told import Prefetch
from cds_hooks.cards import Card
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from knowledge.texts import LANGUAGES
from tests.render.test_every_case import LIBRARY

TODAY = date(2026, 11, 21)
LINE = Decimal(20)


def card_of(name: str, mg: float, in_use: tuple[str, float, str] | None = None) -> Card:
    """The card on an order of so much a day, beside what is in use since when."""

    def request(identity: str, status: str, name: str, mg: float, since: str | None = None) -> dict[str, object]:
        repeat = {"frequency": 1, "period": 1, "periodUnit": "d"}
        bounds = {"boundsPeriod": {"start": since}} if since else {}
        quantity = {"value": mg, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
        return {
            "resourceType": "MedicationRequest",
            "id": identity,
            "status": status,
            "intent": "order",
            "medicationCodeableConcept": {"text": name},
            "subject": {"reference": "Patient/1"},
            "dosageInstruction": [
                {"timing": {"repeat": repeat | bounds}, "doseAndRate": [{"doseQuantity": quantity}]},
            ],
        }

    drafts = [{"resource": request("d-1", "draft", name, mg)}]
    used = [{"resource": request("m-1", "active", *in_use)}] if in_use else []
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
    (card,) = answer_for(question, LIBRARY, TODAY, Reader("en", "https://wane.example"), Trail()).cards
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
