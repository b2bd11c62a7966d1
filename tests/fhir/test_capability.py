"""The CapabilityStatement is true: everything it claims is answered, and nothing else is there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.clients.door import hash_of
from app.main import create_app
from app.planning.asked import FIELDS
from app.planning.parameters import OWN
from app.settings import Settings
from app.settings.client import Client
from tests.conformance.place import Place
from tests.conformance.resources import faults_in_resource
from tests.conftest import TODAY
from tests.fhir.records import baclofen, bundle, patient
from tests.fhir.test_knowledge import get, read
from tests.service import Service, service_on

EXAMPLES = Path(__file__).parents[2] / "app" / "pages" / "examples"
STANDARD = "http://hl7.org/fhir/OperationDefinition/"
Claim = tuple[str, str]  # (method, path as the routes have it)


def statement(wane: Service) -> dict[str, Any]:
    return read(wane, "/metadata")


def claims(told: dict[str, Any]) -> set[Claim]:
    """The routes that the statement claims."""
    (rest,) = told["rest"]
    found: set[Claim] = {("GET", "/metadata")}
    for operation in rest["operation"]:
        found.add(("POST", f"/${operation['name']}"))
    for resource in rest["resource"]:
        kind = resource["type"]
        codes = {each["code"] for each in resource.get("interaction", ())}
        found |= {("GET", f"/{kind}/{{identity}}")} if "read" in codes else set()
        found |= {("GET", f"/{kind}"), ("POST", f"/{kind}/_search")} if "search-type" in codes else set()
        for operation in resource.get("operation", ()):
            name = operation["name"]
            found.add(("POST", f"/{kind}/${name}"))
            if operation["definition"].startswith(STANDARD):  # these may be got, and asked of one of them
                found |= {("GET", f"/{kind}/${name}")}
                found |= {(method, f"/{kind}/{{identity}}/${name}") for method in ("GET", "POST")}
    return found


def test_the_statement_is_valid(wane: Service) -> None:
    found: list[str] = []
    faults_in_resource(Place(statement(wane), found), "FHIR R4")
    assert found == []


def routes(of: Any) -> Iterator[Any]:
    """Every route, those of included routers as well."""
    for route in of.routes:
        if hasattr(route, "original_router"):
            yield from routes(route.original_router)
        yield route


def test_it_claims_every_route_there_is_and_no_other(wane: Service) -> None:
    there = {
        (method, route.path.removeprefix("/fhir"))
        for route in routes(create_app(Settings()))
        if getattr(route, "path", "").startswith("/fhir/")
        for method in route.methods
    }
    assert claims(statement(wane)) == there


def test_what_can_be_read_and_searched_is(wane: Service) -> None:
    for resource in statement(wane)["rest"][0]["resource"]:
        kind = resource["type"]
        if "interaction" not in resource:
            assert get(wane, f"/{kind}").status == 404
            continue
        page = read(wane, f"/{kind}")
        first = page["entry"][0]["resource"]
        assert read(wane, f"/{kind}/{first['id']}") == first
        for parameter in resource["searchParam"]:
            value = first["id"] if parameter["name"] == "_id" else first.get("url") or first["uniqueId"][0]["value"]
            found = read(wane, f"/{kind}?{parameter['name']}={value}")
            assert [each["resource"]["id"] for each in found["entry"]] == [first["id"]]
            assert read(wane, f"/{kind}?{parameter['name']}=none-such")["total"] == 0


def test_what_it_does_not_claim_is_not_answered(wane: Service) -> None:
    answers = [
        wane.call("PUT", "/fhir/ValueSet/rules", content=b"{}"),
        wane.call("DELETE", "/fhir/ValueSet/rules"),
        wane.post("/fhir/ValueSet", {"resourceType": "ValueSet"}),
        wane.call("GET", "/fhir/ValueSet/rules/_history"),
        wane.call("GET", "/fhir/Patient/1"),
        wane.post("/fhir", {"resourceType": "Bundle", "type": "batch"}),
    ]
    assert {answer.status for answer in answers} <= {404, 405}


def test_every_operation_it_names_is_defined_and_answers(wane: Service) -> None:
    (rest,) = statement(wane)["rest"]
    named = [("", each) for each in rest["operation"]]
    named += [(f"/{resource['type']}", each) for resource in rest["resource"] for each in resource.get("operation", ())]
    sent = {"advise": bundle(patient(), baclofen())}
    for path, operation in named:
        if not operation["definition"].startswith(STANDARD):
            url = operation["definition"]
            (defined,) = read(wane, f"/OperationDefinition?url={url}")["entry"]
            assert defined["resource"]["code"] == operation["name"]
        name = operation["name"]
        body = sent.get(name) or json.loads(sorted(EXAMPLES.glob(f"{name}.*.json"))[0].read_text(encoding="utf-8"))
        answer = wane.post(f"/fhir{path}/${name}", body, Content_Type="application/fhir+json")
        assert answer.status == 200, (name, answer.content)


def test_it_is_open_and_has_a_tag(wane: Service) -> None:
    tag = get(wane, "/metadata").headers["etag"]
    assert get(wane, "/metadata", If_None_Match=tag).status == 304


def test_what_a_plan_may_be_asked_for_is_what_is_read(wane: Service) -> None:
    defined = read(wane, "/OperationDefinition/plan-taper")
    assert {each["name"] for each in defined["parameter"] if each["use"] == "in"} == {*OWN, *FIELDS}


@pytest.mark.parametrize("path", ["/fhir", "/fhir/", "/fhir/Patient/1", "/fhir/$none"])
def test_an_address_that_is_not_there_is_told_as_fhir(wane: Service, path: str) -> None:
    answer = wane.call("GET", path)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert "/fhir/metadata" in answer.json()["issue"][0]["details"]["text"]


def test_what_is_refused_before_it_is_read_is_told_as_fhir(tmp_path: Path) -> None:
    client = Client("engine", "show", tokens=(hash_of("it"),))
    tight = Settings(journal=tmp_path / "journal.sqlite", clients=(client,), max_body_bytes=10)
    with service_on(TODAY, tight) as wane:
        for headers, status in ({"Authorization": "Bearer it"}, 413), ({}, 401), ({"Authorization": "Bearer x"}, 401):
            body = b"{}" if status == 401 else b"{" + b" " * 20 + b"}"
            answer = wane.call("POST", "/fhir/$advise", content=body, headers=headers)
            assert (answer.status, answer.headers["content-type"]) == (status, "application/fhir+json; charset=utf-8")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+xml, application/fhir+json;q=0.5", 200),
        ("application/fhir+json;q=0.000", 406),
        ("application/fhir+json; q=0", 406),
        ("application/fhir+json; fhirVersion=5.0", 406),
    ],
)
def test_what_a_client_takes_decides(wane: Service, accept: str, status: int) -> None:
    assert get(wane, "/CodeSystem/rules", Accept=accept).status == status
