"""Members that stand twice in one object: JSON parsers keep one of them and say nothing (RFC 8259 §4)."""

import json
from collections.abc import Iterator
from typing import Any


def doubled(sent: bytes) -> Iterator[str]:
    """The place of every object in which a member stands more than once, as FHIRPath into the body."""
    twice: list[dict[str, Any]] = []

    def made(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        held = dict(pairs)
        if len(held) < len(pairs):
            twice.append(held)
        return held

    body = json.loads(sent, object_pairs_hook=made)
    wanted = {id(one) for one in twice}
    return (place for place, one in _everywhere(body, _root(body)) if id(one) in wanted) if twice else iter(())


def _root(body: Any) -> str:
    kind = body.get("resourceType") if isinstance(body, dict) else None
    return kind if isinstance(kind, str) and kind.isalpha() else "$this"


def _everywhere(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    waiting = [(value, place)]
    while waiting:
        one, where = waiting.pop()
        if isinstance(one, dict):
            yield where, one
            waiting += [(held, f"{where}.{name}") for name, held in one.items() if name.isidentifier()]
        elif isinstance(one, list):
            waiting += [(held, f"{where}[{index}]") for index, held in enumerate(one)]
