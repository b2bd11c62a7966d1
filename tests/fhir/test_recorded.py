"""The answers for a Bundle are recorded before they leave, and counted; what goes wrong with one patient costs no other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.clients.door import hash_of
from app.consult import answer_for
from app.journal.database import engine_for
from app.journal.journal import Journal
from app.journal.keys import read_keys
from app.journal.past import PastCall
from app.journal.show import find_hook_instance
from app.settings import Settings
from app.settings.client import Client
from tests.fhir.records import alcohol, baclofen, bundle, found, lormetazepam, of, patient, rules_of
from tests.service import Service, service_on

PATH = "/fhir/$advise"
TWO = bundle(
    patient("1"), patient("2"), alcohol(), baclofen(), lormetazepam(subject=of("Patient/2")), kind="transaction"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings(), journal=tmp_path / "journal.sqlite")


@pytest.fixture
def own(settings: Settings) -> Iterator[Service]:
    with service_on(date(2026, 11, 21), settings) as service:
        yield service


def recorded(settings: Settings, name: str) -> list[PastCall]:
    """The calls in the journal of this hookInstance."""
    with engine_for(settings, reads=True).connect() as connection:
        return find_hook_instance(connection, name, read_keys(settings))


def test_each_patients_answer_is_found_by_its_guidance_response(own: Service, settings: Settings) -> None:
    body = own.post(PATH, TWO).json()
    for guidance, hook in zip(found(body, "GuidanceResponse"), ("order-sign", "patient-view"), strict=True):
        (past,) = recorded(settings, guidance["id"])
        assert past.call.hook == f"$advise/{hook}"
        assert b"lormetazepam 2 mg" not in settings.journal.read_bytes()


def test_what_cannot_be_recorded_is_not_answered(own: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_journal: Journal, *_told: object) -> bool:
        return False

    monkeypatch.setattr(Journal, "_told", away)
    answer = own.post(PATH, TWO)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"].startswith("application/fhir+json")


def test_advice_and_gaps_are_counted(own: Service) -> None:
    own.post(f"{PATH}?complete=all", TWO)
    figures = own.call("GET", "/metrics").content.decode()
    assert 'wane_cards_total{indicator="warning",rule="baclofen-alcohol",says="against"} 1.0' in figures
    assert 'wane_requests_total{route="/fhir/$advise",status="200"} 1.0' in figures


def test_one_patient_that_cannot_be_judged_costs_no_other(own: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(question: Any, *rest: Any) -> Any:
        if question.patient_id == "1":
            raise RuntimeError("Jan Janssen")
        return answer_for(question, *rest)

    monkeypatch.setattr("app.bundles.advising.answer_for", failing)
    answer = own.post(f"{PATH}?complete=all", TWO)
    assert answer.status == 200
    failed, judged = (each["status"] for each in found(answer.json(), "GuidanceResponse"))
    assert (failed, judged) == ("failure", "success")
    assert rules_of(answer.json()) == ["bzra-taper"]
    assert b"Janssen" not in answer.content


def test_where_clients_are_registered_all_but_the_statement_asks_for_a_token(settings: Settings) -> None:
    token = "wane_" + "0" * 40
    engine = Client("engine", "shadow", tokens=(hash_of(token),))
    good = {"Authorization": f"Bearer {token}"}
    with service_on(date(2026, 11, 21), replace(settings, clients=(engine,))) as wane:
        assert wane.post(PATH, TWO).status == 401
        assert wane.call("GET", "/fhir/ValueSet/rules").status == 401
        assert wane.call("GET", "/fhir/ValueSet/rules", headers=good).status == 200
        assert wane.call("GET", "/fhir/metadata").status == 200
        body = wane.post(f"{PATH}?complete=all", TWO, **good).json()
    assert rules_of(body) == [], "what is in shadow for a client is judged, and not shown"
    assert len(found(body, "GuidanceResponse")) == 2


def test_the_services_of_a_client_do_not_limit_what_a_bundle_is_judged_by_but_its_rules_do(settings: Settings) -> None:
    token = "wane_" + "0" * 40
    good = {"Authorization": f"Bearer {token}"}
    for terms, expected in ({"hooks": ("patient-view",)}, True), ({"rules": (("baclofen-alcohol", "off"),)}, False):
        engine = Client("engine", "show", tokens=(hash_of(token),), **terms)
        with service_on(date(2026, 11, 21), replace(settings, clients=(engine,))) as wane:
            body = wane.post(f"{PATH}?complete=all", TWO, **good).json()
        assert ("baclofen-alcohol" in rules_of(body)) is expected
