"""Never silent: whatever fails on an order in scope gives a card that says it was not checked."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from knowledge.match import judge
from knowledge.outcome import RuleOutcome
from tests.checklist import faults_in_answer
from tests.service import Answer, Service, service_on

TODAY = date(2026, 11, 21)


def order(**more: object) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": "a",
        "status": "draft",
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "M03BX01"}]},
        **more,
    }


def call(draft: dict[str, Any]) -> dict[str, Any]:
    return {
        "hook": "order-select",
        "hookInstance": "0d6ff62c-91d5-4f0c-a3ab-6c0f0a3a7b10",
        "context": {
            "userId": "Practitioner/1",
            "patientId": "1",
            "selections": ["MedicationRequest/a"],
            "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": draft}]},
        },
        "prefetch": dict.fromkeys(("patient", "conditions", "medications", "statements", "dispenses")),
    }


ALCOHOL = {"reasonCode": [{"text": "alcohol dependence"}]}
Breaks = Callable[[str, object], Service]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[Breaks]:
    """The service with one part of it replaced by a part that fails."""
    stack = []

    def breaking(part: str, replacement: object) -> Service:
        monkeypatch.setattr(part, replacement)
        stack.append(service_on(TODAY))
        return stack[-1].__enter__()

    yield breaking
    for started in stack:
        started.__exit__(None, None, None)


def raises(*_: object, **__: object) -> None:
    raise ZeroDivisionError("patient Jansen")


def the_card(answer: Answer, request: object) -> dict[str, Any]:
    body = answer.json()
    assert answer.status == 200
    assert faults_in_answer(200, body, request=request) == []
    assert b"Jansen" not in answer.content
    (card,) = body["cards"]
    assert isinstance(card, dict)
    return card


def test_a_rule_that_raises_gives_the_not_checked_card(broken: Breaks) -> None:
    request = call(order())
    card = the_card(broken("knowledge.advise.judge", raises).post("/cds-services/order-select", request), request)
    assert card["indicator"] == "info"
    assert "suggestions" not in card
    gaps = card["extension"]["org.wane.advice"]["gaps"]
    assert {gap["missing"] for gap in gaps} == {"rule-failed"}
    assert {gap["rule"] for gap in gaps} >= {"baclofen-alcohol", "baclofen-taper"}


def test_one_rule_that_raises_does_not_silence_another(broken: Breaks) -> None:
    def one_raises(rule: Any, *rest: Any) -> RuleOutcome:
        if rule.id == "baclofen-taper":
            raise ZeroDivisionError
        return judge(rule, *rest)

    request = call(order(**ALCOHOL))
    card = the_card(broken("knowledge.advise.judge", one_raises).post("/cds-services/order-select", request), request)
    assert card["source"]["topic"]["code"] == "baclofen-alcohol"
    assert [g["rule"] for g in card["extension"]["org.wane.advice"]["gaps"] if g["missing"] == "rule-failed"] == [
        "baclofen-taper"
    ]
    assert "een regel die niet kon worden nagegaan" in card["detail"]


def test_a_card_that_cannot_be_composed_is_replaced_by_one_that_says_so(broken: Breaks) -> None:
    request = call(order(**ALCOHOL))
    card = the_card(
        broken("app.render.cards.suggestions_for", raises).post("/cds-services/order-select", request), request
    )
    assert card["indicator"] == "info"
    assert card["source"]["topic"]["code"] == "baclofen-alcohol"


def test_an_order_that_cannot_be_read_is_named(broken: Breaks) -> None:
    request = call(order(**ALCOHOL))
    card = the_card(
        broken("app.intake.record.read_prescription", raises).post("/cds-services/order-select", request), request
    )
    assert card["indicator"] == "info"
    assert card["extension"]["org.wane.advice"]["about"] == "MedicationRequest/a"


def test_an_order_for_another_patient_is_not_judged_by_this_record(wane: Service) -> None:
    request = call(order(**ALCOHOL, subject={"reference": "Patient/2"}))
    card = the_card(wane.post("/cds-services/order-select", request), request)
    assert card["indicator"] == "info"
    assert [gap["missing"] for gap in card["extension"]["org.wane.advice"]["gaps"]] == ["other-patient"]


def test_an_order_for_another_patient_that_no_rule_judges_breaks_nothing(wane: Service) -> None:
    request = call(order(**ALCOHOL))
    acamprosate = {"coding": [{"system": "http://www.whocc.no/atc", "code": "N07BB03"}]}
    other = order(id="b", subject={"reference": "Patient/2"}, medicationCodeableConcept=acamprosate)
    request["context"]["draftOrders"]["entry"].append({"resource": other})
    request["context"]["selections"].append("MedicationRequest/b")
    card = the_card(wane.post("/cds-services/order-select", request), request)
    assert card["source"]["topic"]["code"] == "baclofen-alcohol"


def test_an_order_for_another_patient_that_nobody_asks_about_has_no_card(wane: Service) -> None:
    request = call(order(**ALCOHOL))
    other = order(id="b", subject={"reference": "Patient/2"})
    request["context"]["draftOrders"]["entry"].append({"resource": other})
    card = the_card(wane.post("/cds-services/order-select", request), request)
    assert card["extension"]["org.wane.advice"]["about"] == "MedicationRequest/a"


def test_an_order_out_of_scope_needs_nothing_and_gets_nothing(wane: Service) -> None:
    request = call(order(medicationCodeableConcept={"text": "amoxicilline 500 mg"}))
    del request["prefetch"]
    answer = wane.post("/cds-services/order-select", request)
    assert (answer.status, answer.json()) == (200, {"cards": []})


def test_an_order_whose_medicine_cannot_be_read_is_a_gap_and_not_silence(wane: Service) -> None:
    request = call(order(medicationCodeableConcept={"coding": [{"system": "urn:local", "code": "4711"}]}))
    body = wane.post("/cds-services/order-select", request).json()
    assert body["cards"] == []
    (gap,) = body["extension"]["org.wane.advice"]["gaps"]
    assert (gap["missing"], gap["about"]) == ("medicine-not-readable", "MedicationRequest/a")
