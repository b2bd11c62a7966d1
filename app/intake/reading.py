"""One dosage, read whole: its structure, its texts and its bounds."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.intake.agreement import disagree, hold_together
from app.intake.bounds import Bounds, OrderUnclearError, read_bounds
from app.intake.dose_structured import read_structure
from app.intake.dose_text import Step, in_both_places, read_in_mg, read_text
from app.intake.instruction import Instruction
from app.intake.quantity import words_of
from app.intake.span import Exact, over
from app.intake.strength import Strength
from app.intake.told import Told
from app.intake.units import Kind


def read_instruction(
    dosage: Mapping[str, Any], rank: int, texts: Sequence[str], strength: Strength | None
) -> list[Instruction]:
    """What one dosage comes to: one instruction, or a fixed one with an as-needed one besides. `texts` are its own."""
    structure, rhythm = read_structure(dosage, strength)
    if structure.daily is not None and any(in_both_places(words) for words in words_of(dosage.get("site"))):
        structure = structure.refused("several-sites")  # so much in each nostril, or in all
    held = hold_together(structure, texts, _notes(dosage), rhythm.words, strength)
    bounds = read_bounds(dosage.get("timing"))
    first = [reading[0] for reading in map(read_text, texts) if reading]
    days = next((step.days for step in first if step.days), None)
    differ = days is not None and bounds.length not in (None, days)
    if bounds == Bounds():
        bounds = Bounds(days=days)
    mg_each, moments = _mg_each(structure, first), _moments(dosage)
    told = Instruction(held.told, bounds, rank, held.basis, held.conflict, mg_each, differ, moments)
    return [told, Instruction(held.also, bounds, rank, "text")] if held.also else [told]


def _moments(dosage: Mapping[str, Any]) -> frozenset[str]:
    timing = dosage.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    if not isinstance(repeat, dict):
        return frozenset()
    of_day = [str(one) for key in ("when", "timeOfDay") for one in _listed(repeat.get(key))]
    return frozenset(
        f"{day} {moment}" for day in _listed(repeat.get("dayOfWeek")) or _WEEK for moment in of_day or [""]
    )


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mg_each(structure: Told, first: Sequence[Step]) -> Exact | None:
    """What one counted thing holds if structure and text tell the same dose, one in mg and the other in pieces."""
    counts = [told.dose for step in first if step.whole for told in step.told if told.dose]
    if len(counts) != 1 or structure.dose is None or structure.dose.unit.kind is not Kind.MASS:
        return None
    count = counts[0]
    return over(structure.dose.span.low, count.span.low) if count.unit.kind is Kind.COUNT and count.span.low else None


def texts_of(dosage: Mapping[str, Any]) -> list[str]:
    """The free texts of a dosage: for the pharmacy, and for the patient."""
    found = [dosage.get(key) for key in ("text", "patientInstruction")]
    return list(dict.fromkeys(text for text in found if isinstance(text, str) and text.strip()))


def _notes(dosage: Mapping[str, Any]) -> list[str]:
    """The additional instructions, as text or as the display of their code."""
    sent = dosage.get("additionalInstruction")
    return [words for concept in (sent if isinstance(sent, list) else []) for words in words_of(concept)]


def steps_of(text: str, strength: Strength | None) -> list[Instruction]:
    """The steps of a text that tells several ("first …, then …"), in order; raises where one was not understood."""
    parts: list[Instruction] = []
    next_day: int | None = 1
    for rank, step in enumerate(read_in_mg(text, strength)):
        if not step.whole or (step.from_day is not None and step.from_day != next_day):
            raise OrderUnclearError("text-not-understood")
        next_day = next_day + step.days if next_day and step.days else None
        parts += [Instruction(told, Bounds(days=step.days), rank, "text") for told in step.told]
    return parts


def contradicts(text: str, told: Told, strength: Strength | None) -> bool:
    """Whether a text that renders all instructions says something else than they come to at first."""
    steps = read_in_mg(text, strength)
    return bool(steps) and disagree(told, steps[0])
