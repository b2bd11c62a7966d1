"""What prefetch left out is fetched from the client's FHIR server: a real one, in a process of its own, with its faults."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.settings.client import Client
from tests.app.clients.counting import outward
from tests.app.ehr.conftest import TOKEN, Caller, FhirServer
from tests.checklist import faults_in_answer
from tests.service import Answer

ALCOHOL = {
    "resourceType": "Condition",
    "id": "c-1",
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "verificationStatus": {"coding": [{"code": "confirmed"}]},
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "66590003"}]},
    "subject": {"reference": "Patient/1"},
}
PATIENT = {"resourceType": "Patient", "id": "1", "birthDate": "1970-01-01"}
DATA = {"Condition": [ALCOHOL], "Patient": [PATIENT], "MedicationRequest": []}
MEDICATIONS = ("MedicationRequest", "MedicationStatement", "MedicationDispense")
Called = Callable[..., Caller]


def order(
    ehr: FhirServer, prefetch: dict[str, Any] | None = None, medicine: str = "baclofen 10 mg", **more: Any
) -> Any:
    draft = {
        "resourceType": "MedicationRequest",
        "id": "a",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": medicine},
    }
    return {
        "hook": "order-select",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "fhirServer": ehr.base,
        "fhirAuthorization": {
            "access_token": TOKEN,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "user/*.rs",
            "subject": "wane",
        },
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": draft}]},
        },
        "prefetch": {"procedures": None, **(prefetch or {})},
        **more,
    }


def fetched(answer: Answer) -> dict[str, str]:
    found: dict[str, str] = answer.json()["extension"]["org.wane.explain"].get("fetched", {})
    return found


def paths(ehr: FhirServer) -> set[str]:
    return {str(path) for path, _, _ in ehr.asked}


def paths_in_order(ehr: FhirServer) -> list[str]:
    return [str(path) for path, _, _ in ehr.asked]


def test_what_was_not_sent_is_fetched_and_the_card_rests_on_it(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA, token=TOKEN)
    body = order(ehr)
    answer = called(client).call(body)
    assert answer.status == 200
    assert faults_in_answer(200, answer.json(), request=body) == []
    assert [card["source"]["topic"]["code"] for card in answer.json()["cards"]] == ["baclofen-alcohol"]
    lists = {f"/fhir/{kind}?patient=1" for kind in ("Condition", *MEDICATIONS)}
    assert paths(ehr) == {"/fhir/Patient/1", *lists}, "medicines are read together with what is taken and handed out"
    assert set(fetched(answer).values()) == {"whole"}


def test_what_was_sent_is_not_fetched_whether_it_is_a_list_null_or_empty(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    """Checklist F1, F2, F5, F6."""
    ehr.told(DATA)
    empty = {"resourceType": "Bundle", "type": "searchset", "entry": []}
    answer = called(client).call(order(ehr, {"patient": None, "medications": empty}))
    assert len(answer.json()["cards"]) == 1
    assert paths(ehr) == {"/fhir/Condition?patient=1"}


def test_what_the_client_failed_to_get_is_not_asked_for_again(called: Called, client: Client, ehr: FhirServer) -> None:
    """Checklist F3: a pointless query is avoided; the list is not told."""
    ehr.told(DATA)
    failed = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}
    answer = called(client).call(order(ehr, {"patient": None, "medications": None, "conditions": failed}))
    assert answer.status == 412
    assert ehr.asked == []


def test_an_order_no_rule_speaks_about_needs_nothing(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA)
    assert called(client).call(order(ehr, medicine="paracetamol 500 mg"), "").json() == {"cards": []}
    assert ehr.asked == []


def test_every_request_carries_the_token_of_its_call_and_no_cookie(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    """Checklist A2, A3."""
    wane = called(client)
    for token in ("one", "two"):
        ehr.told(DATA, token=token)
        body = order(ehr)
        body["fhirAuthorization"]["access_token"] = token
        assert wane.call(body).status == 200
        assert {(sent, cookie) for _, sent, cookie in ehr.asked} == {(f"Bearer {token}", None)}


@pytest.mark.parametrize("page", [1, 2, 3])
def test_pages_are_followed_to_the_end(called: Called, client: Client, ehr: FhirServer, page: int) -> None:
    others = [{**ALCOHOL, "id": f"o-{n}", "code": {"text": "hypertension"}} for n in range(4)]
    ehr.told({**DATA, "Condition": [*others, ALCOHOL]}, page=page)
    answer = called(client).call(order(ehr))
    assert fetched(answer)["conditions"] == "whole"
    assert answer.json()["extension"]["org.wane.explain"]["told"]["conditions"] == "whole"
    assert len(answer.json()["cards"]) == 1


def test_a_page_that_was_sent_is_followed_and_kept(called: Called, client: Client, ehr: FhirServer) -> None:
    """Checklist F4."""
    ehr.told({"Condition": [ALCOHOL, {**ALCOHOL, "id": "c-2", "code": {"text": "hypertension"}}]}, page=1)
    first = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "next", "url": f"{ehr.base}/Condition?patient=1&_start=1"}],
        "entry": [{"resource": ALCOHOL}],
    }
    for sent in (first, {"response": {"status": "200"}, "resource": first}):
        answer = called(client).call(order(ehr, {"patient": None, "medications": None, "conditions": sent}))
        explain = answer.json()["extension"]["org.wane.explain"]
        assert (explain.get("fetched"), explain["told"]["conditions"]) == ({"conditions": "whole"}, "whole")
        assert [problem["reference"] for problem in explain["problems"]] == ["Condition/c-1"]
    assert paths(ehr) == {"/fhir/Condition?patient=1&_start=1"}


def test_patient_view_fetches_too(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA)
    body = order(ehr)
    body |= {"hook": "patient-view", "context": {"userId": "Practitioner/1", "patientId": "1"}}
    assert called(client).call(body).status == 200
    assert "/fhir/MedicationRequest?patient=1" in paths(ehr)


FAULTS = {
    "401": ("status 401", "status-401"),
    "403": ("status 403", "status-403"),
    "404": ("status 404", "status-404"),
    "429": ("status 429", "status-429"),
    "500": ("status 500", "status-500"),
    "204": ("status 204", "status-204"),
    "redirect within": ("redirect /fhir/Condition?patient=1", "status-302"),
    "redirect to cloud metadata": ("redirect http://169.254.169.254/latest/meta-data", "status-302"),
    "half a Bundle": ("half", "not-reached"),
    "half a Bundle with a matching length": ("half-chunked", "not-json"),
    "HTML": ("body <html>", "not-json"),
    "a list": ("body []", "not-fhir"),
    "an OperationOutcome with 200": ('body {"resourceType": "OperationOutcome"}', "not-fhir"),
    "another resource": ('body {"resourceType": "Patient", "id": "1"}', "not-fhir"),
    "entries that are no list": ('body {"resourceType": "Bundle", "entry": {}}', "not-fhir"),
    "another patient": (
        'body {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Condition", "id": "x", '
        '"subject": {"reference": "Patient/2"}}}]}',
        "other-patient",
    ),
}


@pytest.mark.parametrize(("fault", "outcome"), FAULTS.values(), ids=FAULTS)
def test_a_list_that_cannot_be_fetched_is_not_told_and_named_in_the_412(
    called: Called, client: Client, ehr: FhirServer, fault: str, outcome: str
) -> None:
    """Checklist F7: neither sent nor retrievable."""
    ehr.told(DATA, {"Condition": fault})
    with outward() as heard:
        answer = called(client).call(order(ehr))
    assert answer.status == 412
    [issue] = answer.json()["issue"]
    assert issue["expression"] == ["prefetch.conditions"]
    assert f"cannot be fetched ({outcome})" in issue["details"]["text"]
    assert {where for event, where in heard if event == "socket.connect"} == {("127.0.0.1", ehr.port)}


FAULTS_ON_THE_WAY = {
    "endless pages": ("endless", "too-many-pages"),
    "a page that is its own next": ("next /fhir/Condition?patient=1", "too-many-pages"),
    "next at another host": ("next http://evil.example/fhir/Condition?page=2", "not-registered"),
    "next at another port": ("next http://127.0.0.1:1/fhir/Condition?page=2", "not-registered"),
    "next at another scheme": ("next https://127.0.0.1/fhir/Condition?page=2", "not-registered"),
    "next at cloud metadata": ("next http://169.254.169.254/latest/meta-data", "not-registered"),
    "next at this machine in decimal": ("next http://2130706433/x", "not-registered"),
    "next at a file": ("next file:///etc/passwd", "not-registered"),
}


@pytest.mark.parametrize(("fault", "outcome"), FAULTS_ON_THE_WAY.values(), ids=FAULTS_ON_THE_WAY)
def test_pages_that_lead_elsewhere_or_nowhere_leave_a_part_of_the_list(
    called: Called, client: Client, ehr: FhirServer, fault: str, outcome: str
) -> None:
    """Checklist A4: the token goes to the registered origin only; what came is used as a part."""
    ehr.told({**DATA, "Condition": [ALCOHOL]}, {"Condition": fault})
    with outward() as heard:
        answer = called(client).call(order(ehr))
    assert {where for event, where in heard if event == "socket.connect"} == {("127.0.0.1", ehr.port)}
    assert len(paths(ehr)) <= 4 + 100
    if fault == "endless":
        assert answer.status == 412
        assert "one page of several" in answer.json()["issue"][0]["details"]["text"]
    else:
        assert fetched(answer)["conditions"] == outcome
        assert answer.json()["extension"]["org.wane.explain"]["told"]["conditions"] == "part"
        assert len(answer.json()["cards"]) == 1


@pytest.mark.parametrize("fault", ["drip", "silent"])
def test_the_time_is_one_for_all_lists_and_what_came_in_it_is_used(
    called: Called, client: Client, ehr: FhirServer, fault: str
) -> None:
    ehr.told(DATA, {"MedicationRequest": fault})
    answer = called(replace(client, fetch_ms=1_000)).call(order(ehr))
    assert answer.status == 200
    came = {"patient": "whole", "conditions": "whole", "statements": "whole", "dispenses": "whole"}
    assert fetched(answer) == {**came, "medications": "timeout"}
    assert len(answer.json()["cards"]) == 1


def test_another_patient_under_the_right_address_is_refused(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA, {"Patient": 'body {"resourceType": "Patient", "id": "2", "birthDate": "2015-01-01"}'})
    answer = called(client).call(order(ehr))
    assert fetched(answer)["patient"] == "other-patient"
    assert answer.json()["extension"]["org.wane.explain"]["told"]["patient"] == "not"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"fhirServer": "http://evil.example/fhir"}, "not-registered"),
        ({"fhirServer": "http://127.0.0.1:1/fhir"}, "not-registered"),
        ({"fhirServer": "http://169.254.169.254/latest"}, "not-registered"),
        ({"fhirServer": "http://[::ffff:127.0.0.1]:{port}/fhir"}, "not-registered"),
        ({"fhirServer": "http://2130706433:{port}/fhir"}, "not-registered"),
        ({"fhirServer": "http://localhost:{port}/fhir"}, "not-registered"),
        ({"fhirServer": "http://127.0.0.1:{port}@evil.example/fhir"}, "not-registered"),
        ({"fhirServer": "http://me@127.0.0.1:{port}/fhir"}, "not-registered"),
        ({"fhirServer": "http://127.0.0.1:{port}/fhir?x="}, "not-registered"),
        ({"fhirServer": "http://127.0.0.1:{port}/fhir#"}, "not-registered"),
        ({"fhirServer": "//127.0.0.1:{port}/fhir"}, "not-registered"),
        ({"fhirServer": "gopher://127.0.0.1:{port}/fhir"}, "not-registered"),
        ({"fhirAuthorization": None}, "no-token"),
        ({"fhirAuthorization": {"access_token": "a\r\nX: y", "token_type": "Bearer"}}, "no-token"),
        ({"fhirAuthorization": {"access_token": "a", "token_type": "mac"}}, "no-token"),
        ({"fhirAuthorization": {"access_token": 7}}, "no-token"),
        ({"fhirAuthorization": {"access_token": "a", "expires_in": 0}}, "token-expired"),
        ({"fhirAuthorization": {"access_token": "a", "patient": "2"}}, "other-patient"),
        ({"patientId": "1&_include=*"}, "no-fhir-id"),
        ({"patientId": "x" * 65}, "no-fhir-id"),
    ],
    ids=str,
)
def test_nothing_is_contacted_that_is_not_registered_or_without_the_right_token(
    called: Called, client: Client, ehr: FhirServer, changed: dict[str, Any], why: str
) -> None:
    ehr.told(DATA)
    body = order(ehr)
    if "patientId" in changed:
        body["context"]["patientId"] = changed["patientId"]
        draft = body["context"]["draftOrders"]["entry"][0]["resource"]
        draft["subject"] = {"reference": f"Patient/{changed['patientId']}"}
    else:
        body |= json.loads(json.dumps(changed).replace("{port}", str(ehr.port)))
    with outward() as heard:
        answer = called(client).call(body)
    assert answer.status == 412
    assert f"({why})" in answer.json()["issue"][0]["details"]["text"]
    assert [event for event, _ in heard] == []
    assert ehr.asked == []


def test_an_open_server_is_asked_without_a_token_where_the_site_says_so(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told(DATA)
    answer = called(replace(client, fhir_without_token=True)).call(order(ehr, fhirAuthorization=None))
    assert len(answer.json()["cards"]) == 1
    assert {sent for _, sent, _ in ehr.asked} == {None}


def test_one_clients_server_is_not_anothers(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA)
    answer = called(replace(client, fhir=("https://fhir.example",))).call(order(ehr))
    assert answer.status == 412
    assert ehr.asked == []


def test_a_list_that_fails_is_left_alone_for_a_while_and_the_others_are_not(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told(DATA, {"Condition": "status 500"})
    wane = called(client)
    for _ in range(5):
        assert wane.call(order(ehr)).status == 412
    asked = paths_in_order(ehr)
    answer = wane.call(order(ehr))
    assert "(left-alone)" in answer.json()["issue"][0]["details"]["text"]
    assert sorted(paths_in_order(ehr)[len(asked) :]) == [
        "/fhir/MedicationDispense?patient=1",
        "/fhir/MedicationRequest?patient=1",
        "/fhir/MedicationStatement?patient=1",
        "/fhir/Patient/1",
    ]


def test_a_server_that_fails_altogether_is_left_alone_for_a_while(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told(DATA, dict.fromkeys(("Patient", "Condition", *MEDICATIONS), "status 500"))
    wane = called(client)
    for _ in range(5):
        assert wane.call(order(ehr)).status == 412
    asked = len(ehr.asked)
    answer = wane.call(order(ehr))
    assert "(left-alone)" in answer.json()["issue"][0]["details"]["text"]
    assert len(ehr.asked) == asked


def test_a_server_that_asks_for_time_gets_it(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA, {"Condition": "status 429"})
    wane = called(client)
    assert wane.call(order(ehr)).status == 412
    asked = len(ehr.asked)
    assert wane.call(order(ehr)).status == 412
    assert len(ehr.asked) == asked


def test_a_client_that_shows_412_as_all_clear_gets_a_card_that_says_what_was_not_checked(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    ehr.told(DATA, {"Condition": "status 403"})
    body = order(ehr)
    answer = called(replace(client, missing="card")).call(body)
    assert answer.status == 200
    assert faults_in_answer(200, answer.json(), request=body) == []
    [card] = answer.json()["cards"]
    assert card["indicator"] == "info"
    assert "not checked" in card["detail"]
    assert "problem list" in card["detail"]
    assert card["extension"]["org.wane.advice"]["gaps"][0]["missing"] == "conditions"


def test_neither_token_nor_answer_is_in_the_log(
    called: Called, client: Client, ehr: FhirServer, caplog: pytest.LogCaptureFixture
) -> None:
    ehr.told(DATA, {"MedicationRequest": "status 500"})
    with caplog.at_level(logging.DEBUG):
        called(client).call(order(ehr))
    ours = [record for record in caplog.records if record.name.startswith("app")]
    text = " ".join(str(vars(record)) for record in ours)
    assert "'fetched': {" in text
    assert TOKEN not in text
    assert "66590003" not in text
