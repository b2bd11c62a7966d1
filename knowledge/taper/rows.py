"""From rungs to dated rows with units, shares, flags and supply."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from knowledge.taper.course import Course
from knowledge.taper.footing import Footing
from knowledge.taper.notes import Note, note
from knowledge.taper.plan import Flag, Kind, Step, supply_for
from knowledge.taper.products import Form
from knowledge.taper.reach import mg_of
from knowledge.taper.request import Intake
from knowledge.taper.rungs import Rung

MANY_PIECES = 10
ASAM_CAP = Fraction(1, 4)
ASAM_DAYS = 14
NONE = Fraction(0)


def rows_of(course: Course, rungs: list[Rung]) -> tuple[Step, ...]:
    """Row 0 as taken now, every rung from the first day on, and the stop where the scheme has one."""
    footing, request = course.footing, course.request
    daily_mg = sum((intake.mg for intake in footing.baseline), NONE)
    own, table, grain_of_start = request.medicine, Table(footing), footing.ladder.grain / footing.start_mg
    steps = [Step(0, Kind.BASELINE, own, request.first_day, 0, daily_mg, footing.baseline, NONE, NONE, (), ())]
    before = footing.ladder.top
    for rung in rungs:
        held = rung.total is None
        total = before if rung.total is None else rung.total
        intakes = footing.baseline if held else table.intakes(total)
        of_previous = Fraction(before - total, before)
        if rung.kind is Kind.SWITCH and footing.switch is not None:
            of_previous = 1 - footing.switch.chosen_mg / footing.switch.low_mg
        step = Step(
            row=len(steps),
            kind=rung.kind,
            medicine=own if held else footing.medicine,
            first_day=steps[-1].next_day,
            days=rung.days,
            mg=daily_mg if held else mg_of(total, footing.ladder.grain),
            intakes=intakes,
            drop_of_previous=of_previous,
            drop_of_start=mg_of(before - total, grain_of_start),
            flags=rung.flags + _unit_flags(intakes),
            supply=supply_for(intakes, rung.days),
        )
        steps.append(step)
        before = total
    if course.ending.stops:
        row, day = len(steps), steps[-1].next_day
        share = before * grain_of_start
        steps.append(Step(row, Kind.STOP, footing.medicine, day, 0, NONE, (), Fraction(1), share, (), ()))
    if course.scheme.cap_of_start is None:
        return tuple(steps)
    return tuple(_against_asam(steps, footing))


class Table:
    """The intakes of each rung, made once: most rows share most of theirs with the row before."""

    def __init__(self, footing: Footing) -> None:
        self._footing = footing
        self._made: dict[tuple[int, int], Intake] = {}

    def intakes(self, total: int) -> tuple[Intake, ...]:
        """The intakes of a rung with their units; a moment at which nothing is left falls away."""
        split = self._footing.ladder.split(total)
        return tuple([self._intake(i, amount) for i, amount in enumerate(split) if amount])

    def _intake(self, i: int, amount: int) -> Intake:
        made = self._made.get((i, amount))
        if made is None:
            ladder = self._footing.ladder
            made = Intake(self._footing.moments[i], mg_of(amount, ladder.grain), ladder.units(amount))
            self._made[i, amount] = made
        return made


def _unit_flags(intakes: tuple[Intake, ...]) -> tuple[Note, ...]:
    verified = all(units.product.verified for intake in intakes for units in intake.units)
    flags = () if verified else (note(Flag.UNVERIFIED_STRENGTH),)
    pieces = max([pieces_of(intake) for intake in intakes])
    return flags if pieces <= MANY_PIECES else (*flags, note(Flag.MANY_UNITS, pieces=pieces))


def pieces_of(intake: Intake) -> int:
    """The tablets and capsules in it; a half counts for one."""
    pieces = 0
    for units in intake.units:
        if units.product.form in (Form.TABLET, Form.CAPSULE):
            pieces -= -units.number.numerator // units.number.denominator
    return pieces


def _against_asam(steps: list[Step], footing: Footing) -> Iterator[Step]:
    """The rows of a scheme that counts from the start dose, flagged where the dose is more than 25 % below the dose of
    14 days before (ASAM 2025: typically not more than 25 % every 2 weeks)."""
    for step in steps:
        if step.kind is not Kind.REDUCTION:
            yield step
            continue
        day = step.first_day - timedelta(days=ASAM_DAYS)
        held = (row.mg for row in steps if row.medicine == step.medicine and row.first_day <= day < row.next_day)
        then = next(held, footing.first_mg)
        share = (then - step.mg) / then
        faster = note(Flag.FASTER_THAN_ASAM, of_dose_14_days_before=share, cap=ASAM_CAP)
        yield replace(step, flags=(*step.flags, faster)) if share > ASAM_CAP else step
