"""The same call in the shapes that other systems send: whatever the shape, the same rules say the same."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.conversation import read
from tests.service import Service

HERE = Path(__file__).parent
FILES = sorted([*HERE.glob("e-*.json"), *HERE.glob("f-*.json")])
Json = dict[str, Any]
_OF_MEDICINES = ("MedicationRequest", "MedicationStatement", "MedicationDispense")


def in_r5(resource: Json) -> None:
    """CodeableReference in place of a choice; one list of reasons; `asNeeded` renamed."""
    if concept := resource.pop("medicationCodeableConcept", None):
        resource["medication"] = {"concept": concept}
    reasons = [{"concept": one} for one in resource.pop("reasonCode", [])]
    reasons += [{"reference": one} for one in resource.pop("reasonReference", [])]
    if reasons:
        resource["reason"] = reasons
    for dosage in dosages_of(resource):
        if "asNeededBoolean" in dosage:
            dosage["asNeeded"] = dosage.pop("asNeededBoolean")


def with_contained_medication(resource: Json) -> None:
    if concept := resource.pop("medicationCodeableConcept", None):
        resource["contained"] = [{"resourceType": "Medication", "id": "product", "code": concept}]
        resource["medicationReference"] = {"reference": "#product"}


def in_stu3(resource: Json) -> None:
    """The amount stands in the dosage itself."""
    for dosage in dosages_of(resource):
        for entry in dosage.pop("doseAndRate", []):
            dosage.update(entry)


def in_words(resource: Json) -> None:
    """So many times a day so much, as a text."""
    for dosage in dosages_of(resource):
        repeat = dosage.get("timing", {}).get("repeat", {})
        amounts = [entry.get("doseQuantity", {}) for entry in dosage.get("doseAndRate", [])]
        plain = repeat.keys() == {"frequency", "period", "periodUnit"} and repeat["period"] == 1
        if plain and repeat["periodUnit"] == "d" and len(amounts) == 1 and amounts[0].get("unit") in ("mg", "tablet"):
            del dosage["timing"], dosage["doseAndRate"]
            amount = f"{amounts[0]['value']} {amounts[0]['unit']}".replace(".", ",")
            dosage["text"] = f"{repeat['frequency']}x per dag {amount}"


def dosages_of(resource: Json) -> list[Json]:
    sent = resource.get("dosageInstruction") or resource.get("dosage") or []
    return sent if isinstance(sent, list) else [sent]


def reshaped(body: Any, how: Callable[[Json], None]) -> Any:
    body = copy.deepcopy(body)
    pending = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, dict) and node.get("resourceType") in _OF_MEDICINES:
            how(node)
        elif isinstance(node, dict | list):
            pending += node.values() if isinstance(node, dict) else node
    return body


def said(answer: Any) -> list[Any]:
    cards = answer.get("cards", [])
    rules = [[(rule["id"], rule["say"]) for rule in card["extension"]["org.wane.advice"]["rules"]] for card in cards]
    return sorted(zip((card["indicator"] for card in cards), rules, strict=True), key=json.dumps)


@pytest.mark.parametrize("how", [in_r5, with_contained_medication, in_stu3, in_words], ids=lambda how: how.__name__)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_another_shape_of_the_same_call_says_the_same(
    file: Path, how: Callable[[Json], None], wane_on: Callable[[date], Service]
) -> None:
    told = read(file)
    if not isinstance(told.body, dict):
        pytest.skip("no call of JSON")
    changed = reshaped(told.body, how)
    if changed == told.body:
        pytest.skip("nothing in it has this shape")
    service = wane_on(told.today)

    as_it_was, as_it_is = (
        service.call(told.method, told.path, content=json.dumps(body).encode(), headers=told.sent_headers)
        for body in (told.body, changed)
    )

    assert as_it_is.status == as_it_was.status
    assert said(as_it_is.json()) == said(as_it_was.json())
