"""What was handed out, held beside what was prescribed: the days it covers, and the dose it tells.

A supply tells how much of an as-needed medicine is used only where it lasts: a box now and then is no daily use, and
the most that may be taken is never what is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from app.intake.dispense import Supply
from app.intake.handed_out import comparable, daily_of, days_of
from app.intake.quantity import Measured
from app.intake.span import Span
from app.intake.units import Kind
from knowledge.facts import DailyDose, Dosage, Period

_DAY = timedelta(days=1)
_UNBROKEN = 14  # days without supply that break no course (DESIGN decision 5)
_WINDOW = timedelta(days=180)
_EVERY_DAY = Fraction(9, 10)  # of a tablet a day: from here on somebody takes it daily
_LONGEST_UNKNOWN = 90  # days a supply of unknown length may last
_NO_DOSE = ("no-dose", "no-frequency", "as-needed-only")


@dataclass(frozen=True, slots=True)
class Rate:
    """What the supplies make a day, from `since` until they run out."""

    daily: DailyDose
    since: date
    until: date
    is_daily: bool  # enough for every day
    spans: int  # how many intervals between supplies it was reckoned from


def rate_of(supplies: Sequence[Supply], today: date) -> Rate | None:
    """The amount per day of the last half year: what was handed out before the last time, over the days it lasted;
    of a single supply, what the pharmacy says it lasts. None where that has run out, or cannot be told."""
    recent = [one for one in sorted(supplies, key=_order) if one.day > today - _WINDOW]
    if not recent or any(one.amount is None for one in recent):
        return None
    first, last = recent[0], recent[-1]
    amounts = [one.amount for one in recent if one.amount]
    if not all(comparable(amounts[0].unit.name, amount.unit.name) for amount in amounts):
        return None
    spans = (last.day - first.day).days
    if spans > 0:
        before = [one.amount for one in recent if one.amount and one.day < last.day]
        total, days = _sum(before), Fraction(spans)
        lasts = max(1, round(spans / len({one.day for one in recent if one.day < last.day})))
    elif last.days:
        total, days = _sum(amounts), last.days
        lasts = int(last.days)
    else:
        return None
    daily = daily_of(total, days)
    until = last.day + timedelta(days=lasts - 1)
    if daily is None or (today - until).days > _UNBROKEN:
        return None
    return Rate(daily, first.day, until, _is_daily(recent, total, days), len({one.day for one in recent}) - 1)


def dose_by_supply(dosage: Dosage, rate: Rate | None) -> Dosage:
    """The dose that supplies tell where the prescription tells none, or only "as needed"."""
    if rate and rate.is_daily and dosage.as_needed and dosage.daily:
        return replace(dosage, daily=_at_most(dosage.daily, rate.daily))
    if rate is None or dosage.daily is not None or dosage.why not in _NO_DOSE or dosage.once or dosage.conflict:
        return dosage
    if dosage.as_needed and not rate.is_daily:
        return dosage
    return replace(dosage, daily=rate.daily, why=None if rate.daily.unit == "mg" else "strength-unknown")


def _at_most(fixed: DailyDose, supply: DailyDose) -> DailyDose:
    """A fixed part with an as-needed part beside it: up to what was handed out for both."""
    if not comparable(fixed.unit, supply.unit) or supply.high <= fixed.high:
        return fixed
    return replace(fixed, high=supply.high, certainty=supply.certainty, basis=supply.basis)


def far_off(dosage: Dosage, rate: Rate | None) -> Dosage | None:
    """A dose widened to what was handed out, where supplies over at least two intervals make more than half as much
    again as was prescribed, or less than two thirds of it; None where they agree."""
    daily = dosage.daily
    if rate is None or daily is None or rate.spans < 2 or not comparable(daily.unit, rate.daily.unit):
        return None
    if rate.daily.low <= daily.high * 3 / 2 and rate.daily.high * 3 / 2 >= daily.low:
        return None
    low, high = min(daily.low, rate.daily.low), max(daily.high, rate.daily.high)
    return replace(dosage, daily=replace(rate.daily, low=low, high=high, unit=daily.unit))


def supplied(supplies: Iterable[Supply], dosage: Dosage | None, rate: Rate | None) -> list[Period]:
    """The days that supplies cover. Of as-needed use they are sure only where the supplies last for every day."""
    as_needed = bool(dosage and dosage.as_needed and dosage.daily is None)
    periods = []
    for one in supplies:
        days = one.days or days_of(one.amount, one.dosage.daily or (dosage.daily if dosage else None))
        if days is None or days < 1:
            periods.append(Period(one.day, one.day + timedelta(days=_LONGEST_UNKNOWN - 1), sure=False))
        else:
            needed = as_needed or (one.dosage.as_needed and not one.dosage.daily)
            periods.append(Period(one.day, one.day + timedelta(days=int(days) - 1), sure=not needed))
    if as_needed and rate and rate.is_daily:
        periods.append(Period(rate.since, rate.until))
    return periods


def unsure_after(periods: Iterable[Period], day: date | None) -> list[Period]:
    """The same periods; from `day` on (None: all of them) they are no longer sure."""
    found = []
    for period in periods:
        if not period.sure or (day is not None and period.end is not None and period.end < day):
            found.append(period)
        elif day is None or period.start is None or period.start >= day:
            found.append(replace(period, sure=False))
        else:
            found += [replace(period, end=day - _DAY), Period(day, period.end, sure=False)]
    return found


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same days in as few periods as they make, oldest first: a list of a thousand renewals is no thousand periods."""
    found: list[Period] = []
    for period in sorted(periods, key=lambda one: (not one.sure, one.start or date.min)):
        last = found[-1] if found else None
        if last and period.start and last.start and last.sure is period.sure and _touches(last, period.start):
            found[-1] = replace(last, end=max(last.end, period.end) if last.end and period.end else None)
        elif period != last:
            found.append(period)
    return sorted(found, key=_by_days)


def _touches(earlier: Period, start: date) -> bool:
    return earlier.end is None or start <= earlier.end + _DAY


def _by_days(period: Period) -> tuple[date, date, bool]:
    return period.start or date.min, period.end or date.max, period.sure


def _is_daily(recent: Sequence[Supply], total: Measured, days: Fraction) -> bool:
    """Whether there was a tablet for nearly every day: counted where the strength is known."""
    each = Fraction(1)
    if total.unit.kind is Kind.MASS:
        strengths = {one.mg_per_unit for one in recent if one.mg_per_unit}
        if not strengths or any(one.mg_per_unit is None for one in recent):
            return False
        each = Fraction(max(strengths))
    elif total.unit.kind is not Kind.COUNT:
        return False
    return Fraction(total.span.low) / days / each >= _EVERY_DAY


def _sum(amounts: Sequence[Measured]) -> Measured:
    low = sum((Fraction(amount.span.low) for amount in amounts), start=Fraction(0))
    high = sum((Fraction(amount.span.high) for amount in amounts), start=Fraction(0))
    return Measured(Span(low, high), amounts[0].unit)


def _order(supply: Supply) -> tuple[date, str]:
    return supply.day, supply.reference
