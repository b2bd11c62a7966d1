"""FHIR data types from JSON that may be anything."""

from datetime import date

import pytest

from app.intake.elements import day, last_day_of


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-11-21", date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-11-21T23:30:00+02:00", date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("0001-01-01", None, None),
        ("9999-12-31", None, None),
        ("2026-02-30", None, None),
        ("soon", None, None),
        (20261121, None, None),
    ],
)
def test_a_date_stands_for_its_first_and_its_last_day(written: object, first: date | None, last: date | None) -> None:
    assert (day(written), last_day_of(written)) == (first, last)
