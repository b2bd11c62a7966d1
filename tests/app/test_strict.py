"""`Prefer: handling=strict`: every break of the rules is told, where otherwise what can be read is read."""

import json
from typing import Any

import pytest

from app.strict.validation import is_strict
from tests.checklist import faults_in_answer, faults_in_operation_outcome
from tests.service import Service

SELECT = "/cds-services/order-select"


def call() -> dict[str, Any]:
    return {
        "hook": "order-select",
        "hookInstance": "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7b09",
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "selections": ["MedicationRequest/a"],
            "draftOrders": {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [
                    {
                        "resource": {
                            "resourceType": "MedicationRequest",
                            "id": "a",
                            "status": "draft",
                            "intent": "order",
                            "subject": {"reference": "Patient/1"},
                            "medicationCodeableConcept": {"text": "baclofen 10 mg"},
                            "reasonCode": [{"text": "alcohol dependence"}],
                        }
                    }
                ],
            },
        },
        "prefetch": {"patient": None, "conditions": None, "medications": None},
    }


def told(wane: Service, body: dict[str, Any] | bytes, prefer: str = "handling=strict") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wane.call("POST", SELECT, content=content, headers={"Content-Type": "application/json", "Prefer": prefer})


def test_a_request_without_fault_is_answered_and_says_so(wane: Service) -> None:
    answer = told(wane, call())
    assert answer.status == 200
    assert answer.headers["preference-applied"] == "handling=strict"
    assert faults_in_answer(200, answer.json(), request=call()) == []
    assert len(answer.json()["cards"]) == 1


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("context", "patientId"), "Patient/1", "context.patientId"),
        (("context", "draftOrders", "entry", 0, "resource", "status"), "banana", "resource.status"),
        (("context", "draftOrders", "entry", 0, "resource", "kanarie"), "kanarie", "entry[0].resource"),
        (("context", "draftOrders", "entry", 0, "resource", "resourceType"), "Prescription", "resource.resourceType"),
        (("prefetch", "patient"), {"resourceType": "Patient", "birthDate": "kanarie"}, "prefetch.patient.birthDate"),
        (("prefetch", "patient"), {"resourceType": "Patient", "gender": "kanarie"}, "prefetch.patient.gender"),
    ],
)
def test_what_is_wrong_is_named_by_its_place_and_only_where_it_was_asked_for(
    wane: Service, path: tuple[str | int, ...], value: object, place: str
) -> None:
    body: Any = call()
    inner = body
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    answer = told(wane, body)
    assert (answer.status, faults_in_operation_outcome(answer.json())) == (400, [])
    assert any(place in each for issue in answer.json()["issue"] for each in issue.get("expression", ()))
    assert "kanarie" not in answer.content.decode()
    assert told(wane, body, "handling=lenient").status in (200, 412)


def test_a_key_that_stands_twice_is_told(wane: Service) -> None:
    body = json.dumps(call()).replace('"status": "draft"', '"status": "draft", "status": "active"').encode()
    answer = told(wane, body)
    assert answer.status == 400
    assert "stands twice" in answer.json()["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    ("header", "strict"),
    [
        (None, False),
        ("handling=lenient", False),
        ("handling=strict", True),
        ('respond-async, handling="strict"', True),
        ("Handling = Strict; x=1", True),
        ("mishandling=strict", False),
        ("handling=stricter", False),
    ],
)
def test_strictness_is_read_from_prefer(header: str | None, strict: bool) -> None:
    assert is_strict(header) == strict
