"""No patient data in logs, metrics and error bodies (DESIGN invariant 7): every string of a request is a canary, and no
canary is ever found where it must not be."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.logs import JsonLines
from app.settings import Settings
from cds_hooks.hooks import HOOKS as KNOWN_HOOKS
from tests.checklist import faults_in_operation_outcome
from tests.service import Answer, Service, service_on

EXAMPLES = sorted((Path(__file__).parents[2] / "app/pages/examples").glob("*.json"))
SELECT = "/cds-services/order-select"
TODAY = date(2026, 11, 21)

# Strings without which a call is not the call it is: everything else is free to be anything.
VOCABULARY = {"hook", "resourceType", "system", "code", "status", "intent", "type", "periodUnit", "unit", "country"}
DATES = re.compile(r"\d{4}-\d{2}")


@dataclass
class Field:
    """Where canaries are sown: the same string always becomes the same canary, so that references still lead somewhere."""

    sown: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def canary(self, seed: str) -> str:
        return self.sown.setdefault(seed, f"kanarie{len(self.sown):04}<b>&\"'é")

    def everywhere(self, value: Any, key: str = "", *, vocabulary: bool = True) -> Any:
        """The value with a canary for every string, and a further member of an unknown name in every object."""
        if isinstance(value, dict):
            grown = {name: self.everywhere(item, name, vocabulary=vocabulary) for name, item in value.items()}
            return {**grown, self.canary(f"key {key} {len(self.sown)}"): self.canary(f"value {len(self.sown)}")}
        if isinstance(value, list):
            return [self.everywhere(item, key, vocabulary=vocabulary) for item in value]
        if not isinstance(value, str):
            return value
        if key in ("hook", "resourceType") or (vocabulary and (key in VOCABULARY or DATES.match(value))):
            self.kept.add(value)
            return value
        kind, slash, identity = value.partition("/")
        return f"{kind}/{self.canary(identity)}" if slash and kind.isalpha() else self.canary(value)

    @property
    def telling(self) -> set[str]:
        """What may not be told: every canary, and of what was kept every code, date and address."""
        return {"kanarie"} | {kept for kept in self.kept if len(kept) > 4 and re.search(r"\d|://", kept)}


HEADERS = {
    "Content-Type": "application/json",
    "Authorization": "Bearer kanarie-token",
    "Cookie": "kanarie=kanarie",
    "User-Agent": "kanarie-agent",
    "Referer": "https://kanarie.example/kanarie",
    "Origin": "https://kanarie.example",
    "X-Forwarded-For": "kanarie",
    "X-Request-Id": "kanarie-request",
    "X-kanarie": "kanarie",
    "Accept-Language": "kanarie, en;q=kanarie",
    "Prefer": "kanarie=kanarie",
}


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Every line of the log as it would be written, of every logger at its finest."""
    written: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(JsonLines().format(record))

    root, listener = logging.getLogger(), Listener()
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(listener)


@pytest.fixture
def wane() -> Iterator[Service]:
    with service_on(TODAY, Settings(max_body_bytes=50_000)) as service:
        yield service


def sent(wane: Service, body: object, path: str = SELECT, method: str = "POST", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wane.call(method, f"{path}?kanarie=kanarie", content=content, headers={**HEADERS, **headers})


def no_canary(telling: set[str], wane: Service, log: list[str], answer: Answer | None = None) -> None:
    metrics = wane.call("GET", "/metrics").content.decode()
    places = {"log": "\n".join(log), "metrics": metrics}
    if answer is not None:
        assert faults_in_operation_outcome(answer.json()) == []
        places |= {"body": answer.content.decode(), "headers": str(answer.headers)}
    for place, text in places.items():
        assert not [value for value in telling if value in text], place


def example(name: str) -> Any:
    return json.loads(next(path for path in EXAMPLES if path.name.startswith(name)).read_bytes())


HOOKS = [path for path in EXAMPLES if path.name.split(".")[0] in KNOWN_HOOKS]


@pytest.mark.parametrize("path", HOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("query", ["", "&explain=true"])
def test_an_answer_tells_nothing_of_the_patient_to_log_and_metrics(
    wane: Service, log: list[str], path: Path, query: str
) -> None:
    sowing = Field()
    body = sowing.everywhere(json.loads(path.read_bytes()))
    answer = sent(wane, body, f"/cds-services/{body['hook']}")
    assert answer.status == 200
    assert bool(answer.json()["cards"]) == ("spasticity" not in path.name)
    assert any('"event":"call"' in line for line in log)
    no_canary(sowing.telling, wane, log)


@pytest.mark.parametrize("path", sorted({*EXAMPLES} - {*HOOKS}), ids=lambda path: path.stem)
def test_a_dose_tells_nothing_of_the_patient_to_log_and_metrics(wane: Service, log: list[str], path: Path) -> None:
    sowing = Field()
    answer = sent(wane, sowing.everywhere(json.loads(path.read_bytes())), "/fhir/MedicationRequest/$daily-dose")
    assert answer.status in (200, 400)
    no_canary(sowing.telling, wane, log, None if answer.status == 200 else answer)


def test_a_call_of_nothing_but_canaries_tells_nothing(wane: Service, log: list[str]) -> None:
    sowing = Field()
    body = sowing.everywhere(example("order-select.baclofen-for-alcohol"), vocabulary=False)
    assert sent(wane, body).status == 200
    no_canary(sowing.telling, wane, log)


def test_resources_under_a_key_the_client_chose_tell_nothing_when_they_cannot_be_read(
    wane: Service, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("kanarie")

    monkeypatch.setattr("app.intake.record.read_problem", fail)
    sowing = Field()
    body = sowing.everywhere(example("order-select.baclofen-for-alcohol"))
    body["prefetch"]["kanarie-key"] = body["prefetch"].pop("conditions")
    sent(wane, body)
    assert any("resource not readable" in line for line in log)
    no_canary(sowing.telling, wane, log)


def test_a_rule_that_fails_tells_its_kind_of_failure_and_no_value(
    wane: Service, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("kanarie")

    monkeypatch.setattr("knowledge.advise.judge", fail)
    sowing = Field()
    answer = sent(wane, sowing.everywhere(example("order-select.baclofen-for-alcohol")))
    assert "rule-failed" in answer.content.decode()
    assert any('"rule failed"' in line and '"error":"KeyError"' in line for line in log)
    no_canary(sowing.telling, wane, log)
    assert 'wane_rule_failures_total{rule="baclofen-alcohol"} 1.0' in wane.call("GET", "/metrics").content.decode()


def without_medications(sowing: Field) -> Any:
    body = sowing.everywhere(example("patient-view"))
    del body["prefetch"]["medications"]
    return body


REFUSED = [
    ("broken JSON", 400, SELECT, "POST", b'{"hook": "kanarie", "kanarie', {}),
    ("not UTF-8", 400, SELECT, "POST", b'{"hook": "kanarie \xff"}', {}),
    ("another hook", 400, SELECT, "POST", {"hook": "kanarie", "hookInstance": "kanarie"}, {}),
    ("no context", 400, SELECT, "POST", {"hook": "order-select", "hookInstance": "kanarie", "kanarie": "kanarie"}, {}),
    ("wrong shape", 400, SELECT, "POST", {"hook": "order-select", "hookInstance": "k", "context": "kanarie"}, {}),
    ("wrong query", 400, f"{SELECT}?explain=kanarie&a=b", "POST", {}, {}),
    ("no such service", 404, "/cds-services/kanarie", "POST", {"kanarie": "kanarie"}, {}),
    ("no such address", 404, "/kanarie/kanarie", "GET", b"", {}),
    ("no such rule", 404, "/evidence/kanarie", "GET", b"", {}),
    ("no such file", 404, "/static/kanarie.js", "GET", b"", {}),
    ("wrong method", 405, SELECT, "DELETE", {"kanarie": "kanarie"}, {}),
    ("method nobody knows", 405, SELECT, "KANARIE", b"", {}),
    ("too large", 413, SELECT, "POST", {"kanarie": "kanarie" * 10_000}, {}),
    ("media type", 415, SELECT, "POST", {"kanarie": "kanarie"}, {"Content-Type": "kanarie/kanarie; kanarie=kanarie"}),
    ("encoding", 415, SELECT, "POST", b"kanarie", {"Content-Encoding": "kanarie"}),
]


@pytest.mark.parametrize(
    ("status", "path", "method", "body", "headers"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_refusal_tells_nothing_of_what_was_sent(
    wane: Service, log: list[str], status: int, path: str, method: str, body: object, headers: dict[str, str]
) -> None:
    answer = sent(wane, body, path, method, **headers)
    assert answer.status == status
    no_canary({"kanarie", "KANARIE"}, wane, log, answer)


def test_a_412_names_keys_and_no_values(wane: Service, log: list[str]) -> None:
    sowing = Field()
    answer = sent(wane, without_medications(sowing), "/cds-services/patient-view")
    assert answer.status == 412
    no_canary(sowing.telling, wane, log, answer)
    assert 'wane_gaps_total{missing="medications"} 1.0' in wane.call("GET", "/metrics").content.decode()


def test_a_500_tells_where_wane_failed_and_nothing_of_the_call(
    wane: Service, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(request: Any, *_: object) -> None:
        raise RuntimeError(f"kanarie {request}")

    monkeypatch.setattr("app.journal.answering.consult", fail)
    sowing = Field()
    answer = sent(wane, sowing.everywhere(example("order-select.baclofen-for-alcohol")))
    assert answer.status == 500
    assert any('"request failed"' in line and '"place":"fail:' in line for line in log)
    no_canary(sowing.telling, wane, log, answer)


def test_the_canaries_would_be_found(wane: Service, log: list[str]) -> None:
    logging.getLogger("app.test").warning("call", extra={"rule": "kanarie"})
    with pytest.raises(AssertionError, match="log"):
        no_canary({"kanarie"}, wane, log)


@pytest.mark.parametrize("outcome", ["overridden", "accepted", "kanarie0000"])
def test_feedback_tells_nothing_of_the_patient_to_log_and_metrics(wane: Service, log: list[str], outcome: str) -> None:
    sowing = Field()
    item = {
        "card": "the card",
        "outcomeTimestamp": "2026-11-21T08:30:00Z",
        "acceptedSuggestions": [{"id": "a suggestion"}],
        "overrideReason": {"reason": {"code": "x", "system": "y", "display": "z"}, "userComment": "who"},
    }
    body = sowing.everywhere({"feedback": [item]}, vocabulary=False)
    body["feedback"][0] |= {"outcome": outcome, "outcomeTimestamp": item["outcomeTimestamp"]}
    answer = wane.post("/cds-services/order-select/feedback", body)
    told = [answer.content.decode(), wane.call("GET", "/metrics").content.decode(), *log]
    assert answer.status == (400 if outcome.startswith("kanarie") else 200)
    assert not [each for each in told if "kanarie" in each]
