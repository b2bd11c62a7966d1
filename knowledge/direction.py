"""Where the dose of a use is going: read from the doses it had and the steps still to come. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from knowledge.facts import DailyDose, DatedDose, Use


class Direction(StrEnum):
    """What the doses of a stretch of time tell. UNCLEAR: doses that cannot be compared, or both ways at once."""

    LOWERING = "lowering"
    RAISING = "raising"
    STEADY = "steady"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Course:
    """The way of one use: from `highest` in the stretch to `now`, in steps that went `down` and `up`."""

    direction: Direction
    highest: DailyDose | None = None
    now: DailyDose | None = None
    down: int = 0
    up: int = 0


def course_of_doses(use: Use, today: date, days: int = 180) -> Course:
    """What the doses of the last `days` days tell, the dose at their beginning and the steps still to come included.

    One dose that never changed is steady; a dose nobody can read makes it unclear only if no other dose is known.
    A step counts where the whole range lies below, or above, the one before it.
    """
    doses = [dated.daily for dated in (*_of_the_last(use.doses, today, days), *use.planned)]
    now = _at(use.doses, today)
    if not doses or now is None:
        return Course(Direction.UNCLEAR, now=now)
    if len({dose.unit for dose in doses}) > 1:
        return Course(Direction.UNCLEAR, now=now)
    highest = max(doses, key=lambda dose: dose.high)
    pairs = list(pairwise(doses))
    down = sum(after.high < before.low for before, after in pairs)
    up = sum(after.low > before.high for before, after in pairs)
    return Course(_direction(doses[0], doses[-1], down, up), highest, now, down, up)


def _direction(first: DailyDose, last: DailyDose, down: int, up: int) -> Direction:
    if not down and not up:
        return Direction.STEADY if (first.low, first.high) == (last.low, last.high) else Direction.UNCLEAR
    if last.high < first.low and down > up:
        return Direction.LOWERING
    if last.low > first.high and up > down:
        return Direction.RAISING
    return Direction.UNCLEAR


def _of_the_last(doses: Iterable[DatedDose], today: date, days: int) -> list[DatedDose]:
    """The doses that began in the stretch, after the one that was in force when it began."""
    since = today - timedelta(days=days)
    past = [dose for dose in doses if dose.since <= today]
    before = [dose for dose in past if dose.since <= since]
    return [*before[-1:], *(dose for dose in past if dose.since > since)]


def _at(doses: Iterable[DatedDose], today: date) -> DailyDose | None:
    past = [dose for dose in doses if dose.since <= today]
    return past[-1].daily if past else None
