"""The ways of the reference client, the CDS Hooks Sandbox, one conversation for each: it calls from a browser, signs with a
key that is given out of band, and sends drafts that do not validate. The shapes are its own, the content is made up."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.settings.client import Client
from tests.app.clients.counting import outward
from tests.app.clients.signing import Signer, ec_key, public
from tests.app.conftest import Serve
from tests.app.ehr.conftest import FhirServer
from tests.app.ehr.test_fetching import ALCOHOL, DATA, PATIENT
from tests.checklist import faults_in_answer, faults_in_discovery
from tests.service import BASE_URL, Answer, Service

PAGE = "http://127.0.0.1:9100"  # where the browser has it from
ISSUER = "https://sandbox.example"
KEYS_AT = "https://sandbox.example/.well-known/jwks.json"  # nobody answers there
EMPTY = {"resourceType": "Bundle", "type": "searchset", "total": 0, "entry": []}
DRAFT = {
    "resourceType": "MedicationRequest",
    "id": "request-123",
    "status": "draft",
    "subject": {"reference": "Patient/1"},
    "authoredOn": "2026-11-21",
}
BACLOFEN = {
    "text": "Baclofen 10 MG Oral Tablet",
    "coding": [
        {
            "display": "Baclofen 10 MG Oral Tablet",
            "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
            "code": "197391",
        }
    ],
}
ZOLPIDEM = {
    "text": "Zolpidem tartrate 10 MG Oral Tablet",
    "coding": [
        {
            "display": "Zolpidem tartrate 10 MG Oral Tablet",
            "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
            "code": "854873",
        }
    ],
}


def written(medicine: dict[str, Any]) -> dict[str, Any]:
    """The draft once a medicine has been picked: a dose in pills, and a category that is no list."""
    dose = {"value": 1, "system": "http://unitsofmeasure.org", "code": "{pill}"}
    timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    category = {"code": "community", "system": "http://terminology.hl7.org/CodeSystem/medicationrequest-category"}
    days = {"value": 30, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"}
    return {
        **DRAFT,
        "dosageInstruction": [{"timing": timing, "doseAndRate": [{"doseQuantity": dose}]}],
        "dispenseRequest": {"expectedSupplyDuration": days},
        "intent": "order",
        "category": {"coding": [category]},
        "medicationCodeableConcept": medicine,
    }


def in_use(medicine: dict[str, Any]) -> dict[str, Any]:
    """A tablet a day since the summer of last year."""
    timing = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": {"start": "2025-06-01"}}}
    dose = {"value": 10, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
    return {
        **DRAFT,
        "id": "m",
        "status": "active",
        "intent": "order",
        "authoredOn": "2025-06-01",
        "medicationCodeableConcept": medicine,
        "dosageInstruction": [{"timing": timing, "doseAndRate": [{"doseQuantity": dose}]}],
    }


def found(*resources: dict[str, Any]) -> dict[str, Any]:
    return {**EMPTY, "total": len(resources), "entry": [{"resource": each} for each in resources]}


class Sandbox:
    """Calls as it does: the address it calls as `aud`, an Origin, and `prefetch` without what it could not get."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.signer = Signer(KEYS_AT, ISSUER, ec_key("44823f3d"))

    def headers(self, path: str) -> dict[str, str]:
        token = self.signer.token(aud=f"{BASE_URL}{path}")
        return {"Origin": PAGE, "Accept": "application/json", "Authorization": f"Bearer {token}"}

    def discovered(self) -> Answer:
        return self.service.call("GET", "/cds-services", headers=self.headers("/cds-services"))

    def call(self, hook: str, draft: dict[str, Any] | None = None, **changed: Any) -> Answer:
        context: dict[str, Any] = {"patientId": "1", "userId": "Practitioner/COREPRACTITIONER1"}
        if draft:
            orders = {"resourceType": "Bundle", "entry": [{"resource": draft}]}
            selections = {"selections": [f"{draft['resourceType']}/{draft['id']}"]} if hook == "order-select" else {}
            context |= {**selections, "draftOrders": orders}
        body = {
            "hookInstance": "5c768ec2-57fe-4ed9-af60-bee083dbaedb",
            "hook": hook,
            "fhirServer": "http://fhir.example/fhir",
            "context": context,
            "prefetch": {"patient": PATIENT, "conditions": found(ALCOHOL), "medications": EMPTY},
            **changed,
        }
        path = f"/cds-services/{hook}"
        answer = self.service.post(path, body, **self.headers(path))
        assert faults_in_answer(answer.status, answer.json(), request=body) == []
        return answer


Called = Callable[..., Any]


@pytest.fixture
def registered(client: Client) -> Client:
    """The client as a site folder has it: the address its tokens name, and the keys themselves."""
    keys = tuple(public(ec_key("44823f3d"))["keys"])
    return replace(client, issuer=ISSUER, jku=KEYS_AT, keys=keys, fhir_without_token=True, language="en")


@pytest.fixture
def sandbox(called: Called, registered: Client) -> Sandbox:
    return Sandbox(called(registered).service)


def test_its_tokens_are_checked_with_the_key_that_was_given_and_the_address_they_name_is_not_contacted(
    sandbox: Sandbox,
) -> None:
    with outward() as heard:
        assert sandbox.discovered().status == 200
        assert sandbox.call("order-select", written(BACLOFEN)).status == 200
    assert heard == []


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        ("GET", "/cds-services", "authorization"),
        ("POST", "/cds-services/order-select", "authorization,content-type"),
        ("POST", "/cds-services/order-select/feedback", "authorization,content-type"),
    ],
)
def test_its_browser_asks_before_every_call_without_a_token(
    sandbox: Sandbox, method: str, path: str, asked: str
) -> None:
    asking = {
        "Origin": PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": asked,
    }
    answer = sandbox.service.call("OPTIONS", path, headers=asking)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] in ("*", PAGE)
    assert method in answer.headers["access-control-allow-methods"]
    assert set(asked.split(",")) <= set(answer.headers["access-control-allow-headers"].lower().split(", "))
    assert "access-control-allow-credentials" not in answer.headers


def test_its_browser_sees_every_refusal_as_what_it_is(sandbox: Sandbox) -> None:
    """Without these headers an error is a network error to a browser, and the page says "all clear"."""
    refused = [
        sandbox.service.post("/cds-services/order-select", {}, Origin=PAGE),
        sandbox.call("order-select", {**written(BACLOFEN), "id": "a"}, prefetch={"patient": PATIENT}),
        sandbox.service.post("/cds-services/nothing", {}, **sandbox.headers("/cds-services/nothing")),
        sandbox.service.call("GET", "/nowhere", headers={"Origin": PAGE}),
    ]
    assert [answer.status for answer in refused] == [401, 412, 404, 401]
    assert {answer.headers["access-control-allow-origin"] for answer in refused} <= {"*", PAGE}


def test_its_services_are_kept_by_address_so_that_no_two_may_share_an_id(sandbox: Sandbox) -> None:
    body = sandbox.discovered().json()
    assert faults_in_discovery(body) == []
    ids = [service["id"] for service in body["services"]]
    assert len(ids) == len(set(ids))
    assert {"patient-view", "order-select", "order-sign"} <= set(ids)


def test_its_templates_hold_nothing_but_tokens_of_the_context(sandbox: Sandbox) -> None:
    """It knows no others; a template it cannot fill it leaves out."""
    templates = {t for service in sandbox.discovered().json()["services"] for t in service["prefetch"].values()}
    tokens = {token for template in templates for token in template.split("{{")[1:]}
    assert {token.partition("}}")[0] for token in tokens} == {"context.patientId", "context.encounterId"}


def test_a_draft_without_a_medicine_is_a_gap_and_no_error(sandbox: Sandbox) -> None:
    """What the page sends when it is opened: no intent, no medicine, and a Bundle without a type."""
    answer = sandbox.call("order-select", DRAFT)
    assert (answer.status, answer.json()["cards"]) == (200, [])
    assert [gap["missing"] for gap in answer.json()["extension"]["org.wane.advice"]["gaps"]] == ["medicine-not-told"]


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_a_draft_that_does_not_validate_gets_its_card(sandbox: Sandbox, hook: str) -> None:
    """A category that is no list, a dose in `{pill}` without a unit, and a stay it did not ask for."""
    answer = sandbox.call(hook, written(BACLOFEN))
    [card] = answer.json()["cards"]
    assert card["source"]["topic"]["code"] == "baclofen-alcohol"
    assert "10 mg" in card["summary"]


def test_patient_view_is_answered_without_a_stay(sandbox: Sandbox) -> None:
    answer = sandbox.call(
        "patient-view", prefetch={"patient": PATIENT, "conditions": EMPTY, "medications": found(in_use(ZOLPIDEM))}
    )
    assert answer.status == 200
    assert [card["source"]["topic"]["code"] for card in answer.json()["cards"]] == ["bzra-taper"]


def test_an_order_for_imaging_with_empty_codes_is_none_of_wanes_business(sandbox: Sandbox) -> None:
    imaging = {
        "resourceType": "ServiceRequest",
        "id": "example-request-id",
        "status": "draft",
        "intent": "plan",
        "code": {"coding": [{}]},
        "subject": {"reference": "Patient/1"},
        "reasonCode": [],
    }
    answer = sandbox.call("order-select", imaging)
    assert (answer.status, answer.json()["cards"]) == (200, [])


def test_a_list_it_could_not_get_is_left_out_and_is_fetched_without_a_token(sandbox: Sandbox, ehr: FhirServer) -> None:
    ehr.told(DATA)
    prefetch = {"patient": PATIENT, "medications": EMPTY, "procedures": EMPTY}
    answer = sandbox.call("order-select", written(BACLOFEN), prefetch=prefetch, fhirServer=ehr.base)
    assert [card["source"]["topic"]["code"] for card in answer.json()["cards"]] == ["baclofen-alcohol"]
    assert [path for path, _, _ in ehr.asked] == ["/fhir/Condition?patient=1"]


def test_it_shows_a_412_as_all_clear_and_so_may_get_a_card_in_its_place(called: Called, registered: Client) -> None:
    sandbox = Sandbox(called(replace(registered, missing="card")).service)
    answer = sandbox.call("order-select", written(BACLOFEN), prefetch={"patient": PATIENT, "medications": EMPTY})
    assert answer.status == 200
    assert "not checked" in answer.json()["cards"][0]["detail"]


def test_it_reads_system_actions_where_nobody_puts_them_any_more_and_gets_none(sandbox: Sandbox) -> None:
    body = sandbox.call("order-select", written(BACLOFEN)).json()
    assert "systemActions" not in body
    assert "systemActions" not in body.get("extension", {})


def test_taking_a_suggestion_that_removes_the_order_calls_again_and_gets_no_card(sandbox: Sandbox) -> None:
    """It empties the form, and sends what is left of the draft."""
    [card] = sandbox.call("order-select", written(BACLOFEN)).json()["cards"]
    actions = [action for suggestion in card["suggestions"] for action in suggestion["actions"]]
    assert {"type": "delete", "resourceId": "MedicationRequest/request-123"}.items() <= actions[0].items()
    assert sandbox.call("order-select", DRAFT).json()["cards"] == []


def in_tablets_of_a_month() -> dict[str, Any]:
    """A first order that tells its dose in milligrams, and how much is handed out."""
    dosage = in_use(ZOLPIDEM)["dosageInstruction"][0]
    dosage["timing"]["repeat"].pop("boundsPeriod")
    days = {"value": 30, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"}
    supply = {"quantity": {"value": 30, "unit": "tablet"}, "expectedSupplyDuration": days}
    return {**written(ZOLPIDEM), "dosageInstruction": [dosage], "dispenseRequest": supply}


def changes_in(answer: Answer) -> list[dict[str, Any]]:
    suggestions = [suggestion for card in answer.json()["cards"] for suggestion in card.get("suggestions", [])]
    return [a["resource"] for suggestion in suggestions for a in suggestion["actions"] if a["type"] == "update"]


def test_taking_a_suggestion_that_changes_the_order_calls_again_and_is_not_suggested_again(sandbox: Sandbox) -> None:
    """It puts the medicine of the suggestion into its form, where there are a text and a code, and builds the draft anew."""
    told = {"patient": PATIENT, "conditions": EMPTY, "medications": EMPTY}
    draft = {name: value for name, value in in_tablets_of_a_month().items() if name != "category"}
    [changed] = changes_in(sandbox.call("order-sign", draft, prefetch=told))
    medicine = changed["medicationCodeableConcept"]
    assert (medicine["text"], medicine["coding"][0]["code"]) == (ZOLPIDEM["text"], "854873")
    assert changed["id"] == "request-123"
    assert changes_in(sandbox.call("order-sign", changed, prefetch=told)) == []


def test_a_draft_that_does_not_validate_is_not_handed_back_changed(sandbox: Sandbox) -> None:
    """What leaves is valid, and a category that is no list would not be: the card comes without that suggestion."""
    told = {"patient": PATIENT, "conditions": EMPTY, "medications": EMPTY}
    answer = sandbox.call("order-sign", in_tablets_of_a_month(), prefetch=told)
    assert len(answer.json()["cards"]) == 1
    assert changes_in(answer) == []


MARKUP = (
    '<img src=x onerror="alert(1)"><script>alert(2)</script> [here](javascript:alert(3)) ![](http://evil.example/x)'
)


@pytest.mark.parametrize("hook", ["order-select", "patient-view"])
def test_it_renders_markup_in_a_detail_and_finds_none_of_the_records(sandbox: Sandbox, hook: str) -> None:
    condition = {**ALCOHOL, "code": {**ALCOHOL["code"], "text": f"alcohol {MARKUP}"}}  # type: ignore[dict-item]
    medicine = {"coding": ZOLPIDEM["coding"], "text": f"Zolpidem {MARKUP}"}
    use = {**in_use(medicine), "note": [{"text": MARKUP}]}
    draft = (
        written({"text": f"Baclofen 10 mg {MARKUP}", "coding": BACLOFEN["coding"]}) if hook == "order-select" else None
    )
    told = {"patient": PATIENT, "conditions": found(condition), "medications": found(use)}
    cards = sandbox.call(hook, draft, prefetch=told).json()["cards"]
    assert cards
    for card in cards:
        for text in (card["summary"], card["detail"], *(s["label"] for s in card.get("suggestions", []))):
            assert [part for part in ("<", "javascript:", "evil.example") if part in text] == []


@pytest.mark.parametrize(
    "item",
    [
        {"outcome": "accepted", "acceptedSuggestions": [{"id": "SUGGESTION"}]},
        {"outcome": "overridden"},
        {"outcome": "overridden", "overrideReason": {"reason": {"code": "REASON", "system": "SYSTEM"}}},
        {"outcome": "overridden", "overrideReason": {"reason": {"code": "REASON"}}},
    ],
    ids=["accepted", "dismissed", "overridden", "overridden without a system"],
)
def test_its_feedback_is_taken(sandbox: Sandbox, item: dict[str, Any]) -> None:
    """One item in a call, the time with milliseconds, and a reason without its display."""
    [card] = sandbox.call("order-select", written(BACLOFEN)).json()["cards"]
    reason = card["overrideReasons"][0]
    said = json.dumps({"card": card["uuid"], **item, "outcomeTimestamp": "2026-11-21T10:32:23.397Z"})
    for name, value in (
        ("SUGGESTION", card["suggestions"][0]["uuid"]),
        ("REASON", reason["code"]),
        ("SYSTEM", reason["system"]),
    ):
        said = said.replace(name, value)
    path = "/cds-services/order-select/feedback"
    answer = sandbox.service.post(path, {"feedback": [json.loads(said)]}, **sandbox.headers(path))
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] in ("*", PAGE)


def test_a_token_of_the_service_does_not_open_its_feedback(sandbox: Sandbox) -> None:
    """`aud` is the address of each call (checklist B7)."""
    path = "/cds-services/order-select/feedback"
    assert sandbox.service.post(path, {"feedback": []}, **sandbox.headers("/cds-services/order-select")).status == 401
    assert sandbox.service.post("/cds-services/order-select", {}, **sandbox.headers(path)).status == 401


def test_wane_as_a_hospital_runs_it_takes_each_of_its_tokens_once_whichever_worker_gets_it(
    serve: Serve, tmp_path: Path
) -> None:
    """Two workers, keys out of a site folder, and a new connection for every call, so that either may get it."""
    key = public(ec_key("44823f3d"))["keys"][0]
    members = ", ".join(f'{name} = "{value}"' for name, value in key.items())
    folder = tmp_path / "site"
    (folder / "clients").mkdir(parents=True)
    (folder / "site.toml").touch()
    (folder / "clients" / "sandbox.toml").write_text(
        f'unreviewed = "show"\nissuer = "{ISSUER}"\njku = "{KEYS_AT}"\nkeys = [{{{members}}}]\n', encoding="utf-8"
    )
    wane = serve("--workers", "2", WANE_SITE=str(folder), WANE_JOURNAL=str(tmp_path / "journal.sqlite"))
    signer = Signer(KEYS_AT, ISSUER, ec_key("44823f3d"))
    url = f"{wane.address}/cds-services"

    def statuses(tokens: list[str]) -> list[int]:
        return sorted(httpx.get(url, headers={"Authorization": f"Bearer {token}"}).status_code for token in tokens)

    assert statuses([signer.token(aud=url)] * 16) == [200] + [401] * 15
    assert statuses([signer.token(aud=url) for _ in range(8)]) == [200] * 8
