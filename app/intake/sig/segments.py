"""The tokens of one step of a dosage text → its segments: amounts and timing, between "and" and full stops.

What holds for the whole step (limits, durations, "once") goes to the step; what finds no place makes it not whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.intake.quantity import BARE_COUNTS, Measured
from app.intake.sig.tokens import NOUN, TIMES, Token
from app.intake.sig.words import AT_END
from app.intake.span import Span, exactly
from app.intake.units import BARE, Kind, Unit

AMOUNTS, TIMING = "AS", "FWKYJV"
_FLAGS, _LENGTHS = "OeqLs", "BD"
_HARMLESS = "apoijGRrUXwfmEz"


@dataclass(slots=True)
class Aside:
    """What holds for all of a step. `whole` is false where something found no place."""

    limits: list[Token] = field(default_factory=list)
    lengths: list[Token] = field(default_factory=list)
    restated: list[tuple[Measured, ...]] = field(default_factory=list)  # amounts in brackets: they must fit the others
    flags: str = ""  # kinds that were seen: O once, e before an event, q divided, L on the skin, s both sides
    whole: bool = True
    dark: bool = False  # not on all days alike: what was understood may not hold


def segments_of(tokens: Sequence[Token], aside: Aside) -> list[list[Token]]:
    """The segments of a step, a "." between sentences, and a "Z" before what is taken as needed."""
    sentences = [_without_change(sentence, aside) for sentence in _split(_without_brackets(tokens, aside), ".")]
    said = [token for sentence in sentences for token in sentence]
    unit = next((token.amounts[-1].unit for token in said if token.kind in AMOUNTS and token.amounts), None)
    segments: list[list[Token]] = []
    for sentence in sentences:
        conditional = any(token.kind == "z" for token in sentence)
        segments += [_plain(segment, aside, unit, conditional=conditional) for segment in _split(sentence, "&")]
        segments.append([Token(".")])
    return segments


def _split(tokens: Sequence[Token], separator: str) -> list[list[Token]]:
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == separator:
            runs.append([])
        else:
            runs[-1].append(token)
    return [run for run in runs if run]


def _without_brackets(tokens: Sequence[Token], aside: Aside) -> list[Token]:
    """The tokens, with bracketed amounts taken out to be compared; other things in brackets are read in place."""
    kept: list[Token] = []
    inside: list[Token] | None = None
    for token in tokens:
        if token.kind == "(" and inside is None:
            inside = []
        elif token.kind == ")":
            kept += _inlined(inside or [], aside)
            inside = None
        else:
            (kept if inside is None else inside).append(token)
    return kept + _inlined(inside or [], aside)


def _inlined(inside: list[Token], aside: Aside) -> list[Token]:
    if not any(token.kind in "ANQSJ" for token in inside):
        return [] if any(token.kind == "c" for token in inside) else inside
    for token in inside:
        if token.amounts:
            aside.restated.append(token.amounts)
        elif token.kind in "NS" and token.span is not None:
            aside.restated.append((Measured(token.span, BARE),))
    return [token for token in inside if token.kind in "ZC!ngk"]


def _without_change(sentence: list[Token], aside: Aside) -> list[Token]:
    """What stands before "increase", "reduce", "repeat". A change in numbers that is no mere possibility ("increase
    by 5 mg every week") leaves the dose of any one day unsaid."""
    at = next((index for index, token in enumerate(sentence) if token.kind == "c"), len(sentence))
    if any(token.kind in "ANFQS" for token in sentence[at:]) and not any(token.kind in "Zz" for token in sentence[at:]):
        aside.whole = False
    if at < len(sentence) and sentence[at].word == AT_END:
        clause = _split(sentence[:at], "&")
        aside.whole = aside.whole and not (clause and any(token.kind in "ANHS" for token in clause[-1]))
    return sentence[:at]


def _plain(segment: list[Token], aside: Aside, unit: Unit | None, *, conditional: bool) -> list[Token]:
    """The amounts and timing of a segment, led by a "Z" where it is for when needed; the rest goes aside."""
    said: list[Token] = []
    asked = None
    for index, token in enumerate(segment):
        if token.kind in AMOUNTS or token.kind in TIMING:
            said.append(token)
        elif token.kind == "Q":
            said += _so_many(token, aside, bare=unit is None)
        elif token.kind == "N":
            said += _number(segment, index, said, aside, unit)
        elif token.kind == "Z":
            asked = Token("Z", word="late" if any(one.kind in AMOUNTS for one in said) else None)
        elif token.kind == "k":
            aside.whole = aside.whole and not any(one.kind in "ASNQFJWKY" for one in segment[index:])
            aside.limits += [one for one in segment[index:] if one.kind == "C"]
            break
        else:
            _set_aside(token, aside)
    if conditional and said:
        asked = asked or Token("Z")
    return [asked, *said] if asked else said


def _set_aside(token: Token, aside: Aside) -> None:
    if token.kind == "C":
        aside.limits.append(token)
    elif token.kind in _LENGTHS:
        aside.lengths.append(token)
    elif token.kind in _FLAGS:
        aside.flags += token.kind
    elif token.kind not in _HARMLESS:
        aside.whole = False
        aside.dark = aside.dark or token.kind == "n"


def _number(segment: list[Token], index: int, said: list[Token], aside: Aside, unit: Unit | None) -> list[Token]:
    """A number without a unit: so many of what was counted before, "once", or nothing that can be trusted."""
    token, span = segment[index], segment[index].span or exactly(0)
    if index + 1 < len(segment) and segment[index + 1].kind == "X":
        aside.flags += "O" if span == exactly(1) else ""
        aside.whole = aside.whole and span == exactly(1)
        return []
    crowded = any(one.kind in AMOUNTS for one in (*segment, *said)) and not _room_for_count(said)
    if crowded or token.word == NOUN or not _bare(span, unit):
        aside.whole = False
        return []
    return [Token("A", amounts=(Measured(span, BARE if unit is None or unit.kind is Kind.MASS else unit),))]


def _room_for_count(said: list[Token]) -> bool:
    """Whether a bare number may stand here besides another amount: "1 in the morning 2 at night", "5 mg 1 at night"."""
    amounts = [token for token in said if token.kind in AMOUNTS]
    lone_mass = len(amounts) == 1 and amounts[0].kind == "A" and amounts[0].amounts[0].unit.kind is Kind.MASS
    return lone_mass or (bool(said) and said[-1].kind in "WK")


def _bare(number: Span, unit: Unit | None) -> bool:
    """Whether a number without a unit may be read: in the unit told before, or as so many tablets."""
    return (unit is not None and unit.kind is not Kind.MASS) or (
        number.low in BARE_COUNTS and number.high in BARE_COUNTS
    )


def _so_many(token: Token, aside: Aside, *, bare: bool) -> list[Token]:
    """ "3 per day": three times where an amount is told besides, else three of them."""
    number, frequency = token.amounts[0].span, token.span or exactly(1)
    if bare:
        aside.whole = aside.whole and _bare(number, None)
        return [Token("A", amounts=token.amounts), Token("F", frequency, word=TIMES)]
    if number != exactly(1) and frequency != exactly(1):
        aside.whole = False
    return [Token("F", Span(number.low * frequency.low, number.high * frequency.high), word=TIMES)]
