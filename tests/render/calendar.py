"""A plan as a calendar: what every rendering, read back, must say of each day."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from knowledge.taper import Plan

Calendar = dict[date, tuple[Fraction, dict[str, Fraction]]]  # mg of the day; mg at each moment


def calendar_of(plan: Plan) -> Calendar:
    """The plan itself."""
    return {day: (mg, {str(intake.when): intake.mg for intake in intakes}) for day, mg, intakes in plan.days()}


def calendar_of_json(told: dict[str, Any]) -> Calendar:
    """The plan as its JSON says it, reckoned from units and strengths."""
    strengths = [Fraction(product["strength_mg"]) for product in told["products"]]
    found: Calendar = {}
    for step in told["steps"]:
        moments = {
            intake["when"]: sum(
                (strengths[units["product"]] * Fraction(units["number"]) for units in intake["units"]), Fraction(0)
            )
            for intake in step["intakes"]
        }
        assert sum(moments.values(), Fraction(0)) == Fraction(step["mg"])
        for n in range(step["days"]):
            day = date.fromisoformat(step["first_day"]) + timedelta(days=n)
            assert day not in found
            found[day] = (Fraction(step["mg"]), moments)
    return found
