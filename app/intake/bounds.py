"""When the instructions of one prescription are in force: bounds and sequence → steps in time.

https://hl7.org/fhir/R4/dosage-definitions.html#Dosage.sequence: equal numbers (or none) run side by side, rising
numbers follow each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil

from app.intake.quantity import read_days
from app.intake.span import exact


class OrderUnclearError(Exception):
    """Which instruction is in force when cannot be told; the message is the reason's code."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """First day, last day (included) and length in days of one instruction, as far as they are told."""

    start: date | None = None
    end: date | None = None
    days: int | None = None
    readable: bool = True

    @property
    def length(self) -> int | None:
        """The number of days, both ends included."""
        if self.days is None and self.start and self.end:
            return (self.end - self.start).days + 1
        return self.days


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of days (counted from the first) in which the same instructions, by index, are in force."""

    since: int
    until: int | None  # not included; None: it goes on
    members: tuple[int, ...]


def read_bounds(timing: object) -> Bounds:
    """The bounds in `timing.repeat` of a dosage."""
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    if not isinstance(repeat, dict):
        return Bounds()
    period, length, span = (repeat.get(f"bounds{kind}") for kind in ("Period", "Duration", "Range"))
    if sum(value is not None for value in (period, length, span)) > 1:
        return Bounds(readable=False)
    if isinstance(span, dict) and span.get("low") == span.get("high"):
        length = span.get("low")
    elif span is not None:
        return Bounds(readable=False)
    if length is not None:
        days = read_days(length)
        return Bounds(days=ceil(days), readable=days < 36_600) if days else Bounds(readable=False)
    if period is None:
        return Bounds()
    if not isinstance(period, dict):
        return Bounds(readable=False)
    start, end = _day(period.get("start")), _day(period.get("end"))
    lost = any(period.get(key) is not None and day is None for key, day in (("start", start), ("end", end)))
    return Bounds(start, end, readable=not lost and not (start and end and end < start))


def _day(value: object) -> date | None:
    if not isinstance(value, str) or len(value) < 10:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def order_of(sequences: Sequence[object]) -> list[int]:
    """The rank of each instruction: 0 for those that come first. Raises where some are numbered and some are not."""
    if len(sequences) == 1 or all(number is None for number in sequences):
        return [0] * len(sequences)
    numbers = [exact(number) for number in sequences]
    if any(number is None or number.denominator != 1 for number in numbers):
        raise OrderUnclearError("sequence-not-understood")
    ranks = sorted({number for number in numbers if number is not None})
    return [ranks.index(number) for number in numbers if number is not None]


def lay_out(bounds: Sequence[Bounds], ranks: Sequence[int]) -> tuple[list[Stretch], date | None]:
    """The stretches of time in which the instructions are in force, and the day the first one starts.

    Without any date, days are counted from an unknown first day.
    """
    if any(not bound.readable for bound in bounds):
        raise OrderUnclearError("bounds-not-understood")
    first = min((bound.start for bound in bounds if bound.start), default=None)
    runs: list[tuple[int, int | None]] = [(0, None)] * len(bounds)
    cursor: int | None = 0
    for rank in range(max(ranks) + 1):
        members = [index for index, own in enumerate(ranks) if own == rank]
        starts = [_offset(bounds[index].start, first) for index in members]
        opens = min((start for start in starts if start is not None), default=cursor)
        if opens is None or (cursor is None and None in starts):
            raise OrderUnclearError("sequence-without-bounds")
        if rank:
            _close(runs, [index for index, own in enumerate(ranks) if own == rank - 1], opens)
        for index, start in zip(members, starts, strict=True):
            runs[index] = _run(bounds[index], opens if start is None else start, first)
        ends = [runs[index][1] for index in members]
        cursor = None if None in ends else max(end for end in ends if end is not None)
    return _stretches(runs), first


def _offset(day: date | None, first: date | None) -> int | None:
    return (day - first).days if day and first else None


def _run(bound: Bounds, start: int, first: date | None) -> tuple[int, int | None]:
    if bound.days is not None:
        return start, start + bound.days
    last = _offset(bound.end, first)
    if bound.end is not None and (last is None or last < start):
        raise OrderUnclearError("bounds-not-understood")
    return start, None if last is None else last + 1


def _close(runs: list[tuple[int, int | None]], members: list[int], opens: int) -> None:
    """A step ends at the latest where the next one starts."""
    for index in members:
        start, end = runs[index]
        if start >= opens:
            raise OrderUnclearError("bounds-not-understood")
        runs[index] = (start, opens if end is None else min(end, opens))


def _stretches(runs: Sequence[tuple[int, int | None]]) -> list[Stretch]:
    edges = sorted({start for start, _ in runs} | {end for _, end in runs if end is not None})
    found: list[Stretch] = []
    for since, until in zip(edges, [*edges[1:], None], strict=True):
        members = tuple(i for i, (start, end) in enumerate(runs) if start <= since and (end is None or since < end))
        if found and found[-1].members == members and found[-1].until == since:
            found[-1] = replace(found[-1], until=until)
        elif members:
            found.append(Stretch(since, until, members))
    return found


def day_at(first: date | None, offset: int) -> date | None:
    """The calendar day `offset` days after the first, where the first is known and the calendar reaches so far."""
    try:
        return first + timedelta(days=offset) if first else None
    except OverflowError:
        return None
