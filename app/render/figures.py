"""Numbers as people write them: decimal comma where it belongs, units in words, ranges, lengths of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from knowledge import duration
from knowledge.duration import Days
from knowledge.facts import DailyDose, Use
from knowledge.texts import Phrases

_LONG = 90  # days


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one language; each method gives None where the number is not known."""

    phrases: Phrases

    def number(self, value: Decimal) -> str:
        """Plain notation, at most two decimals, no trailing zeros."""
        rounded = value.quantize(Decimal("0.01")).normalize()
        return f"{rounded:f}".replace(".", self.phrases["figure"]["decimal"])

    def dose(self, daily: DailyDose | None) -> str | None:
        """A daily dose in mg, one number or a range; where the days differ it says that it is an average."""
        if daily is None or daily.unit != "mg":
            return None
        return self.mg_range(daily.low, daily.high, average=daily.average)

    def mg_a_day(self, value: Decimal) -> str:
        """One amount a day."""
        return self.mg_range(value, value)

    def mg_range(self, low: Decimal, high: Decimal, *, average: bool = False) -> str:
        """Two amounts a day, or one where both are written alike."""
        least, most = self.number(low), self.number(high)
        amount = least if least == most else self.phrases["figure"]["range"].format(low=least, high=most)
        a_day = f"{amount} {self.phrases['figure']['mg_a_day']}"
        return self.phrases["figure"]["on_average"].format(dose=a_day) if average else a_day

    def equivalent(self, low: Decimal, high: Decimal, limit: Decimal, *, average: bool = False) -> str:
        """A converted amount a day, which no table knows to the hundredth: whole and half milligrams as they are, all else to
        the nearest whole one and "about". It never crosses `limit`."""
        least, most = (_for_people(value, limit) for value in (low, high))
        said = self.mg_range(least, most, average=average)
        return said if (least, most) == (low, high) else self.phrases["figure"]["about"].format(dose=said)

    def length(self, days: Days, at_least: int) -> str | None:
        """A length of use in days, months or years, rounded down; None below `at_least` days."""
        if days.low < at_least:
            return None
        figure = self.phrases["figure"]
        if days.low < _LONG:
            said = figure["days"].format(n=days.low)
        elif days.low < 730:
            said = figure["months"].format(n=int(days.low // Decimal("30.44")))
        else:
            said = figure["years"].format(n=days.low // 365)
        return said if days.high == days.low else figure["at_least"].format(duration=said)

    def course(self, uses: Sequence[Use], today: date, at_least: int) -> str | None:
        """How long it has been taken without a break, said as such where it was begun again; None below `at_least` days,
        and where the use is long and only the part after the break is not."""
        days = duration.continuous(uses, today)
        said = self.length(days, at_least)
        if said is None or (days.low < _LONG and duration.is_covered_long(uses, today)):
            return None
        resumed = duration.is_resumed(uses, today)
        return self.phrases["figure"]["resumed"].format(duration=said) if resumed else said

    def named(self, names: list[str]) -> str:
        """Names in a row, the last one joined by "and"."""
        *most, last = names
        return f"{', '.join(most)}{self.phrases['figure']['and']}{last}" if most else last


def _for_people(value: Decimal, limit: Decimal) -> Decimal:
    if value * 2 == (value * 2).to_integral_value():
        return value
    nearest = value.to_integral_value(ROUND_HALF_UP)
    return nearest - 1 if value < limit <= nearest else nearest
