"""Where a taper ends: the last dose before the stop, or the dose at which the scheme ends."""

from dataclasses import dataclass
from fractions import Fraction

from knowledge.taper.footing import Footing
from knowledge.taper.notes import Note, note
from knowledge.taper.refusal import Because, Refusal
from knowledge.taper.request import DIAZEPAM, Equivalence, PlanRequest
from knowledge.taper.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Ending:
    """The last rung (grains), who set it ("request", "scheme", "smallest"), and whether a stop follows."""

    last: int
    by: str
    stops: bool


def ending_of(request: PlanRequest, scheme: Scheme, footing: Footing) -> Ending | Refusal:
    """The declared last dose.

    Asked for by the clinician; else the scheme's own; else the smallest dose that can be made. Refuses an asked one
    that is no rung, that is above the dose taken, or from which nobody should stop; and a scheme with a target that
    the dose has reached already.
    """
    ladder = footing.ladder
    if scheme.target_mg is not None:
        if footing.first_mg <= scheme.target_mg:
            values = {"mg": footing.first_mg, "target_mg": scheme.target_mg}
            return Refusal((note(Because.AT_OR_BELOW_TARGET, **values),))
        return Ending(ladder.at_or_below(int(scheme.target_mg / ladder.grain)), "scheme", stops=False)
    limits = stop_limits(request, scheme, footing)
    if request.last_mg is not None:
        return _asked(request.last_mg, limits, footing)
    if scheme.last_of_start is None:
        return Ending(ladder.lowest, "smallest", stops=True)
    wanted_mg = scheme.last_of_start * footing.start_mg
    if scheme.programme:
        return Ending(min((wanted_mg / ladder.grain).numerator, ladder.top), "scheme", stops=True)
    below = ladder.at_or_below(limits.highest(wanted_mg, ladder.grain))
    return (
        Ending(min(below, ladder.top), "scheme", stops=True) if below else Ending(ladder.lowest, "smallest", stops=True)
    )


@dataclass(frozen=True, slots=True)
class StopLimits:
    """A plan stops from at most `at_most_mg` a day, and from less than `below_mg` (None: no such bound)."""

    at_most_mg: Fraction
    below_mg: Fraction | None

    def allow(self, mg: Fraction) -> bool:
        """Whether a plan may stop from this dose."""
        return mg <= self.at_most_mg and (self.below_mg is None or mg < self.below_mg)

    def highest(self, wanted_mg: Fraction, grain: Fraction) -> int:
        """The most grains that are allowed and not above `wanted_mg`."""
        most = int(min(wanted_mg, self.at_most_mg) / grain)
        return most if self.below_mg is None else min(most, _up(self.below_mg / grain) - 1)

    def note(self, code: Because, **dose: Fraction) -> Note:
        """The reason for a dose that is not allowed."""
        below = {} if self.below_mg is None else {"below_mg": self.below_mg}
        return note(code, **dose, at_most_mg=self.at_most_mg, **below)


def stop_limits(request: PlanRequest, scheme: Scheme, footing: Footing) -> StopLimits:
    """The scheme's share of the start dose; and less than 10 mg of diazepam by any table, one standard dose a day
    (Hulpgids/NHG), where the tables are told. A programme's last preparation is its own."""
    tables = _tables(request, footing)
    below_mg = None if tables is None or scheme.programme else tables.mg_low
    return StopLimits((scheme.stop_of_start or 1) * footing.start_mg, below_mg)


def _tables(request: PlanRequest, footing: Footing) -> Equivalence | None:
    if footing.medicine == DIAZEPAM:
        return Equivalence(Fraction(10), Fraction(10))
    return request.tables()


def _asked(last_mg: Fraction, limits: StopLimits, footing: Footing) -> Ending | Refusal:
    ladder = footing.ladder
    last = last_mg / ladder.grain
    if last.denominator != 1 or last <= 0 or ladder.at_or_below(int(last)) != last:
        return Refusal((note(Because.LAST_DOSE_NOT_MAKEABLE, last_mg=last_mg),))
    if not limits.allow(last_mg) or last_mg > footing.first_mg:
        return Refusal((limits.note(Because.LAST_DOSE_TOO_HIGH, last_mg=last_mg),))
    return Ending(int(last), "request", stops=True)


def _up(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)
