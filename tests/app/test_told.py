"""What a call told of each list: a page is not a list, whatever key it came under."""

from typing import Any

import pytest

from app.errors import DataNotTold
from app.told import Prefetch
from knowledge.facts import Told
from tests.service import Service


def page(*resources: dict[str, Any], more: bool = False) -> dict[str, Any]:
    links = [{"relation": "next", "url": "https://ehr.example/fhir?page=2"}] if more else []
    entries = [{"resource": resource} for resource in resources]
    return {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}


CONDITION = {"resourceType": "Condition", "id": "c"}


@pytest.mark.parametrize(
    ("prefetch", "told"),
    [
        ({"conditions": page(CONDITION)}, Told.WHOLE),
        ({"conditions": page(CONDITION, more=True)}, Told.PART),
        ({"problems": page(CONDITION)}, Told.WHOLE),
        ({"problems": page(CONDITION, more=True)}, Told.PART),
        ({"problems": page(CONDITION), "diagnoses": page(CONDITION, more=True)}, Told.PART),
        ({"problems": page()}, Told.NOT),
        ({}, Told.NOT),
    ],
)
def test_a_list_under_a_key_of_the_clients_own_is_as_whole_as_it_was_sent(prefetch: Any, told: Told) -> None:
    assert Prefetch(prefetch).told["conditions"] is told


STATEMENT = {"resourceType": "MedicationStatement", "id": "s"}


@pytest.mark.parametrize(
    ("prefetch", "told"),
    [
        ({"conditions": page({"resourceType": "Observation", "id": "o"})}, Told.NOT),
        ({"conditions": page(STATEMENT), "medications": page(CONDITION)}, Told.NOT),
        ({"conditions": {"resourceType": "Patient", "id": "p"}}, Told.NOT),
        ({"conditions": page({"resourceType": "Observation", "id": "o"}, CONDITION)}, Told.WHOLE),
        ({"conditions": page()}, Told.WHOLE),
    ],
)
def test_resources_of_other_types_under_a_key_do_not_tell_that_there_are_none(prefetch: Any, told: Told) -> None:
    assert Prefetch(prefetch).told["conditions"] is told


def test_what_is_known_of_medicines_may_stand_under_any_of_their_keys() -> None:
    assert Prefetch({"medications": page(STATEMENT)}).told["medications"] is Told.WHOLE


def test_medicines_are_lacking_together_with_what_is_taken_and_handed_out() -> None:
    assert Prefetch({}).lacking(["medications"]).keys() == {"medications", "statements", "dispenses"}
    assert Prefetch({"statements": None}).lacking(["medications"]).keys() == {"medications", "dispenses"}
    assert Prefetch({"medications": None}).lacking(["medications"]) == {}


def test_one_page_under_another_key_is_refused_where_the_rest_is_needed() -> None:
    prefetch = Prefetch({"problems": page(CONDITION, more=True)})
    assert prefetch.not_whole(["conditions", "route"]) == ["conditions"]
    with pytest.raises(DataNotTold, match=r"prefetch\.conditions is one page of several"):
        raise prefetch.refusal(["conditions"])


def test_on_patient_view_a_page_without_a_use_to_speak_of_is_not_all_clear(wane: Service) -> None:
    acamprosate = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "N07BB03"}]},
    }
    request = {
        "hook": "patient-view",
        "hookInstance": "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7b10",
        "context": {"userId": "Practitioner/1", "patientId": "1"},
        "prefetch": {"patient": None, "conditions": None, "medications": page(acamprosate, more=True)},
    }
    answer = wane.post("/cds-services/patient-view", request)
    assert answer.status == 412
    assert answer.json()["issue"][0]["expression"] == ["prefetch.medications"]


PRODUCT = {"resourceType": "Medication", "id": "med-1"}
REQUEST = {"resourceType": "MedicationRequest", "id": "m-1"}


def test_products_alone_tell_of_no_medicine_in_use_and_do_not_hide_the_requests_under_another_key() -> None:
    assert Prefetch({"medications": page(PRODUCT)}).told["medications"] is Told.NOT
    beside = {"medications": page(PRODUCT), "medicationRequests": page(REQUEST)}
    assert Prefetch(beside).told["medications"] is Told.WHOLE
    assert Prefetch({**beside, "medicationRequests": page(REQUEST, more=True)}).told["medications"] is Told.PART
    failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}
    assert Prefetch({**beside, "medications": failed}).told["medications"] is Told.NOT
