"""What goes out is valid, whatever came in."""

from typing import Any

import pytest

from app.render.valid import is_valid_order

ORDER: dict[str, Any] = {
    "resourceType": "MedicationRequest",
    "id": "a",
    "status": "draft",
    "intent": "order",
    "subject": {"reference": "Patient/1"},
    "medicationCodeableConcept": {"text": "zolpidem 10 mg"},
}


def test_an_order_as_it_should_be_may_leave() -> None:
    assert is_valid_order(ORDER)


@pytest.mark.parametrize(
    "more",
    [
        {"id": None},
        {"id": "a b"},
        {"id": "x" * 65},
        {"status": "banana"},
        {"intent": "NaN"},
        {"priority": "soon"},
        {"subject": {}},
        {"subject": {"reference": "nobody"}},
        {"requester": None},
        {"note": []},
        {"dosageInstruction": [{"route": {}}]},
        {"dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": 10, "code": "mg"}}]}]},
        {"dosageInstruction": "10 mg"},
        {"unheard-of": 1},
    ],
)
def test_an_order_that_is_not_valid_does_not_leave(more: dict[str, Any]) -> None:
    assert not is_valid_order(ORDER | more)
