"""Going down a ladder at the pace that was asked, within the caps of the scheme.

From each rung the next one is a rung that is not below the asked dose: the lowest, or a simpler one that still counts
as the reduction asked. Where there is none, it is the next rung down, and the dose before it is kept so much longer
that on no day the dose is below the one asked for: a larger step is never a faster taper. Because no rung is skipped
then, no other way down has a smaller largest step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from knowledge.taper.ladder import Ladder

MOST_COMPARED = 64  # rungs, when the simplest is looked for: with a liquid, whole tablets may be 50 of its marks away


@dataclass(frozen=True, slots=True)
class Pace:
    """The reduction asked per interval: a share of the current dose, or an amount in grains.

    `least` is the smallest share that still counts as the reduction asked, so that a simpler dose may be chosen.
    With an amount, `final` (grains) is the lowest dose the scheme knows: from twice that dose on, it is the reduction.
    """

    share: Fraction | None = None
    least: Fraction | None = None
    amount: Fraction = Fraction(0)
    final: Fraction = Fraction(0)

    def asked(self, total: Fraction | int) -> Fraction:
        """The dose asked for one interval after `total`; below 0 where that is none."""
        if self.share is not None:
            return self.kept(self.share, total)
        if total <= 2 * self.final:
            return total - self.final
        return max(total - self.amount, self.final)

    @staticmethod
    def kept(share: Fraction, total: Fraction | int) -> Fraction:
        """What is left of `total` without that share of it."""
        return Fraction(total * (share.denominator - share.numerator), share.denominator)

    def intervals(self, total: int, to: int) -> int:
        """After how many intervals the asked dose is down from `total` to `to`."""
        if self.share is None:
            count, dose = 0, Fraction(total)
            while dose > to:
                dose, count = self.asked(dose), count + 1
            return count
        left = 1 - self.share
        over, under, count = total, to, 0
        while over > under:
            over, under, count = over * left.numerator, under * left.denominator, count + 1
        return count


@dataclass(frozen=True, slots=True)
class Caps:
    """The largest reduction: as a share of the current dose, and in grains. `low_dose` (grains) lets a reduction above
    the share through. None: no such cap."""

    of_current: Fraction | None = None
    amount: Fraction | None = None
    low_dose: Fraction | None = None

    def above_share(self, total: int, to: int) -> bool:
        """Whether the reduction is above the cap for the current dose."""
        cap = self.of_current
        return cap is not None and (total - to) * cap.denominator > cap.numerator * total

    def allow(self, total: int, to: int) -> bool:
        """Whether the reduction may be in a plan at all."""
        if self.amount is not None and total - to > self.amount:
            return False
        return not self.above_share(total, to) or (self.low_dose is not None and total - to <= self.low_dose)


@dataclass(frozen=True, slots=True)
class Drop:
    """One reduction: to which rung, after how many intervals on the dose before, and which dose was asked."""

    to: int
    intervals: int
    asked: Fraction
    larger: bool  # than asked, since nothing between can be made


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The first reduction that the caps forbid, with nothing smaller to make."""

    total: int
    to: int


def descend(ladder: Ladder, last: int, pace: Pace, caps: Caps, most: int) -> list[Drop] | TooLarge:
    """The reductions from the top of the ladder to `last`, a rung. Raises OverflowError above `most` reductions."""
    drops: list[Drop] = []
    total = ladder.top
    while total > last:
        asked = pace.asked(total)
        if asked < last:
            asked = Fraction(last)
        to = ladder.at_or_above(-(-asked.numerator // asked.denominator))
        larger = to >= total
        if larger:
            to = ladder.at_or_below(total - 1)
        elif pace.least is not None:
            to = simplest(ladder, ladder.rungs(to, int(pace.kept(pace.least, total)), MOST_COMPARED) or [to])
        if not caps.allow(total, to):
            return TooLarge(total, to)
        drops.append(Drop(to, pace.intervals(total, to) if larger else 1, asked, larger))
        if len(drops) > most:
            raise OverflowError("too many reductions")
        total = to
    return drops


def simplest(ladder: Ladder, rungs: Sequence[int]) -> int:
    """The rung with the fewest pieces in any intake, then the fewest strengths and broken tablets in the day; of equal
    ones the lowest."""

    if len(rungs) == 1:
        return rungs[0]

    def cost(total: int) -> tuple[int, int, int, int]:
        pieces = strengths = broken = 0
        for amount in ladder.split(total):
            if amount:
                more = ladder.cost(amount)
                pieces, strengths, broken = max(pieces, more[0]), strengths + more[1], broken + more[2]
        return pieces, strengths, broken, total

    return min(rungs, key=cost)
