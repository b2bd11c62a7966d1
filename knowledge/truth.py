"""Three-valued (Kleene) logic: yes, no, and not told."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    YES = "true"
    NO = "false"
    UNKNOWN = "unknown"

    def __invert__(self) -> "Truth":
        return _NOT[self]


YES, NO, UNKNOWN = Truth  # at hand at once: in Python 3.11 an attribute of an enum costs as much as four calls
_NOT = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


def of(value: bool) -> Truth:
    """The truth of a plain comparison."""
    return YES if value else NO


def all_of(truths: Iterable[Truth]) -> Truth:
    """Conjunction; the empty conjunction is YES."""
    found = YES
    for truth in truths:
        if truth is NO:
            return NO
        if truth is UNKNOWN:
            found = UNKNOWN
    return found


def any_of(truths: Iterable[Truth]) -> Truth:
    """Disjunction; the empty disjunction is NO."""
    found = NO
    for truth in truths:
        if truth is YES:
            return YES
        if truth is UNKNOWN:
            found = UNKNOWN
    return found
