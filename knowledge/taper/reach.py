"""The doses that a set of products can make, exactly: every dose is a whole number of grains.

The grain is the greatest amount of which every licensed part (a half tablet, a mark on the syringe) is a multiple.
The set of makeable amounts is one integer, read as bits: bit n is set when n grains can be made.
"""

from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm

from knowledge.taper.products import Form, Product, Units, order_of_choice

Cost = tuple[int, int, int]  # pieces, strengths, broken tablets

MOST_REMEMBERED = 4_000  # amounts
MOST_GRAINS = 60_000  # in one intake; beyond it a plan would cost more time than it is worth


class TooFineError(ValueError):
    """The products are so fine next to the dose that the set of doses is too large to search."""


def common_part(parts: list[Fraction]) -> Fraction:
    """The greatest amount of which every given part is a whole multiple."""
    denominator = lcm(*(part.denominator for part in parts))
    return Fraction(gcd(*(part.numerator * (denominator // part.denominator) for part in parts)), denominator)


def mg_of(amount: int, grain: Fraction) -> Fraction:
    """So many grains in mg."""
    return Fraction(amount * grain.numerator, grain.denominator)


def closure(bits: int, part: int, size: int) -> int:
    """The amounts below `size` reached from `bits` by adding `part` any number of times."""
    mask = (1 << size) - 1
    shift = part
    while shift < size:
        bits |= (bits << shift) & mask
        shift *= 2
    return bits


class Reach:
    """What these products can make in one intake, up to `most_mg`. Raises TooFineError."""

    def __init__(self, products: tuple[Product, ...], most_mg: Fraction) -> None:
        self.products = tuple(sorted(products, key=order_of_choice))
        self.grain = common_part([product.part_mg for product in products])
        self._parts = [(product.part_mg / self.grain).numerator for product in self.products]
        self._divisions = [product.divisible_into for product in self.products]
        self._strengths = [part * count for part, count in zip(self._parts, self._divisions, strict=True)]
        self.size = int(most_mg / self.grain) + 1
        if self.size > MOST_GRAINS:
            raise TooFineError
        self._from = [1]  # what products[j:] can make, for j from the last to 0
        for part in reversed(self._parts):
            self._from.append(closure(self._from[-1], part, self.size))
        self._from.reverse()
        self.bits = self._from[0]
        self.smallest = min(self._parts)
        self.even = self.bits == closure(1, self.smallest, self.size)  # the multiples of the smallest, nothing else
        self._chosen: dict[int, tuple[tuple[Units, ...], Cost]] = {}

    def grains(self, mg: Fraction) -> int | None:
        """The amount in grains; None where it is no whole number of them."""
        amount = mg / self.grain
        return amount.numerator if amount.denominator == 1 else None

    def makes(self, amount: int) -> bool:
        """Whether so many grains can be made."""
        return amount < self.size and bool(self.bits >> amount & 1)

    def amounts(self, most: int) -> list[int]:
        """Every makeable amount from 0 to `most`, ascending."""
        bits = bin(self.bits & ((1 << (most + 1)) - 1))[:1:-1]
        return [amount for amount, bit in enumerate(bits) if bit == "1"]

    def at_most(self, amount: int) -> int:
        """The largest makeable amount not above `amount`."""
        return (self.bits & ((1 << (amount + 1)) - 1)).bit_length() - 1

    def units(self, amount: int) -> tuple[Units, ...]:
        """The best way to make an amount of grains that can be made: of least cost, then the larger strengths."""
        return self._choose(amount)[0]

    def cost(self, amount: int) -> Cost:
        """Pieces to take (half a tablet is a piece, a begun millilitre too), then strengths, then broken tablets."""
        return self._choose(amount)[1]

    def _choose(self, amount: int) -> tuple[tuple[Units, ...], Cost]:
        if amount not in self._chosen:
            counts, cost = self._search(amount)
            units = tuple(
                [
                    Units(product, _number(count, product.divisible_into))
                    for product, count in zip(self.products, counts, strict=True)
                    if count
                ]
            )
            if len(self._chosen) > MOST_REMEMBERED:
                self._chosen.clear()
            self._chosen[amount] = units, cost
        return self._chosen[amount]

    def _search(self, amount: int) -> tuple[list[int], Cost]:
        last = len(self._parts) - 1
        strengths = self._strengths
        counts = [0] * (last + 1)
        best: list[int] = []
        best_cost = (amount + 1, 0, 0)

        def take(j: int, rest: int, cost: Cost) -> None:
            nonlocal best, best_cost
            if rest == 0:
                if not best or cost < best_cost:
                    best, best_cost = counts.copy(), cost
                return
            if not self._from[j] >> rest & 1:
                return
            part, division = self._parts[j], self._divisions[j]
            breaks = self.products[j].form is Form.TABLET
            for count in range(rest // part, -1, -1):
                left = rest - count * part
                if j == last and left:
                    return
                if left and best:
                    # If even the rest in the next strength makes more pieces, so does every lower count.
                    fewest = count * strengths[j + 1] + left * division
                    if fewest > (best_cost[0] - cost[0]) * division * strengths[j + 1]:
                        return
                counts[j] = count
                pieces = cost[0] - (-count // division)
                broken = cost[2] + (1 if breaks and count % division else 0)
                take(j + 1, left, (pieces, cost[1] + (count > 0), broken))
                counts[j] = 0

        take(0, amount, (0, 0, 0))
        return best, best_cost


@lru_cache(maxsize=64)
def reach(products: tuple[Product, ...], most_mg: Fraction) -> Reach:
    """The reach of these products, remembered: the same few are asked for again and again. Raises TooFineError."""
    return Reach(products, most_mg)


@lru_cache(maxsize=4096)
def _number(parts: int, division: int) -> Fraction:
    return Fraction(parts, division)
