"""The door for doses: the instructions of a prescription, as a client sent them → what is taken per day.

Both functions read `dosageInstruction` of a request or dispense, or `dosage` of a statement, R4 or R5
(https://hl7.org/fhir/R4/dosage.html), raise nothing, and give a dose or the reason why there is none.

Reasons (`Dosage.why`) are stable codes:
    not told        no-dose · no-frequency · rate-without-duration · start-unknown · not-in-force
    not understood  dose-not-understood · timing-not-understood · text-not-understood · bounds-not-understood
                    sequence-not-understood · ceiling-not-understood · as-needed-not-understood
    contradictory   text-and-structure-disagree (and -on-length) · timing-disagrees · several-doses · above-own-ceiling
                    dose-and-rate-disagree · strength-disagrees · units-differ · several-sites
    must not read   unknown-modifier · cyclic-schedule · sequence-without-bounds · implausible · on-skin
    no daily dose   as-needed-only · single-dose
    beside a dose   strength-unknown: the amount is not in mg
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import orjson

from app.intake.agreement import DISAGREE
from app.intake.bounds import OrderUnclearError, Stretch, day_at, lay_out, order_of
from app.intake.dose_text import read_text
from app.intake.instruction import Instruction, dose_of, strength_wanted, sum_of, together
from app.intake.reading import contradicts, read_instruction, steps_of, texts_of
from app.intake.strength import Strength
from app.intake.supply import read_supply, was_handed_out
from app.intake.told import Told
from knowledge.facts import Dosage

_SHORT = 800  # bytes of JSON
_MOST = 200  # instructions in one prescription; more are no schedule anybody follows, and laying them out takes long


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
    dispense: object = None,
    rendered: object = None,
) -> Dosage:
    """What is taken per day, at `today` where several steps follow each other, else in the first of them.

    `strength` turns what is counted or measured into mg; without it the amount stays in the unit it was written in,
    and `why` is "strength-unknown". `authored` is the day the prescription was written: steps that tell no dates of
    their own start there. `dispense` (a dispenseRequest or a MedicationDispense) is the last thing reckoned from.
    `rendered` is a text for all instructions together (R5 `renderedDosageInstruction`), read where they have none.
    """
    read = _read_all(instructions, strength, rendered)
    dosage = read if isinstance(read, Dosage) else read.only or _at(today, authored, read)
    reckonable = _UNTOLD + (("as-needed-only",) if was_handed_out(dispense) else ())
    if dosage.daily is not None or dosage.why not in reckonable or dispense is None:
        return dosage
    supply = read_supply(dispense, strength)
    if supply is None:
        return dosage
    return replace(dosage, daily=dose_of(supply, "supply", sure=False), why=strength_wanted(supply))


_UNTOLD = ("no-dose", "no-frequency", "text-not-understood")


def read_phases(
    instructions: Sequence[object],
    strength: Strength | None,
    *,
    authored: date | None = None,
    rendered: object = None,
) -> tuple[Phase, ...]:
    """The timeline of a prescription: its doses in the order they are taken. Empty where the order is not told."""
    read = _read_all(instructions, strength, rendered)
    if isinstance(read, Dosage):
        return ()
    stretches, first, parts = read.stretches, read.first, read.parts
    start = first or authored
    lengths = [None if stretch.until is None else stretch.until - stretch.since for stretch in stretches]
    return tuple(
        Phase(day_at(start, stretch.since), length, _of(stretch, parts))
        for stretch, length in zip(stretches, lengths, strict=True)
    )


def _at(today: date | None, authored: date | None, laid: "_Laid") -> Dosage:
    stretches, first, parts = laid.stretches, laid.first, laid.parts
    uncertain = any(part.lengths_differ for part in parts)
    if today is None:
        dosage = _of(stretches[0], parts)
        return replace(dosage, conflict=True, why=dosage.why if dosage.conflict else LENGTHS) if uncertain else dosage
    if uncertain:
        return Dosage(conflict=True, why=LENGTHS)
    start = first or authored
    if start is None:
        return Dosage(why="start-unknown")
    offset = max((today - start).days, stretches[0].since)
    for stretch in stretches:
        if stretch.since <= offset and (stretch.until is None or offset < stretch.until):
            return _of(stretch, parts)
    return Dosage(why="not-in-force")


# Text and bounds tell different lengths: the steps are known, but not which of them is in force on a given day.
LENGTHS = "text-and-structure-disagree-on-length"


def _of(stretch: Stretch, parts: Sequence[Instruction]) -> Dosage:
    return together([parts[index] for index in stretch.members])


@dataclass(frozen=True, slots=True)
class _Laid:
    """Instructions laid out in time, from the `first` day if one is told; `only`: the dose where there is one stretch."""

    stretches: Sequence[Stretch]
    first: date | None
    parts: Sequence[Instruction]
    only: Dosage | None = None


def _read_all(instructions: Sequence[object], strength: Strength | None, rendered: object) -> _Laid | Dosage:
    """The same instructions are sent for many prescriptions: what short ones tell is remembered."""
    if not isinstance(instructions, Sequence) or isinstance(instructions, str) or not instructions:
        return Dosage(why="no-dose")
    try:
        sent = orjson.dumps((list(instructions), rendered))
    except orjson.JSONEncodeError:  # no JSON: from a program, or too large a number
        return _laid_out(instructions, strength, rendered)
    return _remembered(sent, strength) if len(sent) <= _SHORT else _laid_out(instructions, strength, rendered)


@lru_cache(maxsize=2048)
def _remembered(sent: bytes, strength: Strength | None) -> _Laid | Dosage:
    instructions, rendered = orjson.loads(sent)
    return _laid_out(instructions, strength, rendered)


def _laid_out(instructions: Sequence[object], strength: Strength | None, rendered: object) -> _Laid | Dosage:
    if len(instructions) > _MOST or any(not isinstance(one, dict) for one in instructions):
        return Dosage(why="dose-not-understood")
    sent: list[Mapping[str, Any]] = [one for one in instructions if isinstance(one, dict)]
    texts = [texts_of(one) for one in sent]
    for_all = rendered if isinstance(rendered, str) and not any(texts) else None
    if for_all and len(sent) == 1:
        texts = [[for_all]]
    parts: list[Instruction] = []
    try:
        parts = _parts(sent, texts, strength)
        if len(parts) == 1 and _nothing(parts[0]):
            return Dosage(why="implausible")
        if len(parts) == 1:
            only = Stretch(0, parts[0].bounds.length, (0,))
            return _Laid([only], parts[0].bounds.start, parts, _of(only, parts))
        stretches, first = lay_out([one.bounds for one in parts], [one.rank for one in parts])
    except OrderUnclearError as error:
        conflict = any(part.conflict for part in parts)
        return Dosage(conflict=conflict, why=DISAGREE if conflict else str(error))
    if for_all and len(sent) > 1:
        parts = _held_against(for_all, stretches[0], parts, strength)
    return _Laid(stretches, first, parts, _of(stretches[0], parts) if len(stretches) == 1 else None)


def _nothing(part: Instruction) -> bool:
    """Zero is a pause between steps; alone it is no dose."""
    return part.told.daily is not None and not part.told.daily.span.high


def _parts(
    sent: Sequence[Mapping[str, Any]], texts: Sequence[list[str]], strength: Strength | None
) -> list[Instruction]:
    ranks = order_of([one.get("sequence") for one in sent])
    read = [read_instruction(*one, strength) for one in zip(sent, ranks, texts, strict=True)]
    parts = [part for instruction in read for part in instruction]
    if len({part.mg_each for part in parts if part.mg_each}) > 1:
        return _in_conflict(parts)
    if len(sent) == 1 and parts[0].basis == "text" and texts[0] and len(read_text(texts[0][0])) > 1:
        return steps_of(texts[0][0], strength)
    if len(sent) == 1 and len(parts) > 1:  # the bounds of a lone instruction do not decide what is in force
        return [replace(part, bounds=replace(part.bounds, readable=True)) for part in parts]
    return parts


def _held_against(
    text: str, stretch: Stretch, parts: list[Instruction], strength: Strength | None
) -> list[Instruction]:
    """The instructions, marked where a text for all of them says something else than the first stretch comes to."""
    own = together([parts[index] for index in stretch.members])
    if own.daily is None and not own.as_needed:
        return parts
    total = sum_of([parts[index].told.daily for index in stretch.members])
    told = Told(daily=total, as_needed=own.daily is None)
    return _in_conflict(parts) if contradicts(text, told, strength) else parts


def _in_conflict(parts: Sequence[Instruction]) -> list[Instruction]:
    return [replace(part, told=part.told.refused(DISAGREE), conflict=True) for part in parts]
