"""POST /fhir/$plan-taper: Parameters or a prescription in, the plan as a Bundle out, errors as OperationOutcomes."""

from typing import Any

import pytest
import yaml

from app.openapi_file import written
from tests.render.calendar import calendar_of_json, calendar_of_orders
from tests.service import Service

DOCUMENT: dict[str, Any] = yaml.safe_load(written())
EXAMPLES = DOCUMENT["paths"]["/fhir/$plan-taper"]["post"]["requestBody"]["content"]["application/fhir+json"]["examples"]
PATH = "/fhir/$plan-taper"
GRAM = {"name": "daily_mg", "valueQuantity": {"value": 1, "unit": "g"}}


def prescription(dosage: dict[str, Any], text: str = "diazepam 2 mg tablet") -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": text},
        "subject": {"reference": "Patient/1", "display": "Somebody"},
        "dosageInstruction": [dosage],
    }


def parameters(*more: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(more)}


def text(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "valueString": value}


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_sent_as_it_stands_is_planned(name: str, wane: Service) -> None:
    answer = wane.post(PATH, EXAMPLES[name]["value"])
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/fhir+json")
    bundle = answer.json()
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert kinds == {
        "CarePlan",
        "Goal",
        "RequestGroup",
        "MedicationRequest",
        "Task",
        "CommunicationRequest",
        "Provenance",
    }
    assert {order["subject"]["reference"] for order in of(bundle, "MedicationRequest")} == {"Patient/1"}


def test_it_is_the_same_plan_as_in_plain_json(wane: Service) -> None:
    plain = {
        "medicine": "baclofen",
        "intakes": ["morning:30", "noon:30", "night:60"],
        "country": "BE",
        "first_day": "2026-12-01",
    }
    plan = wane.post("/taper/plan", plain).json()["plan"]
    bundle = wane.post(PATH, EXAMPLES["baclofen-in-one-prescription"]["value"]).json()
    assert bundle["identifier"]["value"] == plan["hash"]
    assert calendar_of_orders(of(bundle, "MedicationRequest")) == calendar_of_json(plan)


def test_a_bare_prescription_is_enough_where_it_tells_all(wane: Service) -> None:
    at_night = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]}}}
    asked = prescription({**at_night, "doseAndRate": [{"doseQuantity": {"value": 10, "unit": "mg"}}]})
    answer = wane.post(PATH, asked)
    assert answer.status == 422
    (issue, *_) = answer.json()["issue"]
    assert issue["details"]["coding"][0]["code"] == "no-products"
    assert (
        wane.post(PATH, parameters({"name": "prescription", "resource": asked}, text("products", "tablet:2/2"))).status
        == 200
    )


def test_the_division_over_the_day_is_read_from_the_prescription(wane: Service) -> None:
    timing = {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d"}}
    thrice = {"text": "3x daags 2 mg", "timing": timing, "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "mg"}}]}
    bundle = wane.post(
        PATH, parameters({"name": "prescription", "resource": prescription(thrice)}, text("products", "tablet:2/4"))
    ).json()
    first = of(bundle, "MedicationRequest")[0]["dosageInstruction"]
    assert [dosage["timing"]["repeat"]["when"] for dosage in first] == [["MORN"], ["NOON"], ["NIGHT"]]


def test_a_refusal_is_422_with_each_reason_and_what_would_help(wane: Service) -> None:
    asked = parameters(text("medicine", "zopiclone"), text("intakes", "night:7.5"), text("country", "BE"))
    answer = wane.post(PATH, asked, Accept_Language="de")
    assert answer.status == 422
    outcome = answer.json()
    assert [issue["severity"] for issue in outcome["issue"]][:2] == ["error", "information"]
    assert outcome["issue"][0]["details"]["text"].startswith("Die kleinste mögliche Dosis")
    assert outcome["issue"][0]["code"] == "business-rule"


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ({"resourceType": "Patient"}, "resourceType"),
        (parameters(text("medicine", "diazepam"), text("tempo", "fast")), "Parameters.parameter[1].name"),
        (parameters(text("medicine", "diazepam"), text("daily_mg", "x")), "Parameters.parameter.where(name='daily_mg')"),
        (parameters(text("daily_mg", "5")), "Parameters.parameter.where(name='medicine')"),
        (parameters({"name": "prescription", "resource": {"resourceType": "Patient"}}), "Parameters.parameter[0].resource"),
        (parameters({"name": "subject", "valueReference": {"reference": "him"}}), "Parameters.parameter[0].valueReference"),
        (parameters({"name": "form", "valueCode": "poem"}), "Parameters.parameter[0].valueCode"),
        (parameters(text("medicine", "diazepam"), GRAM), "Parameters.parameter.where(name='daily_mg')"),
        (parameters(text("medicine", "diazepam"), text("medicine", "oxazepam")), "Parameters.parameter.where(name='medicine')"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_400_and_named(body: dict[str, Any], expression: str, wane: Service) -> None:
    answer = wane.post(PATH, body)
    assert answer.status == 400
    assert [issue["expression"] for issue in answer.json()["issue"]] == [[expression]]


def test_a_name_beside_a_reference_does_not_come_back(wane: Service) -> None:
    dosage = {"text": "1x per dag 10 mg"}
    asked = parameters({"name": "prescription", "resource": prescription(dosage)}, text("products", "tablet:2/2"))
    answer = wane.post(PATH, asked)
    assert answer.status == 200
    assert b"Somebody" not in answer.content
