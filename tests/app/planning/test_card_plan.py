"""A plan on a card: the next steps, the draft as the first of them, a link; and none of it where it may not be."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.consult import Reader, consult
from app.intake.dose_lines import read_daily_dose
from app.intake.record import Record
from app.intake.strength import Strength
from app.render.cards import Desk, cards_for
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from knowledge.advise import advise
from knowledge.facts import Order
from knowledge.sketch import Case
from knowledge.sketched import EXAMINATION, ORDER
from knowledge.texts import LANGUAGES
from tests.checklist import faults_in_answer
from tests.render.test_every_case import CASES, LIBRARY, ordered_in
from tests.service import Service

TODAY = date(2026, 11, 21)
PLANS = "https://wane.example/fhir/plans"
Resource = dict[str, Any]


def instruction(when: str, dose: Resource) -> Resource:
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d", "when": [when]}
    kept = {"extension": [{"url": "http://ehr.example/own", "valueString": "kept"}]}
    return {**kept, "timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": dose}]}


def mg(value: float) -> Resource:
    return {"value": value, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}


def request_of(text: str, identity: str, status: str, doses: dict[str, Resource], **more: Any) -> Resource:
    return {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": {"text": text},
        "subject": {"reference": "Patient/1"},
        "dosageInstruction": [instruction(when, dose) for when, dose in doses.items()],
        **more,
    }


def call(
    drafts: list[Resource], used: list[Resource], hook: str = "order-sign", problems: tuple[Resource, ...] = ()
) -> Resource:
    entries = [{"resource": draft} for draft in drafts]
    orders = {"draftOrders": {"resourceType": "Bundle", "type": "collection", "entry": entries}} if drafts else {}
    return {
        "hook": hook,
        "hookInstance": "96b48493-bbc6-5f8b-a694-f44c43e84425",
        "context": {"userId": "Practitioner/1", "patientId": "1", **orders},
        "prefetch": {
            "patient": {
                "resourceType": "Patient",
                "id": "1",
                "birthDate": "1970-01-01",
                "address": [{"country": "NL"}],
            },
            "conditions": {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": p} for p in problems]},
            "medications": {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": u} for u in used]},
        },
    }


LORAZEPAM = {"MORN": mg(2.5), "NIGHT": mg(2.5)}


def in_use(text: str = "lorazepam", doses: dict[str, Resource] | None = None) -> Resource:
    return request_of(text, "m-1", "active", doses or LORAZEPAM, authoredOn="2025-01-01")


def card_of(wane: Service, body: Resource, language: str = "en") -> Resource:
    answer = wane.post(f"/cds-services/{body['hook']}", body, Accept_Language=language)
    assert answer.status == 200
    assert faults_in_answer(200, answer.json(), request=body) == []
    (card,) = answer.json()["cards"]
    told: Resource = card
    return told


def changed(card: Resource) -> list[Resource]:
    return [
        suggestion
        for suggestion in card["suggestions"]
        if any("groupIdentifier" in action.get("resource", {}) for action in suggestion["actions"])
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draft_becomes_the_next_step_with_a_task_beside_it(language: str, wane: Service) -> None:
    draft = request_of("lorazepam", "draft-1", "draft", LORAZEPAM, note=[{"text": "from the EHR"}])
    card = card_of(wane, call([draft], [in_use()]), language)
    (suggestion,) = changed(card)
    update, create = suggestion["actions"]
    order = update["resource"]
    assert (update["type"], create["type"], create["resource"]["resourceType"]) == ("update", "create", "Task")
    assert order["id"] == "draft-1"
    assert order["note"] == draft["note"]
    assert [one["extension"] for one in order["dosageInstruction"]] == [
        one["extension"] for one in draft["dosageInstruction"]
    ]
    assert read_daily_dose(order, LIBRARY, today=TODAY)["daily"] == {"low": 4.5, "high": 4.5, "unit": "mg"}
    bounds = order["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]
    assert bounds == {"start": "2026-11-21", "end": "2026-12-18"}
    assert order["dispenseRequest"]["numberOfRepeatsAllowed"] == 0
    assert order["dispenseRequest"]["expectedSupplyDuration"]["value"] == 28
    assert order["groupIdentifier"] == create["resource"]["groupIdentifier"]
    assert order["groupIdentifier"]["system"] == PLANS
    assert order["priorPrescription"] == {"reference": "MedicationRequest/m-1"}
    assert card["selectionBehavior"] == "at-most-one"


def test_tablets_stay_tablets_and_the_supply_is_what_the_days_use(wane: Service) -> None:
    five = {"value": 5, "unit": "tablet"}
    dispense = {"quantity": {"value": 300, "unit": "tablet"}, "numberOfRepeatsAllowed": 3}
    doses = {"MORN": five, "NIGHT": five}
    draft = request_of("lorazepam 0.5 mg tablet", "draft-1", "draft", doses, dispenseRequest=dispense)
    (suggestion,) = changed(card_of(wane, call([draft], [in_use("lorazepam 0.5 mg tablet", doses)])))
    order = suggestion["actions"][0]["resource"]
    taken = [one["doseAndRate"][0]["doseQuantity"] for one in order["dosageInstruction"]]
    assert taken == [{"value": 4, "unit": "tablet"}, {"value": 5, "unit": "tablet"}]
    assert order["dispenseRequest"]["quantity"] == {"value": 9 * 28, "unit": "tablet"}


def test_the_next_steps_stand_on_the_card_and_the_link_holds_the_plan_without_the_patient(wane: Service) -> None:
    draft = request_of("lorazepam", "draft-1", "draft", LORAZEPAM)
    card = card_of(wane, call([draft], [in_use()]))
    assert "4.5 mg a day from 21 November 2026" in card["detail"]
    assert len(card["detail"]) <= 900
    link = card["links"][1]
    assert link["type"] == "absolute"
    assert urlsplit(link["url"]).path == "/taper"
    fields = parse_qs(urlsplit(link["url"]).query)
    assert fields["medicine"] == ["lorazepam"]
    assert fields["intakes"] == ["morning:2.5", "night:2.5"]
    assert not fields.keys() & {"age_years", "present", "absent", "patient", "continuous_days"}


def test_the_link_asks_for_the_plan_that_the_order_is_a_step_of(wane: Service) -> None:
    draft = request_of("lorazepam", "draft-1", "draft", LORAZEPAM)
    card = card_of(wane, call([draft], [in_use()]))
    (suggestion,) = changed(card)
    fields = parse_qs(urlsplit(card["links"][1]["url"]).query)
    lists = {
        name: fields[name] if name in ("intakes", "products") else fields[name][0] for name in fields if name != "lang"
    }
    step = wane.post("/taper/plan", lists).json()["plan"]["steps"][1]
    order = suggestion["actions"][0]["resource"]
    doses = [one["doseAndRate"][0]["doseQuantity"]["value"] for one in order["dosageInstruction"]]
    assert [Fraction(intake["mg"]) for intake in step["intakes"]] == [Fraction(str(dose)) for dose in doses]


def test_when_a_record_is_opened_there_is_no_prescription_but_a_link_and_a_task(wane: Service) -> None:
    card = card_of(wane, call([], [in_use()], "patient-view"))
    kinds = {action["resource"]["resourceType"] for s in card["suggestions"] for action in s["actions"]}
    assert "MedicationRequest" not in kinds
    assert "Task" in kinds
    assert urlsplit(card["links"][1]["url"]).path == "/taper"


@pytest.mark.parametrize(
    "told",
    [
        {"patientInstruction": "Take two at night"},
        {"maxDosePerPeriod": {"numerator": mg(5), "denominator": {"value": 1, "unit": "d"}}},
        {"asNeededBoolean": True},
    ],
    ids=lambda told: next(iter(told)),
)
def test_an_order_that_would_still_tell_the_old_dose_is_not_changed(told: Resource, wane: Service) -> None:
    draft = request_of("lorazepam", "draft-1", "draft", LORAZEPAM)
    for one in draft["dosageInstruction"]:
        one.update(told)
    body = call([draft], [in_use()])
    answer = wane.post("/cds-services/order-sign", body)
    assert faults_in_answer(200, answer.json(), request=body) == []
    assert [changed(card) for card in answer.json()["cards"]] == [[] for _ in answer.json()["cards"]]


def test_two_drafts_of_one_medicine_are_not_changed_one_by_one(wane: Service) -> None:
    drafts = [
        request_of("lorazepam", f"draft-{n}", "draft", {when: mg(2.5)}) for n, when in enumerate(("MORN", "NIGHT"))
    ]
    answer = wane.post("/cds-services/order-sign", call(drafts, [in_use()])).json()
    assert [changed(card) for card in answer["cards"]] == [[] for _ in answer["cards"]]


def test_a_plan_that_the_products_cannot_make_is_told_in_words(wane: Service) -> None:
    at_night = {"NIGHT": mg(1)}
    draft = request_of("loprazolam", "draft-1", "draft", at_night)
    card = card_of(wane, call([draft], [in_use("loprazolam", at_night)]))
    assert "The smallest dose that can be made, 1 mg, is too much to stop from" in card["detail"]
    assert changed(card) == []


@pytest.mark.parametrize("text", ["Alprazolam Retard EG 1 mg", "alprazolam 1 mg tablet met gereguleerde afgifte"])
def test_what_is_released_slowly_is_planned_in_tablets_that_are(text: str, wane: Service) -> None:
    dose = {"MORN": mg(3), "NIGHT": mg(3)}
    draft = request_of(text, "draft-1", "draft", dose)
    card = card_of(wane, call([draft], [in_use(text, dose)]))
    (link,) = (link["url"] for link in card["links"] if "/taper?" in link["url"])
    asked = parse_qs(urlsplit(link).query)
    assert asked["modified_release"] == ["yes"]
    assert set(asked["products"]) <= {"tablet:0.5", "tablet:1", "tablet:2"}
    page = wane.call("GET", link.removeprefix(link.split("/taper?")[0])).content.decode()
    assert "Ordinary and prolonged-release products stand together" not in page


@pytest.mark.parametrize("text", ["Alprazolam Retard EG 1 mg", "alprazolam"])
def test_a_use_that_may_be_released_slowly_has_no_plan_as_if_it_were_not(text: str, wane: Service) -> None:
    card = card_of(wane, call([], [in_use(text, {"MORN": mg(0.5)})], "patient-view"))
    assert not any("/taper?" in link["url"] for link in card["links"])


def test_where_something_comes_first_there_is_no_plan(wane: Service) -> None:
    pregnant = {
        "resourceType": "Condition",
        "id": "c-1",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "Z33"}], "text": "zwangerschap"},
        "subject": {"reference": "Patient/1"},
    }
    draft = request_of("lorazepam", "draft-1", "draft", LORAZEPAM)
    card = card_of(wane, call([draft], [in_use()], problems=(pregnant,)))
    assert len(card["links"]) == 1
    assert changed(card) == []


@pytest.mark.parametrize(
    ("carries", "line", "link"), [("steps", True, True), ("link", False, True), ("none", False, False)]
)
def test_a_client_says_what_its_cards_carry(carries: str, line: bool, link: bool) -> None:
    draft = request_of("lorazepam", "draft-1", "draft", LORAZEPAM)
    asked = read_request(call([draft], [in_use()]), HOOKS["order-sign"])
    reader = Reader("en", "https://wane.example", taper=carries)
    (card,) = asyncio.run(consult(asked, LIBRARY, TODAY, reader)).cards
    labels = [suggestion.label for suggestion in card.suggestions]
    assert ("Possible plan" in (card.detail or "")) == line
    assert any(label.startswith("Lower to") for label in labels) == line
    assert any("/taper?" in each.url for each in card.links) == link


def accepted(case: Case) -> Iterator[tuple[Order, Resource, dict[str, Any]]]:
    """Every order that a suggestion on the cards of a case would change, with the change, where the tablets are so small
    that a plan can be made."""
    facts, ordered = case.facts, ordered_in(case.facts)
    doses = {order.reference: order.dosage.daily for order in facts.orders if isinstance(order, Order)}
    drafts = []
    for draft in ordered.drafts:
        daily = doses[draft.reference]
        strength = Strength(mg_per_unit=daily.high / 20) if daily and daily.unit == "mg" else None
        drafts.append(replace(draft, recognised=replace(draft.recognised, strength=strength)))
    ordered = replace(ordered, drafts=tuple(drafts))
    only = frozenset({ORDER, EXAMINATION}) if ordered.drafts or ordered.examinations else None
    judged = advise(LIBRARY, case.hook, facts, only)
    desk = Desk(LIBRARY, "en", "https://wane.example", "1", ordered)
    orders = {order.reference: order for order in facts.orders if isinstance(order, Order)}
    for card in cards_for(judged.judgements, Record(facts), desk):
        for suggestion in card.suggestions:
            made = [action.as_json() for action in suggestion.actions]
            for action in made:
                resource: Any = action.get("resource") or {}
                if action["type"] == "update" and "groupIdentifier" in resource:
                    yield orders[f"MedicationRequest/{resource['id']}"], resource, {"facts": facts, "actions": made}


def test_taking_a_suggestion_never_leaves_two_prescriptions_of_the_medicine() -> None:
    seen = 0
    for parameters in CASES:
        (case,) = parameters.values
        assert isinstance(case, Case)
        for order, resource, told in accepted(case):
            seen += 1
            created = [
                a
                for a in told["actions"]
                if a["type"] == "create" and a["resource"]["resourceType"] == "MedicationRequest"
            ]
            assert created == []
            prior = resource.get("priorPrescription", {}).get("reference")
            uses = [use for use in told["facts"].uses if use.current and use.medicine == order.medicine]
            in_force = {name for use in uses for name in use.in_force or use.references[-1:]}
            assert in_force <= {order.reference, prior}, (case.name, json.dumps(resource))
    assert seen > 5
