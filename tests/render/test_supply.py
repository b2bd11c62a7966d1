"""The same order, shorter: what is changed, and what is left alone."""

from fractions import Fraction
from typing import Any

import pytest

from app.render.supply import with_end, with_supply

DAYS = {"unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
ONE = Fraction(1)


def order(quantity: int | None = None, days: int | None = None, repeats: int | None = None) -> dict[str, Any]:
    supply: dict[str, Any] = {}
    if quantity is not None:
        supply["quantity"] = {"value": quantity, "unit": "tablet"}
    if days is not None:
        supply["expectedSupplyDuration"] = {"value": days} | DAYS
    if repeats is not None:
        supply["numberOfRepeatsAllowed"] = repeats
    return {"id": "1", "note": [{"text": "kept"}]} | ({"dispenseRequest": supply} if supply else {})


@pytest.mark.parametrize(
    ("before", "units_a_day", "after"),
    [
        (order(60, 60), None, order(28, 28, 0)),
        (order(60, 60, 3), None, order(28, 28, 0)),
        (order(30), ONE, None),  # 30 tablets for 28: nothing gained
        (order(30, repeats=2), ONE, order(28, 28, 0)),
        (order(90), ONE, order(28, 28, 0)),
        (order(90), Fraction(3, 2), order(42, 28, 0)),
        (order(90), None, None),  # how long it lasts is not known
        (order(28, 28), None, None),
        (order(), None, order(None, 28, 0)),
        (order(61, 60), None, None),  # no whole number of tablets
        (order(61, 60), ONE, order(28, 28, 0)),  # what is taken a day says how many
        (order(90, 30), Fraction(3), order(84, 28, 0)),
        (order(30, 60), Fraction(2), None),  # 30 tablets at 2 a day are no supply for 60 days: which of them is wrong?
        (order(60, 30), ONE, None),
        (order(20, repeats=2), ONE, None),  # each time already shorter, and nothing is handed out more at once
    ],
)
def test_a_supply_for_28_days(before: dict[str, Any], units_a_day: Fraction | None, after: dict[str, Any]) -> None:
    assert with_supply(before, 28, units_a_day) == after


def test_a_quantity_that_is_not_counted_is_left_alone() -> None:
    before: dict[str, Any] = {"dispenseRequest": {"quantity": {"value": 100, "unit": "mL"}}}
    assert with_supply(before, 28, ONE) is None


def test_an_end_is_added_where_there_is_none() -> None:
    rhythm = {"frequency": 1, "period": 1, "periodUnit": "d"}
    before: dict[str, Any] = {"dosageInstruction": [{"text": "1 voor de nacht", "timing": {"repeat": rhythm}}]}
    after: Any = with_end(before, 14)
    (instruction,) = after["dosageInstruction"]
    assert instruction["timing"]["repeat"] == rhythm | {"boundsDuration": {"value": 14} | DAYS}
    assert instruction["text"] == "1 voor de nacht"
    assert with_end(after, 14) is None


@pytest.mark.parametrize("instructions", [None, [], [{}], [{"timing": {"repeat": {"count": 1}}}], [{}, {}]])
def test_no_end_is_guessed(instructions: object) -> None:
    assert with_end({"dosageInstruction": instructions}, 14) is None


def lasting(value: object, unit: str = "d") -> dict[str, Any]:
    return {"expectedSupplyDuration": {"value": value, "unit": unit}}


def ordered(dispense: object) -> dict[str, Any]:
    return {"resourceType": "MedicationRequest", "id": "a", "dispenseRequest": dispense}


@pytest.mark.parametrize(
    "dispense",
    [
        lasting(10, "dagen"),
        lasting(14.5),
        lasting(28),
        lasting(4, "wk"),
        {**lasting(14), "numberOfRepeatsAllowed": 5},
        lasting(1, "fortnight"),
        {"expectedSupplyDuration": {"value": 90, "unit": "d", "comparator": ">"}},
        {"expectedSupplyDuration": "P10D"},
        {**lasting(90), "initialFill": {"quantity": {"value": 90}}},
        {"quantity": {"value": 30}},
        {**lasting(90), "quantity": {"value": 100}},
        {**lasting(90), "quantity": {"value": 90.5}},
        [lasting(90)],
    ],
)
def test_a_supply_that_is_short_or_cannot_be_read_is_left_alone(dispense: object) -> None:
    assert with_supply(ordered(dispense), 28) is None


@pytest.mark.parametrize(
    ("dispense", "value", "quantity"),
    [
        ({}, 28, None),
        (lasting(90), 28, None),
        (lasting(3, "maanden"), 28, None),
        ({**lasting(90), "quantity": {"value": 90, "unit": "stuks"}}, 28, 28),
        ({**lasting(56.0), "quantity": {"value": 112}}, 28, 56),
        ({**lasting(28), "numberOfRepeatsAllowed": 2, "quantity": {"value": 28}}, 28, 28),
    ],
)
def test_a_longer_supply_becomes_28_days_without_repeats(dispense: object, value: int, quantity: int | None) -> None:
    shorter = with_supply(ordered(dispense), 28)
    assert shorter is not None
    changed: Any = shorter["dispenseRequest"]
    assert changed["expectedSupplyDuration"]["value"] == value
    assert changed["numberOfRepeatsAllowed"] == 0
    assert changed.get("quantity", {}).get("value") == quantity


def test_what_others_wrote_in_a_length_is_kept() -> None:
    dispense = {"expectedSupplyDuration": {"value": 90, "unit": "d", "extension": [{"url": "urn:x"}]}}
    changed: Any = with_supply(ordered(dispense), 28)
    assert changed["dispenseRequest"]["expectedSupplyDuration"]["extension"] == [{"url": "urn:x"}]
