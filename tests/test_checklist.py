"""The validator is right: a good body passes, and each thing that can go wrong in it is named with its number."""

import copy
import json
import re
from typing import Any

import pytest

from tests.checklist import (
    faults_in_discovery,
    faults_in_operation_outcome,
    faults_in_response,
    faults_in_wane_contract,
)
from tests.given import given, given_json

Steps = tuple[str | int, ...]
DROP = object()

CARD: Steps = ("cards", 0)
DRAFT: Steps = ("context", "draftOrders", "entry", 0, "resource")
DELETE: Steps = (*CARD, "suggestions", 0, "actions", 0)
UPDATE: Steps = (*CARD, "suggestions", 1, "actions", 0)
CREATE: Steps = (*CARD, "suggestions", 1, "actions", 1)
ADVICE: Steps = (*CARD, "extension", "org.wane.advice")


def good_request() -> dict[str, Any]:
    return {
        "hook": "order-sign",
        "hookInstance": "3c2f9d58-7a31-4d7e-8f0a-5a4f3f2f6f11",
        "context": {
            "userId": "Practitioner/p1",
            "patientId": "pat-1",
            "draftOrders": {
                "resourceType": "Bundle",
                "type": "collection",
                "entry": [
                    {
                        "resource": {
                            "resourceType": "MedicationRequest",
                            "id": "draft-1",
                            "extension": [{"url": "https://ehr.example/basket", "valueString": "b7"}],
                            "status": "draft",
                            "intent": "order",
                            "category": [],
                            "subject": {"reference": "Patient/pat-1"},
                            "medicationCodeableConcept": {
                                "coding": [{"system": "http://www.whocc.no/atc", "code": "N05CD06"}],
                                "text": "Lormetazepam 2 mg",
                            },
                            "dosageInstruction": [
                                {
                                    "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                                    "route": {"text": "oraal"},
                                    "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "mg"}}],
                                }
                            ],
                            "dispenseRequest": {"performer": {"display": "Apotheek"}, "quantity": {"value": 30}},
                        }
                    }
                ],
            },
        },
        "prefetch": {},
    }


def good_response() -> dict[str, Any]:
    """A card with every member there is: a removal, and a smaller dose together with a referral."""
    smaller = copy.deepcopy(good_request()["context"]["draftOrders"]["entry"][0]["resource"])
    del smaller["category"]
    smaller["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] = 1.5
    smaller["dispenseRequest"]["quantity"]["value"] = 14
    return {
        "cards": [
            {
                "uuid": "0b2c7a52-0d7f-4c53-8b5a-5c1d1f8f6f3e",
                "summary": "Lormetazepam for 8 months: talk about reducing it step by step.",
                "detail": "**Start with a short talk.**\n\n- Dose below 2 mg, weeks > 34. *Paling 2015*",
                "indicator": "info",
                "source": {
                    "label": "Paling et al. 2015",
                    "url": "https://wane.example/evidence/bzra-taper",
                    "icon": "https://wane.example/icon.png",
                    "topic": {
                        "system": "https://wane.example/fhir/CodeSystem/rules",
                        "code": "bzra-taper",
                        "display": "Long-term use",
                    },
                },
                "suggestions": [
                    {
                        "label": "Remove this order",
                        "uuid": "f0c9c0a4-52f3-45c7-9f2e-1a3b8b9f6a01",
                        "isRecommended": True,
                        "actions": [
                            {
                                "type": "delete",
                                "description": "Remove the order",
                                "resourceId": "MedicationRequest/draft-1",
                            }
                        ],
                    },
                    {
                        "label": "Order less, and refer",
                        "uuid": "1c0f1f0e-7b0e-4b57-9c12-1f5d0a3b7c02",
                        "actions": [
                            {"type": "update", "description": "1.5 mg a day", "resource": smaller},
                            {
                                "type": "create",
                                "description": "Referral",
                                "resource": {
                                    "resourceType": "ServiceRequest",
                                    "id": "referral-1",
                                    "status": "draft",
                                    "intent": "proposal",
                                    "subject": {"reference": "Patient/pat-1"},
                                    "code": {"text": "CBT for insomnia"},
                                },
                            },
                        ],
                    },
                ],
                "selectionBehavior": "at-most-one",
                "overrideReasons": [
                    {"system": "https://wane.example/cs", "code": "declined", "display": "Patient declined"},
                    {"system": "https://wane.example/cs", "code": "data-wrong", "display": "The record is wrong"},
                ],
                "links": [
                    {"label": "Evidence", "url": "https://wane.example/evidence/bzra-taper", "type": "absolute"},
                    {"label": "Plan", "url": "https://wane.example/launch", "type": "smart", "appContext": "x"},
                ],
                "extension": {
                    "org.wane.advice": {
                        "about": "MedicationRequest/draft-1",
                        "knowledge": "2026.11.1+sha256.3f1c",
                        "rules": [{"id": "bzra-taper", "version": "1.0.0", "outcome": "advise", "say": "taper"}],
                        "gaps": [{"rule": "bzra-taper", "missing": "statements", "text": "Not sent."}],
                    }
                },
            }
        ]
    }


def changed(body: dict[str, Any], path: Steps, value: object) -> dict[str, Any]:
    """The body with one thing changed, or left out."""
    body = copy.deepcopy(body)
    place: Any = body
    for step in path[:-1]:
        place = place[step]
    if value is DROP:
        del place[path[-1]]
    elif isinstance(place, list) and path[-1] == len(place):
        place.append(value)
    else:
        place[path[-1]] = value
    return body


def numbers(faults: list[str]) -> set[str]:
    return {number for fault in faults for number in fault[fault.rindex("(") + 1 : -1].split(", ")}


def test_a_good_response_passes() -> None:
    assert faults_in_response(good_response(), request=good_request()) == []
    assert faults_in_wane_contract(good_response(), good_request()) == []


def test_an_empty_answer_passes() -> None:
    assert faults_in_response({"cards": []}, request=good_request()) == []
    assert faults_in_wane_contract({"cards": []}, good_request()) == []


def test_the_agreed_example_passes() -> None:
    request = given_json("examples", "baclofen-order-select.request.json")
    response = given_json("examples", "baclofen-order-select.response.json")
    refusal = given_json("examples", "missing-conditions.response.json")
    assert faults_in_response(response, request=request) == []
    assert faults_in_wane_contract(response, request) == []
    assert faults_in_operation_outcome(refusal, request=request) == []


@pytest.mark.parametrize(
    ("what", "path", "value", "number"),
    [
        ("the list of cards is missing", ("cards",), DROP, "R1"),
        ("the list of cards is an object", ("cards",), {}, "R1"),
        ("a card is a string", CARD, "card", "R1"),
        ("an unknown member", (*CARD, "colour"), "red", "R6"),
        ("systemActions that are empty", ("systemActions",), [], "J3"),
        ("a system action without description", ("systemActions",), [{"type": "delete", "resourceId": "A/1"}], "X2"),
        ("null", (*CARD, "detail"), None, "J2"),
        ("an empty string", (*CARD, "detail"), "", "J2"),
        ("a blank string deep inside", (*CREATE, "resource", "code", "text"), "  ", "J2"),
        ("an empty list deep inside", (*ADVICE, "gaps"), [], "J2"),
        ("an empty object in a resource", (*CREATE, "resource", "meta"), {}, "J2"),
        ("NaN", (*ADVICE, "score"), float("nan"), "J1"),
        ("half a surrogate pair", (*CARD, "detail"), "a\ud83d", "J1"),
        ("an upper-case uuid", (*CARD, "uuid"), "0B2C7A52-0D7F-4C53-8B5A-5C1D1F8F6F3E", "C1"),
        ("a uuid that is a URN", (*CARD, "uuid"), "urn:uuid:0b2c7a52-0d7f-4c53-8b5a-5c1d1f8f6f3e", "C1"),
        ("no summary", (*CARD, "summary"), DROP, "C2"),
        ("a summary of 140 characters", (*CARD, "summary"), "a" * 139 + ".", "C2"),
        ("a summary of 70 emoji, 140 UTF-16 units", (*CARD, "summary"), "😀" * 70, "C2"),
        ("a summary of two lines", (*CARD, "summary"), "One.\nTwo.", "C2"),
        ("a detail that is a list", (*CARD, "detail"), ["x"], "C3"),
        ("an indicator of 1.0 days", (*CARD, "indicator"), "hard-stop", "C4"),
        ("no indicator", (*CARD, "indicator"), DROP, "C4"),
        ("no source", (*CARD, "source"), DROP, "C5"),
        ("a source without label", (*CARD, "source", "label"), DROP, "C5"),
        ("a relative source address", (*CARD, "source", "url"), "/evidence/bzra-taper", "C5"),
        ("a topic without system", (*CARD, "source", "topic", "system"), DROP, "C5"),
        ("a topic that is a string", (*CARD, "source", "topic"), "bzra", "C5"),
        ("suggestions without selectionBehavior", (*CARD, "selectionBehavior"), DROP, "C6"),
        ("an unknown selectionBehavior", (*CARD, "selectionBehavior"), "all", "C6"),
        ("selectionBehavior without suggestions", (*CARD, "suggestions"), DROP, "C6"),
        ("two recommended alternatives", (*CARD, "suggestions", 1, "isRecommended"), True, "C7"),
        ("an override reason without display", (*CARD, "overrideReasons", 0, "display"), DROP, "C8"),
        ("an override reason without system", (*CARD, "overrideReasons", 1, "system"), DROP, "C8"),
        ("a suggestion without label", (*CARD, "suggestions", 0, "label"), DROP, "G1"),
        ("one uuid twice", (*CARD, "suggestions", 1, "uuid"), "f0c9c0a4-52f3-45c7-9f2e-1a3b8b9f6a01", "G2"),
        ("isRecommended in words", (*CARD, "suggestions", 0, "isRecommended"), "yes", "G3"),
        ("actions that are an object", (*CARD, "suggestions", 0, "actions"), {"type": "delete"}, "G4"),
        ("3.0 action selection", (*CARD, "suggestions", 0, "actionSelectionBehavior"), "all", "G5"),
        ("an action type in upper case", (*CREATE, "type"), "CREATE", "X1"),
        ("an action without description", (*DELETE, "description"), DROP, "X2"),
        ("a created resource without id", (*CREATE, "resource", "id"), DROP, "X3"),
        ("a resource as a string", (*CREATE, "resource"), "{}", "X3"),
        ("a status FHIR does not have", (*CREATE, "resource", "status"), "banana", "X3"),
        ("a resource without its subject", (*CREATE, "resource", "subject"), DROP, "X3"),
        ("a number as a string", (*UPDATE, "resource", "dispenseRequest", "quantity", "value"), "14", "X4"),
        ("an update without resource", (*UPDATE, "resource"), DROP, "X4"),
        ("a resourceId on an update", (*UPDATE, "resourceId"), "MedicationRequest/draft-1", "X4"),
        ("a delete with an absolute reference", (*DELETE, "resourceId"), "https://ehr.example/A/1", "X5"),
        ("a delete with a resource", (*DELETE, "resource"), {"resourceType": "Basic"}, "X5"),
        ("a delete of another order", (*DELETE, "resourceId"), "MedicationRequest/other", "X6"),
        ("an update of another order", (*UPDATE, "resource", "id"), "other", "X6"),
        ("a link without type", (*CARD, "links", 0, "type"), DROP, "L1"),
        ("a link that runs a script", (*CARD, "links", 0, "url"), "javascript:alert(1)", "L1"),
        ("appContext on an absolute link", (*CARD, "links", 0, "appContext"), "x", "L2"),
        ("autolaunchable in words", (*CARD, "links", 0, "autolaunchable"), "no", "L3"),
        ("an extension in FHIR's form", (*CARD, "extension"), [{"url": "https://a.example"}], "E1"),
        ("an extension with a bare key", ("extension",), {"advice": 1}, "E2"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) and " " in value else "",
)
def test_a_break_of_the_protocol_is_named_with_its_number(what: str, path: Steps, value: object, number: str) -> None:
    response = changed(good_response(), path, value)
    assert number in numbers(faults_in_response(response, request=good_request())), what


QUESTION = {"id": "bzra-taper", "version": "1.0.0", "outcome": "advise", "say": "question"}
SECOND_ORDER = {
    "type": "create",
    "description": "1 mg",
    "resource": {
        "resourceType": "MedicationRequest",
        "id": "new-1",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/pat-1"},
        "medicationCodeableConcept": {"text": "lormetazepam 1 mg"},
    },
}


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ((*CARD, "uuid"), DROP, r"cards\[0\].uuid: a card needs an RFC 4122 uuid"),
        ((*CARD, "uuid"), "0b2c7a52-0d7f-9c53-8b5a-5c1d1f8f6f3e", r"cards\[0\].uuid: a card needs"),
        ((*CARD, "suggestions", 0, "uuid"), DROP, r"suggestions\[0\].uuid: a suggestion needs"),
        ((*CARD, "summary"), "Lormetazepam for 8 months", "not a whole sentence: it ends"),
        ((*CARD, "summary"), "lormetazepam for 8 months.", "not a whole sentence: it starts"),
        ((*CARD, "summary"), "Eight months. Reduce it.", "more than one sentence"),
        ((*CARD, "detail"), "a" * 901, "901 characters, at most 900"),
        ((*CARD, "detail"), "Given for <b>pain</b>.", "raw HTML"),
        ((*CARD, "detail"), "See <script>", "raw HTML"),
        ((*CARD, "detail"), "Since {months} months.", "a blank of the text was not filled"),
        ((*CARD, "detail"), "For the addict.", 'blaming word "addict"'),
        ((*CARD, "suggestions", 0, "label"), "Voor de verslaafde patiënt", 'blaming word "verslaafde"'),
        ((*CARD, "overrideReasons", 0, "display"), "Süchtige Person", 'blaming word "Süchtige"'),
        ((*CARD, "source", "topic"), DROP, r"source.topic: missing"),
        ((*CARD, "source", "topic", "system"), "https://other.example", "topic.system: must be"),
        ((*CARD, "source", "topic", "display"), DROP, "topic.display: missing"),
        ((*CARD, "source", "topic", "code"), "bzra-stop", "leads, but is not among the rules"),
        ((*CARD, "source", "url"), "https://wane.example/evidence/other", "not the evidence page of bzra-taper"),
        ((*CARD, "extension"), DROP, r'extension\["org.wane.advice"\]: missing'),
        ((*ADVICE, "about"), "draft-1", "not a relative reference"),
        ((*ADVICE, "knowledge"), DROP, "knowledge: missing"),
        ((*ADVICE, "rules", 0, "outcome"), "quiet", 'outcome: "quiet" is none of advise'),
        ((*ADVICE, "rules", 0, "say"), DROP, "say: missing"),
        ((*ADVICE, "rules", 0, "version"), "one", "not a version"),
        ((*ADVICE, "gaps", 0, "text"), DROP, r"gaps\[0\].text: missing"),
        ((*CARD, "selectionBehavior"), "any", "must be at-most-one for these suggestions"),
        ((*CARD, "overrideReasons", 1, "code"), "declined", "the same reason twice"),
        ((*ADVICE, "rules", 0), QUESTION, "a question card takes no order away"),
        ((*CREATE, "resource", "subject", "reference"), "Patient/other", "not the patient of the request"),
        ((*CREATE, "resource"), {"resourceType": "Basic", "id": "b", "code": {"text": "x"}}, "no required bindings"),
        ((*CARD, "suggestions", 1, "actions", 2), SECOND_ORDER, "a double dose"),
        ((*UPDATE, "resource", "extension"), DROP, "extension: of the original order is lost"),
        ((*UPDATE, "resource", "status"), "active", "status: of the original order is changed"),
        ((*UPDATE, "resource", "note"), [{"text": "by Wane"}], "note: of the original order is changed"),
        ((*UPDATE, "resource", "subject", "reference"), "Patient/other", "subject: of the original order is changed"),
        (
            (*UPDATE, "resource", "medicationCodeableConcept", "text"),
            "Diazepam 2 mg",
            "medicationCodeableConcept: of the original order is changed",
        ),
        (
            (*UPDATE, "resource", "dosageInstruction", 0, "route"),
            DROP,
            "route of the original order is changed or lost",
        ),
        (
            (*UPDATE, "resource", "dispenseRequest", "performer"),
            DROP,
            "performer: of the original order is changed or lost",
        ),
        (
            (*UPDATE, "resource"),
            good_request()["context"]["draftOrders"]["entry"][0]["resource"],
            "an update that changes nothing",
        ),
        (("cards", 1), good_response()["cards"][0], "a second card about MedicationRequest/draft-1"),
        (("extension",), {"org.wane.advice": {"knowledge": "1"}}, "without gaps there is nothing to say here"),
        (("extension",), {"org.wane.explain": "because"}, "explain.*must be an object"),
    ],
)
def test_a_break_of_wanes_own_contract_is_said(path: Steps, value: object, fault: str) -> None:
    faults = faults_in_wane_contract(changed(good_response(), path, value), good_request())
    assert any(re.search(fault, said) for said in faults), faults


def test_the_card_of_a_rule_that_broke_down_names_its_gap_and_no_rule() -> None:
    card = changed(good_response(), (*ADVICE, "rules"), DROP)
    assert faults_in_wane_contract(card, good_request()) == []
    serious = changed(card, (*CARD, "indicator"), "warning")
    assert "no rule speaks" in " ".join(faults_in_wane_contract(serious, good_request()))


def test_a_prescription_in_place_of_the_deleted_one_is_no_double_dose() -> None:
    response = changed(good_response(), (*CARD, "suggestions", 0, "actions", 1), SECOND_ORDER)
    assert faults_in_wane_contract(response, good_request()) == []


def test_a_medicine_in_use_is_not_taken_away_without_its_replacement() -> None:
    request = good_request()
    request["prefetch"]["medications"] = {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": {**SECOND_ORDER["resource"], "id": "m-1", "status": "active"}}],  # type: ignore[dict-item]
    }
    faults = faults_in_wane_contract(good_response(), request)
    assert ["with nothing in its place" in fault for fault in faults] == [True]


def test_patient_view_has_one_card_per_topic_and_suggests_no_prescription() -> None:
    request: dict[str, Any] = {"hook": "patient-view", "context": {"patientId": "pat-1"}}
    response = good_response()
    response["cards"].append(copy.deepcopy(response["cards"][0]))
    response["cards"][1]["extension"]["org.wane.advice"]["about"] = "MedicationRequest/m-2"
    response["cards"][1]["suggestions"][1]["actions"] = [SECOND_ORDER]
    faults = " ".join(faults_in_wane_contract(response, request))
    assert "a second card on bzra" in faults
    assert "a prescription is suggested where none is being written" in faults


def test_empty_members_of_a_draft_need_not_come_back() -> None:
    request = good_request()
    assert request["context"]["draftOrders"]["entry"][0]["resource"]["category"] == []
    assert faults_in_wane_contract(good_response(), request) == []


@pytest.mark.parametrize(
    "text",
    [
        "Referral to addiction care.",
        "Verwijzing naar de verslavingszorg.",
        "Sehnsucht und Suchthilfe.",
        "Centre d'addictologie.",
        "Lower than <80 mg, or 2 < 3.",
        r"He wrote \<b>.",
    ],
)
def test_words_that_blame_nobody_and_signs_that_are_no_tags_pass(text: str) -> None:
    assert faults_in_wane_contract(changed(good_response(), (*CARD, "detail"), text), good_request()) == []


def good_refusal() -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "details": {"text": "prefetch.conditions was not sent."},
                "expression": ["prefetch.conditions"],
            }
        ],
    }


ISSUE: Steps = ("issue", 0)


def test_a_good_error_body_passes() -> None:
    assert faults_in_operation_outcome(good_refusal(), request=good_request()) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("resourceType",), "Outcome", "not an OperationOutcome"),
        (("issue",), DROP, "issue: missing"),
        (("issue",), [], "at least one issue"),
        ((*ISSUE, "severity"), "fatalistic", "is none of error, fatal"),
        ((*ISSUE, "severity"), "warning", "without an error"),
        ((*ISSUE, "code"), "missing", "is none of"),
        ((*ISSUE, "details"), DROP, "details: missing"),
        ((*ISSUE, "details", "text"), " ", "text: blank"),
        ((*ISSUE, "expression"), "prefetch", "must be a list of strings"),
        ((*ISSUE, "diagnostics"), "Patient/pat-1 has none", "tells a value of the request again"),
        ((*ISSUE, "details", "text"), "Unknown user Practitioner/p1.", "tells a value of the request again"),
    ],
)
def test_a_fault_in_an_error_body_is_said(path: Steps, value: object, fault: str) -> None:
    faults = faults_in_operation_outcome(changed(good_refusal(), path, value), request=good_request())
    assert any(fault in said for said in faults), faults


def test_an_outcome_under_a_wrapper_is_not_the_body_itself() -> None:
    assert "stands under detail" in faults_in_operation_outcome({"detail": good_refusal()})[0]


def good_discovery() -> dict[str, Any]:
    return {
        "services": [
            {
                "hook": "order-select",
                "id": "order-select",
                "title": "Wane",
                "description": "Advice on an order.",
                "prefetch": {
                    "patient": "Patient/{{context.patientId}}",
                    "conditions": "Condition?patient={{context.patientId}}",
                    "recent": "Encounter?patient={{context.patientId}}&date=ge2026-01-01&_sort=-date&_count=1",
                },
            }
        ]
    }


SERVICE: Steps = ("services", 0)
TEMPLATE: Steps = (*SERVICE, "prefetch", "patient")


@pytest.mark.parametrize("body", [good_discovery(), {"services": []}])
def test_good_discovery_passes(body: dict[str, Any]) -> None:
    assert faults_in_discovery(body) == []


@pytest.mark.parametrize(
    ("path", "value", "number"),
    [
        (("services",), DROP, "D2"),
        ((*SERVICE, "id"), DROP, "D3"),
        ((*SERVICE, "id"), "order select", "D3"),
        ((*SERVICE, "description"), "", "D3"),
        ((*SERVICE, "title"), DROP, "D4"),
        ((*SERVICE, "prefetch"), {}, "J2"),
        ((*SERVICE, "prefetch"), [], "D5"),
        ((*SERVICE, "version"), "STU2", "D7"),
        ((*SERVICE, "hookVersion"), "9.9", "D8"),
        (("services", 1), good_discovery()["services"][0], "D9"),
        ((*SERVICE, "hook"), "medication-reconcile", "§12"),
        (TEMPLATE, "Patient/{{context.patientId}", "P1"),
        (TEMPLATE, "Patient/{{patientId}}", "P2"),
        (TEMPLATE, "Medication/{{context.draftOrders.entry.resource.id}}", "P2"),
        (TEMPLATE, "Patient/{{context.draftOrders}}", "P3"),
        (TEMPLATE, "/Patient/{{context.patientId}}", "P5"),
        (TEMPLATE, "MedicationOrder?patient={{context.patientId}}", "P5"),
        (TEMPLATE, "Observation?patient={{context.patientId}}&sort:desc=date", "P5"),
        (TEMPLATE, "MedicationRequest?patient={{context.patientId}}&_include=MedicationRequest:medication", "P5"),
        (TEMPLATE, "Condition?patient.identifier={{context.patientId}}", "P5"),
        (TEMPLATE, "Condition?code:not=1&patient={{context.patientId}}", "P5"),
    ],
)
def test_a_fault_in_discovery_is_named_with_its_number(path: Steps, value: object, number: str) -> None:
    faults = faults_in_discovery(changed(good_discovery(), path, value))
    assert number in numbers(faults), faults


# What HL7 and CDS Hooks published, and what of it the checklist (§14) and this validator call bad.
KNOWN_RESPONSES = {
    "fhir-test-cases/validator/cdshooks-response-good.json": set(),
    "fhir-test-cases/validator/cdshooks-response-empty-good.json": set(),
    "fhir-test-cases/validator/cdshooks-response-empty-bad.json": {"R1", "J2"},
    "fhir-test-cases/validator/cdshooks/cdshooks-response-empty.json": set(),
    "fhir-test-cases/validator/cdshooks/cdshooks-response-empty2.json": {"R1", "J2"},
    "fhir-test-cases/validator/cdshooks/cdshooks-response-empty-source.json": {"C5", "J2", "C6", "L1"},
    "fhir-test-cases/validator/cdshooks/cdshooks-response-suggestion.json": {"C6", "X3", "C2"},
    "fhir-test-cases/validator/cdshooks/cdshooks-response-link.json": set(),
    "fhir-test-cases/validator/cdshooks/cdshooks-response-no-link.json": set(),
    "fhir-test-cases/validator/cdshooks/cdshooks-response-source-link.json": {"C2", "L1"},
    "fhir-test-cases/validator/cdshooks/cdshooks-response-two-cards.json": set(),
    "spec-examples/docs-examples-03.json": {"X2"},
    "spec-examples/docs-quickstart-01.json": {"C4"},
    "spec-examples/spec10-09.json": set(),
    "spec-examples/spec10-13.json": set(),
    "spec-examples/spec201-09.json": set(),
    "spec-examples/spec201-15.json": {"X2", "X4"},
    "spec-examples/spec201-16.json": set(),
    "spec-examples/spec201-17.json": {"C4"},
    "spec-examples/spec3-12.json": set(),
    "spec-examples/spec3-18.json": {"X2", "X4"},
    "spec-examples/spec3-19.json": set(),
    "spec-examples/spec3-20.json": {"C4"},
    "crd/CRDServiceResponse.json": {"X2"},
    "crd/CRDServiceResponse2.json": set(),
    "crd/CRDServiceResponse3.json": {"X2"},
}
KNOWN_SERVICES = {
    "fhir-test-cases/validator/cdshooks-services-good.json": set(),
    "fhir-test-cases/validator/cdshooks/cdshooks-services-order-select-extensions.json": {"E2", "P5"},
    "spec-examples/docs-quickstart-00.json": {"D3", "D4"},
    "spec-examples/spec10-00.json": set(),
    "spec-examples/spec10-16.json": {"E2"},
    "spec-examples/spec201-00.json": set(),
    "spec-examples/spec201-26.json": set(),
    "spec-examples/spec3-00.json": set(),
    "spec-examples/spec3-29.json": set(),
    "crd/CRDServices.json": {"P2", "P3"},
}


@pytest.mark.parametrize(("file", "expected"), KNOWN_RESPONSES.items(), ids=list(KNOWN_RESPONSES))
def test_published_responses_come_out_as_stated(file: str, expected: set[str]) -> None:
    assert numbers(faults_in_response(given_json("cds-hooks", "vectors", file))) == expected


@pytest.mark.parametrize(("file", "expected"), KNOWN_SERVICES.items(), ids=list(KNOWN_SERVICES))
def test_published_discoveries_come_out_as_stated(file: str, expected: set[str]) -> None:
    assert numbers(faults_in_discovery(given_json("cds-hooks", "vectors", file))) == expected


def test_every_published_response_and_discovery_is_in_the_tables() -> None:
    folder = given("cds-hooks", "vectors")
    found = set()
    for file in folder.rglob("*.json"):
        body = json.loads(file.read_bytes())
        if isinstance(body, dict) and {"cards", "systemActions", "services"} & set(body):
            found.add(str(file.relative_to(folder)))
    assert found - set(KNOWN_RESPONSES) - set(KNOWN_SERVICES) == set()
