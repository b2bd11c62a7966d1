"""The tokens of one step of a dosage text → its parts: each an amount with the words that say when it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.intake.quantity import BARE_COUNTS, Measured, same_kind
from app.intake.sig.tokens import EACH, NOUN, TIMES, Token
from app.intake.span import Span, exactly
from app.intake.units import BARE, Kind, Unit


@dataclass(slots=True)
class Part:
    """One amount and its timing tokens (F, W, K, Y, J, S); `needed` where it is taken as needed."""

    amounts: tuple[Measured, ...]
    timing: list[Token]
    leading: tuple[Token, ...] = ()  # the timing that stands before the amount
    needed: bool = False


@dataclass(slots=True)
class Cut:
    """A step in parts, with what holds for all of it. `whole` is false where something found no place."""

    parts: list[Part] = field(default_factory=list)
    loose: list[Token] = field(default_factory=list)  # timing without an amount
    limits: list[Token] = field(default_factory=list)
    lengths: list[Token] = field(default_factory=list)
    restated: list[tuple[Measured, ...]] = field(default_factory=list)  # amounts in brackets: they must fit the others
    flags: str = ""  # kinds that were seen: O once, e before an event, q divided, L on the skin, s both sides
    needed: bool = False
    whole: bool = True
    dark: bool = False  # not on all days alike: what was understood may not hold


_AMOUNTS, _TIMING, _FLAGS, _LENGTHS = "AS", "FWKYJV", "OeqLs", "BD"
_HARMLESS = "apoijGRrUXwfmE"


def cut(tokens: Sequence[Token]) -> Cut:
    """The parts of a step."""
    step = Cut()
    sentences = [_without_change(sentence, step) for sentence in _split(_without_brackets(tokens, step), ".")]
    said = [token for sentence in sentences for token in sentence]
    unit = next((token.amounts[-1].unit for token in said if token.kind in _AMOUNTS and token.amounts), None)
    segments: list[list[Token]] = []
    for sentence in sentences:
        conditional = any(token.kind == "z" for token in sentence)
        segments += [_plain(segment, step, unit, conditional=conditional) for segment in _split(sentence, "&")]
        segments.append([Token(".")])
    _gather(segments, step)
    _settle(step)
    return step


def _split(tokens: Sequence[Token], separator: str) -> list[list[Token]]:
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == separator:
            runs.append([])
        else:
            runs[-1].append(token)
    return [run for run in runs if run]


def _without_brackets(tokens: Sequence[Token], step: Cut) -> list[Token]:
    """The tokens, with bracketed amounts taken out to be compared; other things in brackets are read in place."""
    kept: list[Token] = []
    inside: list[Token] | None = None
    for token in tokens:
        if token.kind == "(" and inside is None:
            inside = []
        elif token.kind == ")":
            kept += _inlined(inside or [], step)
            inside = None
        else:
            (kept if inside is None else inside).append(token)
    return kept + _inlined(inside or [], step)


def _inlined(inside: list[Token], step: Cut) -> list[Token]:
    if not any(token.kind in "ANQSJ" for token in inside):
        return [] if any(token.kind == "c" for token in inside) else inside
    for token in inside:
        if token.amounts:
            step.restated.append(token.amounts)
        elif token.kind in "NS" and token.span is not None:
            step.restated.append((Measured(token.span, BARE),))
    return [token for token in inside if token.kind in "ZC!"]


def _without_change(sentence: list[Token], step: Cut) -> list[Token]:
    """What stands before "increase", "reduce", "repeat". A change in numbers that is no mere possibility ("increase
    by 5 mg every week") leaves the dose of any one day unsaid."""
    at = next((index for index, token in enumerate(sentence) if token.kind == "c"), len(sentence))
    if any(token.kind in "ANFQS" for token in sentence[at:]) and not any(token.kind in "Zz" for token in sentence[at:]):
        step.whole = False
    return sentence[:at]


def _plain(segment: list[Token], step: Cut, unit: Unit | None, *, conditional: bool) -> list[Token]:
    """The amounts and timing of a segment, led by a "Z" where it is for when needed; the rest goes to the step."""
    said: list[Token] = []
    asked = None
    counted = any(token.kind in _AMOUNTS for token in segment)
    for index, token in enumerate(segment):
        if token.kind in _AMOUNTS or token.kind in _TIMING:
            said.append(token)
        elif token.kind == "Q":
            said += _so_many(token, step, bare=unit is None)
        elif token.kind == "N" and token.span is not None:
            if index + 1 < len(segment) and segment[index + 1].kind == "X":
                step.flags += "O" if token.span == exactly(1) else ""
                step.whole = step.whole and token.span == exactly(1)
            elif (counted and not _room_for_count(said)) or token.word == NOUN or not _bare(token.span, unit):
                step.whole = False
            else:
                own = BARE if unit is None or unit.kind is Kind.MASS else unit
                said.append(Token("A", amounts=(Measured(token.span, own),)))
                counted = True
        elif token.kind == "Z":
            asked = Token("Z", word="late" if any(one.kind in _AMOUNTS for one in said) else None)
        elif token.kind == "k":
            step.whole = step.whole and not any(one.kind in "ASNQFJWKY" for one in segment[index:])
            step.limits += [one for one in segment[index:] if one.kind == "C"]
            break
        elif token.kind == "C":
            step.limits.append(token)
        elif token.kind in _LENGTHS:
            step.lengths.append(token)
        elif token.kind in _FLAGS:
            step.flags += token.kind
        elif token.kind not in _HARMLESS and token.kind != "z":
            step.whole = False
            step.dark = step.dark or token.kind == "n"
    if conditional and said:
        asked = asked or Token("Z")
    return [asked, *said] if asked else said


def _room_for_count(said: list[Token]) -> bool:
    """Whether a bare number may stand here besides another amount: "1 in the morning 2 at night", "5 mg 1 at night"."""
    amounts = [token for token in said if token.kind in _AMOUNTS]
    lone_mass = len(amounts) == 1 and amounts[0].kind == "A" and amounts[0].amounts[0].unit.kind is Kind.MASS
    return lone_mass or (bool(said) and said[-1].kind in "WK")


def _bare(number: Span, unit: Unit | None) -> bool:
    """Whether a number without a unit may be read: in the unit told before, or as so many tablets."""
    return (unit is not None and unit.kind is not Kind.MASS) or (
        number.low in BARE_COUNTS and number.high in BARE_COUNTS
    )


def _so_many(token: Token, step: Cut, *, bare: bool) -> list[Token]:
    """ "3 per day": three times where an amount is told besides, else three of them."""
    number, frequency = token.amounts[0].span, token.span or exactly(1)
    if bare:
        step.whole = step.whole and _bare(number, None)
        return [Token("A", amounts=token.amounts), Token("F", frequency, word=TIMES)]
    if number != exactly(1) and frequency != exactly(1):
        step.whole = False
    return [Token("F", Span(number.low * frequency.low, number.high * frequency.high), word=TIMES)]


def _gather(segments: list[list[Token]], step: Cut) -> None:
    """The parts: timing without an amount goes to the amount before it, or to the next where timing comes first."""
    pending: list[Token] = []
    ended = False
    for index, segment in enumerate(segments):
        asked = segment[0] if segment and segment[0].kind == "Z" else None
        said = segment[1:] if asked else segment
        if said and said[0].kind == ".":
            ended = True
            continue
        if not any(token.kind in _AMOUNTS for token in said):
            step.needed = step.needed or asked is not None
            waits = not step.parts or (step.parts[-1].leading and _timing_leads(segments[index + 1 :]))
            if said and not waits and _handed_out(step.parts[-1]):
                step.whole = False
            (pending if waits else step.parts[-1].timing).extend([Token("&"), *said] if said else [])
            continue
        if asked and (not step.parts or asked.word == "late"):
            step.needed = True
        made = _runs(said, step)
        if pending and made and _handed_out(made[0]):
            step.whole = False
        if made:
            made[0].timing[:0] = [*pending, Token("&")] if pending else []
            made[0].leading = (*pending, *made[0].leading)
            pending = []
        for part in made:
            part.needed = asked is not None
        if (
            ended
            and len(step.parts) == 1
            and made
            and made[0].timing
            and not step.parts[0].timing
            and _countable(step.parts[0], made[0])
        ):
            step.parts.clear()  # "15 tablets. One tablet three times a day": the first sentence is what is handed out
        step.parts += made
        ended = False
    step.loose = pending


def _handed_out(part: Part) -> bool:
    """Whether an amount without timing beside it is more likely what the pharmacy hands out: "30 tablets, 3 a day"."""
    amount = part.amounts[0]
    return not part.timing and amount.unit.kind is Kind.COUNT and amount.span.high > _MOST_AT_ONCE


_MOST_AT_ONCE = 4


def _timing_leads(segments: list[list[Token]]) -> bool:
    return any(
        segment and segment[0].kind in _TIMING and any(t.kind in _AMOUNTS for t in segment) for segment in segments
    )


def _countable(one: Part, other: Part) -> bool:
    return same_kind(one.amounts[0].unit, other.amounts[0].unit)


def _runs(said: list[Token], step: Cut) -> list[Part]:
    """A segment with several amounts and no "and" between them: each amount takes the timing on its own side."""
    marks = [index for index, token in enumerate(said) if token.kind in _AMOUNTS]
    if len(marks) == 2 and marks[0] == 0 and (product := _product(said[0], said[marks[1]])):
        said = [product, *said[1 : marks[1]], *said[marks[1] + 1 :]]
        marks = [0]
    leads = marks[0] > 0
    if len(marks) > 1 and leads and marks[-1] != len(said) - 1:
        step.whole = False
    parts: list[Part] = []
    for number, mark in enumerate(marks):
        if len(marks) == 1:
            timing = said[:mark] + said[mark + 1 :]
        elif leads:
            timing = said[marks[number - 1] + 1 if number else 0 : mark]
        else:
            timing = said[mark + 1 : marks[number + 1] if number + 1 < len(marks) else len(said)]
        if len(marks) > 1 and not timing:
            step.whole = False
        leading = tuple(timing) if leads and len(marks) > 1 else tuple(said[:mark])
        if said[mark].kind == "S" and not said[mark].amounts and not _few(said[mark]):
            step.whole = False
        parts.append(_part(said[mark], timing, leading))
    return parts


def _product(first: Token, second: Token) -> Token | None:
    """ "diazepam 5 mg 3x a day 1 tablet": the product, and how many of it."""
    if "S" in (first.kind, second.kind) or len(second.amounts) != 1:
        return None
    each, count = first.amounts[0], second.amounts[0]
    if each.unit.kind is not Kind.MASS or count.unit.kind is not Kind.COUNT:
        return None
    return Token("A", amounts=(each.times(count.span), count))


def _few(scheme: Token) -> bool:
    """Whether a scheme without a unit counts tablets: "10-0-20" is more likely mg."""
    return all(Fraction(part) in BARE_COUNTS for part in (scheme.word or "").split("-"))


def _part(token: Token, timing: list[Token], leading: tuple[Token, ...]) -> Part:
    if token.kind == "S":
        amounts = token.amounts or (Measured(token.span or exactly(0), BARE),)
        return Part(amounts, [token, *timing], leading)
    return Part(token.amounts, timing, leading)


def _settle(step: Cut) -> None:
    """The days told first hold for all parts; a part without timing beside others is a product's strength, or unread."""
    if step.parts:
        days = [token for token in step.parts[0].leading if token.kind == "Y" or token.word == EACH]
        for part in step.parts[1:]:
            if part.timing and not any(token.kind in "FYJS" for token in part.timing):
                part.timing += days  # "every other day 1 tablet at 8 and 2 at 20"
    timed = [part for part in step.parts if part.timing]
    if not timed or len(timed) == len(step.parts):
        return
    first, second = step.parts[0], step.parts[1]
    masses = first.amounts[0].unit.kind is Kind.MASS and second.amounts[0].unit.kind is Kind.COUNT
    if len(step.parts) == 2 and not first.timing and masses and len(second.amounts) == 1:
        count = second.amounts[0]
        step.parts = [replace(second, amounts=(first.amounts[0].times(count.span), count))]
        return
    step.whole = False
