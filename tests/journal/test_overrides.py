"""Advice that its reader overrode is not shown again for a while: to whom, about whom, and until what happens."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli import main
from app.feedback.lookup import OverrideLookup
from app.journal.database import engine_for
from app.journal.keys import read_keys, rotate
from app.settings import Settings
from app.settings.client import Client
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from knowledge.withholding import Overridden
from tests.checklist import faults_in_answer
from tests.journal.conftest import DAY, Rows, told
from tests.journal.running import RunningWane
from tests.service import Service, service_on

EXAMPLES = Path(__file__).parents[2] / "app" / "pages" / "examples"
VIEW = "/cds-services/patient-view"
Change = Callable[[Any], None]


@pytest.fixture
def view() -> Any:
    """A record with a long-term use in it is opened: a card led by bzra-taper."""
    return json.loads((EXAMPLES / "patient-view.lormetazepam-since-2024.json").read_text(encoding="utf-8"))


def override(wane: Service, card: Any, code: str = "patient-declined", at: str = "2026-11-21T08:30:00Z") -> None:
    reason = {"reason": {"code": code, "system": "https://wane.example/fhir/CodeSystem/override-reasons"}}
    item = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": at, "overrideReason": reason}
    assert wane.post(f"{VIEW}/feedback", {"feedback": [item]}).status == 200


def cards(wane: Service, body: Any, path: str = VIEW) -> list[Any]:
    answer = wane.post(path, body, Accept_Language="en")
    assert faults_in_answer(answer.status, answer.json(), request=body) == []
    found: list[Any] = answer.json()["cards"]
    return found


def leading(found: list[Any]) -> list[str]:
    return [card["source"]["topic"]["code"] for card in found]


@pytest.fixture
def overridden(wane: Service, view: Any) -> Service:
    """Wane after its card was overridden: the patient declined."""
    [card] = cards(wane, view)
    override(wane, card)
    return wane


@pytest.fixture
def here(on_sqlite: Settings) -> Iterator[Service]:
    """Wane on one kind of database, for what does not depend on it."""
    with service_on(DAY, on_sqlite) as service:
        yield service


@pytest.fixture
def overridden_here(here: Service, view: Any) -> Service:
    """The same after its card was overridden."""
    [card] = cards(here, view)
    override(here, card)
    return here


def test_the_same_advice_is_not_shown_again(overridden: Service, view: Any) -> None:
    assert cards(overridden, view) == []


def test_explain_and_the_journal_tell_what_was_held_back_and_why(
    overridden: Service, view: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = overridden.post(
        f"{VIEW}?explain=true", {**view, "hookInstance": "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7bff"}
    ).json()
    [judged] = body["extension"]["org.wane.explain"]["judged"]
    held = {rule["id"]: rule.get("withheld") for rule in judged["rules"] if rule["outcome"] == "advise"}
    assert held["bzra-taper"] == "patient-declined"
    for variable, value in told(settings).items():
        monkeypatch.setenv(variable, value)
    words = ["journal", "show", "--hook-instance", "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7bff"]
    assert 'advised "stepped-care" and was not shown (patient-declined)' in CliRunner().invoke(main, words).output
    metrics = overridden.call("GET", "/metrics").content.decode()
    assert 'wane_withheld_total{rule="bzra-taper"} 1.0' in metrics
    assert 'wane_feedback_total{outcome="overridden",reason="patient-declined"} 1.0' in metrics
    [counted] = [
        each for each in overridden.call("GET", "/feedback/summary").json()["rules"] if each["rule"] == "bzra-taper"
    ]
    assert (counted["shown"], counted["withheld"], counted["withheldBy"]) == (1, 1, {"patient-declined": 1})


def another_user(view: Any) -> None:
    view["context"]["userId"] = "Practitioner/another"


def no_user(view: Any) -> None:
    del view["context"]["userId"]


def another_patient(view: Any) -> None:
    view["context"]["patientId"] = "example-2"
    view["prefetch"]["patient"]["id"] = "example-2"
    view["prefetch"]["medications"]["entry"][0]["resource"]["subject"]["reference"] = "Patient/example-2"


def a_higher_dose(view: Any) -> None:
    order = view["prefetch"]["medications"]["entry"][0]["resource"]
    order["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] = 3


def a_new_problem(view: Any) -> None:
    problem = {
        "resourceType": "Condition",
        "id": "c-1",
        "subject": {"reference": "Patient/example-1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "J44.9"}]},
        "clinicalStatus": {"coding": [{"code": "active"}]},
    }
    view["prefetch"]["conditions"] = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": problem}]}


def a_new_medicine(view: Any) -> None:
    entries = view["prefetch"]["medications"]["entry"]
    more = json.loads(json.dumps(entries[0]))
    more["resource"] |= {"id": "morphine-1", "medicationCodeableConcept": {"text": "morfine 10 mg"}}
    more["resource"]["medicationCodeableConcept"]["coding"] = [{"system": "http://www.whocc.no/atc", "code": "N02AA01"}]
    entries.append(more)


def another_route(view: Any) -> None:
    order = view["prefetch"]["medications"]["entry"][0]["resource"]
    order["dosageInstruction"][0]["route"] = {"coding": [{"system": "http://snomed.info/sct", "code": "26643006"}]}


def another_reason(view: Any) -> None:
    order = view["prefetch"]["medications"]["entry"][0]["resource"]
    order["reasonCode"] = [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F51.0"}]}]


def the_problems_are_not_told(view: Any) -> None:
    del view["prefetch"]["conditions"]


CHANGES = [
    another_user,
    no_user,
    another_patient,
    a_higher_dose,
    a_new_problem,
    a_new_medicine,
    another_route,
    another_reason,
    the_problems_are_not_told,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_it_is_shown_to_others_about_others_and_on_new_evidence(
    overridden_here: Service, view: Any, change: Change
) -> None:
    change(view)
    assert leading(cards(overridden_here, view)) != []


def a_lower_dose(view: Any) -> None:
    order = view["prefetch"]["medications"]["entry"][0]["resource"]
    order["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] = 1


def the_patient_by_reference(view: Any) -> None:
    view["context"]["patientId"] = "Patient/example-1"


def the_user_by_address(view: Any) -> None:
    view["context"]["userId"] = "https://fhir.example/r4/Practitioner/example"


@pytest.mark.parametrize("change", [a_lower_dose, the_patient_by_reference, the_user_by_address])
def test_less_or_the_same_by_another_name_is_nothing_new(overridden_here: Service, view: Any, change: Change) -> None:
    change(view)
    assert "bzra-taper" not in json.dumps(cards(overridden_here, view))


@pytest.mark.parametrize(("day", "shown"), [(date(2027, 5, 19), False), (date(2027, 5, 20), True)])
def test_it_comes_back_when_the_time_of_the_reason_is_over(
    overridden_here: Service, view: Any, on_sqlite: Settings, day: date, shown: bool
) -> None:
    with service_on(day, on_sqlite) as later:
        assert ("bzra-taper" in leading(cards(later, view))) == shown


@pytest.mark.parametrize("code", ["data-wrong", "other-indication"])
def test_a_fault_in_the_data_holds_nothing_back(here: Service, view: Any, code: str) -> None:
    [card] = cards(here, view)
    override(here, card, code)
    assert leading(cards(here, view)) == ["bzra-taper"]


def test_hl7s_code_for_the_same_reason_does(here: Service, view: Any) -> None:
    [card] = cards(here, view)
    override(here, card, "PATOBJ")
    assert leading(cards(here, view)) == ["bzra-taper"], "in Wane's own system there is no such code"
    coding = {"code": "PATOBJ", "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason"}
    item = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-21T08:30:00Z"}
    here.post(f"{VIEW}/feedback", {"feedback": [{**item, "overrideReason": {"reason": coding}}]})
    assert cards(here, view) == []


def test_a_warning_that_was_overridden_is_shown_again(here: Service, body: Any) -> None:
    [card] = cards(here, body, "/cds-services/order-select")
    override(here, card, "specialist-agreed")
    assert leading(cards(here, body, "/cds-services/order-select")) == ["baclofen-alcohol"]


def test_it_holds_after_a_restart_and_with_a_new_key(overridden: Service, view: Any, settings: Settings) -> None:
    rotate(settings, frozenset({read_keys(settings).current.id}))
    with service_on(DAY, settings) as again:
        assert cards(again, view) == []


def test_it_holds_in_another_worker_and_no_call_after_it_slips_through(
    settings: Settings, view: Any, start: Callable[..., RunningWane]
) -> None:
    with service_on(DAY, settings) as one, service_on(DAY, settings) as other:
        [card] = cards(one, view)
        assert len(cards(other, view)) == 1
        override(other, card)
        assert cards(one, view) == []


def test_a_withheld_card_is_no_lack_of_data(here: Service, view: Any) -> None:
    view["prefetch"]["medications"] |= {"link": [{"relation": "next", "url": "https://fhir.example/next"}]}
    [card] = cards(here, view)
    override(here, card)
    answer = here.post(VIEW, view)
    assert (answer.status, answer.json()["cards"]) == (200, [])
    assert answer.json()["extension"]["org.wane.advice"]["gaps"]


@pytest.mark.parametrize(
    "order", ['DROP TABLE "override"', "UPDATE \"override\" SET grounds = '[1]'"], ids=["no table", "spoilt"]
)
def test_a_lookup_that_fails_loses_no_card(
    overridden: Service, view: Any, settings: Settings, order: str, caplog: pytest.LogCaptureFixture
) -> None:
    with engine_for(settings).begin() as connection:
        connection.execute(text(order))
    with service_on(DAY, settings) as wane:
        assert leading(cards(wane, view)) == ["bzra-taper"]
        assert leading(cards(wane, view)) == ["bzra-taper"]
        assert "wane_override_lookup_failures_total 2.0" in wane.call("GET", "/metrics").content.decode()
    assert "overrides cannot be looked up, advice is shown" in caplog.messages


def test_a_database_that_hangs_keeps_nobody_waiting_for_long(
    on_server: Settings, postgres_server: Any, view: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.feedback.lookup.PATIENCE_S", 0.05)
    with service_on(DAY, on_server) as wane:
        [card] = cards(wane, view)
        override(wane, card)
        postgres_server.pause()
        try:
            assert leading(cards(wane, view)) == ["bzra-taper"]
        finally:
            postgres_server.resume()


def test_nothing_is_looked_up_where_no_override_could_hold_advice_back(
    here: Service, body: Any, view: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(OverrideLookup, "_find", lambda *told: asked.append(told[2]))
    cards(here, body, "/cds-services/order-select")
    view["prefetch"]["medications"] = None
    cards(here, view)
    assert asked == []


def test_what_is_looked_up_together_is_each_callers_own(
    overridden: Service, view: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two queries of at most two: some of the callers ask about the same patient, and one about nobody's."""
    monkeypatch.setattr("app.feedback.lookup._AT_ONCE", 2)
    request = read_request(view, HOOKS["patient-view"])
    theirs = request.context
    others = [replace(theirs, user_id="Practitioner/another"), replace(theirs, patient_id="nobody"), theirs]
    lookup = OverrideLookup(settings)

    async def together() -> list[Sequence[Overridden]]:
        asked = [("open", theirs), ("another client", theirs), *(("open", each) for each in others)]
        return await asyncio.gather(*(lookup.of(name, replace(request, context=each)) for name, each in asked))

    found = asyncio.run(together())
    assert [[past.reason for past in each] for each in found] == [
        ["patient-declined"],
        [],
        [],
        [],
        ["patient-declined"],
    ]
    assert asyncio.run(together()) == found  # on another event loop
    lookup.close()


def test_a_client_cannot_override_for_the_users_of_another(
    on_sqlite: Settings, view: Any, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    whose = iter(["one", "two", "one"])
    clients = tuple(Client(name=name, unreviewed="show", tokens=(f"sha256:{name:0<64}",)) for name in ("one", "two"))
    monkeypatch.setattr("app.clients.door.proof_for", lambda *_: _bearer())
    monkeypatch.setattr(
        "app.clients.door.Trust.by_token",
        lambda *_: next(c for name in [next(whose)] for c in clients if c.name == name),
    )
    with service_on(DAY, replace(on_sqlite, clients=clients)) as wane:

        def send(path: str, sent: object) -> Any:
            return wane.post(path, sent, Authorization="Bearer x")

        [card] = send(VIEW, view).json()["cards"]
        item = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-21T08:30:00Z"}
        item["overrideReason"] = {"reason": {"code": "patient-declined"}}
        assert send(f"{VIEW}/feedback", {"feedback": [item]}).status == 200
        assert len(send(VIEW, view).json()["cards"]) == 1
    assert rows(on_sqlite, 'SELECT count(*) FROM "override"') == [(0,)]


def _bearer() -> Any:
    from app.clients.door import Proof  # noqa: PLC0415

    return Proof.BEARER
