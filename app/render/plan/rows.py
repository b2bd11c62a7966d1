"""The rows of a plan as a printed table has them: one per step, a cell for each moment of the day."""

from dataclasses import dataclass
from datetime import date

from app.render.plan_words import PlanWords
from knowledge.taper import Kind, Plan, Step, Units, When


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` has what is taken at each moment, one line per product; `medicine` is named only where the plan has two.
    `last_day` is None on the day of the stop."""

    row: int
    kind: str
    first_day: date
    last_day: date | None
    days: int
    cells: tuple[tuple[str, ...], ...]
    dose: str
    medicine: str | None
    supply: tuple[str, ...]


def moments_of(plan: Plan) -> tuple[When, ...]:
    """The moments at which something is taken, in the order of the day."""
    used = {intake.when for step in plan.steps if step.days for intake in step.intakes}
    return tuple(when for when in When if when in used)


def rows_of(plan: Plan, wording: PlanWords) -> list[Row]:
    """Every step after the dose of now."""
    moments, two = moments_of(plan), plan.switch is not None
    return [_row(step, moments, wording, two) for step in plan.steps if step.kind is not Kind.BASELINE]


def _row(step: Step, moments: tuple[When, ...], wording: PlanWords, two: bool) -> Row:
    taken = {intake.when: intake.units for intake in step.intakes}
    return Row(
        row=step.row,
        kind=step.kind,
        first_day=step.first_day,
        last_day=step.last_day,
        days=step.days,
        cells=tuple(tuple(wording.units(units) for units in taken.get(when, ())) for when in moments),
        dose=wording.dose(step.mg),
        medicine=wording.medicine(step.medicine) if two else None,
        supply=tuple(wording.units(units) for units in step.supply),
    )


def broken_tablets(plan: Plan) -> bool:
    """Whether a half or a quarter of a tablet is taken."""
    return any(_is_part(units) for step in plan.steps if step.days for intake in step.intakes for units in intake.units)


def _is_part(units: Units) -> bool:
    return units.product.form == "tablet" and units.number.denominator > 1
