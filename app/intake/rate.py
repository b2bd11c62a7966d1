"""Infusions: rateQuantity, rateRange and rateRatio → an amount per day (https://hl7.org/fhir/R4/dosage.html)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.intake.quantity import DAYS_PER, TIME_WORDS, Measured, read_days, read_quantity
from app.intake.span import Exact, Span, exact, exactly, over

_CONTINUOUS = "261754007"  # SNOMED CT: continuous infusion


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount per day while it runs. A rate told per hour does not say how long it runs."""

    per_day: Measured
    hourly: bool


def read_rate(entry: Mapping[str, Any]) -> Rate | None:
    """The rate in one `doseAndRate`; None where there is none, or it cannot be read."""
    ratio, span, quantity = entry.get("rateRatio"), entry.get("rateRange"), entry.get("rateQuantity")
    if isinstance(ratio, dict):
        amount, days = read_quantity(ratio.get("numerator")), read_days(ratio.get("denominator"))
        return Rate(amount.times(exactly(over(1, days))), days < 1) if amount and days else None
    if isinstance(span, dict):
        low, high = _from_unit(span.get("low")), _from_unit(span.get("high"))
        if not low or not high or low.per_day.unit != high.per_day.unit or low.per_day.span.low > high.per_day.span.low:
            return None
        return Rate(Measured(Span(low.per_day.span.low, high.per_day.span.high), low.per_day.unit), low.hourly)
    return _from_unit(quantity)


def _from_unit(value: object) -> Rate | None:
    """A rate whose unit is an amount per time ("mL/h", "ug/d", "millilitre per hour")."""
    if not isinstance(value, dict):
        return None
    read = [
        _in_words(value.get("value"), words) for key in ("code", "unit") if isinstance(words := value.get(key), str)
    ]
    found = {rate for rate in read if rate is not None}
    return found.pop() if len(found) == 1 and not value.get("comparator") else None


def _in_words(number: object, words: str) -> Rate | None:
    amount, slash, time = words.replace(" per ", "/").partition("/")
    days = DAYS_PER.get(TIME_WORDS.get(time.strip().lower(), "")) if slash else None
    measured = read_quantity({"value": number, "unit": amount.strip()}) if days else None
    return Rate(measured.times(exactly(over(1, days))), days < 1) if measured and days else None


def amount_per_day(rate: Rate, dosage: Mapping[str, Any], per_day: Span | None) -> Measured | None:
    """What a rate comes to in a day: as it stands if told per day or run without end, else rate × duration × times."""
    if not rate.hourly:
        return rate.per_day if per_day in (None, exactly(1)) else None
    duration = _duration(dosage)
    if duration is not None and per_day is not None:
        return rate.per_day.times(per_day).times(exactly(duration))
    return rate.per_day if per_day is None and continuous(dosage) else None


def continuous(dosage: Mapping[str, Any]) -> bool:
    """Whether the method says that the infusion runs without end."""
    return _CONTINUOUS in str(dosage.get("method") or "")


def _duration(dosage: Mapping[str, Any]) -> Exact | None:
    timing = dosage.get("timing")
    repeat = timing.get("repeat") if isinstance(timing, dict) else None
    if not isinstance(repeat, dict) or repeat.get("durationMax") not in (None, repeat.get("duration")):
        return None
    number, unit = exact(repeat.get("duration")), repeat.get("durationUnit")
    days = DAYS_PER.get(TIME_WORDS.get(unit, "")) if isinstance(unit, str) else None
    return number * days if number is not None and number > 0 and days else None
