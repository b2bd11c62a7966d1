"""Runs of tokens that tell an amount: numbers with units, ranges, fractions, "2 tablets of 5 mg", 1-0-1 schemes."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from app.intake.quantity import BARE_COUNTS, Measured, measured
from app.intake.sig.tokens import Token
from app.intake.span import Span, exactly
from app.intake.units import Kind

Run = Sequence[Token]


def first_of(run: Run, kind: str) -> Token | None:
    return next((token for token in run if token.kind == kind), None)


def spans_of(run: Run, kind: str) -> list[Span]:
    return [token.span for token in run if token.kind == kind and token.span is not None]


def fraction(run: Run) -> list[Token]:
    part = spans_of(run, "H")[0]
    whole = spans_of(run, "N")
    unit = first_of(run, "U")
    if len(whole) == 2 and whole[1] == exactly(1):
        number = whole[0] + part  # one and one half
    elif not whole:
        number = part
    elif run[1].kind == "H":
        number = whole[0].times(part.low)  # three quarters, two halves
    else:
        number = whole[0] + part  # one and a half
    return [Token("N", number), *([unit] if unit else [])]


def part_of(run: Run) -> list[Token] | None:
    """ "1/4 de comprimé" """
    return [run[0], run[-1]] if run[0].span and run[0].span.high < 1 else None


def and_a_part(run: Run) -> list[Token] | None:
    """ "1 cp 1/2" """
    whole, part = spans_of(run, "N")
    return [Token("N", whole + part), run[1]] if part.high < 1 and whole.low >= 1 else None


def said_twice(run: Run) -> list[Token] | None:
    return [run[0]] if run[0].span == run[2].span else None


def number_range(run: Run) -> list[Token] | None:
    low, high = spans_of(run, "N")
    return [Token("N", Span(low.low, high.high)), *run[3:]] if low.high < high.low else None


def range_of_times(run: Run) -> list[Token] | None:
    low, high = spans_of(run, "N")
    return [Token("N", Span(low.low, high.high)), Token("X")] if low.high < high.low else None


def amount(run: Run) -> list[Token] | None:
    number, unit = first_of(run, "N"), next((token.unit for token in run if token.unit), None)
    if unit is None:
        return None
    span = number.span if number and number.span else exactly(1)
    return [Token("A", amounts=(measured(span, unit),))]


def range_of_amounts(run: Run) -> list[Token] | None:
    low, high = run[0].amounts[0], run[2].amounts[0]
    if low.unit != high.unit or low.span.high >= high.span.low:
        return None
    return [Token("A", amounts=(Measured(Span(low.span.low, high.span.high), low.unit),))]


def strength_or_rate(run: Run) -> list[Token] | None:
    """ "2 mg/ml" and "10 mg/5 ml" describe the product; an amount per kg or per m² cannot be computed."""
    per = run[-1].unit or (run[-1].amounts[0].unit if run[-1].amounts else None)
    return [] if per is not None and per.kind is Kind.VOLUME else [Token("!")]


def count_of(run: Run) -> list[Token] | None:
    """ "2 tablets of 5 mg", "two 500 mg tablets", "one 5 ml spoonful": so many of so much each."""
    amounts = [token.amounts[0] for token in run if token.kind == "A"]
    unit = next((token.unit for token in run if token.unit), None)
    if len(amounts) == 2:
        count, each = amounts
        if count.unit.kind is not Kind.COUNT or each.unit.kind is Kind.COUNT:
            return None
        return [Token("A", amounts=(Measured(count.span * each.span, each.unit), count))]
    number, each = spans_of(run, "N")[0], amounts[0]
    if unit is None or unit.kind not in (Kind.COUNT, Kind.OTHER) or each.unit.kind is Kind.COUNT:
        return None
    counted = (Measured(number, unit),) if unit.kind is Kind.COUNT else ()
    return [Token("A", amounts=(Measured(number * each.span, each.unit), *counted))]


def described(run: Run) -> list[Token] | None:
    """ "40 mg tablet", "5 ml spoonful": the unit says what the amount comes in."""
    unit = run[1].unit
    return [run[0]] if unit and unit.kind in (Kind.COUNT, Kind.OTHER) else None


def restated(run: Run) -> list[Token] | None:
    """ "1 capsule (20 mg)", "10 mg (four tablets)": one amount told in two units.

    "2 tablets (10 mg)" may mean 10 mg each or 10 mg in all, so only the count of it is kept.
    """
    told, again = run[0].amounts, run[2].amounts
    both = [amount for amount in again if all(amount.unit.kind is not one.unit.kind for one in told)]
    if any(amount not in told and amount not in both for amount in again):
        return None
    if told[0].unit.kind is Kind.COUNT and told[0].span != exactly(1) and len(told) == 1:
        both = []
    return [Token("A", amounts=(*told, *both))]


def in_total(run: Run) -> list[Token] | None:
    """ "2 tablets (20 mg total)": what the count comes to at one time."""
    count, total = run[0].amounts[0], run[2].amounts[0]
    if len(run[0].amounts) > 1 or count.unit.kind is Kind.MASS or total.unit.kind is not Kind.MASS:
        return None
    return [Token("A", amounts=(total, count))]


def side_by_side(run: Run) -> list[Token] | None:
    """ "diazepam 5 mg 1 tablet": the product, and how many of it. "2 tablets 10 mg" is kept as its count."""
    first, second = run[0].amounts[0], run[1].amounts[0]
    if first.unit.kind is Kind.MASS and second.unit.kind is Kind.COUNT:
        return [Token("A", amounts=(Measured(first.span * second.span, first.unit), second))]
    if first.unit.kind is Kind.COUNT and second.unit.kind is Kind.MASS:
        return [Token("A", amounts=(second, first) if first.span == exactly(1) else (first,))]
    return None


def scheme_with(run: Run) -> list[Token] | None:
    """ "1-0-1 Stück", "10 mg 1-0-1": the scheme counts what stands beside it."""
    scheme = next(token for token in run if token.kind == "S")
    unit = first_of(run, "U")
    amount = first_of(run, "A")
    if scheme.span is None:
        return None
    if unit is not None and unit.unit is not None:
        return [replace(scheme, amounts=(Measured(scheme.span, unit.unit),))]
    if amount is None or scheme.amounts:
        return None
    parts = [Fraction(part) for part in (scheme.word or "").split("-")]
    allowed = BARE_COUNTS if amount.amounts[0].unit.kind is not Kind.COUNT else (0, 1)
    if any(part not in allowed for part in parts):
        return None
    return [replace(scheme, amounts=tuple(one.times(scheme.span) for one in amount.amounts))]
