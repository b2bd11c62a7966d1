"""A FHIR server that is registered and does harm: whatever it sends, the call is answered, and what did not come whole is
named."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.settings.client import Client
from app.settings.client_kinds import rule_ids
from tests.app.clients.counting import Counted, outward
from tests.app.ehr.conftest import Caller, FhirServer
from tests.app.ehr.test_fetching import ALCOHOL, DATA, fetched, order, paths

Called = Callable[..., Caller]
EMPTY = {"resourceType": "Bundle", "type": "searchset"}

FAULTS = {
    "a body that unpacks to fifty megabytes": ("gzip", "encoded"),
    "a body that is packed and does not say so": ("secretly", "not-json"),
    "a body of three megabytes": ("huge 3000000", "too-large"),
    "a body without an end": ("endless-body", "too-large"),
    "headers without number": ("headers 200", "not-reached"),
    "a status nobody knows": ("status 299", "status-299"),
    "an answer that is still to come": ("status 202", "status-202"),
    "gone": ("status 410", "status-410"),
    "not implemented": ("status 501", "status-501"),
    "a rest of five thousand digits": (f"rest {'9' * 5000}", "status-429"),
    "a rest until a day": ("rest Fri, 31 Dec 2027 23:59:59 GMT", "status-429"),
    "a rest in other digits": ("rest -1", "status-429"),
    "nesting without end": ("deep 5000", "too-deep"),
    "nesting deeper than a request may have": ("deep 60", "too-deep"),
    "a Bundle that says nothing": ('body {"resourceType": "Bundle"}', "not-fhir"),
    "a Bundle that answers no search": ('body {"resourceType": "Bundle", "type": "batch-response"}', "not-fhir"),
    "a Bundle whose entries are null": (
        'body {"resourceType": "Bundle", "type": "searchset", "entry": null}',
        "not-fhir",
    ),
    "null": ("body null", "not-fhir"),
    "nothing": ("body ", "not-json"),
    "an empty object": ("body {}", "not-fhir"),
    "a number no JSON has": ('body {"resourceType": "Bundle", "type": "searchset", "total": NaN}', "not-json"),
    "two objects": ("body {}{}", "not-json"),
    "a lone surrogate": ('body {"resourceType": "Bundle", "type": "searchset", "x": "\\ud800"}', "not-json"),
}


@pytest.mark.parametrize(("fault", "outcome"), FAULTS.values(), ids=FAULTS)
def test_harm_is_no_empty_list(called: Called, client: Client, ehr: FhirServer, fault: str, outcome: str) -> None:
    ehr.told(DATA, {"Condition": fault})
    answer = called(client).call(order(ehr))
    assert answer.status == 412
    [issue] = answer.json()["issue"]
    assert issue["expression"] == ["prefetch.conditions"]
    assert f"cannot be fetched ({outcome})" in issue["details"]["text"]


def bundle(**more: Any) -> str:
    return f"body {json.dumps({**EMPTY, **more})}"


PARTS = {
    "fewer than it says there are": bundle(total=7),
    "an error among the entries": bundle(
        entry=[{"resource": {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]}}]
    ),
    "an entry without a resource": bundle(entry=[{"fullUrl": "urn:uuid:5"}]),
    "an entry that is text": bundle(entry=["Condition/1"]),
    "a next page without an address": bundle(link=[{"relation": "next"}]),
    "a next page with a number for an address": bundle(link=[{"relation": "next", "url": 2}]),
    "a next page that is no list of links": bundle(link={"relation": "next", "url": ""}),
}


@pytest.mark.parametrize("fault", PARTS.values(), ids=PARTS)
def test_less_than_a_list_is_no_empty_list(called: Called, client: Client, ehr: FhirServer, fault: str) -> None:
    ehr.told(DATA, {"Condition": fault})
    answer = called(client).call(order(ehr))
    assert answer.status == 412
    assert answer.json()["issue"][0]["expression"] == ["prefetch.conditions"]


@pytest.mark.parametrize("fault", [bundle(), bundle(total=0), bundle(entry=[])], ids=["bare", "total", "entries"])
def test_an_empty_searchset_is_told_there_are_none(called: Called, client: Client, ehr: FhirServer, fault: str) -> None:
    ehr.told(DATA, {"Condition": fault})
    answer = called(client).call(order(ehr))
    assert (answer.status, fetched(answer)["conditions"]) == (200, "whole")
    assert answer.json()["extension"]["org.wane.explain"]["told"]["conditions"] == "whole"


@pytest.mark.parametrize("fault", ["marked", "typed text/html", "typed application/json+fhir;charset=utf-8", "typed "])
def test_what_a_server_says_of_its_json_costs_nothing(
    called: Called, client: Client, ehr: FhirServer, fault: str
) -> None:
    """Servers are read leniently: JSON is JSON, whatever its media type, and with a mark of its byte order before it."""
    ehr.told(DATA, {"Condition": fault})
    answer = called(client).call(order(ehr))
    assert fetched(answer)["conditions"] == "whole"
    assert len(answer.json()["cards"]) == 1


@pytest.mark.parametrize(
    "link", ["http://[", "http://[::1", "http://127.0.0.1:99999/", "http://x:y/", "//[", "http://127.0.0.1\0/"]
)
def test_a_next_page_nobody_can_read_the_address_of_is_not_fetched(
    called: Called, client: Client, ehr: FhirServer, link: str
) -> None:
    ehr.told(DATA, {"Condition": f"next {link}"})
    answer = called(client).call(order(ehr))
    assert answer.status == 200
    assert fetched(answer)["conditions"] == "not-registered"
    sent = {**EMPTY, "link": [{"relation": "next", "url": link}], "entry": [{"resource": ALCOHOL}]}
    answer = called(client).call(order(ehr, {"conditions": sent}))
    assert answer.status == 200
    assert fetched(answer)["conditions"] == "not-registered"


def test_the_token_of_one_registered_server_does_not_go_to_another(
    called: Called, client: Client, ehr: FhirServer, other: Counted
) -> None:
    """A client may have several servers; the access token is for the one its call names (checklist A4)."""
    ehr.told(DATA, {"Condition": f"next {other.origin}/fhir/Condition?patient=1&page=2"})
    both = replace(client, fhir=(*client.fhir, other.origin))
    answer = called(both).call(order(ehr))
    assert fetched(answer)["conditions"] == "other-origin"
    sent = {
        **EMPTY,
        "link": [{"relation": "next", "url": f"{other.origin}/fhir/Condition?page=2"}],
        "entry": [{"resource": ALCOHOL}],
    }
    answer = called(both).call(order(ehr, {"conditions": sent}))
    assert fetched(answer)["conditions"] == "other-origin"
    assert other.asked == []


def test_addresses_in_an_answer_that_are_no_next_page_are_not_contacted(
    called: Called, client: Client, ehr: FhirServer, other: Counted
) -> None:
    """Links of other kinds, references, attachments, diagnostics: nothing an answer names is contacted."""
    named = f"{other.origin}/x"
    condition = {
        **ALCOHOL,
        "id": "c-2",
        "meta": {"source": named, "profile": [named]},
        "extension": [{"url": named, "valueUrl": named}],
        "encounter": {"reference": f"{named}/Encounter/1"},
        "evidence": [{"detail": [{"reference": f"{named}/Observation/1"}]}],
        "text": {"status": "generated", "div": f"<div xmlns='http://www.w3.org/1999/xhtml'><img src='{named}'/></div>"},
    }
    links = [{"relation": each, "url": named} for each in ("self", "first", "last", "previous", "Next", "next ")]
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "information", "code": "informational", "diagnostics": named}],
    }
    entries = [
        {"fullUrl": named, "resource": each, "link": links, "request": {"url": named}} for each in (condition, outcome)
    ]
    medication = {
        "resourceType": "MedicationRequest",
        "id": "m",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationReference": {"reference": f"{named}/Medication/1"},
    }
    ehr.told(
        {**DATA, "MedicationRequest": [medication]},
        {"Condition": f"body {json.dumps({**EMPTY, 'link': links, 'entry': entries})}"},
    )
    with outward() as heard:
        answer = called(client).call(order(ehr))
    assert fetched(answer)["conditions"] == "whole"
    assert {where for event, where in heard if event == "socket.connect"} == {("127.0.0.1", ehr.port)}
    assert other.asked == []


@pytest.fixture
def other() -> Iterator[Counted]:
    """A second server, which answers everything."""
    server = Counted(lambda path, headers: (200, {}, json.dumps(EMPTY).encode()))
    yield server
    server.close()


def test_a_server_nobody_listens_at_and_one_without_a_name_are_told_apart(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    refused = "http://127.0.0.1:9"
    nameless = "https://fhir.invalid"
    wane = called(replace(client, fhir=(refused, nameless)))
    for server, why in ((refused, "not-reached"), (nameless, "no-address")):
        answer = wane.call({**order(ehr), "fhirServer": f"{server}/fhir"})
        assert answer.status == 412
        assert f"({why})" in answer.json()["issue"][0]["details"]["text"]


def test_what_was_fetched_is_as_large_as_all_else_that_is_judged(
    called: Called, client: Client, ehr: FhirServer
) -> None:
    """Entries are counted over all pages of a list, and a list of more is a part."""
    ehr.told({**DATA, "Condition": [{**ALCOHOL, "id": f"c-{n}"} for n in range(30)]}, page=10)
    answer = called(client, max_resources=25).call(order(ehr))
    assert fetched(answer)["conditions"] == "too-many-entries"
    assert answer.json()["extension"]["org.wane.explain"]["told"]["conditions"] == "part"


def test_nothing_is_fetched_for_rules_that_are_off(called: Called, client: Client, ehr: FhirServer) -> None:
    ehr.told(DATA)
    off = replace(client, rules=tuple((rule, "off") for rule in rule_ids()))
    assert called(off).call(order(ehr)).json()["cards"] == []
    assert ehr.asked == []


def test_what_only_rules_that_are_off_need_is_not_fetched(called: Called, client: Client, ehr: FhirServer) -> None:
    """The rule that is left asks about problems and medicines, and not where the patient stays."""
    ehr.told(DATA)
    body = order(ehr, medicine="zolpidem 10 mg")
    body["context"]["encounterId"] = "e"
    called(client).call(body)
    assert "/fhir/Encounter/e" in paths(ehr)
    ehr.told(DATA)
    off = replace(client, rules=tuple((rule, "off") for rule in rule_ids() if rule != "bzra-multiple"))
    called(off).call(body)
    assert paths(ehr) >= {"/fhir/Patient/1", "/fhir/Condition?patient=1", "/fhir/MedicationRequest?patient=1"}
    assert "/fhir/Encounter/e" not in paths(ehr)
