"""The scales of a dose curve: round numbers upwards, days of the calendar along."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

_MOST_LINES = 5
_WEEKS = 70  # days: up to here the ticks count from the first day, beyond they stand at the first of a month


def dose_ticks(most_mg: Fraction) -> list[Fraction]:
    """From 0 to a round dose at or above `most_mg`, in at most five equal steps of 1, 2 or 5 times a power of ten."""
    size = Fraction(1)
    while size > most_mg:
        size /= 10
    while size * 10 <= most_mg:
        size *= 10
    step = next(step for step in (size / 5, size / 2, size, size * 2, size * 5) if -(-most_mg // step) <= _MOST_LINES)
    return [step * n for n in range(int(-(-most_mg // step)) + 1)]


def day_ticks(first: date, days: int, most: int) -> Iterator[date]:
    """At most about `most` days from `first` on: every so many days of a short plan, first days of months of a long one."""
    if days <= _WEEKS:
        step = next(step for step in (1, 2, 7, 14, 28) if days / step <= most)
        yield from (first + timedelta(days=n) for n in range(0, days + 1, step))
        return
    yield first
    months = next((step for step in (1, 2, 3, 6, 12) if days / 30.4 / step <= most), 24)
    year, month = first.year, first.month
    last = first + timedelta(days=days)
    while (day := date(year, month, 1)) <= last:
        if day > first and (month - 1) % min(months, 12) == 0 and (months <= 12 or year % 2 == 0):
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
