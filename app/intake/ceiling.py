"""The limits an instruction sets: maxDosePerPeriod and maxDosePerAdministration (https://hl7.org/fhir/R4/dosage.html).

A limit can lower the upper end of a range; it never says what is taken.
"""

from collections.abc import Mapping
from typing import Any

from app.intake.quantity import Measured, read_quantity, read_ratio_per_day, same_kind
from app.intake.span import Span
from app.intake.strength import Strength
from app.intake.told import in_mg


class LimitUnreadableError(Exception):
    """A limit is there, but nobody can tell what it allows."""


def most_per_day(dosage: Mapping[str, Any], strength: Strength | None) -> Measured | None:
    """The lowest of the limits per period, per day; None if none is set. R4 sends one ratio, R5 a list."""
    sent = dosage.get("maxDosePerPeriod")
    if sent is None:
        return None
    if sent == []:
        raise LimitUnreadableError
    lowest: Measured | None = None
    for ratio in sent if isinstance(sent, list) else [sent]:
        read = read_ratio_per_day(ratio)
        if read is None:
            raise LimitUnreadableError
        limit = in_mg(read, strength)
        if lowest is not None and not same_kind(lowest.unit, limit.unit):
            raise LimitUnreadableError
        if lowest is None or limit.span.high < lowest.span.high:
            lowest = limit
    return lowest


def most_at_once(dosage: Mapping[str, Any], strength: Strength | None) -> Measured | None:
    """The limit per administration; None if none is set."""
    sent = dosage.get("maxDosePerAdministration")
    if sent is None:
        return None
    read = read_quantity(sent)
    if read is None:
        raise LimitUnreadableError
    return in_mg(read, strength)


def held_below(amount: Measured, limit: Measured | None) -> Measured | None:
    """The amount with its upper end at the limit; None where even its lower end is above it.

    A limit in another unit ("5 mL, at most 3 per day") leaves a plain amount alone and makes a range unreadable.
    """
    if limit is None:
        return amount
    if not same_kind(amount.unit, limit.unit):
        if amount.span.low == amount.span.high:
            return amount
        raise LimitUnreadableError
    if amount.span.low > limit.span.high:
        return None
    return Measured(Span(amount.span.low, min(amount.span.high, limit.span.high)), amount.unit)
