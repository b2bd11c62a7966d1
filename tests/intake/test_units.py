"""Dose units as clients write them."""

from fractions import Fraction

import pytest

from app.intake.quantity import read_days, read_quantity, read_range, read_ratio_per_day

UCUM = "http://unitsofmeasure.org"


@pytest.mark.parametrize(
    ("quantity", "value", "unit"),
    [
        ({"value": 10, "unit": "mg", "system": UCUM, "code": "mg"}, 10, "mg"),
        ({"value": 500, "code": "ug", "system": UCUM}, Fraction(1, 2), "mg"),
        ({"value": 500, "unit": "mcg"}, Fraction(1, 2), "mg"),
        ({"value": 500, "unit": "µg"}, Fraction(1, 2), "mg"),
        ({"value": 0.1, "unit": "g"}, 100, "mg"),
        ({"value": 5, "unit": "milliliter", "code": "ml", "system": UCUM}, 5, "mL"),
        ({"value": 5, "code": "[drp]", "unit": "Druppel", "system": UCUM}, 5, "drop"),
        ({"value": 0.5, "unit": "stuk", "code": "1", "system": UCUM}, Fraction(1, 2), "piece"),
        ({"value": 1, "code": "{tablet}", "system": UCUM}, 1, "tablet"),
        ({"value": 1, "unit": "TAB", "code": "TAB", "system": "http://hl7.org/fhir/v3/orderableDrugForm"}, 1, "tablet"),
        ({"value": 1, "unit": "Comprimé", "code": "15054000", "system": "http://standardterms.edqm.eu"}, 1, "tablet"),
        ({"value": 1, "code": "15012000", "system": "http://standardterms.edqm.eu"}, 1, "capsule"),
        ({"value": 2, "unit": "Stück", "code": "1", "system": "https://fhir.kbv.de/DOSIEREINHEIT"}, 2, "piece"),
        ({"value": 2, "unit": "Tablet - unit of product usage", "code": "428673006"}, 2, "tablet"),
        ({"value": 2, "unit": "puffs"}, 2, "puff"),
        ({"value": "2.5", "unit": "mg"}, Fraction(5, 2), "mg"),
        ({"value": 1.0}, 1, "unit"),
    ],
)
def test_a_quantity_is_read_in_base_units(quantity: object, value: int | Fraction, unit: str) -> None:
    read = read_quantity(quantity)

    assert read is not None
    assert (read.span.low, read.span.high, read.unit.name) == (value, value, unit)


@pytest.mark.parametrize(
    "quantity",
    [
        {"value": 15, "unit": "mg", "code": "mg/kg", "system": UCUM},
        {"value": 15, "unit": "milligram per kilogram"},
        {"value": 1000, "unit": "mg/m2", "code": "mg/m2", "system": UCUM},
        {"value": 1, "unit": "mL", "code": "1", "system": UCUM},
        {"value": 1, "unit": "mg", "code": "g", "system": UCUM},
        {"value": 1, "code": "7", "system": "https://fhir.kbv.de/DOSIEREINHEIT"},
        {"value": 1, "system": UCUM},
        {"value": 1, "unit": 7},
        {"value": 10},  # no tablets are taken by ten: the unit was lost
        {"value": 2.5},
        {"value": True, "unit": "mg"},
        {"value": -1, "unit": "mg"},
        {"value": "0,5", "unit": "mg"},
        {"value": float("nan"), "unit": "mg"},
        {"value": 10**30, "unit": "mg"},
        {"value": 1, "unit": "mg", "comparator": "<"},
        {"value": 1, "unit": "mg", "modifierExtension": [{"url": "http://example.org/x"}]},
        {"unit": "mg"},
        "10 mg",
        None,
        [],
    ],
)
def test_a_quantity_that_may_mean_something_else_is_not_read(quantity: object) -> None:
    assert read_quantity(quantity) is None


def test_a_range_needs_both_ends_in_one_unit() -> None:
    five, ten = {"value": 5, "unit": "mg"}, {"value": 10, "unit": "mg"}

    assert read_range({"low": five, "high": ten}) is not None
    assert read_range({"low": five}) is None
    assert read_range({"low": ten, "high": five}) is None
    assert read_range({"low": five, "high": {"value": 10, "unit": "mL"}}) is None


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        ({"value": 2, "unit": "week", "code": "wk", "system": UCUM}, 14),
        ({"value": 6, "unit": "dag", "code": "d"}, 6),
        ({"value": 24, "unit": "hour"}, 1),
        ({"value": 3, "unit": "Woche(n)"}, 21),
        ({"value": 2, "unit": "day", "code": "wk"}, None),
        ({"value": 0, "code": "d"}, None),
        ({"value": 2}, None),
        (None, None),
    ],
)
def test_a_duration_is_a_number_of_days(duration: object, days: int | None) -> None:
    assert read_days(duration) == days


def test_a_ratio_over_time_is_an_amount_per_day() -> None:
    ratio = {"numerator": {"value": 8, "unit": "tablet"}, "denominator": {"value": 12, "code": "h", "system": UCUM}}

    read = read_ratio_per_day(ratio)

    assert read is not None
    assert read.span.high == 16
