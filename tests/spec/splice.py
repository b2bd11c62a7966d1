"""Orders with a history, and how they are put into a call that somebody else wrote.

The collected calls hold no baclofen and few benzodiazepines, so an empty answer to one proves nothing. Each scenario is
put into each call, and the card about the new order is known beforehand.
"""

import copy
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 11, 21)
ORDER_ID = "wane-spliced-order"
NEW_PATIENT = "wane-spliced-patient"

Json = dict[str, Any]

SNOMED = "http://snomed.info/sct"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"
ICD_10_CM = "http://hl7.org/fhir/sid/icd-10-cm"
ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def coded(system: str, code: str, text: str | None = None) -> Json:
    concept: Json = {"coding": [{"system": system, "code": code}]}
    return concept | ({"text": text} if text else {})


def dosage(
    times: float, amount: float, *, unit: str = "mg", since: str | None = None, until: str | None = None
) -> Json:
    repeat: Json = {"frequency": times, "period": 1, "periodUnit": "d"}
    period = {key: day for key, day in (("start", since), ("end", until)) if day}
    if period:
        repeat["boundsPeriod"] = period
    quantity = {"value": amount, "unit": unit, "system": UCUM, "code": unit}
    return {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": quantity}]}


def order(medicine: Json, dose: Json | None, **more: object) -> Json:
    resource = {
        "resourceType": "MedicationRequest",
        "id": ORDER_ID,
        "status": "draft",
        "intent": "order",
        "medicationCodeableConcept": medicine,
    }
    return resource | ({"dosageInstruction": [dose]} if dose else {}) | more


def use(identity: str, medicine: Json, dose: Json | None, *, since: str, **more: object) -> Json:
    return order(medicine, dose, authoredOn=since) | {"id": identity, "status": "active"} | more


def problem(
    identity: str, code: Json, *, clinical: str | None = "active", verification: str = "confirmed", **more: object
) -> Json:
    system = "http://terminology.hl7.org/CodeSystem/condition-"
    resource: Json = {
        "resourceType": "Condition",
        "id": identity,
        "verificationStatus": coded(f"{system}ver-status", verification),
        "code": code,
    }
    if clinical:
        resource["clinicalStatus"] = coded(f"{system}clinical", clinical)
    return resource | more


@dataclass(frozen=True)
class Scenario:
    """An order, what is known of the patient, and the card about that order.

    `leads` None: no card about this order. `with_rules` speak on the card too, `without_rules` do not. `moved_by`
    names words; where the call itself tells of a problem with such a word, the expectation does not hold, and only
    a valid answer is asked for. `of_whole_lists`: neither does it where the call holds a medicine of another patient, and
    the rule says that it does not know them all.
    """

    name: str
    order: Json
    conditions: Sequence[Json] = ()
    medications: Sequence[Json] = ()
    others: Mapping[str, Json] = field(default_factory=dict)
    leads: str | None = None
    indicator: str | None = None
    say: str | None = None
    with_rules: frozenset[str] = frozenset()
    without_rules: frozenset[str] = frozenset()
    moved_by: tuple[str, ...] = ()
    of_whole_lists: bool = False
    nothing_else: bool = False  # an answer to a call without Wane's medicines is exactly {"cards": []}


def splice(call: Json, scenario: Scenario, hook: str) -> Json:
    """The call as it came, with the order and its history put in, sent for `hook`."""
    body = copy.deepcopy(call)
    body["hook"] = hook
    if not isinstance(body.get("hookInstance"), str):
        body["hookInstance"] = str(uuid.uuid5(uuid.NAMESPACE_URL, scenario.name))
    if not isinstance(body.get("context"), dict):
        body["context"] = {"userId": "Practitioner/example"}
    context = body["context"]
    if not (isinstance(context.get("patientId"), str) and context["patientId"]):
        context["patientId"] = NEW_PATIENT
    patient_id = context["patientId"].removeprefix("Patient/")
    subject = {"reference": f"Patient/{patient_id}"}

    new = copy.deepcopy(scenario.order) | {"subject": subject}
    context["draftOrders"] = with_order(context.get("draftOrders"), new)
    selections = context.get("selections")
    reference = f"MedicationRequest/{new['id']}"
    context["selections"] = [*(selections if isinstance(selections, list) else []), reference]

    if not isinstance(body.get("prefetch"), dict):
        body["prefetch"] = {}
    body["prefetch"] |= {
        "patient": {"resourceType": "Patient", "id": patient_id, "birthDate": "1974-05-02"},
        "conditions": searchset(scenario.conditions, subject),
        "medications": searchset(scenario.medications, subject),
    }
    for key, resource in scenario.others.items():
        body["prefetch"][key] = searchset([resource], subject)
    return body


def with_order(drafts: object, new: Json) -> Json:
    """The Bundle of orders with one more. Some calls hold a lone order in its place: it becomes the first entry."""
    if not isinstance(drafts, dict):
        drafts = {"resourceType": "Bundle", "type": "collection"}
    elif drafts.get("resourceType", "Bundle") != "Bundle":
        drafts = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": drafts}]}
    entries = drafts.get("entry")
    return drafts | {"entry": [*(entries if isinstance(entries, list) else []), {"resource": new}]}


def searchset(resources: Sequence[Json], subject: Json) -> Json:
    entries = []
    for resource in resources:
        whose = "patient" if resource["resourceType"] == "FamilyMemberHistory" else "subject"
        entries.append({"resource": copy.deepcopy(resource) | {whose: subject}})
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries)} | (
        {"entry": entries} if entries else {}
    )


def told_words(call: Json) -> str:
    """What the call tells of problems and medicines, ordered or under keys that the scenario leaves alone, in lower
    case."""
    prefetch = call.get("prefetch")
    replaced = {"patient", "conditions", "medications"}
    kept = {key: value for key, value in prefetch.items() if key not in replaced} if isinstance(prefetch, dict) else {}
    return " ".join([*concepts_in(kept), *concepts_in(call.get("context"))]).lower()


def concepts_in(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for item in value for found in concepts_in(item)]
    if not isinstance(value, dict):
        return []
    if value.get("resourceType") == "Condition":
        return [str(value.get("code"))]
    if value.get("resourceType") in {"MedicationRequest", "MedicationOrder", "MedicationStatement"}:
        return [str(value.get("medicationCodeableConcept"))]
    return [found for member in value.values() for found in concepts_in(member)]
