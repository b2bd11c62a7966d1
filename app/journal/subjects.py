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


def subjects_of(judgements: Sequence[Judgement], cards: Sequence[Card]) -> list[Subject]:
    """Each judgement, in order, with its card; then the cards on what could not be judged."""
    about: dict[object, list[int]] = {}
    for place in reversed(range(len(cards))):
        about.setdefault(advice_of(cards[place]).get("about"), []).append(place)
    subjects = []
    for judgement in judgements:
        mine = about.get(judgement.reference)
        subjects.append(Subject(judgement, mine.pop() if mine else None))
    return subjects + [Subject(None, place) for place in sorted(place for left in about.values() for place in left)]


def advice_of(card: Card) -> Mapping[str, Any]:
    """What a card tells programs of the advice on it."""
    told = card.extension.get(ADVICE)
    return told if isinstance(told, Mapping) else {}
