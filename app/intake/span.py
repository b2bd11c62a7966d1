"""Exact numbers at the door: JSON numbers and written numbers become fractions, and a range stays a range."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_PLAIN = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?(?:[eE][+-]?\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Span:
    """A number known to lie between `low` and `high`; a plain number has both alike."""

    low: Fraction
    high: Fraction

    def __mul__(self, other: "Span") -> "Span":
        return Span(self.low * other.low, self.high * other.high)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: Fraction) -> "Span":
        return Span(self.low * factor, self.high * factor)


ONE = Fraction(1)


def exactly(number: Fraction | int) -> Span:
    """The span of a number without a range."""
    return Span(Fraction(number), Fraction(number))


def exact(value: object) -> Fraction | None:
    """The exact value of a JSON number, or of a number sent as a string; None for anything else.

    A float is read as the digits it prints, so 0.1 is one tenth. `true` is no number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    digits = value.strip() if isinstance(value, str) else str(value)
    return Fraction(digits) if _PLAIN.fullmatch(digits) else None


def decimal(number: Fraction) -> Decimal:
    """The number as a Decimal: exact where its digits end, else to 28 digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)
