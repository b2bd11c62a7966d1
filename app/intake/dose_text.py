"""A dosage text in Dutch, French, German or English → what it tells of the dose, or nothing.

The text is cut into steps ("then"), each step into parts ("and"), and each part must come to one amount and one
rhythm. A number that finds no place, or a word that makes the dose depend on something else, and the text is not
understood: it is never guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil

from app.intake.quantity import same_kind
from app.intake.sig.doses import is_needed, told_by
from app.intake.sig.harmless import HARMLESS
from app.intake.sig.parts import Cut, cut
from app.intake.sig.rules import reduce
from app.intake.sig.tokens import LONGEST, Token, tokens_of
from app.intake.sig.words import DENIED
from app.intake.strength import Strength
from app.intake.told import Told, in_mg
from app.intake.units import Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a text: what is fixed and what is taken as needed, side by side.

    `from_day` and `days` tell when, as far as the text does; the first day is 1. `whole` is false where something in
    the step was not understood: then nothing in it is an answer. `on_skin`: something is applied, not taken. `stops`:
    the text says that it is not taken, and nothing else.
    """

    told: tuple[Told, ...]
    from_day: int | None = None
    days: int | None = None
    whole: bool = True
    on_skin: bool = False
    stops: bool = False


@lru_cache(maxsize=2048)
def read_text(text: str) -> tuple[Step, ...]:
    """The steps a dosage text tells, in order; empty for a text without anything about a dose in it."""
    if len(text) > LONGEST:
        return (Step((Told(why="text-not-understood"),), whole=False),)
    tokens = tokens_of(text)
    if _says_stop(tokens):
        return (Step((Told(why="text-not-understood"),), whole=False, stops=True),)
    steps: list[tuple[Token | None, list[Token]]] = [(None, [])]
    for token in reduce(tokens):
        if token.kind == "T":
            steps.append((token, []))
        else:
            steps[-1][1].append(token)
    return tuple(_step(mark, said) for mark, said in steps if any(token.kind not in _SILENT for token in said))


def _says_stop(tokens: Sequence[Token]) -> bool:
    said = [token for token in tokens if token.kind not in _SILENT + "?_"]
    return bool(said) and all(token.kind == "h" or token.word == DENIED for token in said)


@lru_cache(maxsize=2048)
def holds_unknown_words(text: str) -> bool:
    """Whether a text holds words that nobody here knows, and that may change the dose for all we know."""
    return len(text) > LONGEST or any(one.kind == "?" and one.word not in HARMLESS for one in tokens_of(text))


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
    told = tuple(told_by(read)) if read.whole else ()
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
    return Told(per_day=only, as_needed=is_needed(read), why="text-not-understood")
