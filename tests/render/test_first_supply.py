"""What is offered for a first order: the words of the suggestion say what it changes, and nothing more."""

from datetime import date
from typing import Any

import pytest

from app.consult import Reader, answer_for, asked
from app.journal.trail import Trail
from app.told import Prefetch
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from tests.render.test_every_case import LIBRARY

RHYTHM = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
IN_TABLETS = {**RHYTHM, "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "tablet"}}]}
IN_WORDS = {"text": "1 dd 2 tabletten voor de nacht"}
TWO_WEEKS = {"value": 14, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
BOTH = "Supply 14 days, with an end"
SUPPLY_ONLY = "Supply 14 days and review then"
END_ONLY = "Set an end after 14 days"


def tablets(number: int, days: int | None = None, repeats: int | None = None) -> dict[str, Any]:
    lasts = {"expectedSupplyDuration": {**TWO_WEEKS, "value": days}} if days else {}
    again = {"numberOfRepeatsAllowed": repeats} if repeats is not None else {}
    return {"quantity": {"value": number, "unit": "tablet"}, **lasts, **again}


def changed(dosage: dict[str, Any], dispense: dict[str, Any] | None) -> tuple[str, dict[str, Any]] | None:
    """The suggestion that changes a first order of lormetazepam 1 mg: its label, and the order it gives back."""
    draft = {
        "resourceType": "MedicationRequest",
        "id": "d-1",
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": {"text": "Lormetazepam 1 mg tablet"},
        "subject": {"reference": "Patient/1"},
        "dosageInstruction": [dosage],
        **({"dispenseRequest": dispense} if dispense else {}),
    }
    body = {
        "hook": "order-sign",
        "hookInstance": "96b48493-bbc6-5f8b-a694-f44c43e84425",
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": draft}]},
        },
        "prefetch": dict.fromkeys(("patient", "conditions", "medications", "statements", "dispenses", "encounter")),
    }
    request = read_request(body, HOOKS["order-sign"])
    question = asked(request, Prefetch(request.prefetch), LIBRARY)
    reader = Reader("en", "https://wane.example")
    (card,) = answer_for(question, LIBRARY, date(2026, 11, 21), reader, Trail()).cards
    for suggestion in card.suggestions:
        for action in suggestion.actions:
            if action.type == "update":
                assert action.resource is not None
                return suggestion.label, dict(action.resource)
    return None


def test_supply_and_end_are_both_set_where_both_can_be() -> None:
    told = changed(IN_TABLETS, tablets(60))
    assert told is not None
    label, order = told
    assert label == BOTH
    assert order["dispenseRequest"]["quantity"]["value"] == 28
    assert order["dispenseRequest"]["expectedSupplyDuration"] == TWO_WEEKS
    assert order["dosageInstruction"][0]["timing"]["repeat"]["boundsDuration"] == TWO_WEEKS


def test_an_instruction_in_words_gets_no_end_and_the_label_promises_none() -> None:
    told = changed(IN_WORDS, tablets(60))
    assert told is not None
    label, order = told
    assert label == SUPPLY_ONLY
    assert order["dispenseRequest"]["quantity"]["value"] == 28
    assert order["dosageInstruction"] == [IN_WORDS]


def test_a_supply_that_is_short_already_stays_and_the_label_speaks_of_the_end_only() -> None:
    told = changed(IN_TABLETS, tablets(20))
    assert told is not None
    label, order = told
    assert label == END_ONLY
    assert order["dispenseRequest"] == tablets(20)


@pytest.mark.parametrize(
    "dispense",
    [
        tablets(30, days=60),  # 30 tablets at 2 a day last 15 days
        tablets(20, days=60),
        tablets(20, repeats=5),
    ],
)
def test_a_supply_that_contradicts_an_end_is_not_left_beside_it(dispense: dict[str, Any]) -> None:
    assert changed(IN_TABLETS, dispense) is None
