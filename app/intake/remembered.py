"""What a concept was found to mean, kept for the next one that says the same: prescriptions of one hospital name the same
few thousand products, and its problem lists the same problems, over and over.

Kept are answers about codes and short names, never anything else of a resource; how many is bounded.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from app.intake.elements import Json

S = TypeVar("S")
T = TypeVar("T")
Memory = dict[Hashable, T]
_MOST = 4096  # answers; then it starts anew
_LONGEST = 400  # characters of all that a concept says


def remembered(memory: Memory[T], concept: Json, answer: Callable[[Json, S], T], by: S) -> T:
    """The answer for a concept, asked for only where it is not remembered. It may rest on nothing but the codings and the
    text of the concept, and on what never changes."""
    if "code" in concept:
        return answer(concept, by)
    coding: Any = concept.get("coding")
    key: tuple[object, ...]
    try:
        if coding and len(coding) == 1:
            (only,) = coding
            key = (concept.get("text"), only.get("system"), only.get("code"), only.get("display"))
        else:
            key = (concept.get("text"), *[(c.get("system"), c.get("code"), c.get("display")) for c in coding or ()])
        found = memory.get(key)
    except (TypeError, AttributeError):  # a coding that is none
        return answer(concept, by)
    if found is not None:
        return found
    found = answer(concept, by)
    if _is_short(key):
        if len(memory) >= _MOST:
            memory.clear()
        memory[key] = found
    return found


def _is_short(key: tuple[object, ...]) -> bool:
    said = [part for one in key for part in (one if isinstance(one, tuple) else (one,))]
    return (
        all(part is None or isinstance(part, str) for part in said) and sum(len(str(part)) for part in said) < _LONGEST
    )
