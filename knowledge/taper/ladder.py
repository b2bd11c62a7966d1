"""The rungs a taper can stand on: daily totals, each with its split over the intakes, from the dose taken now to none.

Going down a ladder no intake ever rises. Totals and intakes are whole numbers of grains (see reach).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Protocol

from knowledge.taper.products import Form, Product, Units
from knowledge.taper.reach import Cost, Reach, common_part

Split = tuple[int, ...]

MOST_RUNGS = 5_000


class Ladder(Protocol):
    """`top` is the dose taken now, `lowest` the smallest daily dose above none; both are rungs."""

    grain: Fraction
    top: int
    lowest: int

    def at_or_above(self, total: int) -> int:
        """The lowest rung not below `total`; at most `top`."""

    def at_or_below(self, total: int) -> int:
        """The highest rung not above `total`; 0 where that is nothing."""

    def split(self, total: int) -> Split:
        """How the rung is divided over the intakes, in the order of the day."""

    def rungs(self, low: int, high: int, most: int) -> Sequence[int]:
        """The lowest rungs, at most so many, from `low` (a rung) up to `high`."""

    def units(self, amount: int) -> tuple[Units, ...]:
        """The units that make one intake."""

    def cost(self, amount: int) -> Cost:
        """How much there is to take in that intake (see reach)."""


class EvenLadder:
    """Every multiple of one smallest part can be made, so every such total is a rung."""

    def __init__(self, reach: Reach, taken: Split) -> None:
        self.grain = reach.grain
        self.top = sum(taken)
        self.lowest = reach.smallest
        self.units, self.cost = reach.units, reach.cost
        self._taken = taken
        self._weights = [lcm(*taken) // full for full in taken]

    def at_or_above(self, total: int) -> int:
        """The next multiple of the smallest part."""
        return min(self.top, -(-total // self.lowest) * self.lowest)

    def at_or_below(self, total: int) -> int:
        """The multiple of the smallest part below."""
        return total // self.lowest * self.lowest

    def rungs(self, low: int, high: int, most: int) -> Sequence[int]:
        """Multiples of the smallest part."""
        return range(low, high + 1, self.lowest)[:most]

    def split(self, total: int) -> Split:
        """The shares of the dose taken now, rounded by d'Hondt's rule: lowering the total never raises an intake.
        Of equal intakes the earlier ones are lowered first, so that the night dose goes last."""
        if len(self._taken) == 1:
            return (total,)
        part = self.lowest
        held = [intake * total // (self.top * part) for intake in self._taken]
        for _ in range(total // part - sum(held)):
            i = min(range(len(held)), key=lambda i: ((held[i] + 1) * self._weights[i], -i))
            held[i] += 1
        return tuple(parts * part for parts in held)


class UnevenLadder:
    """The gaps between makeable amounts differ, so the order in which the intakes are lowered matters.

    Built from none upwards. Of the raises that are at most the share `fine` of the total after them (of all, the
    smallest, where none is), the one is taken that keeps the intakes most as they are now. Taking always the smallest
    gives the smallest possible largest step (Lawler's rule for one machine, with cost = raise / total after it); a
    raise that could be taken at a lower total can be taken at a higher one at no greater share, so no choice among the
    fine ones makes the largest step larger than that, or than `fine`.
    Raises OverflowError where there are more rungs than can be searched in the time a plan may take.
    """

    def __init__(self, reach: Reach, taken: Split, fine: Fraction) -> None:
        self.grain = reach.grain
        self.top = sum(taken)
        self.units, self.cost = reach.units, reach.cost
        self._amounts = [reach.amounts(intake) for intake in taken]
        if sum(map(len, self._amounts)) > MOST_RUNGS:
            raise OverflowError("too many rungs")
        self._order = _order_of_raises(self._amounts, taken, fine)
        self._totals = [0]
        at = [0] * len(taken)
        for i in self._order:
            held = self._amounts[i]
            self._totals.append(self._totals[-1] + held[at[i] + 1] - held[at[i]])
            at[i] += 1
        self.lowest = self._totals[1]

    def at_or_above(self, total: int) -> int:
        """The next rung up the list."""
        return self._totals[min(bisect_left(self._totals, total), len(self._totals) - 1)]

    def at_or_below(self, total: int) -> int:
        """The next rung down the list."""
        return self._totals[bisect_right(self._totals, total) - 1]

    def rungs(self, low: int, high: int, most: int) -> Sequence[int]:
        """A part of the list."""
        start = bisect_left(self._totals, low)
        return self._totals[start : min(bisect_right(self._totals, high), start + most)]

    def split(self, total: int) -> Split:
        """As the ladder was built."""
        raised = self._order[: bisect_left(self._totals, total)]
        return tuple(held[raised.count(i)] for i, held in enumerate(self._amounts))


class CapsuleLadder:
    """Capsules made to order, one per day. The pharmacist makes them by dividing what the patient takes, so every share
    of the start dose can be made exactly: a grain is the greatest part of both the dose of now and the programme's
    step."""

    def __init__(self, medicine: str, top_mg: Fraction, step_mg: Fraction) -> None:
        self.grain = common_part([top_mg, step_mg])
        self.top = (top_mg / self.grain).numerator
        self.lowest = 1
        self._medicine = medicine

    def at_or_above(self, total: int) -> int:
        """The total itself."""
        return min(self.top, total)

    def at_or_below(self, total: int) -> int:
        """The total itself."""
        return total

    def rungs(self, low: int, high: int, most: int) -> Sequence[int]:  # noqa: ARG002
        """The lowest: every capsule is as simple as another."""
        return (low,)

    def split(self, total: int) -> Split:
        """One intake."""
        return (total,)

    def units(self, amount: int) -> tuple[Units, ...]:
        """One capsule of that strength."""
        capsule = Product(self._medicine, Form.CAPSULE, amount * self.grain, compounded=True)
        return (Units(capsule, Fraction(1)),)

    def cost(self, amount: int) -> Cost:  # noqa: ARG002
        """One piece."""
        return (1, 1, 0)


def ladder_of(reach: Reach, taken: Split, fine: Fraction) -> EvenLadder | UnevenLadder:
    """The ladder down from these intakes, each of which the products can make; a step of at most the share `fine` of
    the dose is small enough."""
    return EvenLadder(reach, taken) if reach.even else UnevenLadder(reach, taken, fine)


def _order_of_raises(amounts: list[list[int]], taken: Split, fine: Fraction) -> bytes:
    """Which intake is raised to its next amount, from none up to all as they are taken."""
    if len(taken) == 1:
        return bytes(len(amounts[0]) - 1)
    common = lcm(*taken)
    weights = [common // full for full in taken]
    at, total = [0] * len(taken), 0
    order = bytearray()
    while total < sum(taken):
        raises = []
        for i, held in enumerate(amounts):
            if at[i] + 1 < len(held):
                above = held[at[i] + 1]
                raises.append((above - held[at[i]], above * weights[i], -i))
        least = min(raises)[0]
        small = [each for each in raises if each[0] * fine.denominator <= fine.numerator * (total + each[0])]
        more, _, minus = min(small or [each for each in raises if each[0] == least], key=lambda each: each[1:])
        order.append(-minus)
        at[-minus] += 1
        total += more
    return bytes(order)
