from datetime import date

import pytest

from app.main import create_app
from app.readiness import Readiness
from app.settings import Settings
from tests.checklist import faults_in_operation_outcome
from tests.service import Service


def test_a_process_is_ready_when_no_check_says_otherwise() -> None:
    readiness = Readiness()
    readiness.add("journal", lambda: None)
    assert readiness.reasons() == {}


def test_a_check_that_fails_is_told_by_name() -> None:
    readiness = Readiness()
    readiness.add("journal", lambda: "The journal cannot be written.")
    assert readiness.reasons() == {"journal": "The journal cannot be written."}


def test_ready_answers_503_with_every_reason_and_live_goes_on(wane: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wane.call("GET", "/health/ready").json()["status"] == "ready"
    monkeypatch.setattr(Readiness, "reasons", lambda _: {"journal": "The journal cannot be written.", "b": "Second."})
    answer = wane.call("GET", "/health/ready")
    assert answer.status == 503
    assert answer.headers["retry-after"] == "1"
    assert faults_in_operation_outcome(answer.json()) == []
    assert [issue["details"]["text"] for issue in answer.json()["issue"]] == [
        "The journal cannot be written.",
        "Second.",
    ]
    assert wane.call("GET", "/health/live").status == 200


def test_others_can_add_a_check_to_the_application() -> None:
    app = create_app(Settings(), today=lambda: date(2026, 11, 21))
    app.state.readiness.add("journal", lambda: "Away.")
    assert app.state.readiness.reasons() == {"journal": "Away."}
