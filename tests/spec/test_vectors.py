"""What others publish for CDS Hooks, sent to Wane: examples of the specification and of CRD, and HL7's validator cases.

Published responses and discoveries are held against the validator in tests/test_checklist.py; what a client sends is here.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cds_hooks.hooks import HOOKS
from tests.checklist import faults_in_answer, faults_in_operation_outcome
from tests.given import find, given
from tests.service import Answer, Service

INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
STRICT = {"Prefer": "handling=strict"}


def published(*folders: str) -> Iterator[tuple[str, Any]]:
    root = find("cds-hooks", "vectors")
    for path in sorted(Path(root, *folders).rglob("*.json")) if root else ():
        if path.parts[-2] == "java":
            continue
        try:
            yield path.stem, json.loads(path.read_bytes())
        except ValueError:
            continue


SPECIFICATION = dict(published("spec-examples"))
VALIDATOR = dict(published("fhir-test-cases", "validator"))
CRD = dict(published("crd"))


def having(vectors: dict[str, Any], *members: str) -> list[str]:
    return [name for name, body in vectors.items() if isinstance(body, dict) and set(members) <= set(body)]


def without_a_hook(member: str) -> list[str]:
    return [name for name in having(SPECIFICATION, member) if "hook" not in SPECIFICATION[name]]


def sent(wane: Service, body: dict[str, Any], **headers: str) -> Answer:
    answer = wane.post(f"/cds-services/{body['hook']}", body, **headers)
    if answer.status == 404:
        assert faults_in_operation_outcome(answer.json()) == []
    else:
        assert faults_in_answer(answer.status, answer.json(), request=body) == []
    return answer


def as_call(hook: str, **members: Any) -> dict[str, Any]:
    return {
        "hook": hook,
        "hookInstance": INSTANCE,
        "context": {"userId": "Practitioner/1", "patientId": "1"},
        **members,
    }


def test_what_is_published_is_there() -> None:
    given("cds-hooks", "vectors")
    assert (len(SPECIFICATION), len(VALIDATOR), len(CRD)) == (120, 22, 8)


@pytest.mark.parametrize("name", having(SPECIFICATION, "hook", "hookInstance"))
def test_a_request_of_the_specification_is_answered(wane: Service, name: str) -> None:
    body = SPECIFICATION[name]
    whole = body["hook"] in HOOKS and set(HOOKS[body["hook"]].required) <= set(body["context"])
    assert sent(wane, body).status in ((200, 412) if whole else (400,) if body["hook"] in HOOKS else (404,))


@pytest.mark.parametrize("name", having(CRD, "hook"))
def test_a_request_of_crd_is_answered(wane: Service, name: str) -> None:
    body = CRD[name]
    assert sent(wane, body).status in ((200, 412) if body["hook"] in HOOKS else (404,))


@pytest.mark.parametrize("name", without_a_hook("context"))
def test_a_context_of_the_hook_library_is_read(wane: Service, name: str) -> None:
    hook = next((hook for hook in HOOKS if name.startswith(f"lib-{hook}-")), "patient-view")
    answer = sent(wane, as_call(hook, context=SPECIFICATION[name]["context"]))
    missing = set(HOOKS[hook].required) - set(SPECIFICATION[name]["context"])
    assert answer.status in ((400,) if missing else (200, 412))


@pytest.mark.parametrize("name", without_a_hook("prefetch"))
def test_a_prefetch_of_the_specification_is_read(wane: Service, name: str) -> None:
    assert sent(wane, as_call("patient-view", prefetch=SPECIFICATION[name]["prefetch"])).status in (200, 412)


@pytest.mark.parametrize("name", without_a_hook("fhirAuthorization"))
def test_an_authorization_of_the_specification_is_read(wane: Service, name: str) -> None:
    more = {"fhirServer": "https://fhir.example", **SPECIFICATION[name]}
    assert sent(wane, as_call("patient-view", **more)).status == 412


@pytest.mark.parametrize("name", having(SPECIFICATION, "feedback"))
def test_feedback_of_the_specification_is_taken(wane: Service, name: str) -> None:
    assert wane.post("/cds-services/patient-view/feedback", SPECIFICATION[name]).status == 200


REQUESTS = having(VALIDATOR, "hook", "hookInstance")
# What HL7's validator says of them, as places. That a Bundle's entries need a fullUrl is not asked (checklist §14).
BAD = {
    "cdshooks-request-order-sign-bad-1": {
        "context.patientId",
        "context.draftOrders.entry[0].resource.status",
        "prefetch.item1.birthDate",
    },
    "cdshooks-request-order-sign-bad-2": {"context.patientId", "prefetch.item1"},
    "cdshooks-request-order-select-bad": {
        "context.patientId",
        "context.encounterId",
        "context.selections[0]",
        "prefetch.item1",
    },
    "cdshooks-request-patient-view-bad": {
        "context.patientId",
        "context.encounterId",
        "prefetch.item1",
        "prefetch.item2",
    },
}
REFUSED = "cdshooks-request-order-select-extensions"  # no draftOrders


@pytest.mark.parametrize("name", REQUESTS)
def test_a_case_of_the_validator_is_answered_as_far_as_it_can_be_understood(wane: Service, name: str) -> None:
    answer = sent(wane, VALIDATOR[name])
    assert answer.status in ((400,) if name == REFUSED else (200, 412))


@pytest.mark.parametrize("name", [name for name in REQUESTS if name not in BAD and name != REFUSED])
def test_a_good_case_of_the_validator_breaks_no_rule_of_cds_hooks(wane: Service, name: str) -> None:
    answer = sent(wane, VALIDATOR[name], **STRICT)
    told = answer.json().get("issue", [])
    assert [each for each in told if each["code"] not in ("invariant", "required")] == []


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_case_of_the_validator_is_refused_where_strictness_is_asked_for(wane: Service, name: str) -> None:
    if name not in VALIDATOR:
        given("cds-hooks", "vectors", "fhir-test-cases")
    answer = sent(wane, VALIDATOR[name], **STRICT)
    told = {place for each in answer.json()["issue"] for place in each.get("expression", ())}
    assert answer.status == 400
    assert {place for place in BAD[name] if not any(each.startswith(place) for each in told)} == set()
