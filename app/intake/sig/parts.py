"""The segments of one step of a dosage text → its parts: each an amount with the words that say when it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.intake.quantity import BARE_COUNTS, Measured, same_kind
from app.intake.sig.segments import AMOUNTS, TIMING, Aside, segments_of
from app.intake.sig.tokens import EACH, Token
from app.intake.span import exactly
from app.intake.units import BARE, Kind


@dataclass(slots=True)
class Part:
    """One amount and its timing tokens (F, W, K, Y, J, S); `needed` where it is taken as needed."""

    amounts: tuple[Measured, ...]
    timing: list[Token]
    leading: tuple[Token, ...] = ()  # the timing that stands before the amount
    needed: bool = False


@dataclass(slots=True)
class Cut(Aside):
    """A step in parts, with what holds for all of it."""

    parts: list[Part] = field(default_factory=list)
    loose: list[Token] = field(default_factory=list)  # timing without an amount
    needed: bool = False


def cut(tokens: Sequence[Token]) -> Cut:
    """The parts of a step."""
    step = Cut()
    _gather(segments_of(tokens, step), step)
    _settle(step)
    return step


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
        if not any(token.kind in AMOUNTS for token in said):
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
        segment and segment[0].kind in TIMING and any(t.kind in AMOUNTS for t in segment) for segment in segments
    )


def _countable(one: Part, other: Part) -> bool:
    return same_kind(one.amounts[0].unit, other.amounts[0].unit)


def _runs(said: list[Token], step: Cut) -> list[Part]:
    """A segment with several amounts and no "and" between them: each amount takes the timing on its own side."""
    marks = [index for index, token in enumerate(said) if token.kind in AMOUNTS]
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
