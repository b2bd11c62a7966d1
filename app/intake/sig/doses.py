"""The parts of one step of a dosage text → what they tell of the dose: the fixed ones together, the as-needed ones together."""

from collections.abc import Sequence
from dataclasses import replace

from app.intake.quantity import Measured, same_kind
from app.intake.sig.parts import Cut, Part
from app.intake.sig.times import times_per_day
from app.intake.sig.tokens import EACH, TIMES
from app.intake.span import Span, exactly, over
from app.intake.told import Told, plausible, plausible_rhythm
from app.intake.units import BARE, Kind


def is_needed(read: Cut) -> bool:
    return read.needed or any(part.needed for part in read.parts)


def told_by(read: Cut) -> list[Told]:
    """What the parts of a step come to: the fixed ones together, the as-needed ones together."""
    if not read.parts:
        return [_without_amount(read)]
    fixed = [part for part in read.parts if not (part.needed or read.needed)]
    needed = [part for part in read.parts if part.needed or read.needed]
    told = [_sum(parts, read) for parts in (fixed, needed) if parts]
    if needed:
        told[-1] = _as_needed(told[-1], read)
    elif read.limits:
        told[-1] = _limited(told[-1], read)
    return told


def _without_amount(read: Cut) -> Told:
    per_day, _ = times_per_day(read.loose)
    if read.loose and per_day is None:
        return Told(why="text-not-understood", as_needed=is_needed(read))
    limit = _limit(None, read)
    return Told(per_day=per_day, ceiling=limit, as_needed=is_needed(read), why="no-dose")


def _sum(parts: Sequence[Part], read: Cut) -> Told:
    each = [_one(part, read) for part in parts]
    if len(each) == 1:
        return each[0]
    refused = next((one for one in each if one.daily is None), None)
    if refused is None and sum(all(token.kind not in "WKYS" for token in part.timing) for part in parts) > 1:
        refused = each[0]  # "1 tablet a day, 2 tablets a day": one after the other, or one instead of the other
    if refused:
        return replace(refused, dose=None, per_day=None, once=False, why="text-not-understood")
    alternatives = [[one.daily, *one.other_dailies] for one in each]
    totals: list[Measured] = []
    for first in alternatives[0]:
        same = [
            next((a for a in other if a and first and same_kind(a.unit, first.unit)), None) for other in alternatives
        ]
        found = [amount for amount in same if amount]
        if len(found) == len(each):
            total = found[0]
            for amount in found[1:]:
                total = Measured(total.span + amount.span, total.unit)
            totals.append(total)
    if not totals or not _fits(totals, read):
        return Told(why="text-not-understood")
    return Told(daily=totals[0], other_dailies=tuple(totals[1:]), sure=False)


def _one(part: Part, read: Cut) -> Told:
    per_day, factor = times_per_day(part.timing)
    sides = exactly(2) if "s" in read.flags else exactly(1)
    doses = tuple(amount.times(factor).times(sides) for amount in part.amounts)
    told = Told(dose=doses[0], other_doses=doses[1:], per_day=per_day, sure=False)
    if part.timing and per_day is None:
        return Told(why="text-not-understood")
    if "q" in read.flags and per_day != exactly(1):
        return Told(why="text-not-understood")
    if "q" in read.flags or (per_day == exactly(1) and _in_total(part)):
        told = replace(told, dose=None, other_doses=(), per_day=None)
    if per_day is None or "e" in read.flags:
        once = ("O" in read.flags or "e" in read.flags) and per_day is None
        if "e" in read.flags and per_day is not None and any(token.kind == "F" for token in part.timing):
            return Told(why="text-not-understood")
        once = once or "e" in read.flags
        return replace(told, per_day=None, once=once, why="single-dose" if once else "no-frequency")
    dailies = tuple(dose.times(per_day) for dose in doses)
    if not plausible_rhythm(per_day) or not all(plausible(amount) for amount in dailies):
        return replace(told, why="implausible")
    if "O" in read.flags and not any(token.kind == "F" for token in part.timing):
        return Told(why="text-not-understood")
    if not _fits((*dailies, *doses), read):
        return replace(told, dose=None, other_doses=(), why="text-not-understood")
    return _by_places(replace(told, daily=dailies[0], other_dailies=dailies[1:]), part)


def _by_places(told: Told, part: Part) -> Told:
    """A scheme is taken once at each place that is not empty: "1-0-1" is one, twice a day; "2-0-1" no one dose."""
    scheme = next((token for token in part.timing if token.kind == "S"), None)
    at = [place for place in (scheme.word or "").split("-") if place != "0"] if scheme else []
    if len(at) < 2 or told.per_day is None:
        return told
    if len(set(at)) > 1:
        return replace(told, dose=None, other_doses=(), per_day=None)
    doses = [dose for dose in (told.dose, *told.other_doses) if dose]
    each = [Measured(Span(over(one.span.low, len(at)), over(one.span.high, len(at))), one.unit) for one in doses]
    return replace(told, dose=each[0], other_doses=tuple(each[1:]), per_day=told.per_day.times(len(at)))


def _in_total(part: Part) -> bool:
    """Whether an amount is told for a day and may be taken in several doses: "20 mg per day", "2 tablets daily"."""
    more = part.amounts[0].unit.kind is not Kind.COUNT or part.amounts[0].span.high > 1
    return more and all(
        token.kind == "F" and token.word not in (TIMES, EACH) for token in part.timing if token.kind != "&"
    )


def _fits(amounts: Sequence[Measured], read: Cut) -> bool:
    """Whether every amount in brackets is one of these amounts told again."""
    return all(
        any(one.span == amount.span and one.unit in (BARE, amount.unit) for one in again for amount in amounts)
        for again in read.restated
    )


def _limit(told: Told | None, read: Cut) -> Measured | None:
    """The limit that a step sets to a day: an amount, or so many times the dose."""
    for token in read.limits:
        amount = token.amounts[0] if token.amounts else None
        dose = told.dose if told else None
        if amount is None and dose is not None and token.span is not None:
            return Measured(exactly(dose.span.high * token.span.high), dose.unit)
        if amount is not None and amount.unit == BARE and dose is not None and dose.unit.kind is not Kind.COUNT:
            return Measured(exactly(dose.span.high * amount.span.high), dose.unit) if token.span else None
        if amount is not None and token.span is not None:
            unit = dose.unit if dose is not None and amount.unit == BARE else amount.unit
            return Measured(exactly(amount.span.high * token.span.high), unit)
    return None


def _as_needed(told: Told, read: Cut) -> Told:
    if told.why == "text-not-understood":
        return replace(told, as_needed=True)
    return told.when_needed(_limit(told, read))


def _limited(told: Told, read: Cut) -> Told:
    limit = _limit(told, read)
    if limit is None or told.daily is None or not same_kind(limit.unit, told.daily.unit):
        return replace(told, ceiling=limit)
    if told.daily.span.low > limit.span.high:
        return Told(why="text-not-understood")
    high = min(told.daily.span.high, limit.span.high)
    return replace(told, ceiling=limit, daily=Measured(Span(told.daily.span.low, high), told.daily.unit))
