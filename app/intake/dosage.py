"""The door for doses: the instructions of a prescription, as a client sent them → what is taken per day.

Both functions read `dosageInstruction` of a request or dispense, or `dosage` of a statement, R4 or R5
(https://hl7.org/fhir/R4/dosage.html), raise nothing, and give a dose or the reason why there is none. Reasons are
stable codes: see `Dosage.why`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.intake.bounds import OrderUnclearError, Stretch, day_at, lay_out, order_of, read_bounds
from app.intake.dose_structured import read_structure
from app.intake.instruction import Instruction, together
from app.intake.strength import Strength
from knowledge.facts import Dosage

_MOST = 200  # instructions of one prescription: a daily taper of half a year; comparing them costs their square


@dataclass(frozen=True, slots=True)
class Phase:
    """A run of days with one dose. `since` is None where no date was told; `days` None: it goes on."""

    since: date | None
    days: int | None
    dosage: Dosage


def read_dosages(
    instructions: Sequence[object],
    strength: Strength | None,
    *,
    today: date | None = None,
    authored: date | None = None,
) -> Dosage:
    """What is taken per day, at `today` where several steps follow each other, else in the first of them.

    `strength` turns what is counted or measured into mg; without it the amount stays in the unit it was written in,
    and `why` is "strength-unknown". `authored` is the day the prescription was written: steps that tell no dates of
    their own start there.
    """
    read = _read_all(instructions, strength)
    if isinstance(read, Dosage):
        return read
    stretches, first, parts = read
    if today is None or len(parts) == 1 or len(stretches) == 1:
        return _of(stretches[0], parts)
    start = first or authored
    if start is None:
        return Dosage(why="start-unknown")
    offset = (today - start).days
    if offset < stretches[0].since:
        return _of(stretches[0], parts)
    for stretch in stretches:
        if stretch.since <= offset and (stretch.until is None or offset < stretch.until):
            return _of(stretch, parts)
    return Dosage(why="not-in-force")


def read_phases(
    instructions: Sequence[object], strength: Strength | None, *, authored: date | None = None
) -> tuple[Phase, ...]:
    """The timeline of a prescription: its doses in the order they are taken. Empty where the order is not told."""
    read = _read_all(instructions, strength)
    if isinstance(read, Dosage):
        return ()
    stretches, first, parts = read
    start = first or authored
    return tuple(
        Phase(
            day_at(start, stretch.since),
            None if stretch.until is None else stretch.until - stretch.since,
            _of(stretch, parts),
        )
        for stretch in stretches
    )


def _of(stretch: Stretch, parts: Sequence[Instruction]) -> Dosage:
    return together([parts[index] for index in stretch.members])


def _read_all(
    instructions: Sequence[object], strength: Strength | None
) -> tuple[list[Stretch], date | None, list[Instruction]] | Dosage:
    if not isinstance(instructions, Sequence) or isinstance(instructions, str) or not instructions:
        return Dosage(why="no-dose")
    if len(instructions) > _MOST or any(not isinstance(one, Mapping) for one in instructions):
        return Dosage(why="dose-not-understood")
    sent: list[Mapping[str, Any]] = [one for one in instructions if isinstance(one, Mapping)]
    parts = [_read_one(one, strength) for one in sent]
    if len(parts) == 1:
        bounds = parts[0].bounds
        return [Stretch(0, bounds.days, (0,))], bounds.start, parts
    try:
        stretches, first = lay_out([one.bounds for one in parts], order_of([one.get("sequence") for one in sent]), None)
    except OrderUnclearError as error:
        return Dosage(why=str(error))
    return stretches, first, parts


def _read_one(dosage: Mapping[str, Any], strength: Strength | None) -> Instruction:
    told, _ = read_structure(dosage, strength)
    return Instruction(told, read_bounds(dosage.get("timing")))
