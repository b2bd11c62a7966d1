"""Structure and text of one instruction, held together: they confirm each other, complete each other, or disagree.

Where they disagree neither is chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.intake.ceiling import LimitUnreadableError, held_below
from app.intake.dose_text import Step, holds_unknown_words, read_in_mg, read_text
from app.intake.quantity import Measured, same_kind
from app.intake.span import Span, exactly, over
from app.intake.strength import Strength
from app.intake.told import Told, plausible
from app.intake.units import BARE, PIECE, Kind

DISAGREE = "text-and-structure-disagree"

# What a text may make good: nothing was told, or what was told could not be read.
_OPEN = (
    "no-dose",
    "no-frequency",
    "text-not-understood",
    "dose-not-understood",
    "timing-not-understood",
    "rate-without-duration",
    "several-sites",
)

_UNTOLD = ("no-dose", "no-frequency", "text-not-understood")


@dataclass(frozen=True, slots=True)
class Held:
    """What structure and texts tell together, and on what it rests. `also` is taken as needed besides."""

    told: Told
    basis: str = "structure"
    conflict: bool = False
    also: Told | None = None


def hold_together(
    structure: Told, texts: Sequence[str], notes: Sequence[str], words: str | None, strength: Strength | None
) -> Held:
    """One instruction's structure with its texts, the notes beside them, and the words of a timing code."""
    if not (texts or notes or words):
        return Held(structure)
    readings = [reading for reading in (read_in_mg(text, strength) for text in texts) if reading]
    first = [reading[0] for reading in readings]
    noted = [step for note in notes for step in read_text(note)]
    if any(disagree(structure, step) for step in first) or any(_in_another_rhythm(structure, one) for one in noted):
        return Held(_at_most(structure, first).refused(DISAGREE), conflict=True)
    asked = any(told.as_needed and told.dose is None and not told.daily for step in noted for told in step.told)
    doubtful = any(len(reading) > 1 or not reading[0].whole for reading in readings)
    doubtful = doubtful or any(not step.whole or any(told.dose for told in step.told) for step in noted)
    doubtful = doubtful or any(holds_unknown_words(text) for text in (*texts, *notes))
    doubtful = doubtful or any(_in_other_units(structure, step) for step in first)
    if structure.why == "no-dose" and texts and not readings and structure.dose is None:
        structure = structure.refused("text-not-understood")
    held = _complete(structure, first, _of_code(words) if words else None)
    told = replace(held.told, sure=held.told.sure and not doubtful)
    return replace(held, told=told.when_needed() if asked and not told.as_needed else told)


def _at_most(structure: Told, first: Sequence[Step]) -> Told:
    """ "As needed" beside a text that tells a dose for every day: whichever is meant, no more than that is taken."""
    said = [told for step in first for told in step.told]
    fixed = all(step.whole for step in first) and all(told.daily is not None and not told.as_needed for told in said)
    if not structure.as_needed or _totals(structure) or structure.ceiling or len(said) != 1 or not fixed:
        return structure
    return replace(structure.when_needed(said[0].daily), sure=False)


def disagree(structure: Told, step: Step) -> bool:
    """Whether a step of a text says something else than the structure, as far as the two can be compared."""
    if any(told.why == "strength-disagrees" for told in step.told):
        return True
    if step.stops:
        return structure.dose is not None or structure.daily is not None
    fixed = next((told for told in step.told if not told.as_needed), None)
    text = fixed if fixed is not None and not structure.as_needed else step.told[-1]
    if structure.as_needed and fixed is not None and fixed.daily is not None and len(step.told) == 1:
        return step.whole
    totals = [(one, other) for one in _totals(structure) for other in _totals(text) if same_kind(one.unit, other.unit)]
    if totals:
        return all(one.span != other.span for one, other in totals) and not _same_in_a_wider_rhythm(structure, text)
    if structure.per_day is not None and text.per_day is not None and not _within(structure.per_day, text.per_day):
        return True
    own = structure.dose
    if own is None:
        return False
    if (
        structure.per_day is None
        and text.dose is None
        and text.daily is not None
        and same_kind(own.unit, text.daily.unit)
    ):
        return not _parts_of(own, text.daily)
    doses = [dose for dose in (text.dose, *text.other_doses) if dose and same_kind(own.unit, dose.unit)]
    return bool(doses) and all(own.span != dose.span for dose in doses)


def _in_another_rhythm(structure: Told, note: Step) -> bool:
    """Whether a note beside an instruction tells another rhythm: "on alternate days" beside once a day."""
    told = note.told[0] if note.whole and len(note.told) == 1 and not note.told[0].as_needed else None
    if told is None or told.per_day in (None, exactly(1)) or structure.per_day is None or told.dose or note.on_skin:
        return False  # "at bedtime" names a time, and no rhythm
    return told.per_day is not None and not _within(structure.per_day, told.per_day)


def _in_other_units(structure: Told, step: Step) -> bool:
    """Whether both tell an amount per day and nobody can say whether they are the same: "1 tablet" beside 40 mg."""
    own, said = _totals(structure), [one for told in step.told for one in _totals(told)]
    return bool(own and said) and not any(same_kind(a.unit, b.unit) for a in own for b in said)


def _parts_of(dose: Measured, daily: Measured) -> bool:
    """Whether a day's amount is a whole number of doses: "2 tablets a day" beside a dose of one tablet."""
    spans = (dose.span, daily.span)
    if any(span.low != span.high or not span.low for span in spans):
        return dose.span == daily.span
    return over(daily.span.low, dose.span.low).denominator == 1


def _same_in_a_wider_rhythm(structure: Told, text: Told) -> bool:
    """Whether only the rhythm of the text is a range, and that of the structure in it: "1 tablet every 4 to 6 hours"."""
    if structure.per_day is None or text.per_day is None or structure.dose is None or text.dose is None:
        return False
    same = same_kind(structure.dose.unit, text.dose.unit) and structure.dose.span == text.dose.span
    return same and text.per_day.low < text.per_day.high and _within(structure.per_day, text.per_day)


def _within(structure: Span, text: Span) -> bool:
    """Whether a rhythm fits that of the text: "every 4 to 6 hours" is also four times a day."""
    return text.low <= structure.low and structure.high <= text.high


def _totals(told: Told) -> list[Measured]:
    if told.daily is not None:
        return [told.daily, *told.other_dailies]
    if told.dose is not None and told.per_day is not None:
        return [dose.times(told.per_day) for dose in (told.dose, *told.other_doses)]
    return []


def _of_code(words: str) -> Told | None:
    """What the words of a timing code say; "once" says so only of a dose."""
    said = next((told for step in read_text(words) if step.whole for told in step.told), None)
    if said is None or said.per_day is not None or said.as_needed:
        return said
    return replace(said, once=any(told.once for step in read_text(f"1 tablet {words}") for told in step.told))


def _complete(structure: Told, first: Sequence[Step], code: Told | None) -> Held:
    """The structure, with what only the text or the words of its timing code tell."""
    steps = [step for step in first if step.whole]
    fixed = next((told for step in steps for told in step.told if not told.as_needed), None)
    needed = next((told for step in steps for told in step.told if told.as_needed), None)
    if structure.daily is not None:
        return _confirmed(structure, fixed, needed, on_skin=any(step.on_skin for step in first))
    if structure.as_needed:
        text = needed or fixed
        return Held(structure.when_needed(_most(structure, text)) if structure.why == "as-needed-only" else structure)
    if structure.why not in _OPEN:
        return Held(structure)
    if fixed is not None and fixed.daily is not None:
        return Held(_limited(fixed, structure), "text", also=needed)
    if needed is not None and fixed is None:
        return Held(replace(needed, why="as-needed-only").when_needed(_most(structure, needed)), "text")
    if fixed is not None and fixed.once and structure.per_day is None:
        return Held(replace(fixed, ceiling=structure.ceiling), "text")
    if fixed is None and code is not None and (code.as_needed or code.once):
        return _by_code(structure, code)
    return _joined(structure, fixed or code, first)


def _by_code(structure: Told, code: Told) -> Held:
    """The dose of the structure, in the words of a timing code that name no rhythm of every day: "once", "8-hourly PRN"."""
    if code.as_needed:
        return Held(replace(structure, why=None).when_needed(_most(structure, code)), "text")
    return Held(replace(structure, once=True, sure=False, why="single-dose"), "text")


def _confirmed(structure: Told, fixed: Told | None, needed: Told | None, *, on_skin: bool) -> Held:
    daily = structure.daily
    if needed is not None and fixed is None:
        return Held(structure.when_needed(_most(structure, needed)))
    if on_skin and daily is not None and daily.unit in (BARE, PIECE) and (fixed is None or fixed.dose is None):
        return Held(structure.refused("on-skin"))
    counted = daily is not None and daily.unit.kind is Kind.COUNT
    if counted and fixed is not None and fixed.daily is not None and fixed.daily.unit.kind is Kind.MASS:
        return Held(fixed, "text", also=needed)
    return Held(structure, also=needed)


def _joined(structure: Told, text: Told | None, first: Sequence[Step]) -> Held:
    """The dose of one and the rhythm of the other."""
    if text is not None and (structure.dose is None) is not (structure.per_day is None):
        dose, per_day = structure.dose or text.dose, structure.per_day or text.per_day
        if dose is not None and per_day is not None:
            daily = dose.times(per_day)
            told = replace(structure, dose=dose, per_day=per_day, daily=daily, sure=False, why=None)
            return Held(_limited(told, structure) if plausible(daily) else told.refused("implausible"), "text")
    untold = structure.dose is None and structure.per_day is None and structure.why in _UNTOLD
    if untold and text is not None:
        return Held(_limited(text, structure), "text")
    unread = structure.why in _UNTOLD and any(not step.whole for step in first)
    return Held(structure.refused("text-not-understood") if unread else structure)


def _limited(told: Told, structure: Told) -> Told:
    """What a text tells, under the limit that the structure sets."""
    if told.daily is None or structure.ceiling is None:
        return told
    try:
        daily = held_below(told.daily, structure.ceiling)
    except LimitUnreadableError:
        return told.refused("ceiling-not-understood")
    return replace(told, daily=daily, ceiling=structure.ceiling) if daily else told.refused("above-own-ceiling")


def _most(structure: Told, text: Told | None) -> Measured | None:
    """The most in a day of something taken as needed: a limit that was set, else what structure and text come to."""
    limits = [told.ceiling for told in (text, structure) if told is not None and told.ceiling is not None]
    if limits:
        return limits[0]
    dose = structure.dose or (text.dose if text else None)
    per_day = structure.per_day or (text.per_day if text else None)
    return Measured(exactly(dose.span.high * per_day.high), dose.unit) if dose and per_day else None
