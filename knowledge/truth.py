"""Three-valued (Kleene) logic: yes, no, and not told."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    YES = "true"
    NO = "false"
    UNKNOWN = "unknown"

    def __invert__(self) -> "Truth":
        return {Truth.YES: Truth.NO, Truth.NO: Truth.YES}.get(self, Truth.UNKNOWN)


def of(value: bool) -> Truth:
    """The truth of a plain comparison."""
    return Truth.YES if value else Truth.NO


def all_of(truths: Iterable[Truth]) -> Truth:
    """Conjunction; the empty conjunction is YES."""
    seen = set(truths)
    if Truth.NO in seen:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.YES


def any_of(truths: Iterable[Truth]) -> Truth:
    """Disjunction; the empty disjunction is NO."""
    return ~all_of(~truth for truth in truths)
