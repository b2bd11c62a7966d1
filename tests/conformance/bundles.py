"""A Bundle that Wane sends: every resource in it valid, every inner reference leading somewhere, every entry accounted for."""

from collections import Counter
from typing import Any

from fhir.resources.R4B.bundle import Bundle

from tests.conformance.place import Place
from tests.conformance.resources import everywhere, faults_in_resource

# What an answer refers to in itself; everything else was in what was sent.
OWN = ("evaluationMessage[0].reference", "result.reference", "valueReference.reference")
STATES = ("used", "not-relevant", "unreadable")
STATES_SYSTEM = "https://wane.example/fhir/CodeSystem/entry-states"


def faults_in_bundle(body: Any) -> list[str]:
    """Where a Bundle that leaves the house breaks FHIR R4."""
    found: list[str] = []
    place = Place(body, found)
    Bundle.model_validate(body)
    names = [entry["fullUrl"] for entry in body["entry"]]
    found += [f"{name} stands twice (bdl-7)" for name, number in Counter(names).items() if number > 1]
    for entry in place.at("entry").items():
        faults_in_resource(entry.at("resource"), "FHIR R4")
    for entry in body["entry"]:
        groups(entry["resource"].get("action", []), found)
    for each in everywhere(place):
        if each.path.endswith(OWN) and str(each.value) not in names:
            each.fault("names nothing in the Bundle", "bundle references")
    return found


def groups(actions: list[dict[str, Any]], found: list[str]) -> None:
    """rqg-1: an action has a resource or actions, never both."""
    for action in actions:
        if ("resource" in action) == ("action" in action):
            found.append(f"{action['title']}: a resource or actions (rqg-1)")
        groups(action.get("action", []), found)


def accounted(body: Any) -> dict[str, list[str]]:
    """The places by state, as the first OperationOutcome has them."""
    told: dict[str, list[str]] = {state: [] for state in STATES}
    for issue in body["entry"][0]["resource"]["issue"]:
        for coding in issue["details"].get("coding", ()):
            if coding["system"] == STATES_SYSTEM:
                told[coding["code"]] += issue["expression"]
    return told


def faults_in_account(body: Any, entries: int) -> list[str]:
    """Where the entries do not add up: each of them once, and the numbers as the places."""
    told = accounted(body)
    places = [place for each in told.values() for place in each]
    numbers = {one["name"]: one.get("valueInteger") for one in body["entry"][1]["resource"]["parameter"]}
    found = [f"{place} is told {number} times" for place, number in Counter(places).items() if number > 1]
    counted = [(state, numbers[state], len(told[state])) for state in STATES]
    found += [f"{state}: {number}, and {there} places" for state, number, there in counted if number != there]
    if not entries == len(places) == numbers["entries"]:
        found.append(f"{entries} entries, {len(places)} places, {numbers['entries']} counted")
    return found


def number_of_entries(bundle: object) -> int:
    """How many entries a Bundle has, those of Bundles inside it as well."""
    sent = bundle.get("entry") if isinstance(bundle, dict) else None
    entries = sent if isinstance(sent, list) else [] if sent is None else [sent]
    inside = [entry.get("resource") for entry in entries if isinstance(entry, dict)]
    nested = [one for one in inside if isinstance(one, dict) and one.get("resourceType") == "Bundle"]
    return len(entries) + sum(number_of_entries(one) for one in nested)
