"""What must be true of every plan, checked by code that shares only the hash with the code that makes plans.

The figures of the schemes stand here a second time, on purpose: a slip in schemes.toml shows as a broken invariant.
"""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from knowledge.taper.fingerprint import fingerprint
from knowledge.taper.plan import Plan, Step
from knowledge.taper.products import Product, Units
from knowledge.taper.request import Intake, PlanRequest

F = Fraction
# of what, usual step, usual days, cap of current, cap of start, cap mg, stop at most (of start)
FIGURES: dict[str, tuple[str, Fraction, int, Fraction | None, Fraction | None, Fraction | None, Fraction | None]] = {
    "asam-2025": ("current", F(1, 10), 14, F(1, 4), None, None, F(1, 10)),
    "nl-guided-reduction": ("start", F(1, 4), 7, None, F(1, 4), None, F(1, 4)),
    "bcfi-tenth": ("start", F(1, 10), 14, None, F(1, 5), None, F(1, 5)),
    "riziv-5": ("start", F(1, 5), 30, None, F(1, 5), None, F(1, 5)),
    "riziv-10": ("start", F(1, 10), 30, None, F(1, 10), None, F(1, 10)),
    "baclofen-80": ("mg", F(10), 2, None, None, F(15), None),
}
LOW_DOSE_OF_START = F(1, 10)  # ASAM: above the cap for the current dose only up to this share of the start dose
ASAM_DAYS = 14
TARGET_MG = 80
PROGRAMMES = ("riziv-5", "riziv-10")


def broken_invariants(plan: Plan, request: PlanRequest) -> list[str]:
    """What is wrong with a plan for this request, as sentences that name the row; empty when nothing is."""
    return [
        *_baseline(plan, request),
        *_arithmetic(plan, request),
        *_calendar(plan, request),
        *_falling(plan),
        *_caps(plan),
        *_pace(plan, request),
        *_ending(plan, request),
        *_stated(plan, request),
    ]


def _baseline(plan: Plan, request: PlanRequest) -> Iterator[str]:
    first = plan.steps[0]
    if first.kind != "baseline" or first.days or first.mg != request.daily_mg or first.medicine != request.medicine:
        yield "row 0 is not the dose taken now"
    shown = {intake.when: intake for intake in first.intakes}
    if request.intakes and {when: intake.mg for when, intake in shown.items()} != {
        i.when: i.mg for i in request.intakes
    }:
        yield "row 0 is not divided over the day as it is now"
    for told in request.intakes:
        if told.units and (told.when not in shown or told.units != shown[told.when].units):
            yield "row 0 does not show the units taken now"


def _arithmetic(plan: Plan, request: PlanRequest) -> Iterator[str]:
    offered = request.products + (request.conversion.products if request.conversion else ())
    for step in plan.steps:
        if sum((intake.mg for intake in step.intakes), F(0)) != step.mg:
            yield f"row {step.row}: the intakes are not the dose"
        for intake in step.intakes:
            if sum((units.product.strength_mg * units.number for units in intake.units), F(0)) != intake.mg:
                yield f"row {step.row}: units times strength is not the dose"
            for units in intake.units:
                yield from _units(plan, step, units, offered)
        used = [(units.product, units.number * step.days) for intake in step.intakes for units in intake.units]
        if not _same(used if step.days else [], step.supply):
            yield f"row {step.row}: the supply is not daily units times days"


def _units(plan: Plan, step: Step, units: Units, offered: tuple[Product, ...]) -> Iterator[str]:
    product = units.product
    if units.number <= 0 or (units.number * product.divisible_into).denominator != 1:
        yield f"row {step.row}: {units.number} is no licensed part of a unit"
    if product.medicine != step.medicine:
        yield f"row {step.row}: a product of another medicine"
    made_to_order = plan.scheme in PROGRAMMES and product.compounded and units.number == 1
    if product not in offered and not made_to_order:
        yield f"row {step.row}: a product that was not offered"


def _calendar(plan: Plan, request: PlanRequest) -> Iterator[str]:
    day = request.first_day
    for row, step in enumerate(plan.steps):
        if step.first_day != day:
            yield f"row {step.row}: does not begin on the day after the row before"
        if (step.days > 0) != (step.kind in ("switch", "hold", "reduction")):
            yield f"row {step.row}: {step.kind} has {step.days} days"
        if step.row != row:
            yield f"row {step.row}: is not where its number says"
        day = step.first_day + timedelta(days=step.days)


def _falling(plan: Plan) -> Iterator[str]:
    for before, step in pairwise(plan.steps):
        dose = before.mg
        if not dose:
            yield f"row {step.row}: comes after the stop"
            return
        if step.kind == "switch":
            dose = plan.switch.low_mg if plan.switch else F(0)
            if plan.switch is None or not step.mg <= plan.switch.low_mg <= plan.switch.high_mg:
                yield f"row {step.row}: the switch is above the low end of the tables"
        elif step.medicine != before.medicine:
            yield f"row {step.row}: another medicine without a switch"
        if step.mg > dose:
            yield f"row {step.row}: the dose rises"
        if step.mg == dose and step.kind not in ("hold", "switch"):
            yield f"row {step.row}: the same dose without a hold"
        if step.kind == "hold" and (step.mg != dose or not [n for n in step.flags if n.code == "hold" and n.values]):
            yield f"row {step.row}: a hold that is not the same dose, or has no name"
        if step.kind != "switch" and step.medicine == before.medicine:
            taken = {intake.when: intake.mg for intake in before.intakes}
            if any(intake.mg > taken.get(intake.when, F(0)) for intake in step.intakes):
                yield f"row {step.row}: an intake rises"


def _caps(plan: Plan) -> Iterator[str]:
    of, _, _, of_current, of_start, cap_mg, _ = FIGURES[plan.scheme]
    for before, step in pairwise(plan.steps):
        codes = {note.code: dict(note.values) for note in step.flags}
        dose = plan.switch.low_mg if step.kind == "switch" and plan.switch else before.mg
        drop = dose - step.mg
        if not dose:
            return
        if step.drop_of_previous != drop / dose:
            yield f"row {step.row}: the drop is not the share of the current dose"
        if step.kind not in ("switch", "stop") and step.drop_of_start != drop / plan.start_mg:
            yield f"row {step.row}: the drop is not the share of the start dose"
        if step.kind != "reduction":
            continue
        if of_current is not None and drop > of_current * dose:
            if not codes.get("above-cap-low-dose", {}).get("reason") or drop > LOW_DOSE_OF_START * plan.start_mg:
                yield f"row {step.row}: above the cap for the current dose"
        elif of == "current" and drop > F(1, 10) * dose and "above-usual" not in codes:
            yield f"row {step.row}: more than 10 % without a flag"
        if of_start is not None and drop > of_start * plan.start_mg:
            yield f"row {step.row}: above the cap for the start dose"
        if cap_mg is not None and drop > cap_mg:
            yield f"row {step.row}: above the cap in mg"


def _pace(plan: Plan, request: PlanRequest) -> Iterator[str]:
    """Every dose is kept until the asked steps and interval lead from it to the next one, so that on no day the dose
    is below the asked one. One interval on the dose of now is over when a new plan begins."""
    of, usual, usual_days, *_ = FIGURES[plan.scheme]
    asked, days = request.step or usual, request.interval_days or usual_days
    stays = [(plan.steps[0], request.first_day - timedelta(days=0 if request.origin else days))]
    for step in plan.steps:
        if step.days and (step.mg, step.medicine) != (stays[-1][0].mg, stays[-1][0].medicine):
            stays.append((step, step.first_day))
    for (stay, since), (step, day) in pairwise(stays):
        if stay.medicine != step.medicine:
            continue
        intervals = (day - since).days // days
        dose = stay.mg * (1 - asked) ** intervals
        if of != "current":
            dose = stay.mg - intervals * asked * (plan.start_mg if of == "start" else 1)
        if step.mg < dose:
            yield f"row {step.row}: below the dose asked for that day"


def _ending(plan: Plan, request: PlanRequest) -> Iterator[str]:
    last = [step for step in plan.steps if step.days][-1]
    stops = [step for step in plan.steps if step.kind == "stop"]
    if plan.scheme == "baclofen-80":
        if stops or not last.mg <= TARGET_MG < last.mg + FIGURES[plan.scheme][5]:  # type: ignore[operator]
            yield "a plan down to 80 mg ends elsewhere"
        return
    if len(stops) != 1 or plan.steps[-1] is not stops[0] or stops[0].mg or stops[0].intakes:
        yield "the plan does not end with one stop"
    if last.mg != plan.last_mg:
        yield "the plan stops from another dose than the declared last one"
    products = request.conversion.products if request.conversion else request.products
    smallest = min(product.strength_mg / product.divisible_into for product in products)
    declared = {"asam-2025": smallest, "nl-guided-reduction": plan.start_mg / 8, "bcfi-tenth": plan.start_mg / 10}
    if plan.scheme in PROGRAMMES:
        at_most = FIGURES[plan.scheme][4] * plan.start_mg  # type: ignore[operator]
    elif request.last_mg is not None:
        at_most = request.last_mg
    else:
        at_most = max(smallest, declared[plan.scheme])
    if last.mg > at_most:
        yield "the plan stops from above the declared last dose"
    share = FIGURES[plan.scheme][6]
    if plan.scheme not in PROGRAMMES and share is not None and last.mg > share * plan.start_mg:
        yield "the plan stops from too large a share of the start dose"


def _stated(plan: Plan, request: PlanRequest) -> Iterator[str]:
    if plan.request != request:
        yield "the plan is for another request"
    if plan.hash != fingerprint(plan):
        yield "the hash is not that of the plan"
    yield from _days(plan, request)


def _days(plan: Plan, request: PlanRequest) -> Iterator[str]:
    doses: dict[int, Fraction] = {}  # rows share their intakes: added up once each
    taken: dict[int, tuple[int, tuple[Intake, ...]]] = {}
    count, expected, one_day = 0, request.first_day, timedelta(days=1)
    for day, mg, intakes in plan.days():
        key = id(intakes)
        if key not in doses:
            doses[key] = mg
            if mg != sum((intake.mg for intake in intakes), F(0)):
                yield f"{day}: the intakes are not the dose of that day"
        if mg is not doses[key] and mg != doses[key]:
            yield f"{day}: the same intakes with another dose"
        if day != expected:
            yield f"{day}: is not the next day"
        count, expected = count + 1, expected + one_day
        taken[key] = (taken.get(key, (0, ()))[0] + 1, intakes)
    if count != (plan.steps[-1].first_day - request.first_day).days + plan.steps[-1].days:
        yield "the days of the plan do not reach its end"
    used = [
        (units.product, units.number * days)
        for days, intakes in taken.values()
        for intake in intakes
        for units in intake.units
    ]
    if not _same(used, plan.supply()):
        yield "the supply of the plan is not what its days use"


def _same(used: list[tuple[Product, Fraction]], supply: tuple[Units, ...]) -> bool:
    """Whether the supply is the sum of what is used, product by product, each product once."""
    left = list(supply)
    while used:
        product = used[0][0]
        number = sum((each for other, each in used if other is product or other == product), F(0))
        used = [(other, each) for other, each in used if other is not product and other != product]
        found = [units for units in left if units.product is product or units.product == product]
        if len(found) != 1 or found[0].number != number:
            return False
        left.remove(found[0])
    return not left
