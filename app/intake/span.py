"""Exact numbers at the door: JSON numbers and written numbers stay whole numbers or fractions, and ranges ranges."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

# Whole numbers stay `int`: most doses are, and they are reckoned ten times faster.
Exact = int | Fraction

_PLAIN = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,12})?(?:[eE][+-]?\d{1,2})?")
_BEYOND = 10**12


@dataclass(frozen=True, slots=True)
class Span:
    """A number known to lie between `low` and `high`; a plain number has both alike."""

    low: Exact
    high: Exact

    def __mul__(self, other: "Span") -> "Span":
        return Span(self.low * other.low, self.high * other.high)

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: Exact) -> "Span":
        return Span(self.low * factor, self.high * factor)


def exactly(number: Exact) -> Span:
    """The span of a number without a range."""
    return Span(number, number)


def over(number: Exact, divisor: Exact) -> Exact:
    """The quotient, exactly."""
    if isinstance(number, int) and isinstance(divisor, int) and not number % divisor:
        return number // divisor
    quotient = Fraction(number) / divisor
    return quotient.numerator if quotient.denominator == 1 else quotient


def exact(value: object) -> Exact | None:
    """The exact value of a JSON number, or of a number sent as a string; None for anything else.

    A float is read as the digits it prints, so 0.1 is one tenth. `true` is no number.
    """
    if type(value) is int:
        return value if -_BEYOND < value < _BEYOND else None
    if not isinstance(value, float | Decimal | str):
        return None
    digits = value.strip() if isinstance(value, str) else str(value)
    if not _PLAIN.fullmatch(digits):
        return None
    return over(Fraction(digits), 1)


def decimal(number: Exact) -> Decimal:
    """The number as a Decimal: exact where its digits end, else to 28 digits."""
    if isinstance(number, int):
        return Decimal(number)
    return Decimal(number.numerator) / Decimal(number.denominator)
