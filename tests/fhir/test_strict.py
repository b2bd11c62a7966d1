"""`Prefer: handling=strict`: whatever breaks FHIR R4 is refused where it stands; without it, it costs no more than itself."""

import json
from typing import Any

import pytest

from app.strict.bindings import _bindings
from tests.checklist import faults_in_operation_outcome
from tests.conformance.bindings import CODES, CONCEPTS
from tests.fhir.conftest import PATH, Advised, Sent
from tests.fhir.records import alcohol, at, baclofen, bundle, entries, found, lormetazepam, patient, rules_of
from tests.given import given
from tests.service import Service

STRICT = {"Prefer": "handling=strict"}
RECORD = bundle(patient(), alcohol(), baclofen(), lormetazepam())


def changed(place: int, **members: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(json.dumps(RECORD))
    body["entry"][place]["resource"].update(members)
    return body


def test_what_is_valid_is_judged_all_the_same(advised: Advised, post_advise: Sent) -> None:
    lenient, strict = advised(RECORD), post_advise(RECORD, **STRICT)
    assert strict.status == 200
    assert strict.json() == lenient
    assert strict.headers["preference-applied"] == "handling=strict"


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (changed(2, status="banana"), "code-invalid", "Bundle.entry[2].resource.status"),
        (changed(2, note="a note"), "value", "Bundle.entry[2].resource.note"),
        (changed(2, unheard="x"), "structure", "Bundle.entry[2].resource"),
        (changed(2, intent=None), "required", "Bundle.entry[2].resource.intent"),
        (changed(2, authoredOn="yesterday"), "value", "Bundle.entry[2].resource.authoredOn"),
        (
            changed(2, dosageInstruction=[{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "days"}}}]),
            "code-invalid",
            "Bundle.entry[2].resource.dosageInstruction[0].timing.repeat.periodUnit",
        ),
        (
            changed(2, contained=[{"resourceType": "Medication", "id": "m", "status": "gone"}]),
            "code-invalid",
            "Bundle.entry[2].resource.contained[0].status",
        ),
        (
            changed(1, clinicalStatus={"coding": [{"system": "urn:x", "code": "active"}]}),
            "code-invalid",
            "Bundle.entry[1].resource.clinicalStatus",
        ),
        ({**RECORD, "type": "heap"}, "code-invalid", "Bundle.type"),
        ({**RECORD, "type": None}, "required", "Bundle.type"),
        (entries({"request": {"method": "SHOUT", "url": "x"}}), "code-invalid", "Bundle.entry[0].request.method"),
        (bundle({"resourceType": "Prescription"}), "not-supported", "Bundle.entry[0].resource.resourceType"),
        (bundle(bundle(patient(gender="x"))), "code-invalid", "Bundle.entry[0].resource.entry[0].resource.gender"),
    ],
)
def test_what_breaks_fhir_is_refused_where_it_stands(post_advise: Sent, body: Any, code: str, where: str) -> None:
    answer = post_advise(body, **STRICT)
    assert answer.status == 400
    assert faults_in_operation_outcome(answer.json()) == []
    assert [(issue["code"], issue["expression"]) for issue in answer.json()["issue"]] == [(code, [where])]
    assert post_advise(body).status == 200, "without asking for it, nothing is refused"


def test_a_member_that_stands_twice_is_refused(wane: Service) -> None:
    content = json.dumps(RECORD).replace('"status": "draft"', '"status": "draft", "status": "active"', 1).encode()
    headers = {"Content-Type": "application/fhir+json"}
    answer = wane.call("POST", PATH, content=content, headers={**headers, **STRICT})
    assert answer.status == 400
    assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[2].resource"]
    assert wane.call("POST", PATH, content=content, headers=headers).status == 200


def test_every_fault_is_told_at_once(post_advise: Sent) -> None:
    body = changed(2, status="banana", intent="whim")
    body["entry"][3]["resource"]["priority"] = "now"
    assert len(post_advise(body, **STRICT).json()["issue"]) == 3


def test_no_value_that_was_sent_is_repeated(post_advise: Sent) -> None:
    body = changed(2, status="Jan Janssen", JanJanssen=1, authoredOn="Jan Janssen")
    assert b"Janssen" not in post_advise(body, **STRICT).content


def test_options_and_parameters_are_held_against_fhir_too(post_advise: Sent) -> None:
    body = {"resourceType": "Parameters", "parameter": [{"name": "bundle", "resource": RECORD}, {"nome": "judge"}]}
    places = [issue["expression"] for issue in post_advise(body, **STRICT).json()["issue"]]
    assert ["Parameters.parameter[1]"] in places


def test_a_dose_is_asked_for_strictly_as_well(wane: Service) -> None:
    path, body = "/fhir/MedicationRequest/$daily-dose", baclofen(status="banana")
    assert wane.post(path, body).status == 200
    assert wane.post(path, body, **STRICT).json()["issue"][0]["expression"] == ["MedicationRequest.status"]


def test_the_bindings_are_those_that_answers_are_held_against() -> None:
    paths, sets = _bindings()
    for kind in ("MedicationRequest", "Condition", "DetectedIssue", "GuidanceResponse", "RequestGroup"):
        for path, codes in CODES[kind].items():
            assert sets[paths[f"{kind}.{path}"]] == codes, (kind, path)
        for path, (system, codes) in CONCEPTS.get(kind, {}).items():
            assert sets[paths[f"{kind}.{path}"]] == {f"{system}|{code}" for code in codes}, (kind, path)


def test_other_peoples_bundles_are_judged_or_refused_with_every_place(wane: Service) -> None:
    headers = {"Content-Type": "application/fhir+json", **STRICT}
    statuses = set()
    for path in sorted(given("corpus", "bundles").glob("*.json"))[::6]:
        answer = wane.call("POST", PATH, content=path.read_bytes(), headers=headers)
        statuses.add(answer.status)
        if answer.status != 200:
            assert faults_in_operation_outcome(answer.json()) == [], path.name
            assert all(issue["expression"] for issue in answer.json()["issue"]), path.name
    assert statuses == {200, 400}


def test_lenient_costs_the_resource_only(advised: Advised) -> None:
    body = entries(at("urn:uuid:1", patient()), {"resource": 7}, at("urn:uuid:2", baclofen(note=5)))
    assert rules_of(advised(body)) == ["baclofen-alcohol"]
    assert found(advised(body), "GuidanceResponse")[0]["status"] == "data-requested"
