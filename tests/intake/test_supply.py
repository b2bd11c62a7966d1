"""What was handed out, and what was stated, against what was prescribed."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.intake.course import uses_of
from app.intake.dispense import Dispensed, daily_by_supply, read_dispense
from app.intake.medicine import Recognised
from app.intake.prescription import read_prescription
from app.intake.statement import read_statement
from knowledge.library import Library, read_library

TODAY = date(2026, 11, 21)
LORAZEPAM = Recognised("lorazepam", mg_per_unit=Decimal("1"), label="Lorazepam 1 mg")


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


def handed_out(days_ago: int, tablets: int, days: int | None = None) -> Dispensed:
    on = TODAY - timedelta(days=days_ago)
    return Dispensed("lorazepam", on, Fraction(tablets), Fraction(tablets), Fraction(days) if days else None)


@pytest.mark.parametrize(
    ("supplies", "as_needed", "daily"),
    [
        ([handed_out(60, 90), handed_out(30, 90), handed_out(0, 90)], True, "3"),
        ([handed_out(30, 90, 30)], True, "3"),
        ([handed_out(30, 90)], True, None),
        ([handed_out(170, 10), handed_out(10, 10)], True, None),
        ([handed_out(90, 60), handed_out(0, 60)], True, "0.667"),
        ([handed_out(90, 59), handed_out(0, 60)], True, None),
        ([handed_out(90, 30), handed_out(0, 30)], False, "0.333"),
        ([handed_out(400, 90), handed_out(300, 90)], True, None),
        ([], True, None),
    ],
)
def test_use_by_what_was_handed_out(supplies: list[Dispensed], as_needed: bool, daily: str | None) -> None:
    read = daily_by_supply(supplies, TODAY, as_needed=as_needed)
    assert (read and f"{read.low:.3f}".rstrip("0").rstrip(".")) == daily


@pytest.mark.parametrize(
    "resource",
    [
        {"status": "cancelled", "whenHandedOver": "2026-11-01", "quantity": {"value": 30, "unit": "tablet"}},
        {"status": "completed", "quantity": {"value": 30, "unit": "tablet"}},
        {"status": "completed", "whenHandedOver": "2026-11-01"},
    ],
)
def test_what_tells_no_hand_over(resource: dict[str, Any]) -> None:
    assert read_dispense(resource, LORAZEPAM) is None


def test_a_statement_counts_only_where_nothing_is_prescribed(library: Library) -> None:
    told = {"dosage": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                        "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "mg"}}]}]}  # fmt: skip
    statement = read_statement(
        told | {"status": "active", "effectivePeriod": {"start": "2026-05-01"}},
        "MedicationStatement/1", LORAZEPAM, library.codes, {}, TODAY,
    )  # fmt: skip
    (alone,) = uses_of([], TODAY, [statement])
    assert (alone.references, alone.current) == (("MedicationStatement/1",), True)
    request = {"status": "active", "intent": "order", "authoredOn": "2026-06-01"}
    line = read_prescription(request, "MedicationRequest/1", LORAZEPAM, library.codes, {}, TODAY)
    (prescribed,) = uses_of([line], TODAY, [statement])
    assert prescribed.references == ("MedicationRequest/1",)


@pytest.mark.parametrize(
    ("told", "doubtful"),
    [
        ({"status": "not-taken", "dateAsserted": "2026-11-02"}, True),
        ({"status": "not-taken", "dateAsserted": "2026-01-02"}, False),
        ({"status": "active", "taken": "n"}, True),
        ({"status": "active", "wasNotTaken": True}, True),
        ({"status": "active"}, False),
    ],
)
def test_a_denial_since_the_last_prescription_makes_a_use_doubtful(
    library: Library, told: dict[str, Any], doubtful: bool
) -> None:
    request = {"status": "active", "intent": "order", "authoredOn": "2026-06-01"}
    line = read_prescription(request, "MedicationRequest/1", LORAZEPAM, library.codes, {}, TODAY)
    statement = read_statement(told, "MedicationStatement/1", LORAZEPAM, library.codes, {}, TODAY)
    (use,) = uses_of([line], TODAY, [statement])
    assert use.doubtful is doubtful


def step(amount: int, days: int | None = None) -> dict[str, Any]:
    bounds = {"boundsDuration": {"value": days, "unit": "d", "code": "d"}} if days else {}
    return {
        "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"} | bounds},
        "doseAndRate": [{"doseQuantity": {"value": amount, "unit": "mg"}}],
    }


@pytest.mark.parametrize(
    ("steps", "steps_down", "end"),
    [
        ([step(2, 14)], False, date(2026, 12, 4)),
        ([step(2)], False, None),
        ([step(3, 7) | {"sequence": 1}, step(2, 7) | {"sequence": 2}], True, date(2026, 12, 4)),
        ([step(2, 7) | {"sequence": 1}, step(3, 7) | {"sequence": 2}], False, date(2026, 12, 4)),
        ([step(3, 7) | {"sequence": 1}, step(2) | {"sequence": 2}], True, None),
    ],
)
def test_the_end_and_the_direction_of_an_order(
    library: Library, steps: list[dict[str, Any]], steps_down: bool, end: date | None
) -> None:
    draft = {"status": "draft", "intent": "order", "dosageInstruction": steps}
    read = read_prescription(draft, "MedicationRequest/1", LORAZEPAM, library.codes, {}, TODAY)
    assert (read.steps_down, read.end) == (steps_down, end)


def test_how_often_a_day_it_is_taken(library: Library) -> None:
    twice = step(1) | {"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}
    draft = {"status": "draft", "intent": "order", "dosageInstruction": [twice]}
    assert read_prescription(draft, "r", LORAZEPAM, library.codes, {}, TODAY).dosage.times == 2
    needed = draft | {"dosageInstruction": [twice | {"asNeededBoolean": True}]}
    assert read_prescription(needed, "r", LORAZEPAM, library.codes, {}, TODAY).dosage.times is None
