"""Timing → times per day."""

from fractions import Fraction
from typing import Any

import pytest

from app.intake.timing import read_timing

GTS = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation"
ABBREVIATION = "http://terminology.hl7.org/CodeSystem/timing-abbreviation"
DAY: dict[str, Any] = {"period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    ("repeat", "low", "high"),
    [
        ({"frequency": 3, **DAY}, 3, 3),
        ({"frequency": 1, "frequencyMax": 2, **DAY}, 1, 2),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, 3, 3),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, 4, 6),
        ({"frequency": 1, "period": 2, "periodUnit": "d"}, Fraction(1, 2), Fraction(1, 2)),
        ({"frequency": 3, "period": 1, "periodUnit": "wk"}, Fraction(3, 7), Fraction(3, 7)),
        ({"frequency": 1, "period": 72, "periodUnit": "h"}, Fraction(1, 3), Fraction(1, 3)),
        ({"frequency": 1, "period": 1, "periodUnit": "mo"}, Fraction(16, 487), Fraction(16, 487)),
        ({"when": ["MORN", "EVE"]}, 2, 2),
        ({"when": ["HS"]}, 1, 1),
        ({"timeOfDay": ["08:00:00", "14:00", "20:00:00"]}, 3, 3),
        ({"dayOfWeek": ["mon", "wed", "fri"]}, Fraction(3, 7), Fraction(3, 7)),
        ({"dayOfWeek": ["mon", "fri"], "when": ["MORN", "EVE"]}, Fraction(4, 7), Fraction(4, 7)),
        ({"frequency": 2, **DAY, "dayOfWeek": ["mon", "wed", "fri"]}, Fraction(6, 7), Fraction(6, 7)),
        ({"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["wed"]}, Fraction(1, 7), Fraction(1, 7)),
        ({"frequency": 1, "period": 2, "periodUnit": "wk", "dayOfWeek": ["mon"]}, Fraction(1, 14), Fraction(1, 14)),
        ({"frequency": 2, **DAY, "when": ["CM", "CV"]}, 2, 2),
        ({"frequency": 3, **DAY, "when": ["AC"]}, 3, 3),
        ({"frequency": 1, "period": 12, "periodUnit": "h", "timeOfDay": ["08:00:00", "20:00:00"]}, 2, 2),
        ({"frequency": 1, "period": 2, "periodUnit": "d", "when": ["MORN"]}, Fraction(1, 2), Fraction(1, 2)),
        ({"frequency": 2, "period": 2, "periodUnit": "d", "when": ["MORN", "EVE"]}, 1, 1),
        ({**DAY, "timeOfDay": ["08:00:00", "20:00:00"]}, 2, 2),
        ({"frequency": "3", "period": "1.0", "periodUnit": "d"}, 3, 3),
    ],
)
def test_a_repeat_is_a_number_of_times_per_day(repeat: dict[str, Any], low: object, high: object) -> None:
    rhythm = read_timing({"repeat": repeat})

    assert rhythm.per_day is not None, rhythm.why
    assert (rhythm.per_day.low, rhythm.per_day.high) == (low, high)


@pytest.mark.parametrize(
    ("code", "times"),
    [
        *[("BID", 2), ("TID", 3), ("QID", 4), ("QD", 1), ("QOD", Fraction(1, 2)), ("AM", 1), ("PM", 1), ("BED", 1)],
        *[("Q4H", 6), ("Q6H", 4), ("Q8H", 3), ("q12h", 2), ("WK", Fraction(1, 7)), ("MO", Fraction(16, 487))],
    ],
)
@pytest.mark.parametrize("system", [GTS, ABBREVIATION, None])
def test_an_abbreviation_is_read_under_both_uris_and_without(code: str, times: object, system: str | None) -> None:
    rhythm = read_timing({"code": {"coding": [{"system": system, "code": code}]}})

    assert rhythm.per_day is not None
    assert rhythm.per_day.low == times


@pytest.mark.parametrize(
    ("timing", "why"),
    [
        (None, "no-frequency"),
        ({}, "no-frequency"),
        ({"repeat": {"frequency": 3}}, "no-frequency"),
        ({"repeat": {"frequency": 3, "period": 1}}, "no-frequency"),
        ({"repeat": {"frequency": 3, "periodUnit": "d"}}, "no-frequency"),
        ({"repeat": {**DAY}}, "no-frequency"),
        ({"repeat": {"period": 6, "periodUnit": "h"}}, "no-frequency"),
        ({"repeat": {"period": 2, "periodUnit": "d", "when": ["MORN"]}}, "no-frequency"),
        ({"repeat": {"frequency": 0, **DAY}}, "timing-not-understood"),
        ({"repeat": {"frequency": -1, **DAY}}, "timing-not-understood"),
        ({"repeat": {"frequency": True, **DAY}}, "timing-not-understood"),
        ({"repeat": {"frequency": 3, "period": 1, "periodUnit": "fortnight"}}, "timing-not-understood"),
        ({"repeat": {"frequency": 3, "frequencyMax": 2, **DAY}}, "timing-not-understood"),
        ({"repeat": {"frequency": 1, "period": 6, "periodMax": 4, "periodUnit": "h"}}, "timing-not-understood"),
        ({"repeat": {"when": ["C"]}}, "timing-not-understood"),
        ({"repeat": {"when": ["BREAKFAST"]}}, "timing-not-understood"),
        ({"repeat": {"when": []}}, "timing-not-understood"),
        ({"repeat": {"when": "HS"}}, "timing-not-understood"),
        ({"repeat": {"frequency": 1, **DAY, "dayOfWeek": []}}, "timing-not-understood"),
        ({"repeat": {"timeOfDay": ["25:00:00"]}}, "timing-not-understood"),
        ({"repeat": {"timeOfDay": ["08:00:00"], "frequency": 2, **DAY}}, "timing-disagrees"),
        ({"repeat": {"when": ["MORN", "EVE"], "frequency": 1, **DAY}}, "timing-disagrees"),
        ({"repeat": {"when": ["MORN"], "timeOfDay": ["08:00:00", "20:00:00"]}}, "timing-disagrees"),
        ({"repeat": {"frequency": 1, "period": 3, "periodUnit": "mo", "dayOfWeek": ["tue"]}}, "timing-disagrees"),
        ({"repeat": {"frequency": 1, **DAY}, "code": {"coding": [{"code": "BID"}]}}, "timing-disagrees"),
        ({"code": {"coding": [{"code": "BID"}, {"code": "TID"}]}}, "timing-disagrees"),
        ({"code": {"coding": [{"code": "BID", "system": "http://example.org/local"}]}}, "timing-not-understood"),
        ({"code": {"text": "as told"}}, "timing-not-understood"),
        ({"repeat": [{"frequency": 3, **DAY}]}, "timing-not-understood"),
        ("3 times a day", "timing-not-understood"),
        ({"event": ["2024-01-01", "2024-01-08"]}, "timing-not-understood"),
        ({"repeat": {"frequency": 1, **DAY}, "modifierExtension": [{"url": "x"}]}, "unknown-modifier"),
        (
            {"repeat": {"frequency": 1, **DAY, "extension": [{"url": "http://hl7.org/fhir/timing-daysOfCycle"}]}},
            "cyclic-schedule",
        ),
    ],
)
def test_timing_that_is_not_told_or_contradicts_itself_gives_its_reason(timing: object, why: str) -> None:
    rhythm = read_timing(timing)

    assert rhythm.per_day is None
    assert rhythm.why == why


@pytest.mark.parametrize(
    "timing", [{"repeat": {"count": 1}}, {"repeat": {"count": 1, "frequency": 1, **DAY}}, {"event": ["2024-09-01"]}]
)
def test_a_count_of_one_or_one_event_is_a_single_dose(timing: object) -> None:
    assert read_timing(timing).once


def test_a_frequency_that_only_has_a_maximum_bounds_and_tells_no_frequency() -> None:
    rhythm = read_timing({"repeat": {"frequencyMax": 4, **DAY}})

    assert rhythm.per_day is None
    assert rhythm.at_most == 4
