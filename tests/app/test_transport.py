"""What stands around every answer: who may read it in a browser, and that nobody keeps it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.settings import Settings
from app.settings.client import Client
from tests.service import Answer, Service, service_on

TODAY = date(2026, 11, 21)
ORIGIN = "https://ehr.example"
JSON = {"Content-Type": "application/json", "Origin": ORIGIN}
SELECT = "/cds-services/order-select"
MISSING = (
    b'{"hook": "patient-view", "hookInstance": "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7b09", "context": {"patientId": "1"}}'
)
# one answer of every status that a hook can have, and of other addresses
ANSWERS: dict[int, tuple[str, str, bytes | None]] = {
    200: ("GET", "/cds-services", None),
    400: ("POST", SELECT, b"{"),
    404: ("POST", "/cds-services/tea-time", b"{}"),
    405: ("GET", SELECT, None),
    412: ("POST", "/cds-services/patient-view", MISSING),
    413: ("POST", SELECT, b" " * 2000),
}


@pytest.fixture
def wane() -> Iterator[Service]:
    """Wane for two web pages, with small bodies."""
    settings = replace(Settings(), cors_origins=(ORIGIN, "https://other.example"), max_body_bytes=1000)
    with service_on(TODAY, settings) as service:
        yield service


def called(wane: Service, status: int, **headers: str) -> Answer:
    method, path, content = ANSWERS[status]
    answer = wane.call(method, path, content=content, headers={**JSON, **headers})
    assert answer.status == status
    return answer


@pytest.mark.parametrize("status", ANSWERS)
def test_a_browser_may_read_every_answer(wane: Service, status: int) -> None:
    answer = called(wane, status)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in called(wane, status, Origin="https://elsewhere.example").headers


@pytest.mark.parametrize("status", [status for status in ANSWERS if status != 200])
def test_nothing_about_a_patient_is_kept_on_the_way(wane: Service, status: int) -> None:
    assert called(wane, status).headers["cache-control"] == "no-store"


def test_feedback_and_its_summary_are_kept_by_nobody_on_the_way(wane: Service) -> None:
    sent = wane.call("POST", f"{SELECT}/feedback", content=b'{"feedback": []}', headers=JSON)
    told = [wane.call("GET", f"/feedback/summary?format={form}", headers=JSON) for form in ("json", "csv")]
    assert [(each.status, each.headers["cache-control"]) for each in (sent, *told)] == [(200, "no-store")] * 3
    assert {each.headers["access-control-allow-origin"] for each in (sent, *told)} == {ORIGIN}


def test_a_browser_may_read_why_it_was_not_let_in() -> None:
    client = Client(name="ward", unreviewed="show", tokens=(f"sha256:{'0' * 64}",))
    with service_on(TODAY, replace(Settings(), clients=(client,))) as wane:
        answer = wane.call("POST", SELECT, content=b"{}", headers=JSON)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (401, "*")
    assert answer.headers["cache-control"] == "no-store"


def test_discovery_is_not_sent_again_to_who_has_it(wane: Service) -> None:
    first = called(wane, 200)
    tag = first.headers["etag"]
    again = wane.call("GET", "/cds-services", headers={**JSON, "If-None-Match": f'"other", W/{tag}'})
    assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["access-control-allow-origin"] == ORIGIN
    assert wane.call("GET", "/cds-services", headers={**JSON, "If-None-Match": '"other"'}).status == 200


@pytest.mark.parametrize("path", ["/cds-services", SELECT, f"{SELECT}/feedback"])
def test_a_browser_may_ask_before_it_calls(wane: Service, path: str) -> None:
    asks: dict[str, Any] = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = wane.call("OPTIONS", path, headers=asks)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert {"authorization", "content-type"} <= set(answer.headers["access-control-allow-headers"].lower().split(", "))
