"""What the planner's tests ask with: literal products, a safe adult, and a plan as lines a pharmacist can read."""

from datetime import date
from fractions import Fraction
from typing import Any

from knowledge.taper import Circumstances, Fact, Form, Intake, Plan, PlanRequest, Product, Refusal, Units, When

# A Belgian of 50 at home, a year on a sleeping tablet, of whom nothing worse is known.
ADULT = Circumstances(
    age_years=50,
    country="BE",
    continuous_days=365,
    present=frozenset({Fact.USED_FOR_SLEEP}),
    absent=frozenset(Fact) - {Fact.USED_FOR_SLEEP},
)


def tablets(medicine: str, *strengths: str, parts: int = 1, **more: Any) -> tuple[Product, ...]:
    """One product per strength in mg: tablets("diazepam", "2", "5", parts=2)."""
    return tuple(Product(medicine, Form.TABLET, Fraction(mg), parts, **more) for mg in strengths)


def ask(
    medicine: str, daily: str | None, products: tuple[Product, ...], intakes: tuple[str, ...] = (), **more: Any
) -> PlanRequest:
    """The dose at night, or over the last moments of the day: ask("diazepam", "10", products, ("5", "5"))."""
    moments = (When.MORNING, When.NOON, When.EVENING, When.NIGHT)[-len(intakes) :] if intakes else ()
    divided = tuple(Intake(when, Fraction(mg)) for when, mg in zip(moments, intakes, strict=True))
    values: dict[str, Any] = {
        "medicine": medicine,
        "daily_mg": None if daily is None else Fraction(daily),
        "products": products,
        "first_day": date(2026, 12, 1),
        "intakes": divided or ((Intake(When.NIGHT, Fraction(daily)),) if daily and Fraction(daily) > 0 else ()),
        "patient": ADULT,
        "route": "oral",
    }
    return PlanRequest(**(values | more))


def lines(plan: Plan | Refusal) -> list[str]:
    """A row per line: "3 reduction 2027-01-12 14d 7.5 = night 1.5x5 [rounded]"; a refusal as its codes."""
    if isinstance(plan, Refusal):
        return list(plan.codes())
    shown = []
    for step in plan.steps:
        made = ", ".join(f"{intake.when} {_units(intake.units)}" for intake in step.intakes)
        flags = " ".join(note.code for note in step.flags)
        text = f"{step.row} {step.kind} {step.first_day} {step.days}d {_number(step.mg)}"
        shown.append(text + (f" = {made}" if made else "") + (f" [{flags}]" if flags else ""))
    return shown


def made(plan: Plan | Refusal) -> Plan:
    """The plan; fails with the reasons where it was refused."""
    assert isinstance(plan, Plan), plan
    return plan


def refused(plan: Plan | Refusal) -> Refusal:
    """The refusal; fails with the rows where there is a plan."""
    assert isinstance(plan, Refusal), lines(plan)
    return plan


def _units(all_units: tuple[Units, ...]) -> str:
    return "+".join(f"{_number(units.number)}x{_number(units.product.strength_mg)}" for units in all_units)


def _number(value: Fraction) -> str:
    return f"{float(value):g}"
