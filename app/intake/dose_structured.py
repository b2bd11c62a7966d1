"""One FHIR dosage → what its structure tells (https://hl7.org/fhir/R4/dosage.html), without its texts.

R4 puts amounts in `doseAndRate`, STU3 directly in the dosage, and R5 renames `asNeeded[x]`; all are read.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.intake.ceiling import LimitUnreadableError, held_below, most_at_once, most_per_day
from app.intake.quantity import Measured, read_quantity, read_range, same_kind
from app.intake.rate import Rate, amount_per_day, read_rate
from app.intake.span import exactly
from app.intake.strength import Strength
from app.intake.timing import Rhythm, modified, read_timing
from app.intake.told import Told, in_mg, plausible, plausible_rhythm
from app.intake.units import Kind


def read_structure(dosage: Mapping[str, Any], strength: Strength | None) -> tuple[Told, Rhythm]:
    """What the structure of one dosage tells, and its rhythm (whose code may hold words for the reader of texts)."""
    if modified(dosage):
        return Told(
            why="cyclic-schedule" if "Cyclic" in str(dosage["modifierExtension"]) else "unknown-modifier"
        ), Rhythm()
    rhythm = read_timing(dosage.get("timing"))
    as_needed = _as_needed(dosage)
    try:
        told = _read_amounts(dosage, rhythm, strength)
    except LimitUnreadableError:
        told = Told(why="ceiling-not-understood")
    if as_needed is None:
        return told.refused("as-needed-not-understood"), rhythm
    return (told.when_needed() if as_needed else told), rhythm


def _as_needed(dosage: Mapping[str, Any]) -> bool | None:
    """Whether it is taken as needed; None where that was sent in a form nobody can read."""
    said = False
    for key in ("asNeededBoolean", "asNeeded"):
        value = dosage.get(key)
        if value not in (None, True, False, "true", "false"):
            return None
        said = said or value in (True, "true")
    for key, shape in (("asNeededCodeableConcept", Mapping), ("asNeededFor", list)):
        value = dosage.get(key)
        if value is not None and not isinstance(value, shape):
            return None
        said = said or bool(value)
    return said or "asNeeded" in str(dosage.get("extension") or "")


def _read_amounts(dosage: Mapping[str, Any], rhythm: Rhythm, strength: Strength | None) -> Told:
    dose, rate, why = _read_doses(dosage, strength)
    limit = most_per_day(dosage, strength)
    told = Told(dose=dose, per_day=rhythm.per_day, ceiling=limit, sure=not rhythm.monthly, why=why)
    if rhythm.why in ("unknown-modifier", "cyclic-schedule"):
        return told.refused(rhythm.why)
    if why is not None:
        return told
    if rhythm.per_day is not None and not plausible_rhythm(rhythm.per_day):
        return told.refused("implausible")
    if dose is None:
        return _by_rate(told, rate, dosage, rhythm, strength) if rate else told.refused("no-dose")
    if not plausible(dose):
        return told.refused("implausible")
    dose = held_below(dose, most_at_once(dosage, strength))
    if dose is None:
        return told.refused("above-own-ceiling")
    told = replace(told, dose=dose)
    if rhythm.per_day is None:
        return _without_frequency(told, dose, rhythm)
    daily = held_below(dose.times(rhythm.per_day), limit)
    if daily is None:
        return told.refused("above-own-ceiling")
    if rate and not rate.hourly and _differ(in_mg(rate.per_day, strength), daily):
        return told.refused("dose-and-rate-disagree")
    return replace(told, daily=daily) if plausible(daily) else told.refused("implausible")


def _differ(one: Measured, other: Measured) -> bool:
    return same_kind(one.unit, other.unit) and one.span != other.span


def _without_frequency(told: Told, dose: Measured, rhythm: Rhythm) -> Told:
    if rhythm.once:
        return replace(told, once=True, why="single-dose")
    if rhythm.at_most is not None and told.ceiling is None:
        told = replace(told, ceiling=Measured(exactly(dose.span.high * rhythm.at_most), dose.unit))
    return told.refused(rhythm.why or "no-frequency")


def _by_rate(told: Told, rate: Rate, dosage: Mapping[str, Any], rhythm: Rhythm, strength: Strength | None) -> Told:
    if rhythm.why not in (None, "no-frequency"):
        return replace(told, once=rhythm.once, why=rhythm.why)
    daily = amount_per_day(rate, dosage, rhythm.per_day)
    if daily is None:
        return told.refused("rate-without-duration")
    held = held_below(in_mg(daily, strength), told.ceiling)
    if held is None:
        return told.refused("above-own-ceiling")
    sure = told.sure and not (rate.hourly and rhythm.per_day is None)
    return replace(told, daily=held, sure=sure) if plausible(held) else told.refused("implausible")


def _read_doses(
    dosage: Mapping[str, Any], strength: Strength | None
) -> tuple[Measured | None, Rate | None, str | None]:
    """The dose at one time, the rate, and the reason why neither can be read.

    Several entries tell one dose in several ways (ordered, calculated; mg and mL), so what can be compared must agree.
    """
    sent = dosage.get("doseAndRate")
    entries = sent if isinstance(sent, list) else [sent if sent is not None else dosage]
    doses: list[Measured] = []
    rates: list[Rate] = []
    unread = False
    for entry in entries:
        if not isinstance(entry, Mapping):
            return None, None, "dose-not-understood"
        if modified(entry):
            return None, None, "unknown-modifier"
        dose, bad_dose = _one_dose(entry)
        rate = read_rate(entry)
        bad_rate = rate is None and any(entry.get(key) is not None for key in _RATES)
        unread = unread or bad_dose or (bad_rate and dose is None)
        doses += [in_mg(dose, strength)] if dose else []
        rates += [rate] if rate else []
    return _one_of(doses, rates, alternatives=_different_types(entries), unread=unread)


_DOSES, _RATES = ("doseQuantity", "doseRange"), ("rateQuantity", "rateRange", "rateRatio")


def _one_dose(entry: Mapping[str, Any]) -> tuple[Measured | None, bool]:
    """The dose of one entry, and whether there is something in it that cannot be read."""
    sent = [key for key in _DOSES if entry.get(key) is not None]
    read = [read_quantity(entry[key]) if key == "doseQuantity" else read_range(entry[key]) for key in sent]
    if len(read) == 2 and isinstance(entry["doseQuantity"], Mapping) and "value" not in entry["doseQuantity"]:
        read = read[1:]  # an empty quantity beside a range
    if len(read) != 1:
        return None, len(read) == 2
    return read[0], read[0] is None


def _different_types(entries: list[Any]) -> bool:
    types = [str(entry.get("type")) for entry in entries if isinstance(entry, Mapping)]
    return len(set(types)) == len(types)


def _one_of(
    doses: list[Measured], rates: list[Rate], *, alternatives: bool, unread: bool
) -> tuple[Measured | None, Rate | None, str | None]:
    if len(rates) > 1 or (unread and not (doses and alternatives)):
        return None, None, "several-doses" if len(rates) > 1 else "dose-not-understood"
    if not doses:
        return None, rates[0] if rates else None, None
    best = min(doses, key=lambda dose: dose.unit.kind is not Kind.MASS)
    if any(_differ(best, dose) for dose in doses) or (len({d.unit for d in doses}) > 1 and not alternatives):
        return None, None, "several-doses"
    return best, rates[0] if rates else None, None
