"""Feedback read: what is needed is asked for with its place, and what clients send otherwise is understood."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cds_hooks.faults import RequestFault
from cds_hooks.feedback import OverrideReason, read_feedback
from tests.given import given_json

CARD = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
SUGGESTION = "e56e1945-20b3-4393-8503-a1a20fd73152"
ACCEPTED: dict[str, Any] = {
    "card": CARD,
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": SUGGESTION}],
    "outcomeTimestamp": "2026-11-21T08:30:00Z",
}
OVERRIDDEN: dict[str, Any] = {"card": CARD, "outcome": "overridden", "outcomeTimestamp": "2026-11-21T08:30:00Z"}


def one(item: dict[str, Any]) -> Any:
    [read] = read_feedback({"feedback": [item]})
    return read


def test_a_batch_is_read_in_its_order_and_may_repeat_a_card() -> None:
    read = read_feedback({"feedback": [ACCEPTED, OVERRIDDEN, ACCEPTED]})
    assert [each.outcome for each in read] == ["accepted", "overridden", "accepted"]
    assert read[0] == read[2]
    assert read[0].suggestions == (SUGGESTION,)


def test_an_empty_batch_says_nothing() -> None:
    assert read_feedback({"feedback": []}) == ()


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2026-11-21T08:30:00Z", 0),
        ("2026-11-21T08:30:00+00:00", 0),
        ("2026-11-21t08:30:00z", 0),
        ("2026-11-21T09:30:00+01:00", 0),
        ("2026-11-21T08:30:00.250Z", 0.25),
        ("2026-11-21T08:30:00.250000999Z", 0.25),
    ],
)
def test_a_moment_is_read_as_utc(written: str, seconds: float) -> None:
    at = one({**OVERRIDDEN, "outcomeTimestamp": written}).at
    assert at == datetime(2026, 11, 21, 8, 30, tzinfo=UTC) + timedelta(seconds=seconds)
    assert at.tzinfo is UTC


CODE = "patient-declined"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ({"reason": {"code": CODE, "system": "https://a.example"}}, OverrideReason(CODE, "https://a.example")),
        ({"reason": {"code": CODE}}, OverrideReason(CODE)),
        ({"reason": {"code": CODE, "display": "He will not"}}, OverrideReason(CODE)),
        ({"reason": {"code": CODE}, "userComment": "Mrs Peeters"}, OverrideReason(CODE, commented=True)),
        ({"userComment": "Mrs Peeters"}, OverrideReason(commented=True)),
        ({"code": CODE, "system": "https://a.example"}, OverrideReason(CODE, "https://a.example")),
        ({"reasonCode": CODE}, OverrideReason(CODE)),
        ({"reasonCode": {"code": CODE, "system": "https://a.example"}}, OverrideReason(CODE, "https://a.example")),
    ],
    ids=[
        "none",
        "coding",
        "without system",
        "with display",
        "both",
        "comment only",
        "bare",
        "code in 1.0",
        "coding in 1.0",
    ],
)
def test_a_reason_is_read_in_the_forms_clients_send(given: object, read: object) -> None:
    assert one({**OVERRIDDEN, "overrideReason": given}).reason == read


def without(item: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != name}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], "$this"),
        ({}, "feedback"),
        ({"feedback": OVERRIDDEN}, "feedback"),
        ({"feedback": [OVERRIDDEN, "x"]}, "feedback[1]"),
        ({"feedback": [without(OVERRIDDEN, "card")]}, "feedback[0].card"),
        ({"feedback": [{**OVERRIDDEN, "card": " "}]}, "feedback[0].card"),
        ({"feedback": [{**OVERRIDDEN, "card": 7}]}, "feedback[0].card"),
        ({"feedback": [without(OVERRIDDEN, "outcome")]}, "feedback[0].outcome"),
        ({"feedback": [{**OVERRIDDEN, "outcome": "ignored"}]}, "feedback[0].outcome"),
        ({"feedback": [{**OVERRIDDEN, "outcome": "Accepted"}]}, "feedback[0].outcome"),
        ({"feedback": [without(OVERRIDDEN, "outcomeTimestamp")]}, "feedback[0].outcomeTimestamp"),
        *(
            ({"feedback": [{**OVERRIDDEN, "outcomeTimestamp": wrong}]}, "feedback[0].outcomeTimestamp")
            for wrong in (
                "2026-11-21",
                "2026-11-21T08:30:00",
                "2026-13-21T08:30:00Z",
                "0001-01-01T00:00:00+14:00",
                "now",
                5,
            )
        ),
        ({"feedback": [without(ACCEPTED, "acceptedSuggestions")]}, "feedback[0].acceptedSuggestions"),
        ({"feedback": [{**ACCEPTED, "acceptedSuggestions": []}]}, "feedback[0].acceptedSuggestions"),
        ({"feedback": [{**ACCEPTED, "acceptedSuggestions": [SUGGESTION]}]}, "feedback[0].acceptedSuggestions[0]"),
        ({"feedback": [{**ACCEPTED, "acceptedSuggestions": [{}]}]}, "feedback[0].acceptedSuggestions[0].id"),
        ({"feedback": [{**OVERRIDDEN, "overrideReason": {}}]}, "feedback[0].overrideReason"),
        ({"feedback": [{**OVERRIDDEN, "overrideReason": "x"}]}, "feedback[0].overrideReason"),
        ({"feedback": [{**OVERRIDDEN, "overrideReason": {"reason": 7}}]}, "feedback[0].overrideReason.reason"),
        ({"feedback": [{**OVERRIDDEN, "overrideReason": {"reason": {}}}]}, "feedback[0].overrideReason.reason.code"),
        (
            {"feedback": [{**OVERRIDDEN, "overrideReason": {"reason": {"code": "x", "system": 1}}}]},
            "feedback[0].overrideReason.reason.system",
        ),
        (
            {"feedback": [{**OVERRIDDEN, "overrideReason": {"userComment": 1}}]},
            "feedback[0].overrideReason.userComment",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_without_its_value(body: object, path: str) -> None:
    with pytest.raises(RequestFault) as told:
        read_feedback(body)
    assert told.value.path == path
    assert CARD not in str(told.value)


@pytest.mark.parametrize("name", ["spec201-18", "spec201-19", "spec201-20", "spec3-21", "spec3-22", "spec3-23"])
def test_the_feedback_of_the_specification_is_read(name: str) -> None:
    assert len(read_feedback(given_json("cds-hooks", "vectors", "spec-examples", f"{name}.json"))) == 1
