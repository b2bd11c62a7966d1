"""Medicines that an order or a prescription only refers to are fetched too: many servers write all of them so."""

from collections.abc import Callable
from typing import Any

import pytest

from app.settings.client import Client
from tests.app.ehr.conftest import Caller, FhirServer
from tests.app.ehr.test_fetching import ALCOHOL, DATA, fetched, order, paths_in_order

Called = Callable[..., Caller]
BACLOFEN = {
    "resourceType": "Medication",
    "id": "b",
    "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "M03BX01"}]},
}
ZOLPIDEM = {
    "resourceType": "Medication",
    "id": "z",
    "code": {"coding": [{"system": "http://www.whocc.no/atc", "code": "N05CF02"}]},
}
PARACETAMOL = {"resourceType": "Medication", "id": "p", "code": {"text": "paracetamol 500 mg"}}
USE = {
    "resourceType": "MedicationRequest",
    "id": "m",
    "status": "active",
    "intent": "order",
    "subject": {"reference": "Patient/1"},
    "authoredOn": "2025-06-01",
    "medicationReference": {"reference": "Medication/z"},
    "dosageInstruction": [
        {
            "timing": {
                "repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": {"start": "2025-06-01"}}
            },
            "doseAndRate": [
                {"doseQuantity": {"value": 10, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}}
            ],
        }
    ],
}
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0}


def by_reference(ehr: FhirServer, prefetch: dict[str, Any] | None = None, **said: Any) -> Any:
    """A draft that only refers to its medicine."""
    body = order(ehr, prefetch)
    draft = body["context"]["draftOrders"]["entry"][0]["resource"]
    del draft["medicationCodeableConcept"]
    draft["medicationReference"] = said
    return body


def opened(ehr: FhirServer, prefetch: dict[str, Any]) -> Any:
    body = order(ehr, prefetch)
    return body | {"hook": "patient-view", "context": {"userId": "Practitioner/1", "patientId": "1"}}


def topics(answer: Any) -> list[str]:
    return [card["source"]["topic"]["code"] for card in answer.json()["cards"]]


def test_the_medicine_of_a_prescription_that_was_fetched_is_fetched(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told({**DATA, "Condition": [], "MedicationRequest": [USE, {**USE, "id": "m2"}], "Medication": [ZOLPIDEM]})
    answer = called(client).call(opened(ehr, {}))
    assert topics(answer) == ["bzra-taper"]
    assert fetched(answer)["medicines"] == "whole"
    assert paths_in_order(ehr).count("/fhir/Medication/z") == 1


def test_the_medicine_of_a_prescription_that_was_sent_is_fetched(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told({"Medication": [ZOLPIDEM]})
    sent = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": USE}]}
    lists = {"patient": None, "conditions": None, "medications": sent}
    assert topics(called(client).call(opened(ehr, lists))) == ["bzra-taper"]
    assert paths_in_order(ehr) == ["/fhir/Medication/z"]


@pytest.mark.parametrize("address", ["Medication/b", "{base}/Medication/b"])
def test_the_medicine_of_an_order_is_fetched_before_its_scope_is_known(
    called: Called, client: Client, ehr: FhirServer, address: str
) -> None:
    ehr.told({**DATA, "Condition": [ALCOHOL], "Medication": [BACLOFEN]})
    answer = called(client).call(by_reference(ehr, reference=address.replace("{base}", ehr.base)))
    assert topics(answer) == ["baclofen-alcohol"]
    assert paths_in_order(ehr)[0] == "/fhir/Medication/b"


def test_of_an_order_of_another_medicine_nothing_else_is_fetched(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told({**DATA, "Medication": [PARACETAMOL]})
    assert called(client).call(by_reference(ehr, reference="Medication/p"), "").json() == {"cards": []}
    assert paths_in_order(ehr) == ["/fhir/Medication/p"]


@pytest.mark.parametrize(
    "said",
    [
        {"reference": "Medication/b", "display": "paracetamol 500 mg"},
        {"reference": "http://evil.example/fhir/Medication/b"},
        {"reference": "Medication/../Patient/2"},
        {"reference": "Medication/b?_include=*"},
        {"reference": "#b"},
        {"reference": "Patient/2"},
        {"reference": ["Medication/b"]},
        {"identifier": {"value": "7"}},
    ],
    ids=str,
)
def test_what_has_a_name_or_is_no_medicine_of_this_server_is_not_fetched(
    called: Called, client: Client, ehr: FhirServer, said: dict[str, Any]
) -> None:
    ehr.told({**DATA, "Medication": [BACLOFEN]})
    called(client).call(by_reference(ehr, **said))
    assert ehr.asked == []


def test_a_medicine_that_was_sent_is_not_fetched(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told({**DATA, "Medication": [BACLOFEN]})
    called(client).call(by_reference(ehr, {"medicine": BACLOFEN}, reference="Medication/b"))
    assert "/fhir/Medication/b" not in paths_in_order(ehr)
    ehr.told({**DATA, "Medication": [BACLOFEN]})
    body = by_reference(ehr, reference="Medication/b")
    body["context"]["draftOrders"]["entry"].append({"resource": BACLOFEN})
    assert topics(called(client).call(body)) == ["baclofen-alcohol"]
    assert "/fhir/Medication/b" not in paths_in_order(ehr)


@pytest.mark.parametrize("fault", ["status 404", "status 500", 'body {"resourceType": "Patient", "id": "b"}', "body {"])
def test_a_medicine_that_cannot_be_fetched_is_named_as_a_gap(
    called: Called, client: Client, ehr: FhirServer, fault: str
) -> None:
    ehr.told(DATA, {"Medication": fault})
    answer = called(client).call(by_reference(ehr, reference="Medication/b"))
    assert answer.status == 200
    told = answer.json()["extension"]["org.wane.advice"]["gaps"]
    assert [gap["missing"] for gap in told] == ["medicine-not-told"]


def test_of_very_many_medicines_some_are_fetched(called: Called, client: Client, ehr: FhirServer) -> None:
    uses = [{**USE, "id": f"m{n}", "medicationReference": {"reference": f"Medication/z{n}"}} for n in range(60)]
    ehr.told({**DATA, "MedicationRequest": uses, "Medication": [{**ZOLPIDEM, "id": f"z{n}"} for n in range(60)]})
    called(client).call(opened(ehr, {}))
    assert sum("/Medication/" in path for path in paths_in_order(ehr)) == 20
