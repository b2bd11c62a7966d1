"""Whole calls, as an EHR sends them, and what comes back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.checklist import faults_in_answer, faults_in_discovery
from tests.conversations.conversation import differences, language_of, read
from tests.service import Service

FILES = sorted(Path(__file__).parent.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_conversation_comes_out_as_written(file: Path, wane_on: Callable[[date], Service]) -> None:
    told = read(file)
    answer = wane_on(told.today).call(told.method, told.path, content=told.content, headers=told.sent_headers)
    body = answer.json()
    if told.method == "GET" and answer.status == 200:
        assert faults_in_discovery(body) == [], told.name
    else:
        assert faults_in_answer(answer.status, body, request=told.body) == [], told.name
    assert differences(told.expect, answer.status, body) == [], told.name


def test_every_file_has_its_own_name() -> None:
    names = [read(file).name for file in FILES]
    assert len(names) > 80
    assert sorted(set(names)) == sorted(names)


ANSWER = {
    "cards": [
        {
            "summary": "Baclofen 81 mg/day is not recommended for relapse prevention.",
            "detail": "Licensed for it: acamprosate.",
            "indicator": "warning",
            "source": {"topic": {"code": "baclofen-alcohol"}},
            "extension": {
                "org.wane.advice": {
                    "about": "MedicationRequest/1",
                    "rules": [{"id": "baclofen-alcohol", "say": "against"}],
                    "gaps": [{"missing": "statements"}],
                }
            },
        }
    ]
}


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ({"status": 412}, "status 200, expected 412"),
        ({"body": {"cards": []}}, "the answer is"),
        ({"cards": []}, "1 cards, expected 0"),
        ({"cards": [{"about": "MedicationRequest/2"}]}, "no card about MedicationRequest/2"),
        ({"cards": [{"rule": "bzra-taper"}]}, "led by baclofen-alcohol, expected bzra-taper"),
        ({"cards": [{"say": "question"}]}, "says against, expected question"),
        ({"cards": [{"indicator": "info"}]}, "indicator warning, expected info"),
        ({"cards": [{"suggestions": 2}]}, "suggestions: 0, expected 2"),
        ({"cards": [{"summary_contains": ["100"]}]}, "no 100 in Baclofen"),
        ({"cards": [{"detail_contains": [["nalmefene", "naltrexone"]]}]}, "no ['nalmefene', 'naltrexone'] in"),
        ({"cards": [{"lacks": ["ACAMPROSATE"]}]}, "ACAMPROSATE stands on the card"),
        ({"cards": [{"with_rules": ["baclofen-alcohol-dose"]}]}, "baclofen-alcohol-dose does not speak"),
        ({"cards": [{"without_rules": ["baclofen-alcohol"]}]}, "baclofen-alcohol speaks on the card"),
        ({"cards": [{"actions": ["update"]}]}, "no update is suggested"),
        ({"cards": [{"overrides": ["data-wrong"]}]}, "no override data-wrong"),
        ({"gaps": ["medications"]}, "no gap medications"),
        ({"language": "nl"}, "the card is in en, expected nl"),
        ({"explains": ["bzra-taper"]}, "bzra-taper is not explained"),
    ],
)
def test_an_answer_other_than_expected_is_noticed(expect: dict[str, Any], difference: str) -> None:
    found = differences({"status": 200} | expect, 200, ANSWER)
    assert [difference in each for each in found] == [True]


def test_an_answer_as_expected_has_no_differences() -> None:
    card = {"rule": "baclofen-alcohol", "summary_contains": ["BACLOFEN"], "detail_contains": [["x", "acamprosate"]]}
    assert differences({"status": 200, "cards": [card], "gaps": ["statements"]}, 200, ANSWER) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "Baclofen bij actieve alcoholafhankelijkheid: niet aanbevolen voor terugvalpreventie."),
        ("fr", "Baclofène et dépendance à l'alcool : déconseillé pour prévenir la rechute."),
        ("en", "Baclofen with active alcohol dependence is not recommended for relapse prevention."),
        ("de", "Baclofen bei aktiver Alkoholabhängigkeit: für die Rückfallprophylaxe nicht empfohlen."),
    ],
)
def test_a_language_is_known_by_its_common_words(language: str, text: str) -> None:
    assert language_of(text) == language
