"""Drafts wherever they lie, whoever they are for, and what several of one medicine come to."""

from typing import Any

import pytest

from knowledge.facts import Facts
from tests.intake.records import Json, daily, dosage, drafted, request

MG_40: dict[str, Any] = {"of": "baclofen", "mg": 40, "strength": "", "status": "draft"}


def between(start: str, end: str | None = None) -> Json:
    return {"dosageInstruction": [dosage(40, repeat={"boundsPeriod": {"start": start, "end": end}})]}


def entry(resource: Json, url: str | None = None) -> Json:
    return {"resource": resource} | ({"fullUrl": url} if url else {})


def bundle(*resources: Json) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": [entry(one) for one in resources]}


def group(kind: str, *held: Json) -> Json:
    actions = [{"resource": {"reference": f"#{one['id']}"}} for one in held]
    return {"resourceType": kind, "id": "g", "status": "draft", "action": actions, "contained": list(held)}


def gaps(facts: Facts) -> set[tuple[str, str | None]]:
    return {(gap.missing, gap.about) for gap in facts.gaps}


def doses(facts: Facts) -> dict[str, tuple[float, float] | None]:
    return {order.reference: daily(order) for order in facts.orders}


def test_a_draft_in_a_bundle_inside_the_bundle_is_judged() -> None:
    facts = drafted(entry(bundle(bundle(request("a", **MG_40)))))
    assert doses(facts) == {"MedicationRequest/a": (40, 40)}


@pytest.mark.parametrize("kind", ["RequestGroup", "RequestOrchestration", "CarePlan"])
def test_a_draft_contained_in_a_group_of_requests_is_judged(kind: str) -> None:
    facts = drafted(entry(group(kind, request("a", **MG_40))))
    assert doses(facts) == {f"{kind}/g#a": (40, 40)}


def test_a_contained_draft_finds_what_is_contained_beside_it() -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "baclofen 10 mg"}}
    draft = request("a", **MG_40) | {"medicationReference": {"reference": "#m"}}
    del draft["medicationCodeableConcept"]
    assert [order.medicine for order in drafted(entry(group("RequestGroup", draft, medication))).orders] == ["baclofen"]


def test_what_a_request_contains_itself_is_no_draft() -> None:
    prior = request("old", **MG_40)
    facts = drafted(entry(request("a", **MG_40, contained=[prior])))
    assert doses(facts) == {"MedicationRequest/a": (40, 40)}


@pytest.mark.parametrize("broken", [None, "MedicationRequest/a", {}, {"resource": None}, {"resource": {"id": "a"}}])
def test_an_entry_that_is_no_resource_is_a_gap_in_its_place(broken: Any) -> None:
    facts = drafted(broken, entry(request("a", **MG_40)))
    assert ("resource-not-readable", "context.draftOrders.entry[0].resource") in gaps(facts)
    assert set(doses(facts)) == {"MedicationRequest/a"}


def test_a_bundle_too_deep_in_bundles_is_a_gap() -> None:
    deep = request("a", **MG_40)
    for _ in range(12):
        deep = bundle(deep)
    facts = drafted(entry(deep))
    assert not facts.orders
    assert {missing for missing, _ in gaps(facts)} == {"resource-not-readable"}


def test_drafts_of_one_medicine_are_added_up() -> None:
    facts = drafted(*(entry(request(name, **MG_40)) for name in "abc"))
    assert set(doses(facts).values()) == {(120, 120)}


@pytest.mark.parametrize(
    "other",
    [
        {"of": "diazepam"},
        {"priorPrescription": {"reference": "MedicationRequest/a"}},
        {"status": "cancelled"},
        between("2027-03-01"),
        {"id": "a"},
    ],
    ids=["another medicine", "one replaces the other", "one stops", "they never meet", "the same one twice"],
)
def test_drafts_that_are_not_taken_together_are_not_added_up(other: Json) -> None:
    first = request("a", **MG_40, **between("2026-11-21", "2027-01-31"))
    second = request("b", **{**MG_40, **other})
    assert doses(drafted(entry(first), entry(second)))["MedicationRequest/a"] == (40, 40)


def test_drafts_that_meet_for_some_days_come_to_the_most_of_any_day() -> None:
    weeks = [("2026-11-21", "2026-12-05"), ("2026-12-01", "2026-12-31"), ("2026-12-20", None)]
    drafts = [request(name, **MG_40, **between(*when)) for name, when in zip("abc", weeks, strict=True)]
    assert set(doses(drafted(*map(entry, drafts))).values()) == {(80, 80)}


def test_a_draft_beside_one_of_unknown_dose_keeps_its_own_and_names_the_gap() -> None:
    facts = drafted(entry(request("a", **MG_40)), entry(request("b", **MG_40) | {"dosageInstruction": []}))
    assert doses(facts)["MedicationRequest/a"] == (40, 40)
    assert ("orders-not-added-up", "MedicationRequest/a") in gaps(facts)


URN = "urn:uuid:51fdccdc-3df3-56e2-aa4f-cf88ce88c53e"


@pytest.mark.parametrize(
    ("subject", "patient", "judged"),
    [
        (URN, None, False),
        (URN, {"resourceType": "Patient", "id": "p"}, True),
        (URN, {"resourceType": "Patient", "id": "q"}, False),
        (URN, {"resourceType": "Practitioner", "id": "p"}, False),
        ("urn:uuid:p", None, True),
        ("https://ehr.example/fhir/Patient/p/_history/2", None, True),
        ("p", None, True),
        ("q", None, False),
        ("Group/p", None, False),
        ("#held", None, True),
    ],
)
def test_a_draft_is_judged_for_its_own_patient_only(subject: str, patient: Json | None, judged: bool) -> None:
    entries = [entry(request("a", **MG_40, subject={"reference": subject}))]
    entries += [entry(patient, URN)] if patient else []
    facts = drafted(*entries)
    assert bool(facts.orders) == judged
    assert judged != (("other-patient", "context.draftOrders.entry[0].resource") in gaps(facts))
