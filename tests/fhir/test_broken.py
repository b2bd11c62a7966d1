"""Whatever is sent to $advise is answered or refused where it is wrong, and never breaks it."""

import json
from codecs import BOM_UTF8
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.checklist import faults_in_operation_outcome
from tests.conformance.bundles import faults_in_account, faults_in_bundle, number_of_entries
from tests.fhir.conftest import PATH, Sent
from tests.fhir.records import baclofen, bundle, patient
from tests.given import given
from tests.service import Service

FHIR = {"Content-Type": "application/fhir+json", "Accept-Language": "en"}
FOLDERS = ("broken_fhir", "broken_json_suite", "cds_hooks", "medicationrequest_national", "taper")
WRAPPED = b'{"resourceType":"Bundle","type":"collection","entry":[{"resource":%s}]}'


def faults_in(content: bytes, wane: Service) -> list[str]:
    answer = wane.call("POST", PATH, content=content, headers=FHIR)
    if answer.status == 200:
        body = answer.json()
        return faults_in_bundle(body) + faults_in_account(body, number_of_entries(json.loads(content)))
    outcome = answer.json()
    told = [f"status {answer.status}"] if answer.status not in (400, 413) else []
    issue: dict[str, Any] = outcome["issue"][0]
    placed = issue.get("expression") or "line" in issue["details"]["text"]
    return told + ([] if placed else ["it names no place"]) + faults_in_operation_outcome(outcome)


@pytest.mark.parametrize("folder", FOLDERS)
def test_other_peoples_broken_files_are_answered_or_refused_with_their_place(folder: str, wane: Service) -> None:
    files = [path for path in sorted(given("corpus", folder).iterdir()) if path.is_file()]
    found = {path.name: faults_in(path.read_bytes(), wane) for path in files}
    assert {name: told for name, told in found.items() if told} == {}


def test_other_peoples_broken_files_cost_their_entry_only(wane: Service) -> None:
    files = [path for path in sorted(given("corpus", "broken_fhir").iterdir()) if path.is_file()]
    found = {path.name: faults_in(WRAPPED % path.read_bytes(), wane) for path in files}
    assert {name: told for name, told in found.items() if told} == {}


def answered(path: Path, wane: Service) -> int:
    return wane.call("POST", PATH, content=path.read_bytes(), headers=FHIR).status


def test_other_peoples_bundles_are_all_judged(wane: Service) -> None:
    files = sorted(given("corpus", "bundles").glob("*.json"))
    found = {path.name: faults_in(path.read_bytes(), wane) for path in files}
    assert {name: told for name, told in found.items() if told} == {}
    assert Counter(answered(path, wane) for path in files[:10]) == {200: 10}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ([], "resourceType"),
        ("Bundle", "resourceType"),
        (patient(), "resourceType"),
        ({"resourceType": "Bundle", "type": "collection", "entry": "none"}, "Bundle.entry"),
        ({"resourceType": "Parameters"}, "Parameters.parameter"),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "bundle", "resource": patient()}]},
            "Parameters.parameter[0].resource",
        ),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "bundle", "resource": bundle()}, {"name": "judge"}]},
            "Parameters.parameter[1]",
        ),
        (
            {
                "resourceType": "Parameters",
                "parameter": [{"name": "judges", "valueCode": "orders"}, {"name": "bundle", "resource": bundle()}],
            },
            "Parameters.parameter[0]",
        ),
    ],
)
def test_what_is_no_request_is_refused_where_it_stands(post_advise: Sent, body: object, where: str) -> None:
    answer = post_advise(body)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert answer.json()["issue"][0]["expression"] == [where]


@pytest.mark.parametrize(
    "query",
    [
        "judge=both",
        "complete=observations",
        "date=soon",
        "date=2026-13-01",
        "language=it",
        "country=Belgium",
        "jugde=orders",
        "judge=orders&judge=review",
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_its_name(post_advise: Sent, query: str) -> None:
    answer = post_advise(bundle(patient()), f"?{query}")
    assert answer.status == 400
    assert answer.json()["issue"][0]["expression"] == [f"http.{query.partition('=')[0]}"]


def test_an_order_that_is_not_there_is_refused(post_advise: Sent) -> None:
    answer = post_advise(bundle(patient()), "?order=MedicationRequest/x")
    assert (answer.status, answer.json()["issue"][0]["code"]) == (400, "not-found")


def test_what_is_nested_too_deep_is_refused_with_its_place(wane: Service) -> None:
    deep = b'{\n "a": ' + b"[" * 200 + b"]" * 200 + b"}"
    answer = wane.call("POST", PATH, content=deep, headers=FHIR)
    assert answer.status == 400
    assert "line 2, column 106" in answer.json()["issue"][0]["details"]["text"]


@pytest.mark.parametrize("handling", ["lenient", "strict"])
def test_a_byte_order_mark_before_the_body_is_not_minded(wane: Service, handling: str) -> None:
    content = json.dumps(bundle(patient(), baclofen())).encode()
    headers = {**FHIR, "Prefer": f"handling={handling}"}
    plain, marked = (wane.call("POST", PATH, content=each, headers=headers) for each in (content, BOM_UTF8 + content))
    assert (marked.status, marked.content) == (200, plain.content)
