"""All that decides the way down: the scheme on this footing, its pace and caps, and where it ends."""

from dataclasses import dataclass

from knowledge.taper.descent import Caps, Drop, Pace
from knowledge.taper.ending import Ending
from knowledge.taper.footing import Footing
from knowledge.taper.request import PlanRequest
from knowledge.taper.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Course:
    """`interval_days` is the number of days between reductions of the asked size."""

    request: PlanRequest
    scheme: Scheme
    footing: Footing
    ending: Ending
    pace: Pace
    caps: Caps
    interval_days: int


def course_of(request: PlanRequest, scheme: Scheme, footing: Footing, ending: Ending) -> Course:
    """The request's own step and interval, else the scheme's; shares of the start dose become grains."""
    pace, caps = pace_of(request, scheme, footing), caps_of(scheme, footing)
    return Course(request, scheme, footing, ending, pace, caps, request.interval_days or scheme.days)


def pace_of(request: PlanRequest, scheme: Scheme, footing: Footing) -> Pace:
    """The reduction asked per interval."""
    step = request.step or scheme.step
    if scheme.of == "current":
        return Pace(share=step, least=None if scheme.least_of_step is None else scheme.least_of_step * step)
    amount = (step * footing.start_mg if scheme.of == "start" else step) / footing.ladder.grain
    if scheme.last_of_start is None:
        return Pace(amount=amount)
    return Pace(amount=amount, final=min(amount, scheme.last_of_start * footing.start_mg / footing.ladder.grain))


def caps_of(scheme: Scheme, footing: Footing) -> Caps:
    """The largest reductions the scheme lets through."""
    start, grain = footing.start_mg, footing.ladder.grain
    amount = scheme.cap_mg if scheme.cap_of_start is None else scheme.cap_of_start * start
    low_dose = scheme.low_dose_of_start
    return Caps(
        scheme.cap_of_current,
        None if amount is None else amount / grain,
        None if low_dose is None else low_dose * start / grain,
    )


def intervals_before_end(course: Course, drops: list[Drop]) -> int:
    """How many intervals the last dose is kept.

    As long as the asked pace needs to none. A pace that is a share of the current dose never comes to none: there, as
    long as the longest row before.
    """
    if not course.ending.stops:
        return 1
    if course.pace.share is not None:
        return max((drop.intervals for drop in drops), default=1)
    return course.pace.intervals(course.ending.last, 0)
