"""FHIR Timing → how many times a day (https://hl7.org/fhir/R4/datatypes.html#Timing), exactly.

What is there must be readable and must agree: frequency and period, times of day, events of the day, days of the
week and an abbreviation may repeat each other, and then each is held against the others.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.intake.quantity import DAYS_PER, TIME_WORDS, words_of
from app.intake.span import Exact, Span, exact, exactly, over
from app.intake.timing_codes import known_system, times_per_day_of


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often an instruction is carried out.

    `per_day` is None where that cannot be computed, and `why` says so. `at_most` is a number of times per day that
    only bounds ("up to four times a day"). `words` is the text of a code that only the reader of texts may know.
    """

    per_day: Span | None = None
    at_most: Exact | None = None
    once: bool = False
    monthly: bool = False
    words: str | None = None
    why: str | None = None


_ONCE_EACH = frozenset(
    (
        *("MORN", "MORN.early", "MORN.late", "NOON", "AFT", "AFT.early", "AFT.late", "EVE", "EVE.early", "EVE.late"),
        *("NIGHT", "PHS", "HS", "WAKE", "CM", "CD", "CV", "ACM", "ACD", "ACV", "PCM", "PCD", "PCV"),
    )
)
_AT_MEALS = frozenset(("C", "AC", "PC"))  # how many meals a day is not said
_DAYS = frozenset(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?")
_CYCLE = ("daysOfCycle", "daysofcycle", "dayOfCycle", "RepeatPeriodCyclicalSchedule")
_FREQUENCY = ("frequency", "frequencyMax", "period", "periodMax", "periodUnit", "periodUnits")
_MONTHS = (DAYS_PER["mo"], DAYS_PER["a"])


def read_timing(timing: object) -> Rhythm:
    """The rhythm of `Dosage.timing`; absent timing gives "no-frequency", and bad timing its own reason."""
    if timing is None:
        return Rhythm(why="no-frequency")
    if not isinstance(timing, dict):
        return Rhythm(why="timing-not-understood")
    repeat = timing.get("repeat")
    if modified(timing) or modified(repeat):
        return Rhythm(why="unknown-modifier")
    if repeat is not None and not isinstance(repeat, dict):
        return Rhythm(why="timing-not-understood")
    repeated = _read_repeat(repeat or {})
    if repeated.why not in (None, "no-frequency"):
        return repeated
    coded = _read_code(timing.get("code"))
    if repeated.once or (repeated.per_day is None and coded.per_day is None and _one_event(timing.get("event"))):
        return Rhythm(once=True, why="single-dose")
    if repeated.per_day is not None and coded.per_day is not None and repeated.per_day != coded.per_day:
        return Rhythm(why="timing-disagrees")
    if repeated.per_day is not None:
        return repeated
    if timing.get("event") is not None:
        return Rhythm(why="timing-not-understood")
    return coded if coded.per_day is not None or coded.words or repeated.at_most is None else repeated


def modified(element: object) -> bool:
    """Whether an element carries a modifierExtension: FHIR forbids reading past one that is not understood."""
    return isinstance(element, dict) and bool(element.get("modifierExtension"))


def _one_event(events: object) -> bool:
    return isinstance(events, Sequence) and not isinstance(events, str) and len(events) == 1


def _read_code(code: object) -> Rhythm:
    if code is None:
        return Rhythm(why="no-frequency")
    if not isinstance(code, dict):
        return Rhythm(why="timing-not-understood")
    codings = code.get("coding")
    found = {
        times
        for coding in (codings if isinstance(codings, list) else [])
        if isinstance(coding, dict) and isinstance(coding.get("code"), str) and known_system(coding.get("system"))
        and (times := times_per_day_of(coding["code"])) is not None
    }  # fmt: skip
    if len(found) > 1:
        return Rhythm(why="timing-disagrees")
    if found:
        times = found.pop()
        return Rhythm(exactly(times), monthly=times < Fraction(1, 28))
    return Rhythm(words=next(iter(words_of(code)), None), why="timing-not-understood")


def _read_repeat(repeat: Mapping[str, Any]) -> Rhythm:
    if any(cycle in str(repeat.get("extension") or "") for cycle in _CYCLE):
        return Rhythm(why="cyclic-schedule")
    count = repeat.get("count")
    if count is not None:
        number = exact(count)
        if number is None or number < 1 or number.denominator != 1:
            return Rhythm(why="timing-not-understood")
        if number == 1 and repeat.get("countMax") in (None, count):
            return Rhythm(once=True)
    clock, events, days = _clock(repeat), _events(repeat), _days(repeat)
    if clock is None or events is None or days is None:
        return Rhythm(why="timing-not-understood")
    moments = clock or events
    if clock and events and clock != events:
        return Rhythm(why="timing-disagrees")
    if any(repeat.get(key) is not None for key in _FREQUENCY):
        frequency = _read_frequency(repeat, moments)
        return frequency if isinstance(frequency, Rhythm) else _held_against(frequency, moments, days)
    if moments or days:
        return Rhythm(exactly(over((moments or 1) * (days or 7), 7)))
    return Rhythm(why="timing-not-understood" if repeat.get("when") else "no-frequency")


def _clock(repeat: Mapping[str, Any]) -> int | None:
    """How many times of day are listed; None for a list that cannot be read."""
    times = _listed(repeat.get("timeOfDay"))
    if times is None or any(not isinstance(time, str) or not _CLOCK.fullmatch(time) for time in times):
        return None
    return len(times) if len(set(times)) == len(times) else None


def _events(repeat: Mapping[str, Any]) -> int | None:
    """How many events of the day are listed, 0 if their number is not fixed (at meals)."""
    events = _listed(repeat.get("when"))
    if events is None or any(event not in _ONCE_EACH and event not in _AT_MEALS for event in events):
        return None
    return 0 if any(event in _AT_MEALS for event in events) else len(events)


def _days(repeat: Mapping[str, Any]) -> int | None:
    days = _listed(repeat.get("dayOfWeek"))
    if days is None or any(day not in _DAYS for day in days) or len(set(days)) != len(days):
        return None
    return len(days)


def _listed(value: object) -> list[Any] | None:
    """The items of a list, none where it is absent; None where it is empty, no list, or not of texts."""
    if value is None:
        return []
    return value if isinstance(value, list) and value and all(isinstance(item, str) for item in value) else None


@dataclass(frozen=True, slots=True)
class _Frequency:
    """So many times in so many days."""

    times: Span
    days: Span
    calendar: bool  # months and years: no fixed number of days

    def per_day(self) -> Span:
        return Span(over(self.times.low, self.days.high), over(self.times.high, self.days.low))


def _read_frequency(repeat: Mapping[str, Any], moments: int) -> _Frequency | Rhythm:
    """Frequency over period. FHIR calls a missing frequency "once per period", but a lost number looks the same:
    it is read only where the period is a day and times of day say how often."""
    period, period_max = _positive(repeat, "period"), _positive(repeat, "periodMax")
    low, high = _positive(repeat, "frequency"), _positive(repeat, "frequencyMax")
    unit = repeat.get("periodUnit", repeat.get("periodUnits"))
    days = DAYS_PER.get(TIME_WORDS.get(unit, "")) if isinstance(unit, str) else None
    if 0 in (period, period_max, low, high) or (unit is not None and days is None):
        return Rhythm(why="timing-not-understood")
    if period is None or days is None:
        return Rhythm(why="no-frequency")
    if (period_max or period) < period or (low is not None and high is not None and high < low):
        return Rhythm(why="timing-not-understood")
    if low is None and high is not None:
        return Rhythm(at_most=over(high, period * days), why="no-frequency")
    length = Span(period * days, (period_max or period) * days)
    if low is None:
        return (
            _Frequency(exactly(moments), length, False) if moments and length == _A_DAY else Rhythm(why="no-frequency")
        )
    return _Frequency(Span(low, high or low), length, days in _MONTHS)


def _positive(repeat: Mapping[str, Any], key: str) -> Exact | None:
    """The number of an element, None where it is absent, 0 where it is there but is no positive number."""
    value = repeat.get(key)
    if value is None:
        return None
    number = exact(value)
    return number if number is not None and number > 0 else 0


_A_DAY, _A_WEEK = exactly(1), exactly(7)


def _held_against(frequency: _Frequency, moments: int, weekdays: int) -> Rhythm:
    """The rhythm of a frequency that times of day and days of the week must fit."""
    times, days, per_day = frequency.times, frequency.days, frequency.per_day()
    if weekdays == 1 and days.low > 7 and over(days.low, 7).denominator == 1 and times == exactly(moments or 1):
        return Rhythm(per_day)  # every 2 weeks on Monday
    if weekdays and days == _A_WEEK:
        agrees = times == exactly(weekdays * (moments or 1))
        return Rhythm(per_day) if agrees else Rhythm(why="timing-disagrees")
    on_a_day = per_day if days.high <= 1 else times
    fits = not moments or on_a_day.low <= moments <= on_a_day.high or (moments == 1 and days.low > 1 >= per_day.high)
    if not fits or (weekdays and days != _A_DAY):
        return Rhythm(why="timing-disagrees")
    return Rhythm(per_day.times(over(weekdays or 7, 7)), monthly=frequency.calendar)
