"""The rows of a plan before they have dates: how far down, for how many days, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from knowledge.taper.course import Course, intervals_before_end
from knowledge.taper.descent import Drop
from knowledge.taper.notes import Note, note
from knowledge.taper.plan import Flag, Kind
from knowledge.taper.request import Hold, HoldReason

NO_SMALLER = "no-dose-between-can-be-made"


@dataclass(frozen=True, slots=True)
class Rung:
    """So many grains a day for so many days; `total` None: the dose and the units of the baseline."""

    kind: Kind
    total: int | None
    days: int
    flags: tuple[Note, ...] = ()


def rungs_of(course: Course, drops: list[Drop]) -> list[Rung]:
    """Every row below the baseline, holds included. Raises IndexError for a hold after a row that there is not."""
    rungs = [*_before_the_first(course, drops), *_reductions(course, drops)]
    if not rungs and not any(hold.after_row == 0 for hold in course.request.holds):
        rungs = [Rung(Kind.HOLD, None, course.interval_days, (_hold_note(HoldReason.LAST_DOSE),))]
    holds = course.request.holds
    continued = course.request.origin is not None and course.footing.switch is None
    if continued and holds and drops and holds[0].after_row == 0:
        # This dose may be a new one: it is kept as long as the asked pace needs before the first reduction.
        least = drops[0].intervals * course.interval_days
        holds = (replace(holds[0], days=max(holds[0].days, least)), *holds[1:])
    return _with_holds(rungs, holds)


def _before_the_first(course: Course, drops: list[Drop]) -> list[Rung]:
    """The switch, or the programme's first preparation: kept until the first reduction."""
    footing = course.footing
    wait = drops[0].intervals if drops else intervals_before_end(course, drops)
    days = wait * course.interval_days
    if footing.switch is not None:
        low_mg, chosen_mg = footing.switch.low_mg, footing.switch.chosen_mg
        flags = (note(Flag.ROUNDED, asked_mg=low_mg),) if chosen_mg < low_mg else ()
        return [Rung(Kind.SWITCH, footing.ladder.top, days, flags + _wait_flags(wait))]
    if course.scheme.programme and course.request.origin is None:
        first = (_hold_note(HoldReason.FIRST_PREPARATION), note(Flag.INFERRED, of_start=Fraction(1)))
        return [Rung(Kind.HOLD, footing.ladder.top, days, first)]
    return []


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


def _with_holds(rungs: list[Rung], holds: tuple[Hold, ...]) -> list[Rung]:
    if any(hold.after_row > len(rungs) for hold in holds):
        raise IndexError("a hold names a row beyond the last dose")
    laid: list[Rung] = []
    for row in range(len(rungs) + 1):
        laid += rungs[row - 1 : row] if row else []
        held = laid[-1].total if laid else None
        laid += [
            Rung(Kind.HOLD, held, hold.days, (_hold_note(hold.reason),)) for hold in holds if hold.after_row == row
        ]
    return laid


def _hold_note(reason: HoldReason) -> Note:
    return note(Flag.HOLD, reason=reason)
