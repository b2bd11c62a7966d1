"""What a site agreed on with a client is what the client gets."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.clients.door import Proof, hash_of
from app.settings import Settings
from app.settings.client import Client
from tests.checklist import faults_in_answer, faults_in_discovery, faults_in_operation_outcome
from tests.conversations.conversation import language_of
from tests.service import Answer, Service, service_on

EXAMPLES = Path(__file__).parents[2] / "app" / "pages" / "examples"
TODAY = date(2026, 11, 21)
PROOF = {"Authorization": "Bearer it"}
With = Callable[..., Service]


@pytest.fixture
def client_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[With]:
    """Wane with one client of these terms, which proves itself by a bearer token everywhere."""
    monkeypatch.setattr("app.clients.door.proof_for", lambda *_: Proof.BEARER)
    with ExitStack() as started:

        def start(unreviewed: str = "show", **terms: Any) -> Service:
            client = Client(name="ward", unreviewed=unreviewed, tokens=(hash_of("it"),), **terms)
            settings = Settings(journal=tmp_path / "journal.sqlite", clients=(client,), language="fr")
            return started.enter_context(service_on(TODAY, settings))

        yield start


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


BACLOFEN = example("order-select.baclofen-for-alcohol")


def called(wane: Service, body: Any, query: str = "", **headers: str) -> Answer:
    return wane.post(f"/cds-services/{body['hook']}{query}", body, **PROOF, **headers)


def cards(wane: Service, body: Any, **headers: str) -> list[Any]:
    answer = called(wane, body, **headers)
    assert faults_in_answer(answer.status, answer.json(), request=body) == []
    found: list[Any] = answer.json()["cards"]
    return found


def discovered(wane: Service) -> Any:
    return wane.call("GET", "/cds-services", headers=PROOF).json()


def leading(found: list[Any]) -> list[str]:
    return [card["source"]["topic"]["code"] for card in found]


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_a_client_is_answered_in_its_language_where_a_call_asks_for_none(client_with: With, language: str) -> None:
    wane = client_with(language=language)
    [card] = cards(wane, BACLOFEN)
    assert language_of(f"{card['summary']} {card['detail']}") == language
    [asked] = cards(wane, BACLOFEN, Accept_Language="en")
    assert language_of(f"{asked['summary']} {asked['detail']}") == "en"


def test_a_client_without_a_language_gets_the_services(client_with: With) -> None:
    [card] = cards(client_with(), BACLOFEN)
    assert language_of(f"{card['summary']} {card['detail']}") == "fr"


def test_a_client_sees_and_calls_its_own_services_only(client_with: With) -> None:
    wane = client_with(hooks=("order-sign",))
    assert [each["id"] for each in discovered(wane)["services"]] == ["order-sign"]
    for path in ("/cds-services/order-select", "/cds-services/order-select/feedback"):
        answer = wane.post(path, BACLOFEN, **PROOF)
        assert (answer.status, faults_in_operation_outcome(answer.json())) == (404, [])
    assert leading(cards(wane, {**BACLOFEN, "hook": "order-sign"})) == ["baclofen-alcohol"]


def judged(wane: Service, body: Any) -> dict[str, Any]:
    explained = called(wane, body, "?explain=true").json()["extension"]["org.wane.explain"]
    return {rule["id"]: rule for each in explained.get("judged", ()) for rule in each["rules"]}


def test_a_rule_that_is_off_is_neither_shown_nor_counted(client_with: With) -> None:
    wane = client_with(rules=(("baclofen-alcohol", "off"),))
    assert "baclofen-alcohol" not in leading(cards(wane, BACLOFEN))
    assert "baclofen-alcohol" not in judged(wane, BACLOFEN)


def test_a_rule_in_shadow_is_judged_and_counted_and_not_shown(client_with: With) -> None:
    wane = client_with(rules=(("baclofen-alcohol", "shadow"),))
    assert "baclofen-alcohol" not in leading(cards(wane, BACLOFEN))
    rule = judged(wane, BACLOFEN)["baclofen-alcohol"]
    assert (rule["outcome"], rule["withheld"]) == ("advise", "shadow")
    counted = {each["rule"]: each for each in wane.call("GET", "/feedback/summary", headers=PROOF).json()["rules"]}
    found = counted["baclofen-alcohol"]
    assert (found["shown"], found["withheld"], found["shadow"]) == (0, 0, 2)


def test_where_unreviewed_content_is_in_shadow_only_what_the_site_activates_is_shown(client_with: With) -> None:
    assert cards(client_with("shadow"), BACLOFEN) == []
    assert leading(cards(client_with("shadow", rules=(("baclofen-alcohol", "active"),)), BACLOFEN)) == [
        "baclofen-alcohol"
    ]


def test_a_client_of_3_0_gets_what_only_3_0_has(client_with: With) -> None:
    new, old = client_with(cds_hooks="3.0"), client_with()
    assert faults_in_discovery(discovered(new)) == faults_in_discovery(discovered(old)) == []
    told = {(each["version"], each.get("hookVersion")) for each in discovered(new)["services"]}
    assert told == {("3.0.0", "1.0"), ("3.0.0", "0.1.0")}
    assert {(each["version"], each.get("hookVersion")) for each in discovered(old)["services"]} == {("2.0.1", None)}

    def selecting(wane: Service) -> set[object]:
        [card] = called(wane, BACLOFEN).json()["cards"]
        together = [each for each in card["suggestions"] if len(each["actions"]) > 1]
        assert together
        return {each.get("actionSelectionBehavior") for each in together}

    assert (selecting(new), selecting(old)) == ({"all"}, {None})


def test_only_a_client_that_agreed_on_system_actions_gets_them(client_with: With) -> None:
    body = called(client_with(system_actions=True), BACLOFEN).json()
    [action] = body["systemActions"]
    assert (action["type"], action["resource"]["resourceType"]) == ("create", "DetectedIssue")
    assert action["resource"]["id"] == body["cards"][0]["uuid"]
    assert faults_in_answer(200, body, request=BACLOFEN) == []
    assert "systemActions" not in called(client_with(), BACLOFEN).json()
    none = called(client_with(system_actions=True), example("order-select.baclofen-for-spasticity")).json()
    assert "systemActions" not in none


@pytest.mark.parametrize(("missing", "status"), [("412", 412), ("card", 200)])
def test_a_client_is_told_what_is_missing_in_the_way_it_can_show(client_with: With, missing: str, status: int) -> None:
    body = json.loads(json.dumps(BACLOFEN))
    body["prefetch"] = {}
    answer = called(client_with(missing=missing), body)
    assert (answer.status, faults_in_answer(answer.status, answer.json(), request=body)) == (status, [])
    if status == 200:
        [card] = answer.json()["cards"]
        assert card["indicator"] == "info"


def test_a_clients_country_counts_where_the_patients_record_tells_none(client_with: With) -> None:
    view = example("patient-view.lormetazepam-since-2024")
    del view["prefetch"]["patient"]["address"]

    def country(wane: Service) -> set[str]:
        criteria = judged(wane, view)["bzra-taper"]["criteria"]
        return {each["truth"] for each in criteria if each["criterion"] == "country = ['BE']"}

    assert country(client_with(country="BE")) == {"true"}
    assert country(client_with(country="NL")) == {"false"}
    assert country(client_with()) == {"unknown"}


@pytest.mark.parametrize(("icd10", "say"), [("cm", "against-probably"), ("who", "question"), (None, "question")])
def test_which_icd_10_a_client_sends_decides_what_a_code_means(client_with: With, icd10: str | None, say: str) -> None:
    body = json.loads(json.dumps(BACLOFEN))
    coding = {"system": "http://hl7.org/fhir/sid/icd-10", "code": "F10.20"}
    problem = {
        "resourceType": "Condition",
        "id": "c-1",
        "subject": {"reference": f"Patient/{body['context']['patientId']}"},
        "code": {"coding": [coding]},
        "clinicalStatus": {"coding": [{"code": "active"}]},
    }
    body["prefetch"]["conditions"] = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": problem}]}
    [card] = cards(client_with(icd10=icd10), body)
    assert card["extension"]["org.wane.advice"]["rules"][0]["say"] == say
