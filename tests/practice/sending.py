"""A case in a form → the whole request: drafts, prefetch and context as a system of that country sends them."""

from datetime import date

from tests.practice.problems import PATIENT, PROBLEMS, condition
from tests.practice.told import Case, Json, Problem
from tests.practice.writing import COUNTRY, WRITE
from tests.spec.splice import TODAY


def bundle(resources: list[Json], kind: str, *, addressed: bool = False) -> Json:
    entries: list[Json] = []
    for resource in resources:
        entry: Json = {"resource": resource}
        if addressed:
            entry["fullUrl"] = f"https://ehr.example/fhir/{resource['resourceType']}/{resource['id']}"
        if kind == "searchset":
            entry["search"] = {"mode": "include" if resource["resourceType"] == "Medication" else "match"}
        entries.append(entry)
    return {"resourceType": "Bundle", "type": kind} | ({"entry": entries} if entries else {})


def patient(case: Case) -> Json:
    told: Json = {"resourceType": "Patient", "id": PATIENT}
    if case.age is not None:
        told["birthDate"] = date(TODAY.year - case.age, 3, 14).isoformat()
    if case.country:
        told["address"] = [{"use": "home", "country": COUNTRY[case.country]}]
    return told


def call(case: Case, form: str) -> Json:
    """The whole request of a case in a form."""
    write = WRITE[form]
    drafts = [one for i, line in enumerate(case.orders, 1) for one in write(line, f"draft-{i}", is_order=True)]
    uses = [one for i, line in enumerate(case.uses, 1) for one in write(line, f"use-{i}", is_order=False)]
    conditions = [condition(problem, i, form) for i, problem in enumerate(case.problems, 1)]
    if form == "nl":
        conditions += referred_to(case, [*drafts, *uses], len(conditions))
    body: Json = {
        "hook": case.hook,
        "hookInstance": "6b0c1c3a-4b3e-4e36-9f0c-5b41bd2d52c4",
        "context": context_of(case, [*drafts, *case.drafts], form),
        "prefetch": prefetch_of(case, conditions, uses, form) | dict(case.prefetch),
    }
    if form == "fr":  # as CDS Hooks 1.0 had it
        body |= {"fhirServer": "https://dpi.example/fhir", "user": "Practitioner/apotheker-3"}
    if form == "us":  # members of 3.0, and of nobody's version
        body |= {"extension": {"com.example.timestamp": "2026-11-21"}, "fhirVersion": "4.0.1"}
    return body


def referred_to(case: Case, lines: list[Json], already: int) -> list[Json]:
    """The problems that the reasons of the Dutch lines refer to, and the references in the lines."""
    found: list[Json] = []
    for line, resource in zip((*case.orders, *case.uses), lines, strict=True):
        if line.reason:
            told = Problem(line.reason) if line.reason in PROBLEMS else Problem("", said=line.reason)
            found.append(condition(told, already + len(found) + 1, "nl"))
            resource["reasonReference"] = [{"reference": f"Condition/{found[-1]['id']}"}]
    return found


def context_of(case: Case, drafts: list[Json], form: str) -> Json:
    context: Json = {"userId": "Practitioner/apotheker-3", "patientId": PATIENT}
    requests = [one for one in drafts if one["resourceType"] == "MedicationRequest"]
    if case.hook in ("order-sign", "order-select"):
        context["draftOrders"] = bundle(drafts, "searchset" if form == "de" else "collection")
    if case.hook == "order-select":
        context["selections"] = [f"MedicationRequest/{one['id']}" for one in requests]
    if case.hook == "medication-refill":
        context["medications"] = bundle(drafts, "collection")
    if case.hook == "encounter-discharge":
        context["encounterId"] = "e-1"
    return context | dict(case.context)


def prefetch_of(case: Case, conditions: list[Json], uses: list[Json], form: str) -> Json:
    def of(kind: str) -> list[Json]:
        found = [one for one in uses if one["resourceType"] == kind]
        return found + [one for one in uses if one["resourceType"] == "Medication"] if found else []

    told = {"conditions": conditions, "medications": of("MedicationRequest")}
    told |= {"statements": of("MedicationStatement")} if form == "de" else {}
    told |= {"dispenses": of("MedicationDispense")} if form == "sct" else {}
    sent = {key: as_sent(resources, form) for key, resources in told.items()}
    if form == "fr":  # keys of its own, and null where there is nothing
        sent = {(f"item-{key}" if told[key] else key): bundle_ for key, bundle_ in sent.items()}
        return {"item-patient": patient(case), **sent}
    return {"patient": patient(case), **sent}


def as_sent(resources: list[Json], form: str) -> Json | None:
    if not resources:
        return bundle([], "searchset") if form in ("nl", "de", "us") else None
    if form == "us" and len(resources) == 1:
        return resources[0]
    kind = "collection" if form in ("be", "fr") else "searchset"
    return bundle(resources, kind, addressed=form in ("de", "us"))
