"""Tokens of a dosage text → amounts, frequencies, durations and limits, by patterns over their kinds.

Each rule rewrites every run of tokens that its pattern fits; rules run in the order in which they are written down.
An action that finds no sense in a run leaves it as it was, and what stays unread keeps the text from being trusted.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from app.intake.quantity import DAYS_PER, Measured
from app.intake.sig_tokens import Token
from app.intake.span import Span, exactly
from app.intake.units import BARE, Kind

# Marks a frequency that was counted out ("twice a day"); "daily" and "every …" only tell the days, and times of day
# may then say how often on each of them.
TIMES = "times"

Run = Sequence[Token]
Action = Callable[[Run], list[Token] | None]


def reduce(tokens: list[Token]) -> list[Token]:
    """The tokens after all rules."""
    tokens = [token for token in tokens if token.kind not in "?_v"]
    kinds = "".join(token.kind for token in tokens)
    for pattern, action in _RULES:
        if not pattern.search(kinds):
            continue
        rewritten: list[Token] = []
        at = 0
        for match in pattern.finditer(kinds):
            made = action(tokens[match.start() : match.end()])
            if made is not None:
                rewritten += [*tokens[at : match.start()], *made]
                at = match.end()
        tokens = rewritten + tokens[at:]
        kinds = "".join(token.kind for token in tokens)
    return tokens


def _first(run: Run, kind: str) -> Token | None:
    return next((token for token in run if token.kind == kind), None)


def _spans(run: Run, kind: str) -> list[Span]:
    return [token.span for token in run if token.kind == kind and token.span is not None]


def _days(run: Run) -> Span:
    """The length of `N D`, or of a lone `D`, in days."""
    unit = _first(run, "D")
    length = DAYS_PER[unit.word] if unit and unit.word else Fraction(1)
    numbers = _spans(run, "N")
    return (numbers[-1] if numbers else exactly(1)).times(length)


def _per(times: Span, days: Span, *, counted: bool = False) -> list[Token] | None:
    if not days.low or not times.low:
        return None
    return [Token("F", Span(times.low / days.high, times.high / days.low), word=TIMES if counted else None)]


def _drop(run: Run) -> list[Token]:  # noqa: ARG001 - an action like the others
    return []


def _as(kind: str) -> Action:
    return lambda run: [replace(run[0], kind=kind)]


def _half(run: Run) -> list[Token]:
    part = _spans(run, "H")[0]
    whole = _spans(run, "N")
    unit = _first(run, "U")
    if not whole:
        number = part
    elif run[0].kind == "N" and run[1].kind == "H" and part.low == Fraction(1, 4):
        number = whole[0].times(part.low)  # trois quarts
    else:
        number = whole[0] + part  # one and a half
    return [Token("N", number), *([unit] if unit else [])]


def _said_twice(run: Run) -> list[Token] | None:
    return [run[0]] if run[0].span == run[2].span else None


def _range(run: Run) -> list[Token] | None:
    low, high = _spans(run, "N")
    return [Token("N", Span(low.low, high.high)), *run[3:]] if low.high < high.low else None


def _range_of_times(run: Run) -> list[Token] | None:
    low, high = _spans(run, "N")
    return [Token("N", Span(low.low, high.high)), Token("X")] if low.high < high.low else None


def _amount(run: Run) -> list[Token] | None:
    number, unit = _first(run, "N"), next((token.unit for token in run if token.unit), None)
    if unit is None:
        return None
    span = number.span if number and number.span else exactly(1)
    return [Token("A", amounts=(Measured(span, unit),))]


def _range_of_amounts(run: Run) -> list[Token] | None:
    low, high = run[0].amounts[0], run[2].amounts[0]
    if low.unit != high.unit or low.span.high >= high.span.low:
        return None
    return [Token("A", amounts=(Measured(Span(low.span.low, high.span.high), low.unit),))]


def _strength(run: Run) -> list[Token] | None:
    """ "2 mg/ml" and "10 mg/5 ml" describe the product; an amount per kg or per m² cannot be computed."""
    per = run[-1].unit or (run[-1].amounts[0].unit if run[-1].amounts else None)
    return [] if per is not None and per.kind is Kind.VOLUME else [Token("!")]


def _count_of(run: Run) -> list[Token] | None:
    """ "2 tablets of 5 mg", "two 500 mg tablets", "one 5 ml spoonful": so many of so much each."""
    amounts = [token.amounts[0] for token in run if token.kind == "A"]
    unit = next((token.unit for token in run if token.unit), None)
    if len(amounts) == 2:
        count, each = amounts
        if count.unit.kind is not Kind.COUNT or each.unit.kind is Kind.COUNT:
            return None
        return [Token("A", amounts=(Measured(count.span * each.span, each.unit), count))]
    number, each = _spans(run, "N")[0], amounts[0]
    if unit is None or unit.kind not in (Kind.COUNT, Kind.OTHER) or each.unit.kind is Kind.COUNT:
        return None
    counted = (Measured(number, unit),) if unit.kind is Kind.COUNT else ()
    return [Token("A", amounts=(Measured(number * each.span, each.unit), *counted))]


def _described(run: Run) -> list[Token] | None:
    """ "40 mg tablet", "5 ml spoonful": the unit says what the amount comes in."""
    unit = run[1].unit
    return [run[0]] if unit and unit.kind in (Kind.COUNT, Kind.OTHER) else None


def _restated(run: Run) -> list[Token] | None:
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


def _side_by_side(run: Run) -> list[Token] | None:
    """ "diazepam 5 mg 1 tablet": the product, and how many of it. "2 tablets 10 mg" is kept as its count."""
    first, second = run[0].amounts[0], run[1].amounts[0]
    if first.unit.kind is Kind.MASS and second.unit.kind is Kind.COUNT:
        return [Token("A", amounts=(Measured(first.span * second.span, first.unit), second))]
    if first.unit.kind is Kind.COUNT and second.unit.kind is Kind.MASS:
        return [Token("A", amounts=(second, first) if first.span == exactly(1) else (first,))]
    return None


def _multiplied(run: Run) -> list[Token]:
    """ "2 mg x 4": so much, so many times over."""
    times = _spans(run, "N")[0]
    return [Token("A", amounts=tuple(amount.times(times) for amount in run[0].amounts))]


def _times_per(run: Run) -> list[Token] | None:
    """ "3 times a day", "once every 2 days", "1 maal per 2 dagen" """
    return _per(_spans(run, "N")[0], _days([token for token in run[1:] if token.kind in "ND"]), counted=True)


def _times_adverb(run: Run) -> list[Token] | None:
    """ "2 maal daags", "three times weekly" """
    adverb = _spans(run, "F")[0]
    return [Token("F", _spans(run, "N")[0] * adverb, word=TIMES)]


def _every(run: Run) -> list[Token] | None:
    """ "every 6 hours", "elke dag"; a bare "u" is an hour here: "om de 6u" """
    if run[-1].kind == "u":
        return _per(exactly(1), _spans(run, "N")[0].times(DAYS_PER["h"]))
    return _per(exactly(1), _days(run[1:]))


def _hourly(run: Run) -> list[Token] | None:
    return _per(exactly(1), _spans(run, "N")[0].times(DAYS_PER["h"]))


def _de_die(run: Run) -> list[Token]:
    """ "3 dd": three times a day"""
    return [Token("F", (_spans(run, "N") or [exactly(1)])[0], word=TIMES)]


def _so_many_per(run: Run) -> list[Token] | None:
    """ "3 per dag", "2 daily": so many a day, be it times or tablets. The frequency stands in `span`, the number
    in the amount of a bare unit."""
    number = _spans(run, "N")[0]
    adverb = _spans(run, "F")
    frequency = adverb[0] if adverb else exactly(1).times(1 / _days(run[1:]).low)
    return [Token("Q", frequency, amounts=(Measured(number, BARE),))]


def _times_implied(run: Run) -> list[Token]:
    """ "3 x 1 tablet": three times, or three tablets; a day comes to the same."""
    return [Token("J", _spans(run, "N")[0]), *run[2:]]


def _limit(run: Run) -> list[Token] | None:
    """ "max 6 tablets in 24 hours", "up to three times daily" """
    kept = [token for token in run if token.kind in "AFJQ"]
    days = _first(run, "D")
    number = _spans(run, "N")
    if run[1].kind == "N" and not kept:
        kept = [Token("Q", amounts=(Measured(number[0], BARE),))]
    per_day: Span | None = next((token.span for token in kept if token.kind in "FQ" and token.span), None)
    if days is not None:
        per_day = exactly(1).times(1 / _days([token for token in run[2:] if token.kind in "ND"]).low)
    amounts = next((token.amounts for token in kept if token.amounts), ())
    return [Token("C", per_day, amounts=amounts)]


def _dated(run: Run) -> list[Token]:
    """ "day 1", "days 3 through 14": a step with its days"""
    return [Token("T", _spans(run, "N")[0])]


def _scheme_with(run: Run) -> list[Token] | None:
    """ "1-0-1 Stück", "10 mg 1-0-1": the scheme counts what stands beside it."""
    scheme = next(token for token in run if token.kind == "S")
    unit = _first(run, "U")
    amount = _first(run, "A")
    if scheme.span is None:
        return None
    if unit is not None and unit.unit is not None:
        return [replace(scheme, amounts=(Measured(scheme.span, unit.unit),))]
    if amount is None or scheme.amounts:
        return None
    ones = set((scheme.word or "").split("-")) <= {"0", "1"}
    if amount.amounts[0].unit.kind is Kind.COUNT and not ones:
        return None
    return [replace(scheme, amounts=tuple(one.times(scheme.span) for one in amount.amounts))]


_RULES: list[tuple[re.Pattern[str], Action]] = [
    (re.compile(pattern), action)
    for pattern, action in [
        ("gS", lambda run: [run[1]]),
        ("[ap]H|H[ap](?=U)|Nh", _half),
        ("N&[ap]?H|NH", _half),
        ("NU&[ap]?H", _half),
        ("H", _half),
        (r"N\(N\)", _said_twice),
        ("NXrNX", _range_of_times),
        ("[ap](?=U)|[ap](?=XF|X/|X[pE]|H)", lambda run: [Token("N", exactly(1))]),  # noqa: ARG005
        ("N[Rrao]N", _range),
        ("N?EN?u|(?<=/)Nu", lambda run: _every(run) if run[0].kind == "E" else None),
        ("NU", _amount),
        ("Nu", _amount),
        ("A[Rro]A", _range_of_amounts),
        ("A/N?U|A/A", _strength),
        ("AoA|NAU", _count_of),
        ("AU", _described),
        (r"A\(A\)", _restated),
        ("AA", _side_by_side),
        ("SU|AS|SA", _scheme_with),
        ("[fR]d", _drop),
        ("YE[D]", lambda run: [run[0]]),
        ("NXEN?D|NX[/p]N?D", _times_per),
        ("(?<=A)X(?=N[/p]D)", _drop),
        ("NXF", _times_adverb),
        ("EN?D", _every),
        ("EF", lambda run: [run[1]]),
        ("Nl", _hourly),
        ("NP|P", _de_die),
        ("N[/p]N?D|NF(?!X)", _so_many_per),
        ("(?<=[AX])[/p]N?D", lambda run: _per(exactly(1), _days(run[1:]))),
        ("/N?D", lambda run: _per(exactly(1), _days(run[1:]))),
        ("E(?=[WYKw])", _drop),
        ("NX(?=W)", lambda run: [] if run[0].span == exactly(1) else [Token("J", run[0].span)]),
        ("AXN(?![D/p])", _multiplied),
        ("NX[NA]", lambda run: _times_implied(run)),
        ("[i&G]*N?[UX]?q[iG]*N?[UXA]?|(?<=F)&NX(?!F)", lambda run: [Token("q")]),  # noqa: ARG005
        ("M[GiR]*(?:A|N)[&i/p]?N?D|M[GiR]*A?F|M[GiR]*Q|M[GiR]*J|M[GiR]*A", _limit),
        ("M?[GXRi]*N[Rr]?N?D|G[ap]D", lambda run: [Token("B", _days(run))]),
        ("DN", _dated),
        ("M[GiR]*N(?!D)", _limit),
        ("MB", _drop),
        ("[Rr](?=[FJ])", _drop),
    ]
]
