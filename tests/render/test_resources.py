"""Proposals on an order: the same order for a shorter time, and never for a longer one."""

from typing import Any

import pytest

from app.render.resources import shorter_supply


def days(value: object, unit: str = "d") -> dict[str, Any]:
    return {"expectedSupplyDuration": {"value": value, "unit": unit}}


def order(dispense: object) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "id": "a", "dispenseRequest": dispense}


@pytest.mark.parametrize(
    "dispense",
    [
        days(10, "dagen"),
        days(14.5),
        days(28),
        days(4, "wk"),
        {**days(14), "numberOfRepeatsAllowed": 5},
        days(1, "fortnight"),
        {"expectedSupplyDuration": {"value": 90, "unit": "d", "comparator": ">"}},
        {"expectedSupplyDuration": "P10D"},
        {**days(90), "initialFill": {"quantity": {"value": 90}}},
        {"quantity": {"value": 30}},
        {**days(90), "quantity": {"value": 100}},
        {**days(90), "quantity": {"value": 90.5}},
        [days(90)],
    ],
)
def test_a_supply_that_is_short_or_cannot_be_read_is_left_alone(dispense: object) -> None:
    assert shorter_supply(order(dispense), 28) is None


@pytest.mark.parametrize(
    ("dispense", "value", "quantity"),
    [
        ({}, 28, None),
        (days(90), 28, None),
        (days(3, "maanden"), 28, None),
        ({**days(90), "quantity": {"value": 90, "unit": "stuks"}}, 28, 28),
        ({**days(56.0), "quantity": {"value": 112}}, 28, 56),
        ({**days(28), "numberOfRepeatsAllowed": 2, "quantity": {"value": 28}}, 28, 28),
    ],
)
def test_a_longer_supply_becomes_28_days_without_repeats(dispense: object, value: int, quantity: int | None) -> None:
    shorter = shorter_supply(order(dispense), 28)
    assert shorter is not None
    changed: Any = shorter["dispenseRequest"]
    assert changed["expectedSupplyDuration"]["value"] == value
    assert changed["numberOfRepeatsAllowed"] == 0
    assert changed.get("quantity", {}).get("value") == quantity


def test_what_others_wrote_in_a_length_is_kept() -> None:
    dispense = {"expectedSupplyDuration": {"value": 90, "unit": "d", "extension": [{"url": "urn:x"}]}}
    changed: Any = shorter_supply(order(dispense), 28)
    assert changed["dispenseRequest"]["expectedSupplyDuration"]["extension"] == [{"url": "urn:x"}]
