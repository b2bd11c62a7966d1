"""How long a medicine has been taken: day counts from the periods of its uses (DESIGN decision 5).

Day counts include both ends and today. A gap of up to 14 days does not break a course, but is not covered.
A result is a range (low, high): as-needed use, and days after which nobody told an end, may or may not have been taken,
so they count in `high` only, and a course whose start nobody told has no upper end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.facts import Period, Use

UNBROKEN_GAP = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days known as a range; `high` None: no upper end is known."""

    low: int
    high: int | None


_NONE = Days(0, 0)


def continuous(uses: Iterable[Use], today: date) -> Days:
    """Length in days of the course that runs today, or ended no more than 14 days ago."""
    uses = tuple(uses)
    sure, possible = _taken_for_sure(uses), [period for use in uses for period in use.periods]
    high = _running(possible, today)
    low = high if len(sure) == len(possible) else _running(sure, today)
    return Days(low.low, high.high)


def is_dated(uses: Iterable[Use], today: date) -> bool:
    """Whether the beginning of the present course was told. It was not where no start was, nor where a prescription for
    every day may run, and nothing tells of one day on which it was followed."""
    uses = tuple(uses)
    if continuous(uses, today).high is None:
        return False
    fixed = _not_as_needed(uses)
    sure = any(period.sure for use in fixed for period in use.periods)
    return sure or continuous(fixed, today).high == 0


def covered(uses: Iterable[Use], today: date, last: int) -> Days:
    """How many of the last `last` days, today included, lie inside a period of use."""
    uses = tuple(uses)
    everything = [period for use in uses for period in use.periods]
    high = None if any(period.start is None for period in everything) else _covered(everything, today, last)
    return Days(_covered(_taken_for_sure(uses), today, last), last if high is None else high)


def is_resumed(uses: Iterable[Use], today: date, last: int = 365) -> bool:
    """Whether the course that runs today was begun again: before the break, too, it was surely taken, in the last `last`
    days."""
    uses = tuple(uses)
    length = continuous(uses, today).high
    if not length:
        return False
    before = today - timedelta(days=length) - UNBROKEN_GAP  # on a later day the courses would be one
    ends = [period.end for period in _taken_for_sure(uses) if period.end]
    return any(today - timedelta(days=last) < end < before for end in ends)


def is_covered_long(uses: Iterable[Use], today: date) -> bool:
    """Whether the days taken make the use long-term however it was broken: more than 60 of the last 90, for sure, and the
    first at least 90 days ago (DESIGN decision 5)."""
    uses = tuple(uses)
    return covered(uses, today, 90).low > 60 and since_first(uses, today).low >= 90


def since_first(uses: Iterable[Use], today: date) -> Days:
    """Days since the first day of use, both included; 0 where nothing was used."""
    uses = tuple(uses)
    sure = [period.start for period in _taken_for_sure(uses) if period.start]
    periods = [period for use in uses for period in use.periods]
    starts = [period.start for period in periods if period.start]
    low = (today - min(sure)).days + 1 if sure else 0
    if len(starts) < len(periods):
        return Days(low, None)
    return Days(low, (today - min(starts)).days + 1 if starts else 0)


def _taken_for_sure(uses: tuple[Use, ...]) -> list[Period]:
    return [period for use in _not_as_needed(uses) for period in use.periods if period.sure]


def _not_as_needed(uses: tuple[Use, ...]) -> list[Use]:
    return [use for use in uses if not (use.dosage.as_needed and use.dosage.daily is None)]


def _running(periods: list[Period], today: date) -> Days:
    """Walk back from today through periods that touch, or leave a gap of no more than 14 days."""
    if not periods:
        return _NONE
    reach, first, last = today + timedelta(days=1), None, None
    open_start = False
    for period in sorted(periods, key=lambda p: min(p.end or today, today), reverse=True):
        end = min(period.end or today, today)
        if period.start is not None and period.start > today:
            continue
        if (reach - end) - timedelta(days=1) > UNBROKEN_GAP:
            break
        last = last or end
        if period.start is None:
            open_start = True
            continue
        first = period.start if first is None else min(first, period.start)
        reach = min(reach, period.start)
    if last is None:
        return _NONE
    known = (last - first).days + 1 if first else 0
    return Days(known, None if open_start else known)


def _covered(periods: list[Period], today: date, last: int) -> int:
    window_start = today - timedelta(days=last - 1)
    days: set[int] = set()
    for period in periods:
        if period.start is None:
            continue
        start, end = max(period.start, window_start), min(period.end or today, today)
        days.update(range(start.toordinal(), end.toordinal() + 1))
    return len(days)
