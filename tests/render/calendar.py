"""A plan as a calendar: what every rendering, read back, must say of each day."""

from collections.abc import Iterable
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


_MOMENTS = {"MORN": "morning", "NOON": "noon", "EVE": "evening", "NIGHT": "night"}


def calendar_of_orders(orders: Iterable[dict[str, Any]]) -> Calendar:
    """What FHIR prescriptions say together of each day, reckoned from their doses and the days each holds for."""
    found: dict[date, dict[str, Fraction]] = {}
    for order in orders:
        for dosage in order["dosageInstruction"]:
            repeat = dosage["timing"]["repeat"]
            assert (repeat["frequency"], repeat["period"], repeat["periodUnit"]) == (1, 1, "d")
            moment = _MOMENTS[repeat["when"][0]] if "when" in repeat else "day"
            quantity = dosage["doseAndRate"][0]["doseQuantity"]
            assert quantity["code"] == "mg"
            first, last = (date.fromisoformat(repeat["boundsPeriod"][end]) for end in ("start", "end"))
            for n in range((last - first).days + 1):
                moments = found.setdefault(first + timedelta(days=n), {})
                moments[moment] = moments.get(moment, Fraction(0)) + Fraction(str(quantity["value"]))
    return {day: (sum(moments.values(), Fraction(0)), moments) for day, moments in found.items()}
