import asyncio

import pytest

from app.readiness import Check, Readiness
from tests.checklist import faults_in_operation_outcome
from tests.service import Service


def says(reason: str | None) -> Check:
    async def check() -> str | None:
        return reason

    return check


def test_a_process_is_ready_when_no_check_says_otherwise() -> None:
    readiness = Readiness()
    readiness.add("journal", says(None))
    assert asyncio.run(readiness.reasons()) == {}


def test_a_check_that_fails_is_told_by_name() -> None:
    readiness = Readiness()
    readiness.add("journal", says("The journal cannot be written."))
    assert asyncio.run(readiness.reasons()) == {"journal": "The journal cannot be written."}


def test_a_check_that_hangs_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs() -> str | None:
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr("app.readiness._PATIENCE", 0.01)
    readiness = Readiness()
    readiness.add("journal", hangs)
    assert list(asyncio.run(readiness.reasons())) == ["journal"]


def test_ready_answers_503_with_every_reason_and_live_goes_on(wane: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    assert wane.call("GET", "/health/ready").json()["status"] == "ready"

    async def reasons(_: Readiness) -> dict[str, str]:
        return {"journal": "The journal cannot be written.", "b": "Second."}

    monkeypatch.setattr(Readiness, "reasons", reasons)
    answer = wane.call("GET", "/health/ready")
    assert answer.status == 503
    assert answer.headers["retry-after"] == "1"
    assert faults_in_operation_outcome(answer.json()) == []
    assert [issue["details"]["text"] for issue in answer.json()["issue"]] == [
        "The journal cannot be written.",
        "Second.",
    ]
    assert wane.call("GET", "/health/live").status == 200
