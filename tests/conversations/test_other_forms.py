"""The same call in another data form gets the same advice: where a medicine is written, how a day or a reference is, in
which order resources come, and whether the order is being chosen or signed."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.conversation import Conversation, advice_of, read
from tests.service import Service

Json = dict[str, Any]
FILES = sorted(Path(__file__).parent.glob("*.json"))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def resources_in(body: Json) -> Iterator[tuple[list[Json], Json]]:
    """Every resource of the call with the entries it lies among."""
    bundles = [
        body["context"].get("draftOrders"),
        body["context"].get("medications"),
        *body.get("prefetch", {}).values(),
    ]
    for bundle in bundles:
        entries = bundle.get("entry") if isinstance(bundle, dict) else None
        if not isinstance(entries, list):
            continue
        for entry in list(entries):
            if isinstance(entry, dict) and isinstance(entry.get("resource"), dict):
                yield entries, entry["resource"]


def medicines_contained(body: Json) -> None:
    for _, resource in resources_in(body):
        concept = resource.pop("medicationCodeableConcept", None)
        if concept and "contained" not in resource:
            resource["contained"] = [{"resourceType": "Medication", "id": "med", "code": concept}]
            resource["medicationReference"] = {"reference": "#med"}
        elif concept:
            resource["medicationCodeableConcept"] = concept


def medicines_beside(body: Json) -> None:
    for number, (entries, resource) in enumerate(resources_in(body)):
        if concept := resource.pop("medicationCodeableConcept", None):
            medication = {"resourceType": "Medication", "id": f"med-{number}", "code": concept}
            entries.append({"resource": medication})
            resource["medicationReference"] = {"reference": f"Medication/med-{number}"}


def entries_turned_round(body: Json) -> None:
    for bundle in body.get("prefetch", {}).values():
        if isinstance(bundle, dict) and isinstance(bundle.get("entry"), list):
            bundle["entry"].reverse()


def days_with_a_time(body: Json) -> None:
    for _, resource in resources_in(body):
        for name in (
            "authoredOn",
            "onsetDateTime",
            "abatementDateTime",
            "whenHandedOver",
            "dateAsserted",
            "recordedDate",
        ):
            if isinstance(resource.get(name), str) and _DAY.fullmatch(resource[name]):
                resource[name] += "T10:30:00+01:00"


def patients_by_address(body: Json) -> None:
    for _, resource in resources_in(body):
        for name in ("subject", "patient"):
            reference = resource.get(name)
            if isinstance(reference, dict) and str(reference.get("reference", "")).startswith("Patient/"):
                reference["reference"] = f"https://ehr.example/fhir/{reference['reference']}"


def foreign_members_everywhere(body: Json) -> None:
    for _, resource in resources_in(body):
        resource.setdefault("meta", {})["versionId"] = "7"
        resource["text"] = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">…</div>'}
        resource.setdefault("identifier", []).append({"system": "urn:oid:1.2.3", "value": "9"}) if isinstance(
            resource.get("identifier", []), list
        ) else None


def codes_as_they_are_typed(body: Json) -> None:
    """ICD-10 without a dot, an OID for the system of ATC."""
    for _, resource in resources_in(body):
        for coding in _codings(resource):
            if "icd-10" in str(coding.get("system")) and isinstance(coding.get("code"), str):
                coding["code"] = coding["code"].replace(".", "")
            if coding.get("system") == "http://www.whocc.no/atc":
                coding["system"] = "urn:oid:2.16.840.1.113883.6.73"


def _codings(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        if isinstance(value.get("coding"), list):
            yield from (coding for coding in value["coding"] if isinstance(coding, dict))
        for item in value.values():
            yield from _codings(item)
    if isinstance(value, list):
        for item in value:
            yield from _codings(item)


FORMS = [
    medicines_contained,
    medicines_beside,
    entries_turned_round,
    days_with_a_time,
    patients_by_address,
    foreign_members_everywhere,
    codes_as_they_are_typed,
]


def told_cards(status: int, body: Json) -> object:
    """What was advised, about what, and how seriously."""
    if status != 200:
        return status
    return sorted(
        (
            str(advice_of(card).get("about")),
            card["indicator"],
            tuple(f"{rule['id']}: {rule['say']}" for rule in advice_of(card).get("rules", [])),
        )
        for card in body["cards"]
    )


def conversations() -> Iterator[Any]:
    for file in FILES:
        told = read(file)
        if (
            isinstance(told.body, dict)
            and isinstance(told.body.get("context"), dict)
            and told.expect["status"] in (200, 412)
        ):
            yield pytest.param(told, id=file.stem)


@pytest.mark.parametrize("told", list(conversations()))
def test_another_data_form_gets_the_same_advice(told: Conversation, wane_on: Callable[[date], Service]) -> None:
    wane = wane_on(told.today)
    first = wane.call(told.method, told.path, content=told.content, headers=told.sent_headers)
    assert isinstance(told.body, dict)
    for form in FORMS:
        changed = copy.deepcopy(told.body)
        form(changed)
        if changed == told.body:
            continue
        content = json.dumps(changed).encode()
        again = wane.call(told.method, told.path, content=content, headers=told.sent_headers)
        assert told_cards(again.status, again.json()) == told_cards(first.status, first.json()), form.__name__
