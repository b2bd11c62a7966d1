"""Several prescriptions of one medicine in force at once → the dose taken.

What is a renewal counts once, what replaces counts instead, what belongs together adds up; where nobody told which of
these it is, the dose is a range from the least of them to all of them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.intake.handed_out import comparable
from app.intake.prescription import Prescription
from app.intake.spells import Spell, order_of
from knowledge.facts import Certainty, DailyDose, Dosage

SEVERAL = "several prescriptions"  # the basis of such a dose
_HANDOVER = timedelta(days=14)  # by so much an old prescription may overlap the one that replaces it


def dosage_on(day: date, spells: Sequence[Spell], today: date) -> tuple[Dosage | None, tuple[Prescription, ...]]:
    """The dose on a day (None: nothing is in force), and the prescriptions it was read from."""
    newest: dict[int, Spell] = {}
    for spell in spells:
        if spell.holds_on(day, today):
            newest[spell.thread] = spell
    holding = sorted(newest.values(), key=lambda spell: order_of(spell.line))
    kept = _without_renewed([spell for spell in holding if not _is_handed_over(spell, holding)], day)
    if not kept:
        return None, ()
    lines = tuple(spell.line for spell in kept)
    return (_at(lines[0], day) if len(lines) == 1 else _together(lines, day)), lines


def overlapping(spells: Sequence[Spell], today: date) -> tuple[str, ...]:
    """References of prescriptions in force today that another has already taken over from: one that ends soon, or one
    without an end beside which the same dose was prescribed anew in the last 14 days."""
    holding = [spell for spell in spells if spell.holds_on(today, today)]
    taken_over = (s for s in holding if _is_handed_over(s, holding) or _is_renewed(s, holding, today))
    return tuple(spell.line.reference for spell in taken_over)


def _is_renewed(spell: Spell, holding: Sequence[Spell], today: date) -> bool:
    return spell.last is None and any(
        other is not spell
        and other.first is not None
        and (spell.first is None or spell.first < other.first)
        and today - other.first <= _HANDOVER
        and _same(other.line, spell.line, today)
        for other in holding
    )


def _is_handed_over(spell: Spell, holding: Sequence[Spell]) -> bool:
    """Whether a newer one began within 14 days of its end: a renewal or a change, and not a second dose."""
    ends = spell.last or spell.line.period.runs_out
    if ends is None or spell.first is None:
        return False
    return any(
        other.first is not None
        and other.thread != spell.thread
        and spell.first < other.first
        and ends <= other.first + _HANDOVER
        for other in holding
    )


def _without_renewed(holding: Sequence[Spell], day: date) -> list[Spell]:
    """Each dose once: of prescriptions that say the same, the newest."""
    kept: list[Spell] = []
    for spell in holding:
        kept = [other for other in kept if not _same(other.line, spell.line, day)]
        kept.append(spell)
    return kept


def _same(one: Prescription, other: Prescription, day: date) -> bool:
    if one.times and other.times and one.times.isdisjoint(other.times):
        return False
    a, b = _at(one, day), _at(other, day)
    if a.daily and b.daily:
        return (a.daily.low, a.daily.high, a.as_needed) == (b.daily.low, b.daily.high, b.as_needed) and comparable(
            a.daily.unit, b.daily.unit
        )
    return a.daily is b.daily is None and (a.as_needed, a.ceiling, a.once) == (b.as_needed, b.ceiling, b.once)


def _at(line: Prescription, day: date) -> Dosage:
    """The dose on a day, of one that goes in steps."""
    if len(line.phases) > 1:
        for phase in line.phases:
            if phase.since and phase.since <= day and (phase.days is None or (day - phase.since).days < phase.days):
                return phase.dosage
    return line.dosage


def _together(lines: Sequence[Prescription], day: date) -> Dosage:
    told = [(line, _at(line, day)) for line in lines]
    fixed = [(line, dosage) for line, dosage in told if not (dosage.as_needed and dosage.daily is None)]
    needed = any(dosage.as_needed for _, dosage in told)
    daily = [dosage.daily for _, dosage in fixed if dosage.daily]
    if not fixed:
        return Dosage(as_needed=True, why="as-needed-only")
    if len(daily) < len(fixed) or not all(comparable(daily[0].unit, dose.unit) for dose in daily):
        return Dosage(as_needed=needed, why="several-prescriptions")
    if len(daily) == 1:
        return replace(fixed[0][1], as_needed=needed, ceiling=None)
    own = [line for line, _ in fixed]
    adds_up = all(_belong_together(one, other) for i, one in enumerate(own) for other in own[i + 1 :])
    high = sum((dose.high for dose in daily), start=Decimal(0))
    low = sum((dose.low for dose in daily), start=Decimal(0)) if adds_up else min(dose.low for dose in daily)
    average = any(dose.average for dose in daily)
    whole = Dosage(DailyDose(low, high, daily[0].unit, Certainty.LIKELY, SEVERAL, average), as_needed=needed)
    return replace(whole, conflict=any(dosage.conflict for _, dosage in fixed), why=fixed[0][1].why)


def _belong_together(one: Prescription, other: Prescription) -> bool:
    """Whether they were meant to be taken side by side: written on one form, or on one day for different times of day
    or as different strengths."""
    if one.group and one.group == other.group:
        return True
    if one.authored is None or one.authored != other.authored:
        return False
    apart = bool(one.times and other.times and one.times.isdisjoint(other.times))
    return apart or bool(one.strength and other.strength and one.strength != other.strength)
