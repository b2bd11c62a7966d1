"""Going on from any row of a plan in another way: hold, back to a dose that was tolerated, slower.

Each gives a new plan that begins with the dose taken from `on` on, kept in a named hold, and says which plan and row
it goes on from. A step back is a new plan, so within a plan no dose ever rises. The clinician and the patient decide;
nothing here judges why (Paling 2015: a flexible taper, in agreement with the patient).
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from knowledge.taper.notes import note
from knowledge.taper.plan import Kind, Plan, Step
from knowledge.taper.planner import make_plan
from knowledge.taper.products import Product
from knowledge.taper.refusal import Because, Refusal
from knowledge.taper.request import Hold, HoldReason, Origin, PlanRequest
from knowledge.taper.schemes import SCHEMES

DIAZEPAM_LIMIT_MG = Fraction(30)  # three times the WHO DDD


def hold(plan: Plan, *, row: int, on: date, days: int) -> Plan | Refusal:
    """The dose of `row` is kept from `on` for at least `days` days, and then the taper goes on as before.

    Refuses a row that there is not, and the stop row. A programme limits the number and the days of its holds.
    """
    step = _row(plan, row)
    if isinstance(step, Refusal):
        return step
    return make_plan(_from(plan, step, on, Hold(0, days), row))


def back(plan: Plan, *, row: int, on: date, days: int | None = None, to_row: int | None = None) -> Plan | Refusal:
    """From `on` again the dose of `to_row` (None: the last higher dose before `row`), kept for at least `days` days
    (None: one interval), and then the taper goes on as before.

    From the stop row that is the last dose. Refuses where there is no higher dose before.
    """
    if not 0 <= row < len(plan.steps):
        return Refusal((note(Because.REPLAN_NO_SUCH_ROW, row=row),))
    here = plan.steps[row]
    before = [step for step in plan.steps[:row] if step.medicine != here.medicine or step.mg > here.mg]
    if to_row is not None:
        before = [step for step in before if step.row == to_row]
    if not before:
        return Refusal((note(Because.REPLAN_NOTHING_BEFORE, row=row),))
    kept = Hold(0, days or _interval(plan), HoldReason.BACK)
    return make_plan(_from(plan, before[-1], on, kept, row))


def slower(
    plan: Plan, *, row: int, on: date, step: Fraction | None = None, interval_days: int | None = None
) -> Plan | Refusal:
    """The dose of `row` is kept from `on` for one interval, then the taper goes on with a smaller `step` (in the
    scheme's terms) or more `interval_days`.

    Refuses where neither is slower than the plan, or one of them is faster.
    """
    current = _row(plan, row)
    if isinstance(current, Refusal):
        return current
    old_step, old_days = plan.request.step or SCHEMES[plan.scheme].step, _interval(plan)
    new_step, new_days = step or old_step, interval_days or old_days
    if new_step > old_step or new_days < old_days or (new_step, new_days) == (old_step, old_days):
        because = note(Because.REPLAN_NOT_SLOWER, step=new_step, days=new_days, step_now=old_step, days_now=old_days)
        return Refusal((because,))
    request = _from(plan, current, on, Hold(0, new_days, HoldReason.SLOWER), row)
    return make_plan(replace(request, step=new_step, interval_days=new_days))


def _row(plan: Plan, row: int) -> Step | Refusal:
    if not 0 <= row < len(plan.steps):
        return Refusal((note(Because.REPLAN_NO_SUCH_ROW, row=row),))
    if plan.steps[row].kind is Kind.STOP:
        return Refusal((note(Because.REPLAN_STOPPED, row=row),))
    return plan.steps[row]


def _from(plan: Plan, step: Step, on: date, kept: Hold, row: int) -> PlanRequest:
    """The request that begins with the dose of `step` on the day `on`. A switch to diazepam still to come stays asked;
    one that was gone back on does not."""
    request = plan.request
    switched = step.medicine != request.medicine
    offered = request.conversion.products if switched and request.conversion else request.products
    taken = {units.product: None for intake in step.intakes for units in intake.units}
    to_come = kept.reason is not HoldReason.BACK and not switched
    return replace(
        request,
        medicine=step.medicine,
        daily_mg=step.mg,
        daily_mg_to=None,
        products=_with(offered, tuple(taken)),
        first_day=on,
        intakes=step.intakes,
        holds=(kept,),
        start_mg=plan.start_mg if switched else (request.start_mg or request.daily_mg),
        equivalence=None if switched else request.equivalence,
        programme_limit_mg=DIAZEPAM_LIMIT_MG if switched else request.programme_limit_mg,
        conversion=request.conversion if to_come else None,
        origin=Origin(plan.hash, row, kept.reason, _holds_used(plan, row)),
    )


def _with(products: tuple[Product, ...], more: tuple[Product, ...]) -> tuple[Product, ...]:
    return products + tuple(product for product in more if product not in products)


def _interval(plan: Plan) -> int:
    return plan.request.interval_days or SCHEMES[plan.scheme].days


def _holds_used(plan: Plan, row: int) -> int:
    """The holds of the plan up to that row, and those before it; the first preparation is none."""
    before = plan.request.origin.holds_before if plan.request.origin else 0
    reasons = [flag.value("reason") for step in plan.steps[: row + 1] for flag in step.flags if flag.code == "hold"]
    return before + sum(reason != HoldReason.FIRST_PREPARATION for reason in reasons)
