"""What a call was judged about, each with the card on it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cds_hooks.cards import Card
from knowledge.outcome import Judgement

ADVICE = "org.wane.advice"


class Subject(NamedTuple):
    """An order or use, its judgement if there is one, and which of the answer's cards is about it if any is."""

    judgement: Judgement | None
    card: int | None


def subjects_of(judgements: Sequence[Judgement], cards: Sequence[Card]) -> list[tuple[int, Subject]]:
    """Each judgement with its card, and the cards on what could not be judged; each with its place among the call's ids:
    the first card has 1, and what no card is about comes after the cards."""
    about: dict[object, list[int]] = {}
    for place, card in enumerate(cards):
        about.setdefault(advice_of(card).get("about"), []).append(place)
    placed, after = [], len(cards)
    for judgement in judgements:
        if mine := about.get(judgement.reference):
            place = mine.pop(0)
            placed.append((place + 1, Subject(judgement, place)))
        else:
            after += 1
            placed.append((after, Subject(judgement, None)))
    for left in about.values():
        for place in reversed(left):
            placed.append((place + 1, Subject(None, place)))
    return placed


def advice_of(card: Card) -> Mapping[str, Any]:
    """What a card tells programs of the advice on it."""
    told = card.extension.get(ADVICE)
    return told if isinstance(told, dict) else {}
