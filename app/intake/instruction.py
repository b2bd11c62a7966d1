"""Instructions that are followed side by side → one dosage."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.intake.bounds import Bounds
from app.intake.quantity import Measured, same_kind
from app.intake.span import decimal, exactly
from app.intake.told import Told, plausible
from app.intake.units import BARE, PIECE, Kind
from knowledge.facts import Amount, Certainty, DailyDose, Dosage


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, read: what its structure and its text tell together, and when it is in force."""

    told: Told
    bounds: Bounds
    basis: str = "structure"
    conflict: bool = False


def together(instructions: Sequence[Instruction]) -> Dosage:
    """The dosage of instructions that are in force at the same time: fixed parts add up, as-needed parts stay apart."""
    needed = [one for one in instructions if one.told.as_needed]
    fixed = [one for one in instructions if not one.told.as_needed and not one.told.once]
    conflict = any(one.conflict for one in instructions)
    whys = [one.told.why for one in instructions if one.conflict] + [
        one.told.why for one in fixed if not one.told.daily
    ]
    daily = _sum([one.told.daily for one in fixed if one.told.daily])
    if daily is not None and not plausible(daily):
        daily, whys = None, [*whys, "implausible"]
    if fixed and not whys and daily is None:
        whys = ["units-differ"]
    ceiling = _ceiling(daily, fixed, needed, instructions)
    dosage = Dosage(
        ceiling=Amount(decimal(ceiling.span.high), ceiling.unit.name) if ceiling else None,
        as_needed=bool(needed),
        once=not fixed and not needed and bool(instructions),
        conflict=conflict,
        times=_times(fixed),
    )
    if whys or daily is None:
        return replace(dosage, why=(whys or [one.told.why for one in instructions if one.told.why] or ["no-dose"])[0])
    sure = all(one.told.sure and one.basis == "structure" for one in fixed)
    basis = "structure" if all(one.basis == "structure" for one in fixed) else "text"
    return replace(dosage, daily=dose_of(daily, basis, sure=sure), why=strength_wanted(daily))


def _times(fixed: Sequence[Instruction]) -> int | None:
    """How often a day the fixed parts are taken, where that is a whole number that each of them tells exactly."""
    told = [one.told.per_day for one in fixed]
    if not told or any(span is None or span.low != span.high for span in told):
        return None
    times = sum((span.low for span in told if span), start=Fraction(0))
    return int(times) if times.denominator == 1 else None


def dose_of(daily: Measured, basis: str, *, sure: bool) -> DailyDose:
    """The fact that so much is taken per day."""
    certainty = Certainty.SURE if sure else Certainty.LIKELY
    return DailyDose(decimal(daily.span.low), decimal(daily.span.high), daily.unit.name, certainty, basis)


def strength_wanted(daily: Measured) -> str | None:
    """The reason an amount is not in mg, where a strength would have made it so."""
    return "strength-unknown" if daily.unit.kind in (Kind.COUNT, Kind.VOLUME, Kind.DROP) else None


def _ceiling(
    daily: Measured | None, fixed: Sequence[Instruction], needed: Sequence[Instruction], all_: Sequence[Instruction]
) -> Measured | None:
    """The most in one day: of the as-needed parts on top of the fixed ones, else the limit that was set."""
    if not needed:
        limits = [one.told.ceiling for one in all_]
        return limits[0] if len(limits) == 1 else None
    limits = [one.told.ceiling for one in needed]
    most = _sum([Measured(exactly(limit.span.high), limit.unit) for limit in limits if limit])
    if None in limits or most is None or not fixed:
        return None if None in limits else most
    return _sum([most, Measured(exactly(daily.span.high), daily.unit)]) if daily else None


def _sum(amounts: Sequence[Measured]) -> Measured | None:
    """The sum, in the most telling of the units; None for nothing, or for amounts that cannot be added."""
    if not amounts or any(not same_kind(amounts[0].unit, amount.unit) for amount in amounts):
        return None
    named = [amount.unit for amount in amounts if amount.unit not in (BARE, PIECE)] or [amounts[0].unit]
    total = exactly(0)
    for amount in amounts:
        total = total + amount.span
    return Measured(total, named[0])
