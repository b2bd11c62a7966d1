"""What one instruction says of a dose, whoever said it: the form in which structure and text are held together."""

from dataclasses import dataclass, replace
from fractions import Fraction

from app.intake.quantity import Measured
from app.intake.span import Span, exactly, over
from app.intake.strength import Strength
from app.intake.units import MG, Kind


@dataclass(frozen=True, slots=True)
class Told:
    """One instruction as one source tells it; what the source does not tell is None.

    `dose` is what is taken at one time and `per_day` how many times a day; `daily` is the amount per day where that
    can be computed, and else `why` names the reason. `ceiling` is the most that may be taken in a day. The others are
    the same dose and daily amount told in other units.
    """

    dose: Measured | None = None
    per_day: Span | None = None
    daily: Measured | None = None
    ceiling: Measured | None = None
    as_needed: bool = False
    once: bool = False
    sure: bool = True
    why: str | None = None
    other_doses: tuple[Measured, ...] = ()
    other_dailies: tuple[Measured, ...] = ()

    def refused(self, why: str) -> "Told":
        """The same, without a daily amount."""
        return replace(self, daily=None, why=why)

    def when_needed(self, ceiling: Measured | None = None) -> "Told":
        """The same, taken as needed: its amounts are a ceiling, and no intake. A reason to refuse it stays."""
        most = ceiling or self.ceiling
        if most is None and self.daily is not None:
            most = Measured(exactly(self.daily.span.high), self.daily.unit)
        excused = self.why in (None, "no-frequency", "no-dose", "single-dose", "as-needed-only")
        why = "as-needed-only" if excused else self.why
        return replace(self, as_needed=True, once=False, daily=None, other_dailies=(), ceiling=most, why=why)


def in_mg(amount: Measured, strength: Strength | None) -> Measured:
    """The amount in mg if the strength of the product can tell it, else the amount as it is."""
    if strength is None or amount.unit.kind is Kind.MASS:
        return amount
    each = None
    if amount.unit.kind is Kind.COUNT:
        each = strength.mg_per_unit
    elif amount.unit.kind is Kind.VOLUME:
        each = strength.mg_per_ml
    elif amount.unit.kind is Kind.DROP and strength.mg_per_ml and strength.drops_per_ml:
        each = strength.mg_per_ml / strength.drops_per_ml
    return Measured(amount.span.times(over(Fraction(each), 1)), MG) if each else amount


# Above these a number is a slip of the pen: counted things, mL and mg in a day, and times a day.
_MOST = {Kind.COUNT: 100, Kind.DROP: 200, Kind.VOLUME: 10_000, Kind.MASS: 500_000, Kind.OTHER: 10_000}
_MOST_OFTEN = 24
_RARELY = Fraction(1, 400)


def plausible(amount: Measured, strength: Strength | None = None) -> bool:
    """Whether so much can be taken at one time, or in one day: of mg also, whether that many tablets can be."""
    most = amount.span.high
    if strength is not None and strength.mg_per_unit and amount.unit.kind is Kind.MASS:
        return most <= _MOST[Kind.COUNT] * strength.mg_per_unit
    return most <= _MOST[amount.unit.kind]


def plausible_rhythm(per_day: Span) -> bool:
    """Whether something can be taken so often: at most hourly, at least once a year."""
    return per_day.high <= _MOST_OFTEN and per_day.low >= _RARELY
