"""A dosage text in Dutch, French, German or English → what it tells of the dose, or nothing.

The text is cut into steps ("then"), each step into parts ("and"), and each part must come to one amount and one
rhythm. A number that finds no place, or a word that makes the dose depend on something else, and the text is not
understood: it is never guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from app.intake.quantity import Measured, same_kind
from app.intake.sig.parts import Cut, Part, cut
from app.intake.sig.rules import reduce
from app.intake.sig.times import times_per_day
from app.intake.sig.tokens import EACH, LONGEST, TIMES, Token, tokens_of
from app.intake.span import Span, exactly
from app.intake.strength import Strength
from app.intake.told import Told, in_mg, plausible, plausible_rhythm
from app.intake.units import BARE, Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a text: what is fixed and what is taken as needed, side by side.

    `from_day` and `days` tell when, as far as the text does; the first day is 1. `whole` is false where something in
    the step was not understood: then nothing in it is an answer. `on_skin`: something is applied, not taken.
    """

    told: tuple[Told, ...]
    from_day: int | None = None
    days: int | None = None
    whole: bool = True
    on_skin: bool = False


@lru_cache(maxsize=2048)
def read_text(text: str) -> tuple[Step, ...]:
    """The steps a dosage text tells, in order; empty for a text without anything about a dose in it."""
    if len(text) > LONGEST:
        return (Step((Told(why="text-not-understood"),), whole=False),)
    steps: list[tuple[Token | None, list[Token]]] = [(None, [])]
    for token in reduce(tokens_of(text)):
        if token.kind == "T":
            steps.append((token, []))
        else:
            steps[-1][1].append(token)
    return tuple(_step(mark, said) for mark, said in steps if any(token.kind not in _SILENT for token in said))


def in_both_places(text: str) -> bool:
    """Whether a text tells a place of which there are two: "each nostril", "beide ogen"."""
    return len(text) <= LONGEST and any(token.kind == "s" for token in tokens_of(text))


_SILENT = "&.()apoiGRrUXwfmE"


@lru_cache(maxsize=2048)
def read_in_mg(text: str, strength: Strength | None) -> tuple[Step, ...]:
    """The steps a dosage text tells, with counted and measured amounts in mg where the strength is known."""
    return tuple(replace(step, told=tuple(_in_mg(told, strength) for told in step.told)) for step in read_text(text))


def _in_mg(told: Told, strength: Strength | None) -> Told:
    """The same in mg.

    Amounts that were told in two units must come to the same then: "1 tablet (20 mg)" is no tablet of 10 mg.
    """
    doses = [in_mg(amount, strength) for amount in (told.dose, *told.other_doses) if amount]
    dailies = [in_mg(amount, strength) for amount in (told.daily, *told.other_dailies) if amount]
    for amounts in (doses, dailies):
        amounts.sort(key=lambda amount: amount.unit.kind is not Kind.MASS)
        if any(same_kind(amounts[0].unit, amount.unit) and amounts[0].span != amount.span for amount in amounts):
            return Told(why="strength-disagrees", as_needed=told.as_needed)
    return replace(
        told,
        dose=doses[0] if doses else None,
        daily=dailies[0] if dailies else None,
        ceiling=in_mg(told.ceiling, strength) if told.ceiling else None,
        other_doses=tuple(doses[1:]),
        other_dailies=tuple(dailies[1:]),
    )


def _step(mark: Token | None, said: list[Token]) -> Step:
    read = cut(said)
    from_day, days = _when(mark, read)
    told = tuple(_told(read)) if read.whole else ()
    whole = bool(told) and all(one.why != "text-not-understood" for one in told)
    return Step(told if whole else (_fragments(read),), from_day, days, whole, "L" in read.flags)


def _when(mark: Token | None, read: Cut) -> tuple[int | None, int | None]:
    if mark is not None and mark.span is not None:
        return int(mark.span.low), int(mark.span.high - mark.span.low) + 1
    lengths = {token.span for token in read.lengths if token.span and token.span.low >= 1}
    length = lengths.pop() if len(lengths) == 1 else None
    return None, ceil(length.low) if length and length.low == length.high else None


def _fragments(read: Cut) -> Told:
    """The one rhythm of a step that was not understood as a whole: enough to see that a structure says otherwise."""
    timing = [token for part in read.parts for token in part.timing] + read.loose
    frequencies = {token.span for token in timing if token.kind == "F"}
    only = (
        frequencies.pop()
        if len(frequencies) == 1 and not read.dark and not any(token.kind in "WKYJS" for token in timing)
        else None
    )
    return Told(per_day=only, as_needed=_needed(read), why="text-not-understood")


def _needed(read: Cut) -> bool:
    return read.needed or any(part.needed for part in read.parts)


def _told(read: Cut) -> list[Told]:
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
        return Told(why="text-not-understood", as_needed=_needed(read))
    limit = _limit(None, read)
    return Told(per_day=per_day, ceiling=limit, as_needed=_needed(read), why="no-dose")


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
    return replace(told, daily=dailies[0], other_dailies=dailies[1:])


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
