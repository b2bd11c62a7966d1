"""Several drafts of one medicine in one call, all of them to be signed: the dose that comes of them together.

Morning and evening may each be a draft, and so may the tablets of 25 mg and those of 10 mg. What replaces another draft,
stops something, or is taken once adds nothing; nor do drafts whose days do not meet.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.intake.handed_out import comparable
from app.intake.prescription import Prescription
from app.intake.side_by_side import SEVERAL
from knowledge.facts import Amount, Certainty, DailyDose, Dosage

BASIS = "several orders"


def together(draft: Prescription, beside: Sequence[Prescription], today: date) -> tuple[Dosage, bool]:
    """The most that is taken on a day of this draft, from it and those `beside` it, and whether that could be told;
    it could not: the draft's own dose, to which something unknown is added. `beside` are of its medicine and route."""
    own = draft.dosage
    if draft.stops or own.once:
        return own, True
    others = [other for other in beside if other is not draft and _adds(other, draft)]
    starts = {max(_first(one, today), _first(draft, today)) for one in (draft, *others)}
    days = sorted(day for day in starts if _holds_on(draft, day, today)) or [_first(draft, today)]
    sums = [_sum([draft, *(other for other in others if _holds_on(other, day, today))]) for day in days]
    told = [dosage for dosage in sums if dosage is not None]
    most = max(told, key=lambda dosage: dosage.daily.high if dosage.daily else Decimal(0), default=own)
    return most, len(told) == len(sums)


def with_rest(dosage: Dosage, before: Dosage, rest: Sequence[Prescription]) -> Dosage:
    """The dose of a draft that takes the place of one of several prescriptions in force, and the `rest` of them with it.
    Where nobody told whether those were taken beside each other, they may add to it; where they were, they do."""
    told, own = before.daily, dosage.daily
    daily = [line.dosage.daily for line in rest if line.dosage.daily]
    if told is None or told.basis != SEVERAL or own is None or not daily or len(daily) < len(rest):
        return dosage
    if not all(comparable(own.unit, dose.unit) for dose in daily):
        return dosage
    surely = told.low == told.high
    low = sum((dose.low for dose in daily), start=Decimal(0)) if surely else Decimal(0)
    high = sum((dose.high for dose in daily), start=Decimal(0))
    average = any(dose.average for dose in (own, *daily))
    both = DailyDose(own.low + low, own.high + high, own.unit, Certainty.LIKELY, SEVERAL, average)
    return replace(dosage, daily=both)


def _adds(other: Prescription, draft: Prescription) -> bool:
    if other.stops or other.dosage.once or other.reference == draft.reference:
        return False
    return not (other.prior & draft.names or draft.prior & other.names)


def _first(draft: Prescription, today: date) -> date:
    return max(draft.start or today, today)


def _holds_on(draft: Prescription, day: date, today: date) -> bool:
    return _first(draft, today) <= day and (draft.end is None or draft.end >= day)


def _sum(drafts: Sequence[Prescription]) -> Dosage | None:
    """What several drafts come to on one day; None where one of them cannot be added."""
    if len(drafts) == 1:
        return drafts[0].dosage
    dosages = [draft.dosage for draft in drafts]
    daily = [dosage.daily for dosage in dosages if dosage.daily]
    if any(dosage.daily is None and not dosage.as_needed for dosage in dosages):
        return None
    if daily and not all(comparable(daily[0].unit, dose.unit) for dose in daily):
        return None
    told = replace(dosages[0], daily=_added(daily), as_needed=any(dosage.as_needed for dosage in dosages))
    why = None if daily and daily[0].unit == "mg" else next((d.why for d in dosages if d.why), None)
    return replace(told, ceiling=_ceiling(dosages), conflict=any(d.conflict for d in dosages), why=why)


def _added(daily: Sequence[DailyDose]) -> DailyDose | None:
    if not daily:
        return None
    low, high = (sum((getattr(dose, end) for dose in daily), start=Decimal(0)) for end in ("low", "high"))
    sure = all(dose.certainty is Certainty.SURE for dose in daily)
    certainty, average = Certainty.SURE if sure else Certainty.LIKELY, any(dose.average for dose in daily)
    return DailyDose(low, high, daily[0].unit, certainty, BASIS, average)


def _ceiling(dosages: Sequence[Dosage]) -> Amount | None:
    """The most in a day, fixed and as needed together; None where one of them tells none."""
    most = [dosage.ceiling or _fixed(dosage) for dosage in dosages]
    known = [amount for amount in most if amount]
    if len(known) < len(dosages) or not all(comparable(known[0].unit, amount.unit) for amount in known):
        return None
    return Amount(sum((amount.value for amount in known), start=Decimal(0)), known[0].unit)


def _fixed(dosage: Dosage) -> Amount | None:
    return Amount(dosage.daily.high, dosage.daily.unit) if dosage.daily and not dosage.as_needed else None
