"""What a pharmacy handed out → what must have been taken (https://hl7.org/fhir/R4/medicationdispense.html)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.intake.elements import Json, code_of, day
from app.intake.medicine import Recognised
from app.intake.prescription import strength_of
from app.intake.quantity import read_days, read_quantity
from app.intake.span import decimal, exactly
from app.intake.told import in_mg
from app.intake.units import Kind
from knowledge.facts import Certainty, DailyDose

_HANDED_OUT = ("completed", "in-progress", "on-hold", "unknown", "")
# As-needed use counts as daily where as much was handed out as one unit on 60 of 90 days (NHG 2014: more than 60 days
# in three months is chronic use).
DAILY_FROM = Fraction(60, 90)


@dataclass(frozen=True, slots=True)
class Dispensed:
    """One hand-over: `amount` in mg where the strength is told, and `units` as they were counted."""

    medicine: str
    on: date
    units: Fraction
    mg: Fraction | None
    days: Fraction | None


def read_dispense(resource: Json, recognised: Recognised) -> Dispensed | None:
    """One hand-over with its day and quantity; None where either was not told, or nothing was handed out."""
    on = day(resource.get("whenHandedOver")) or day(resource.get("whenPrepared"))
    quantity = read_quantity(resource.get("quantity"))
    if not recognised.medicine or on is None or quantity is None or code_of(resource.get("status")) not in _HANDED_OUT:
        return None
    strength = strength_of(recognised)
    amount = in_mg(quantity, strength)
    mg = amount.span.low if amount.unit.kind is Kind.MASS else None
    return Dispensed(recognised.medicine, on, quantity.span.low, mg, read_days(resource.get("daysSupply")))


def daily_by_supply(dispensed: Iterable[Dispensed], today: date, *, as_needed: bool) -> DailyDose | None:
    """What was taken per day, as far as the hand-overs of the last half year tell it: between the first and the last
    of them, or over the days one was meant for. None where they tell nothing, or no daily use."""
    recent = sorted((d for d in dispensed if 0 <= (today - d.on).days <= 183), key=lambda d: d.on)
    rate = _per_day(recent)
    if rate is None:
        return None
    units, mg = rate
    if mg is None or not mg or (as_needed and units < DAILY_FROM):
        return None
    value = decimal(exactly(mg).low)
    return DailyDose(value, value, "mg", Certainty.LIKELY, "supply")


def _per_day(recent: list[Dispensed]) -> tuple[Fraction, Fraction | None] | None:
    if not recent:
        return None
    days = Fraction((recent[-1].on - recent[0].on).days)
    used = recent[:-1]
    if days < 14:  # one hand-over, or several at once
        used, days = recent[-1:], recent[-1].days or Fraction(0)
    if not days:
        return None
    amounts = [item.mg for item in used]
    units = sum((item.units for item in used), start=Fraction(0)) / days
    if None in amounts:
        return units, None
    return units, sum((mg for mg in amounts if mg), start=Fraction(0)) / days
