"""A plan as FHIR: valid, whole, and the same dose for every calendar day when it is read back."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from app.intake.dose_lines import read_daily_dose
from app.render.plan.fhir import plan_bundle
from app.render.plan.papers import PLANS, Papers
from app.render.plan_words import PlanWords
from benchmarks.plans import plans
from knowledge.library import Library, read_library
from knowledge.taper import Kind, Plan
from knowledge.texts import LANGUAGES
from tests.conformance.place import Place
from tests.conformance.resources import faults_in_resource
from tests.render.calendar import calendar_of, calendar_of_orders

TODAY = date(2026, 11, 29)
PATIENT: dict[str, object] = {"reference": "Patient/1"}
Bundle = dict[str, Any]


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


def bundle_of(plan: Plan, library: Library, language: str = "en", *, sequence: bool = False) -> Bundle:
    papers = Papers(plan, PlanWords(library, language), PATIENT, TODAY)
    told: Bundle = json.loads(json.dumps(plan_bundle(papers, sequence=sequence)))
    return told


def resources(bundle: Bundle, kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def made(seed: int, count: int) -> Iterator[Plan]:
    """Plans whose doses have an end in decimals, as everything that comes through a door has."""
    rng = Random(seed)
    while count:
        for plan, _seconds in plans(rng):
            if isinstance(plan, Plan) and all(ends(step.mg) for step in plan.steps) and count:
                count -= 1
                yield plan


def ends(mg: Fraction) -> bool:
    return (mg * 10**6).denominator == 1


@pytest.mark.parametrize("sequence", [False, True], ids=["steps", "sequence"])
@pytest.mark.parametrize("seed", range(3))
def test_read_back_the_prescriptions_give_the_same_dose_for_every_day(
    seed: int, sequence: bool, library: Library
) -> None:
    for plan in made(seed, 20):
        bundle = bundle_of(plan, library, sequence=sequence)
        assert calendar_of_orders(resources(bundle, "MedicationRequest")) == calendar_of(plan)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_resource_is_valid(language: str, library: Library) -> None:
    for plan in made(7, 3):
        for sequence in (False, True):
            for entry in bundle_of(plan, library, language, sequence=sequence)["entry"]:
                found: list[str] = []
                faults_in_resource(Place(entry["resource"], found, entry["resource"]["resourceType"]), "R4")
                assert found == []


def test_every_reference_inside_leads_to_an_entry(library: Library) -> None:
    for plan in made(11, 5):
        bundle = bundle_of(plan, library)
        urls = {entry["fullUrl"] for entry in bundle["entry"]}
        assert len(urls) == len(bundle["entry"])
        named = {part.split('"')[0] for part in json.dumps(bundle).split('"reference": "')[1:]}
        assert named - {"Patient/1"} <= urls


def test_the_rows_follow_each_other_and_each_has_its_task(library: Library) -> None:
    plan = next(plan for plan in made(3, 20) if len(plan.steps) > 5)
    bundle = bundle_of(plan, library)
    (group,) = resources(bundle, "RequestGroup")
    rows = [action["id"] for action in group["action"]]
    assert rows == [f"row-{step.row}" for step in plan.steps[1:]]
    before = [action["relatedAction"][0]["actionId"] for action in group["action"][1:]]
    assert before == rows[:-1]
    assert len(resources(bundle, "Task")) == len(rows)
    for action in group["action"]:
        assert ("resource" in action) != ("action" in action)  # rqg-1


def test_all_is_a_draft_and_bears_the_hash_of_the_plan(library: Library) -> None:
    (plan,) = made(5, 1)
    bundle = bundle_of(plan, library)
    for order in resources(bundle, "MedicationRequest"):
        assert (order["status"], order["intent"]) == ("draft", "proposal")
        assert order["groupIdentifier"] == {"system": PLANS, "value": plan.hash}
        assert order["dispenseRequest"]["numberOfRepeatsAllowed"] == 0
        assert order["dispenseRequest"]["expectedSupplyDuration"]["value"] < 400
    assert bundle == bundle_of(plan, library)


def test_what_is_dispensed_is_what_the_row_uses(library: Library) -> None:
    for plan in made(13, 10):
        wanted = [Fraction(each.number) for step in plan.steps for each in step.supply]
        told = [
            order["dispenseRequest"]["quantity"]["value"]
            for order in resources(bundle_of(plan, library), "MedicationRequest")
        ]
        assert [Fraction(str(value)) for value in told] == wanted


def test_wanes_own_reader_reads_the_same_dose_on_the_days_of_a_sequence(library: Library) -> None:
    for plan in made(17, 12):
        if plan.switch is not None:
            continue
        (order,) = resources(bundle_of(plan, library, sequence=True), "MedicationRequest")
        for step in plan.steps[1:4]:
            if step.days:
                told = read_daily_dose(order, library, today=step.first_day + timedelta(days=step.days - 1))
                assert told["daily"] is not None, (told, order)
                assert Fraction(str(told["daily"]["low"])) == step.mg  # type: ignore[index]


def test_after_a_switch_each_medicine_has_its_own_prescription(library: Library) -> None:
    plan = next(plan for plan in made(19, 200) if plan.switch is not None and plan.steps[1].kind is Kind.HOLD)
    orders = resources(bundle_of(plan, library, sequence=True), "MedicationRequest")
    assert [order["medicationCodeableConcept"]["text"] for order in orders] == [plan.request.medicine, "diazepam"]
