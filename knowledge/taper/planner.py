"""Make a taper plan, or refuse.

The arithmetic is exact, there is no clock and no chance in it: the same request gives the same plan, to the byte.
"""

from dataclasses import replace
from fractions import Fraction

from knowledge.taper import conversion, programme, screening
from knowledge.taper.alternatives import alternatives
from knowledge.taper.cautions import cautions
from knowledge.taper.conversion import switched_footing
from knowledge.taper.course import Course, course_of
from knowledge.taper.descent import TooLarge, descend
from knowledge.taper.ending import ending_of, stop_limits
from knowledge.taper.fingerprint import VERSION, fingerprint
from knowledge.taper.footing import own_footing
from knowledge.taper.notes import note
from knowledge.taper.plan import Feasibility, Flag, Plan, Step
from knowledge.taper.refusal import Because, Refusal
from knowledge.taper.request import PlanRequest
from knowledge.taper.rows import rows_of
from knowledge.taper.rungs import rungs_of
from knowledge.taper.schemes import SCHEMES

MOST_REDUCTIONS = 400
MOST_DAYS = 3_660


def make_plan(request: PlanRequest) -> Plan | Refusal:
    """The plan for a request, or the reasons why there is none.

    Refused are a request with a missing or unsafe fact, a dose the products do not make, and a taper that the scheme's
    caps forbid with these products; then `alternatives` says what would help. Doses are mg a day of the medicine in
    the row. Source of each scheme: schemes.toml; of the rules for all: DESIGN, "Taper planner".
    """
    if found := screening.scheme_reasons(request):
        return Refusal(tuple(found))
    scheme = SCHEMES[request.scheme]
    found = screening.reasons(request, scheme)
    if scheme.programme:
        found += programme.not_eligible(request)
    if request.conversion is not None:
        found += conversion.reasons(request)
    if found or request.daily_mg is None:
        return Refusal(tuple(found))
    footing_of = own_footing if request.conversion is None else switched_footing
    footing = footing_of(request, scheme, request.daily_mg)
    if isinstance(footing, Refusal):
        return footing
    ending = ending_of(request, scheme, footing)
    if isinstance(ending, Refusal):
        return ending
    course = course_of(request, scheme, footing, ending)
    steps = _steps(course)
    return steps if isinstance(steps, Refusal) else _plan(course, steps)


def _steps(course: Course) -> tuple[Step, ...] | Refusal:
    ladder, last = course.footing.ladder, course.ending.last
    try:
        drops = descend(ladder, last, course.pace, course.caps, MOST_REDUCTIONS)
    except OverflowError:
        return Refusal((note(Because.PLAN_TOO_LONG, reductions_at_most=MOST_REDUCTIONS),))
    if isinstance(drops, TooLarge):
        return _forbidden(course, drops)
    limits, last_mg = stop_limits(course.request, course.scheme, course.footing), last * ladder.grain
    if course.ending.stops and not limits.allow(last_mg):
        because = limits.note(Because.STOP_FROM_TOO_HIGH, mg=last_mg)
        return Refusal((because,), alternatives(course.request, course.scheme, course.footing))
    try:
        rungs = rungs_of(course, drops)
    except IndexError:
        return Refusal((note(Because.HOLD_AFTER_THE_END, reductions=len(drops)),))
    if sum(rung.days for rung in rungs) > MOST_DAYS:
        return Refusal((note(Because.PLAN_TOO_LONG, days_at_most=MOST_DAYS),))
    return rows_of(course, rungs)


def _forbidden(course: Course, found: TooLarge) -> Refusal:
    grain = course.footing.ladder.grain
    because = note(
        Because.STEP_ABOVE_CAP,
        from_mg=found.total * grain,
        to_mg=found.to * grain,
        drop_of_current=Fraction(found.total - found.to, found.total),
        drop_of_start=(found.total - found.to) * grain / course.footing.start_mg,
        scheme=course.scheme.id,
    )
    return Refusal((because,), alternatives(course.request, course.scheme, course.footing))


def _plan(course: Course, steps: tuple[Step, ...]) -> Plan:
    request, scheme, footing = course.request, course.scheme, course.footing
    feasibility = Feasibility.AS_ASKED
    if any(step.flag(Flag.ABOVE_ASKED) for step in steps):
        feasibility = Feasibility.LARGER_STEPS
    if any(step.flag(Flag.ABOVE_CAP_LOW_DOSE) for step in steps):
        feasibility = Feasibility.LOW_DOSE_ABOVE_CAP
    plan = Plan(
        request=request,
        scheme=scheme.id,
        scheme_version=scheme.version,
        steps=steps,
        start_mg=footing.start_mg,
        last_mg=course.ending.last * footing.ladder.grain,
        last_by=course.ending.by,
        switch=footing.switch,
        feasibility=feasibility,
        warnings=tuple(cautions(request, scheme, footing, steps)),
        alternatives=() if feasibility is Feasibility.AS_ASKED else alternatives(request, scheme, footing),
        version=VERSION,
    )
    return replace(plan, hash=fingerprint(plan))
