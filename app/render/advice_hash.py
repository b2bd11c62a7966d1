"""One name for one advice, whichever entrance it was asked at: the same words, for the same reasons, have the same hash."""

from collections.abc import Mapping
from hashlib import sha256

import orjson

from app.render.cards import ADVICE
from cds_hooks.cards import Card


def hash_of(card: Card) -> str:
    """The SHA-256, in hexadecimal, of everything a card says, of the knowledge it rests on and of what was not told. Left
    out is how the call named its resources, and what each call draws anew."""
    told = card.extension.get(ADVICE)
    advice = told if isinstance(told, Mapping) else {}
    said = [
        [advice.get("knowledge"), card.summary, card.detail, card.indicator, card.source.label, card.source.topic.code],
        [[each.label, [[action.type, action.description] for action in each.actions]] for each in card.suggestions],
        [card.selection_behavior, [reason.code for reason in card.override_reasons]],
        advice.get("rules", []),
        # in one order, since that of a record's resources decides theirs
        sorted([str(gap.get("missing")), str(gap.get("rule", ""))] for gap in advice.get("gaps", [])),
    ]
    return sha256(orjson.dumps(said)).hexdigest()
