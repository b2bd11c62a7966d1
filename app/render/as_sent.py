"""Numbers go back digit for digit. A JSON parser makes 1.1 of 1.10 and rounds what is longer than a float, and FHIR holds
both to be other values (https://hl7.org/fhir/R4/datatypes.html#decimal); so an order that is handed back changed takes the
numbers nobody changed from the text of the request."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from cds_hooks.cards import Card

# A zero that ends a fraction, an exponent, or more digits than a float or a 64-bit integer holds.
_MAY_CHANGE = re.compile(rb"\.\d*0[\s,}\]]|\d[eE][+-]?\d|[\d.]{16}")


class _Number(NamedTuple):
    written: str


def numbers_as_sent(cards: Sequence[Card], sent: bytes) -> None:
    """Give the orders that these cards hand back changed their numbers as they stand in the request."""
    updated = [
        action.resource
        for card in cards
        for suggestion in card.suggestions
        for action in suggestion.actions
        if action.type == "update" and action.resource
    ]
    updated = [resource for resource in updated if any(map(_is_exact_in_text_only, _numbers(resource)))]
    if not updated or not _MAY_CHANGE.search(sent):
        return
    originals = dict(_named(json.loads(sent, parse_float=_Number, parse_int=_whole)))
    for resource in updated:
        _restore(resource, originals.get((resource.get("resourceType"), resource.get("id"))))


def _numbers(value: object) -> Iterator[int | float]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, int | float):
            yield one


def _is_exact_in_text_only(number: int | float) -> bool:
    """Whether it may have been written otherwise than it is written anew."""
    return isinstance(number, float) or abs(number) >= 10**15


def _whole(written: str) -> object:
    return int(written) if len(written) < 16 else _Number(written)


def _named(node: object) -> Iterator[tuple[tuple[object, object], object]]:
    """Every resource of the call's drafts by type and id; the first of a name comes last, and so stays."""
    context = node.get("context", node) if isinstance(node, dict) else None  # a Bundle has no context
    waiting, found = [context], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("resourceType"), str) and isinstance(one.get("id"), str):
                found.append(((one["resourceType"], one["id"]), one))
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    yield from reversed(found)


def _restore(changed: Any, original: object) -> None:
    """Put the written number wherever both hold the same one."""
    if isinstance(changed, dict) and isinstance(original, dict):
        places = [(key, value, original.get(key)) for key, value in changed.items()]
    elif isinstance(changed, list) and isinstance(original, list) and len(changed) == len(original):
        places = [(index, changed[index], before) for index, before in enumerate(original)]
    else:
        return
    for place, value, before in places:
        if not isinstance(before, _Number):
            _restore(value, before)
        elif isinstance(value, int | float) and float(before.written) == value:
            changed[place] = orjson.Fragment(before.written)
