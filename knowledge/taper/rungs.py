"""The rows of a plan before they have dates: how far down, for how many days, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from knowledge.taper.course import Course, intervals_before_end
from knowledge.taper.descent import Drop
from knowledge.taper.notes import Note, note
from knowledge.taper.plan import Flag, Kind
from knowledge.taper.request import HoldReason

NO_SMALLER = "no-dose-between-can-be-made"


@dataclass(frozen=True, slots=True)
class Rung:
    """So many grains a day for so many days; `total` None: the dose and the units of the baseline."""

    kind: Kind
    total: int | None
    days: int
    flags: tuple[Note, ...] = ()


def rungs_of(course: Course, drops: list[Drop]) -> list[Rung]:
    """Every row below row 0, holds included. Raises IndexError for a hold after more reductions than there are."""
    holds = course.request.holds
    lower = [*_switch(course, drops), *_reductions(course, drops)]
    if any(hold.after_reductions > len(lower) for hold in holds):
        raise IndexError("a hold comes after the last dose")
    rungs = _on_the_dose_of_now(course, drops)
    for n, rung in enumerate(lower, start=1):
        rungs.append(rung)
        rungs += [_hold(rung.total, hold.days, hold.reason) for hold in holds if hold.after_reductions == n]
    return rungs or [_hold(None, course.interval_days, HoldReason.LAST_DOSE)]


def _on_the_dose_of_now(course: Course, drops: list[Drop]) -> list[Rung]:
    """The programme's first preparation, the holds asked for, and the wait for a first reduction larger than asked.

    One interval on the dose of now is over when a new plan begins; none when it goes on from another. A hold that was
    asked for is lengthened to that wait.
    """
    rungs, total = [], None
    if course.scheme.programme and course.request.origin is None and course.footing.switch is None:
        total = course.footing.ladder.top
        first = _hold(total, course.interval_days, HoldReason.FIRST_PREPARATION)
        rungs.append(replace(first, flags=(*first.flags, note(Flag.INFERRED, of_start=Fraction(1)))))
    asked = [hold for hold in course.request.holds if hold.after_reductions == 0]
    rungs += [_hold(total, hold.days, hold.reason) for hold in asked]
    if not drops or course.footing.switch is not None:
        return rungs
    over = 0 if course.request.origin is not None else 1
    wait = (drops[0].intervals - over) * course.interval_days - sum(rung.days for rung in rungs)
    if wait > 0 and asked:
        rungs[-1] = replace(rungs[-1], days=rungs[-1].days + wait)
    elif wait > 0:
        rungs.append(_hold(total, wait, HoldReason.PACE))
    return rungs


def _switch(course: Course, drops: list[Drop]) -> Iterator[Rung]:
    """The dose of now as diazepam, kept until the first reduction."""
    switch = course.footing.switch
    if switch is not None:
        wait = drops[0].intervals if drops else intervals_before_end(course, drops)
        flags = (note(Flag.ROUNDED, asked_mg=switch.low_mg),) if switch.chosen_mg < switch.low_mg else ()
        yield Rung(Kind.SWITCH, course.footing.ladder.top, wait * course.interval_days, flags + _wait_flags(wait))


def _reductions(course: Course, drops: list[Drop]) -> Iterator[Rung]:
    """Each kept until the next reduction; the last one until the stop."""
    before = course.footing.ladder.top
    for i, drop in enumerate(drops, start=1):
        wait = drops[i].intervals if i < len(drops) else intervals_before_end(course, drops)
        flags = (*_size_flags(course, before, drop), *_wait_flags(wait))
        yield Rung(Kind.REDUCTION, drop.to, wait * course.interval_days, flags)
        before = drop.to


def _size_flags(course: Course, before: int, drop: Drop) -> Iterator[Note]:
    scheme, grain, less = course.scheme, course.footing.ladder.grain, before - drop.to
    if drop.larger:
        yield note(Flag.ABOVE_ASKED, asked_mg=drop.asked * grain, reason=NO_SMALLER)
    elif drop.to != drop.asked:
        yield note(Flag.ROUNDED, asked_mg=drop.asked * grain)
    usual = scheme.usual_to
    if course.caps.above_share(before, drop.to):
        of_start = less * grain / course.footing.start_mg
        limits = {"cap_of_current": scheme.cap_of_current or 0, "limit_of_start": scheme.low_dose_of_start or 0}
        yield note(
            Flag.ABOVE_CAP_LOW_DOSE, of_current=Fraction(less, before), of_start=of_start, reason=NO_SMALLER, **limits
        )
    elif usual is not None and less * usual.denominator > usual.numerator * before:
        yield note(Flag.ABOVE_USUAL, of_current=Fraction(less, before), usual_to=usual)
    if scheme.programme:
        yield note(Flag.INFERRED, of_start=drop.to * grain / course.footing.start_mg)


def _wait_flags(wait: int) -> tuple[Note, ...]:
    return (note(Flag.WAITS, intervals=wait),) if wait > 1 else ()


def _hold(total: int | None, days: int, reason: HoldReason) -> Rung:
    return Rung(Kind.HOLD, total, days, (note(Flag.HOLD, reason=reason),))
