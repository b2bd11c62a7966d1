"""A bound with its unit, compared with a range: yes or no where both ends agree, else unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from knowledge.fault import fail, only_keys
from knowledge.truth import Truth, of

_COMPARISONS = ("at_least", "above", "at_most", "below")


@dataclass(frozen=True, slots=True)
class Threshold:
    """`end` "high" or "low" compares that end of the range only; "both" (the default) wants both to agree."""

    comparison: str
    bound: Decimal
    unit: str
    end: str = "both"

    def judge(self, low: Decimal | int, high: Decimal | int | None) -> Truth:
        """Compare; `high` None is a range without an upper end, which is never known to lie below a bound."""
        at_low = self._holds(low)
        at_high = self.comparison in ("at_least", "above") if high is None else self._holds(high)
        if self.end == "high" and high is not None:
            return of(at_high)
        if self.end == "low" or at_low == at_high:
            return of(at_low)
        return Truth.UNKNOWN

    def _holds(self, value: Decimal | int) -> bool:
        match self.comparison:
            case "at_least":
                return value >= self.bound
            case "above":
                return value > self.bound
            case "at_most":
                return value <= self.bound
            case _:
                return value < self.bound


def read_threshold(table: object, unit: str, where: str, also: tuple[str, ...] = ()) -> Threshold:
    """Read `{above = 80, unit = "mg/d"}`. The unit is written out and must be the one this criterion is told in; `also`
    names further keys that the criterion reads itself."""
    if not isinstance(table, Mapping):
        fail(where, "is not a bound.", f'Write {{at_least = 90, unit = "{unit}"}}.')
    only_keys(table, (*_COMPARISONS, "unit", "end", *also), where)
    comparisons = [key for key in _COMPARISONS if key in table]
    if len(comparisons) != 1 or table.get("unit") != unit:
        fail(where, "needs one comparison and its unit.", f'Write {{{comparisons or "above"} = …, unit = "{unit}"}}.')
    bound = table[comparisons[0]]
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        fail(where, f"{comparisons[0]} is not a number.", "Write it without quotes.")
    end = table.get("end", "both")
    if end not in ("both", "low", "high"):
        fail(where, f'end = "{end}" is not known.', 'Use "low" or "high", or leave it out.')
    return Threshold(comparisons[0], Decimal(str(bound)), unit, str(end))
