"""One error shape, for every kind of path that can fail; and CORS on all of them."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.errors import BodyTooLarge, Issue, ServiceFault, answer_to
from app.settings import read_settings
from cds_hooks.faults import RequestFault
from tests.checklist import faults_in_operation_outcome
from tests.service import Service, service_on

SELECT = "/cds-services/order-select"
JSON = {"Content-Type": "application/json"}
GOOD: dict[str, Any] = {
    "hook": "order-select",
    "hookInstance": "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7b09",
    "context": {
        "userId": "Practitioner/1",
        "patientId": "1",
        "selections": ["MedicationRequest/a"],
        "draftOrders": {"resourceType": "Bundle", "entry": []},
    },
}


def without(*path: str) -> bytes:
    body = json.loads(json.dumps(GOOD))
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return json.dumps(body).encode()


def changed(value: object, *path: str) -> bytes:
    body = json.loads(json.dumps(GOOD))
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.dumps(body).encode()


REFUSED = [
    ("broken JSON", "POST", SELECT, JSON, b'{"hook": ', 400, None),
    ("not UTF-8", "POST", SELECT, JSON, b'{"hook": "\xff"}', 400, None),
    ("NaN is no JSON", "POST", SELECT, JSON, b'{"hook": NaN}', 400, None),
    ("an empty body", "POST", SELECT, JSON, b"", 400, None),
    ("a list instead of a request", "POST", SELECT, JSON, b"[]", 400, None),
    ("nested too deep", "POST", SELECT, JSON, b"[" * 5000 + b"]" * 5000, 400, None),
    ("deep inside a string is not deep, but wrong", "POST", SELECT, JSON, json.dumps("[" * 500).encode(), 400, None),
    ("wrong media type", "POST", SELECT, {"Content-Type": "text/plain"}, b"{}", 415, None),
    ("a form", "POST", SELECT, {"Content-Type": "application/x-www-form-urlencoded"}, b"a=b", 415, None),
    ("unknown service", "POST", "/cds-services/tea-time", JSON, b"{}", 404, None),
    ("unknown address", "GET", "/no-such-page", {}, None, 404, None),
    ("unknown rule", "GET", "/evidence/no-such-rule", {}, None, 404, None),
    ("wrong method", "GET", SELECT, {}, None, 405, None),
    ("wrong method on discovery", "DELETE", "/cds-services", {}, None, 405, None),
    ("another hook", "POST", SELECT, JSON, changed("order-sign", "hook"), 400, "hook"),
    ("no hook", "POST", SELECT, JSON, without("hook"), 400, "hook"),
    ("no hookInstance", "POST", SELECT, JSON, without("hookInstance"), 400, "hookInstance"),
    ("hookInstance is a number", "POST", SELECT, JSON, changed(7, "hookInstance"), 400, "hookInstance"),
    ("hookInstance is empty", "POST", SELECT, JSON, changed("", "hookInstance"), 400, "hookInstance"),
    ("no context", "POST", SELECT, JSON, without("context"), 400, "context"),
    ("context is a list", "POST", SELECT, JSON, changed([], "context"), 400, "context"),
    ("no patientId", "POST", SELECT, JSON, without("context", "patientId"), 400, "context.patientId"),
    ("patientId is an object", "POST", SELECT, JSON, changed({}, "context", "patientId"), 400, "context.patientId"),
    ("no draftOrders", "POST", SELECT, JSON, without("context", "draftOrders"), 400, "context.draftOrders"),
    ("draftOrders is text", "POST", SELECT, JSON, changed("x", "context", "draftOrders"), 400, "context.draftOrders"),
    ("selections is text", "POST", SELECT, JSON, changed("x", "context", "selections"), 400, "context.selections"),
    ("prefetch is a list", "POST", SELECT, JSON, changed([], "prefetch"), 400, "prefetch"),
    ("fhirServer is a number", "POST", SELECT, JSON, changed(1, "fhirServer"), 400, "fhirServer"),
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "place"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
def test_what_is_refused_says_what_and_where(
    wane: Service, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int, place: str | None
) -> None:
    answer = wane.call(method, path, content=body, headers={**headers, "Origin": "https://ehr.example"})
    outcome = answer.json()
    assert answer.status == status
    assert faults_in_operation_outcome(outcome) == []
    assert outcome["issue"][0].get("expression") == ([place] if place else None)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


def test_the_request_these_refusals_start_from_is_answered(wane: Service) -> None:
    answer = wane.post(SELECT, GOOD)
    assert (answer.status, answer.json()) == (200, {"cards": []})


def test_members_nobody_knows_are_ignored(wane: Service) -> None:
    body = json.loads(json.dumps(GOOD))
    body["new"], body["context"]["new"], body["extension"] = 1, [], {"x": {"y": None}}
    assert wane.post(SELECT, body).status == 200


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service whose story itself breaks, which nothing but a bug can do."""

    def consult(*_: object) -> None:
        raise RuntimeError("patient Jansen")

    monkeypatch.setattr("app.journal.answering.consult", consult)
    with service_on(date(2026, 11, 21)) as service:
        yield service


def test_a_bug_gives_500_that_says_nothing_of_the_patient_and_carries_cors(failing: Service) -> None:
    answer = failing.post(SELECT, GOOD, Origin="https://ehr.example")
    assert answer.status == 500
    assert faults_in_operation_outcome(answer.json()) == []
    assert b"Jansen" not in answer.content
    assert answer.headers["access-control-allow-origin"] == "*"


def test_a_preflight_is_answered_without_authorization(wane: Service) -> None:
    headers = {
        "Origin": "https://sandbox.cds-hooks.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = wane.call("OPTIONS", SELECT, headers=headers)
    assert answer.status == 200
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize("kind", ServiceFault.__subclasses__())
def test_every_fault_has_a_status_of_its_own_and_an_outcome(kind: type[ServiceFault]) -> None:
    answer = answer_to(kind(Issue("processing", "Something is wrong. Do this next.")))
    assert answer.status == kind.status
    assert faults_in_operation_outcome(answer.body) == []


def test_no_two_faults_mean_the_same_status() -> None:
    statuses = [kind.status for kind in ServiceFault.__subclasses__()]
    assert len(statuses) == len(set(statuses))
    assert answer_to(RequestFault("context", "is missing.", "required")).status == 400
    assert answer_to(KeyError("Jansen")).body == answer_to(ValueError("other")).body


def test_a_body_over_the_limit_is_refused() -> None:
    with service_on(date(2026, 11, 21), replace(read_settings(), max_body_bytes=1000)) as service:
        answer = service.post(SELECT, {**GOOD, "extension": {"x": "y" * 2000}})
    assert answer.status == BodyTooLarge.status
    assert faults_in_operation_outcome(answer.json()) == []


def test_a_string_that_is_never_closed_is_refused_as_fast_as_any_other(wane: Service) -> None:
    began = time.perf_counter()
    answer = wane.call("POST", SELECT, content=b"[" * 200 + b'"' + b'\\"' * 200_000, headers=JSON)
    assert answer.status == 400
    assert time.perf_counter() - began < 2


def test_an_unknown_value_of_explain_is_refused_in_the_same_shape(wane: Service) -> None:
    answer = wane.post(f"{SELECT}?explain=jansen", GOOD)
    assert answer.status == 400
    assert faults_in_operation_outcome(answer.json()) == []
    assert b"jansen" not in answer.content


@pytest.mark.parametrize("path", ["/cds-services/", f"{SELECT}/", "/docs/"])
def test_nobody_is_sent_on_to_the_host_a_request_names(wane: Service, path: str) -> None:
    answer = wane.call("GET", path, headers={"Host": "elsewhere.example"})
    assert answer.status == 404
    assert faults_in_operation_outcome(answer.json()) == []
    assert "location" not in answer.headers
