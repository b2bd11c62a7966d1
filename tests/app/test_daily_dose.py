"""POST /fhir/MedicationRequest/$daily-dose: what a prescription says of the dose, as FHIR."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from app.intake.dose_lines import read_line
from tests.checklist import faults_in_operation_outcome
from tests.conformance.place import Place
from tests.conformance.resources import faults_in_resource
from tests.intake.records import library
from tests.service import Service

PATH = "/fhir/MedicationRequest/$daily-dose"
CONTRACT = yaml.safe_load((Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8"))
EXAMPLES = CONTRACT["paths"][PATH]["post"]["requestBody"]["content"]["application/fhir+json"]["examples"]
ONCE = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
TABLET = {"timing": ONCE, "doseAndRate": [{"doseQuantity": {"value": 1.5, "unit": "tablet"}}]}
STEPS = [
    {"sequence": 1, "timing": {"repeat": {**ONCE["repeat"], "boundsPeriod": {"start": "2026-11-01", "end": "2026-11-14"}}}},
    {"sequence": 2, "timing": {"repeat": {**ONCE["repeat"], "boundsPeriod": {"start": "2026-11-15"}}}},
]  # fmt: skip


def request(**more: Any) -> dict[str, Any]:
    base = {"resourceType": "MedicationRequest", "id": "a", "status": "active", "intent": "order"}
    return {**base, "medicationCodeableConcept": {"text": "oxazepam 10 mg"}, "dosageInstruction": [TABLET], **more}


def parameters(*named: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": [{"name": name, **value} for name, value in named]}


def told(wane: Service, body: object) -> dict[str, Any]:
    answer = wane.post(PATH, body, Content_Type="application/fhir+json")
    assert answer.status == 200, answer.content
    assert answer.headers["content-type"].startswith("application/fhir+json")
    faults: list[str] = []
    faults_in_resource(Place(answer.json(), faults), "FHIR R4")
    assert faults == []
    return {one["name"]: next(v for k, v in one.items() if k != "name") for one in answer.json()["parameter"]}


def refused(wane: Service, body: object) -> dict[str, Any]:
    answer = wane.post(PATH, body, Content_Type="application/fhir+json")
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/fhir+json")
    assert faults_in_operation_outcome(answer.json()) == []
    issue: dict[str, Any] = answer.json()["issue"][0]
    return issue


@pytest.mark.parametrize("body", [request(), parameters(("prescription", {"resource": request()}))], ids=["bare", "in"])
def test_the_dose_comes_in_mg_with_its_basis(wane: Service, body: dict[str, Any]) -> None:
    mg = {"value": 15, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    assert told(wane, body) == {
        "id": "a",
        "daily": {"low": mg, "high": mg},
        "basis": "structure",
        "certainty": "sure",
        "conflict": False,
    }


def test_the_operation_says_what_the_command_says(wane: Service) -> None:
    line: dict[str, Any] = orjson.loads(
        read_line(orjson.dumps(request(dosageInstruction=[{"text": "zo nodig"}])), library())
    )
    operation = told(wane, request(dosageInstruction=[{"text": "zo nodig"}]))
    assert operation == {name: value for name, value in line.items() if value is not None}
    assert operation["reason"] == "as-needed-only"


def test_what_is_counted_has_no_ucum_code(wane: Service) -> None:
    dose = told(wane, request(medicationCodeableConcept={"text": "something"}))
    assert dose["daily"]["high"] == {"value": 1.5, "unit": "tablet"}


@pytest.mark.parametrize(("today", "mg"), [("2026-11-02", 10), ("2026-11-20", 20)])
def test_the_day_decides_which_step_is_told(wane: Service, today: str, mg: int) -> None:
    steps = [
        {**step, "doseAndRate": [{"doseQuantity": {"value": tablets, "unit": "tablet"}}]}
        for step, tablets in zip(STEPS, (1, 2), strict=True)
    ]
    asked = (("prescription", {"resource": request(dosageInstruction=steps)}), ("today", {"valueDate": today}))
    assert told(wane, parameters(*asked))["daily"]["high"]["value"] == mg


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ([], "resourceType"),
        ({}, "resourceType"),
        ({"resourceType": "Patient"}, "resourceType"),
        (parameters(), "Parameters.parameter"),
        (parameters(*[("prescription", {"resource": request()})] * 2), "Parameters.parameter"),
        (parameters(("prescription", {"valueString": "a"})), "Parameters.parameter[0].resource"),
        (parameters(("prescription", {"resource": {"resourceType": "Patient"}})), "Parameters.parameter[0].resource"),
        (
            parameters(("today", {"valueDate": "soon"}), ("prescription", {"resource": request()})),
            "Parameters.parameter[0].value",
        ),
    ],
)
def test_what_holds_no_prescription_is_refused_where_it_stands(wane: Service, body: object, where: str) -> None:
    assert refused(wane, body)["expression"] == [where]


def test_broken_json_is_refused_as_fhir(wane: Service) -> None:
    answer = wane.call("POST", PATH, content=b"{", headers={"Content-Type": "application/fhir+json"})
    assert (answer.status, answer.headers["content-type"][:21]) == (400, "application/fhir+json")
    assert faults_in_operation_outcome(answer.json()) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_contract_is_answered_with_a_dose(wane: Service, name: str) -> None:
    assert told(wane, EXAMPLES[name]["value"])["daily"]["high"]["unit"] == "mg"
