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
    said = "extension" in dosage and "asNeeded" in str(dosage["extension"])
    for key in ("asNeededBoolean", "asNeeded"):
        value = dosage.get(key)
        if not isinstance(value, bool | None) and value not in ("true", "false"):
            return None
        said = said or value in (True, "true")
    concept, reasons = dosage.get("asNeededCodeableConcept"), dosage.get("asNeededFor")
    for value, shape in ((concept, dict), (reasons, list)):
        if value is not None and (not isinstance(value, shape) or not value):
            return None
    return said or concept is not None or reasons is not None


def _read_amounts(dosage: Mapping[str, Any], rhythm: Rhythm, strength: Strength | None) -> Told:
    dose, rate, why = _read_doses(dosage, strength)
    limit = most_per_day(dosage, strength)
    sure = not rhythm.monthly and not _bare(dosage)
    told = Told(dose, rhythm.per_day, None, limit, sure=sure, why=why)
    if rhythm.why in ("unknown-modifier", "cyclic-schedule"):
        return told.refused(rhythm.why)
    if why is not None:
        return told
    if rhythm.per_day is not None and not plausible_rhythm(rhythm.per_day):
        return told.refused("implausible")
    if dose is None:
        return _by_rate(told, rate, dosage, rhythm, strength) if rate else told.refused("no-dose")
    at_once = held_below(dose, most_at_once(dosage, strength))
    if at_once is None or not plausible(dose, strength):
        return told.refused("implausible" if at_once else "above-own-ceiling")
    if rhythm.per_day is None:
        return _without_frequency(replace(told, dose=at_once), at_once, rhythm)
    daily = held_below(at_once.times(rhythm.per_day), limit)
    if daily is None:
        return told.refused("above-own-ceiling")
    if rate and not rate.hourly and _differ(in_mg(rate.per_day, strength), daily):
        return told.refused("dose-and-rate-disagree")
    if not plausible(daily, strength):
        return told.refused("implausible")
    return Told(at_once, rhythm.per_day, daily, limit, sure=sure)


def _bare(dosage: Mapping[str, Any]) -> bool:
    """Whether the dose is a number without any unit: one of something, most likely of what was prescribed."""
    entries = dosage.get("doseAndRate")
    for entry in entries if isinstance(entries, list) else [entries, dosage]:
        quantity = entry.get("doseQuantity") if isinstance(entry, dict) else None
        if isinstance(quantity, dict) and not quantity.keys() & {"unit", "code", "system"}:
            return True
    return False


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
    if held is None or not plausible(held):
        return told.refused("implausible" if held else "above-own-ceiling")
    return replace(told, daily=held, sure=told.sure and not (rate.hourly and rhythm.per_day is None))


def _read_doses(
    dosage: Mapping[str, Any], strength: Strength | None
) -> tuple[Measured | None, Rate | None, str | None]:
    """The dose at one time, the rate, and the reason why neither can be read.

    Several entries tell one dose in several ways (ordered, calculated; mg and mL), so what can be compared must agree.
    """
    sent = dosage.get("doseAndRate")
    entries = sent if isinstance(sent, list) else [dosage if sent is None else sent]
    doses: list[Measured] = []
    rates: list[Rate] = []
    unread = False
    for entry in entries:
        if not isinstance(entry, dict) or modified(entry):
            return None, None, "unknown-modifier" if isinstance(entry, dict) else "dose-not-understood"
        dose, bad_dose = _one_dose(entry)
        rate = read_rate(entry)
        bad_rate = rate is None and any(entry.get(key) is not None for key in _RATES)
        empty = len(entries) > 1 and dose is None and rate is None  # one that lost its amount
        unread = unread or bad_dose or empty or (bad_rate and dose is None)
        if dose is not None:
            doses.append(in_mg(dose, strength))
        if rate is not None:
            rates.append(rate)
    if len(doses) == 1 and not unread and not rates:
        return doses[0], None, None
    return _one_of(doses, rates, alternatives=_different_types(entries), unread=unread)


_RATES = ("rateQuantity", "rateRange", "rateRatio")


def _one_dose(entry: Mapping[str, Any]) -> tuple[Measured | None, bool]:
    """The dose of one entry, and whether there is something in it that cannot be read."""
    quantity, span = entry.get("doseQuantity"), entry.get("doseRange")
    if isinstance(quantity, dict) and span is not None and "value" not in quantity:
        quantity = None  # an empty quantity beside a range
    if quantity is None and span is None:
        return None, False
    if quantity is not None and span is not None:
        return None, True
    dose = read_quantity(quantity) if span is None else read_range(span)
    return dose, dose is None


def _different_types(entries: list[Any]) -> bool:
    types = [str(entry.get("type")) for entry in entries if isinstance(entry, dict)]
    return len(set(types)) == len(types)


def _one_of(
    doses: list[Measured], rates: list[Rate], *, alternatives: bool, unread: bool
) -> tuple[Measured | None, Rate | None, str | None]:
    if len(rates) > 1:
        return None, None, "several-doses"
    best = min(doses, key=lambda dose: dose.unit.kind is not Kind.MASS, default=None)
    if unread and not (alternatives and best is not None and best.unit.kind is Kind.MASS):
        return None, None, "dose-not-understood"
    if best is None:
        return None, rates[0] if rates else None, None
    if any(_differ(best, dose) for dose in doses) or (len({d.unit for d in doses}) > 1 and not alternatives):
        return None, None, "several-doses"
    return best, rates[0] if rates else None, None
