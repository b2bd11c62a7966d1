"""Instructions that are followed side by side → one dosage."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.intake.bounds import Bounds
from app.intake.quantity import Measured, same_kind
from app.intake.span import Exact, decimal, exactly
from app.intake.told import Told, plausible
from app.intake.units import BARE, PIECE, Kind
from knowledge.facts import Amount, Certainty, DailyDose, Dosage


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, read: what its structure and its text tell together, and when it is in force.

    `mg_each` is what one tablet must hold for both to be true ("2 tablets" beside 10 mg). `lengths_differ` where the
    text tells another number of days than the bounds.
    """

    told: Told
    bounds: Bounds
    rank: int = 0  # place in the order; equal ranks are followed side by side
    basis: str = "structure"
    conflict: bool = False
    mg_each: Exact | None = None
    lengths_differ: bool = False
    moments: frozenset[str] = frozenset()  # the times of the day, each with its day of the week


def together(instructions: Sequence[Instruction]) -> Dosage:
    """The dosage of instructions that are in force at the same time: fixed parts add up, as-needed parts stay apart."""
    needed = [one for one in instructions if one.told.as_needed]
    fixed = [one for one in instructions if not one.told.as_needed and not one.told.once]
    conflict = any(one.conflict for one in instructions)
    whys = [one.told.why for one in instructions if one.conflict or (one.told.why and one in fixed)]
    daily = None if whys else sum_of([one.told.daily for one in fixed])
    if daily is None and not whys:
        whys = ["units-differ"] if fixed else [one.told.why for one in instructions if one.told.why]
    if daily is not None and not plausible(daily):
        daily, whys = None, ["implausible"]
    ceiling = _ceiling(daily, fixed, needed) if needed else _only([one.told.ceiling for one in instructions])
    in_structure = all(one.basis == "structure" for one in fixed)
    sure = in_structure and all(one.told.sure for one in fixed) and _told_apart(fixed)
    return Dosage(
        daily=dose_of(daily, "structure" if in_structure else "text", sure=sure, average=_averaged(fixed))
        if daily
        else None,
        ceiling=Amount(decimal(ceiling.span.high), ceiling.unit.name) if ceiling else None,
        as_needed=bool(needed),
        once=not fixed and not needed,
        conflict=conflict,
        why=strength_wanted(daily) if daily else whys[0] if whys else "no-dose",
        times=_times(fixed),
    )


def _told_apart(fixed: Sequence[Instruction]) -> bool:
    """Whether each is for times of its own; two for the same time, or for no time at all, may be one instead of the
    other."""
    moments = [moment for one in fixed for moment in one.moments]
    return len(fixed) < 2 or (all(one.moments for one in fixed) and len(set(moments)) == len(moments))


def _times(fixed: Sequence[Instruction]) -> int | None:
    """How often a day the fixed parts are taken, where that is a whole number that each of them tells exactly."""
    told = [one.told.per_day for one in fixed]
    if not told or any(span is None or span.low != span.high for span in told):
        return None
    times = sum((span.low for span in told if span), start=Fraction(0))
    return int(times) if times.denominator == 1 else None


def _averaged(fixed: Sequence[Instruction]) -> bool:
    """Whether a part is taken on some days only: not a whole number of times a day."""
    rhythms = [one.told.per_day for one in fixed if one.told.per_day]
    return any(end.denominator != 1 for span in rhythms for end in (span.low, span.high))


def dose_of(daily: Measured, basis: str, *, sure: bool, average: bool = False) -> DailyDose:
    """The fact that so much is taken per day, or on average."""
    certainty = Certainty.SURE if sure else Certainty.LIKELY
    low, high = decimal(daily.span.low), decimal(daily.span.high)
    return DailyDose(low, high, daily.unit.name, certainty, basis, average)


def strength_wanted(daily: Measured) -> str | None:
    """The reason an amount is not in mg, where a strength would have made it so."""
    return "strength-unknown" if daily.unit.kind in (Kind.COUNT, Kind.VOLUME, Kind.DROP) else None


def _ceiling(daily: Measured | None, fixed: Sequence[Instruction], needed: Sequence[Instruction]) -> Measured | None:
    """The most in one day: of the as-needed parts, on top of the fixed ones."""
    limits = [one.told.ceiling for one in needed]
    most = None if None in limits else sum_of(limits)
    if most is None or not fixed:
        return most
    return sum_of([most, daily]) if daily else None


def _only(limits: Sequence[Measured | None]) -> Measured | None:
    return limits[0] if len(limits) == 1 else None


def sum_of(told: Sequence[Measured | None]) -> Measured | None:
    """The sum, in the most telling of the units; None for nothing, or for amounts that cannot be added."""
    amounts = [amount for amount in told if amount is not None]
    if len(amounts) == 1:
        return amounts[0]
    if not amounts or any(not same_kind(amounts[0].unit, amount.unit) for amount in amounts):
        return None
    named = [amount.unit for amount in amounts if amount.unit not in (BARE, PIECE)] or [amounts[0].unit]
    total = exactly(0)
    for amount in amounts:
        total = total + amount.span
    return Measured(total, named[0])
