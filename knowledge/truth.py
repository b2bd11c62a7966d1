"""Three-valued (Kleene) logic: yes, no, and not told."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    YES = "true"
    NO = "false"
    UNKNOWN = "unknown"

    def __invert__(self) -> "Truth":
        return _NOT[self]


_YES, _NO, _UNKNOWN = Truth
_NOT = {_YES: _NO, _NO: _YES, _UNKNOWN: _UNKNOWN}


def of(value: bool) -> Truth:
    """The truth of a plain comparison."""
    return Truth.YES if value else Truth.NO


def all_of(truths: Iterable[Truth]) -> Truth:
    """Conjunction; the empty conjunction is YES."""
    found = _YES
    for truth in truths:
        if truth is _NO:
            return _NO
        if truth is _UNKNOWN:
            found = _UNKNOWN
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """Disjunction; the empty disjunction is NO."""
    found = _NO
    for truth in truths:
        if truth is _YES:
            return _YES
        if truth is _UNKNOWN:
            found = _UNKNOWN
    return found
