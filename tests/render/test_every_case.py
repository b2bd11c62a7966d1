"""Every worked case of every rule, as the card it makes, in every language: valid, short enough, and safe."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app.intake.examination import ExaminationDraft
from app.intake.medicine import Recognised
from app.intake.orders import Draft, Ordered
from app.intake.record import Record
from app.render.cards import Desk, cards_for
from cds_hooks.cards import response
from knowledge.advise import advise
from knowledge.facts import Change, Facts, Order, Use
from knowledge.library import Library, read_library
from knowledge.rule import SUGGESTIONS
from knowledge.sketch import Case, read_cases
from knowledge.sketched import EXAMINATION, ORDER
from knowledge.strict_toml import read_toml
from knowledge.texts import LANGUAGES
from tests.checklist import faults_in_response, faults_in_wane_contract

LIBRARY = read_library()


def cases() -> Iterator[Any]:
    for rule in LIBRARY.rules:
        path = LIBRARY.folder / "rules" / rule.id / "cases.toml"
        if path.exists():
            for case in read_cases(read_toml(path, path.name, []) or {}, rule, path.name):
                yield pytest.param(case, id=f"{rule.id}: {case.name}")


CASES = list(cases())


def request_of(order: Order | Use, reference: str, status: str) -> dict[str, Any]:
    kind, identity = reference.split("/")
    daily = order.dosage.daily
    dose = {"doseAndRate": [{"doseQuantity": {"value": float(daily.high), "unit": "mg"}}]} if daily else {}
    rhythm = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
    return {
        "resourceType": kind,
        "id": identity,
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": order.medicine},
        "dosageInstruction": [rhythm | dose],
        "dispenseRequest": {
            "quantity": {"value": 60, "unit": "tablet"},
            "expectedSupplyDuration": {"value": 60, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"},
        },
    }


def ordered_in(facts: Facts) -> Ordered:
    drafts = []
    for order in facts.orders:
        original = request_of(order, order.reference, "stopped" if order.changes == {Change.STOP} else "draft")
        drafts.append(Draft(order.reference, "context", original, Recognised(order.medicine), True))
    scans = [ExaminationDraft(e.reference, "context", {}, e.lists, True) for e in facts.examinations]
    return Ordered(tuple(drafts), examinations=tuple(scans))


def call_of(case: Case, ordered: Ordered) -> dict[str, Any]:
    """The call this case would have come in, as far as the validator looks at it."""
    uses = [request_of(use, use.references[-1], "active") for use in case.facts.uses if use.current]
    return {
        "hook": case.hook,
        "context": {
            "patientId": "1",
            "draftOrders": {"entry": [{"resource": draft.original} for draft in ordered.drafts]},
        },
        "prefetch": {"medications": {"resourceType": "Bundle", "entry": [{"resource": use} for use in uses]}},
    }


def body_of(case: Case, language: str, library: Library) -> tuple[dict[str, Any], dict[str, Any]]:
    ordered = ordered_in(case.facts)
    only = frozenset({ORDER, EXAMINATION}) if ordered.drafts or ordered.examinations else None
    advice = advise(library, case.hook, case.facts, only)
    desk = Desk(library, language, "https://wane.example", "1", ordered)
    cards = cards_for(advice.judgements, Record(case.facts), desk)
    return dict(response(cards, [str(uuid4()) for _ in cards])), call_of(case, ordered)


@pytest.mark.parametrize("case", CASES)
def test_a_case_makes_valid_cards_in_every_language(case: Case) -> None:
    for language in LANGUAGES:
        body, call = body_of(case, language, LIBRARY)
        assert faults_in_response(body, request=call) == [], language
        assert faults_in_wane_contract(body, call) == [], language


@pytest.mark.parametrize("case", CASES)
def test_a_case_advised_twice_proposes_the_same_resources(case: Case) -> None:
    once, twice = (body_of(case, "en", LIBRARY)[0] for _ in range(2))
    assert [proposals(body) for body in (once, twice)] == [proposals(once)] * 2


def proposals(body: dict[str, Any]) -> list[object]:
    suggestions = [suggestion for card in body["cards"] for suggestion in card.get("suggestions", [])]
    return [action.get("resource") for suggestion in suggestions for action in suggestion["actions"]]


def test_a_card_with_everything_on_it_is_no_longer_than_it_may_be() -> None:
    """The fullest card there is: each rule that can speak beside the others does, and every note holds."""
    (case,) = [
        case.values[0]
        for case in CASES
        if isinstance(case.values[0], Case)
        and case.values[0].name == "two BZRA add up: lorazepam 2 mg and diazepam 10 mg"
    ]
    uses = tuple(replace(use, requesters=frozenset({f"Practitioner/{n}"})) for n, use in enumerate(case.facts.uses))
    full = replace(case, facts=replace(case.facts, uses=uses))
    for language in LANGUAGES:
        body, _ = body_of(full, language, LIBRARY)
        (card,) = body["cards"]
        assert len(card["detail"]) <= 900
        assert len(card["extension"]["org.wane.advice"]["rules"]) == 4


def test_every_kind_of_suggestion_is_made_for_some_case() -> None:
    """So that what the other tests hold of every suggestion is held of each kind."""
    labels = LIBRARY.phrases["en"]["suggestion"]
    made = {
        suggestion["label"]
        for case in CASES
        for card in body_of(case.values[0], "en", LIBRARY)[0]["cards"]
        for suggestion in card.get("suggestions", [])
    }
    elsewhere = {"taper-plan"}  # named by its dose: tried with the plans
    kinds = {"refer" if kind == "refer-addiction-care" else kind for kind in SUGGESTIONS if kind not in elsewhere}
    assert [kind for kind in sorted(kinds) if not any(labels[kind].format(n=n) in made for n in (14, 28))] == []
