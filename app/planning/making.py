"""From what was asked to the plan: made, and then changed as it was asked, one change after the other."""

from app.planning.asked import Asked
from app.planning.fields import Fault
from app.planning.parts import Change
from knowledge.taper import Plan, Refusal, make_plan
from knowledge.taper.replan import back, hold, slower


def planned(asked: Asked) -> Plan | Refusal | Fault:
    """The plan as it stands after the last change; a refusal where it, or one of the changes, cannot be made.

    A fault where a change names the hash of another plan than the one it would change.
    """
    made = make_plan(asked.request)
    for change in asked.changes:
        if isinstance(made, Refusal):
            return made
        if change.plan is not None and change.plan != made.hash:
            return Fault(
                f"{change.path}.plan", "This is the hash of another plan. Ask for that plan with its own fields."
            )
        made = _changed(made, change)
    return made


def _changed(plan: Plan, change: Change) -> Plan | Refusal:
    if change.change == "hold":
        return hold(plan, row=change.row, on=change.on, days=change.days or 0)
    if change.change == "back":
        return back(plan, row=change.row, on=change.on, days=change.days, to_row=change.to_row)
    return slower(plan, row=change.row, on=change.on, step=change.step, interval_days=change.interval_days)
