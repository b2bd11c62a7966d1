"""A card and the call it answers, laid out to be read: what is ordered and in use, the problems, then all the card holds."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from benchmarks.histories import History, Json
from cds_hooks.cards import Card


def laid_out(name: str, record: list[Json], history: History, card: Card) -> str:
    """Everything a pharmacist needs to judge the card."""
    patient, *own = record
    born, country = history.born or patient["birthDate"], history.country or "-"
    lines = [f"## {name}: {history.hook}, born {born}, country {country}"]
    lines += [f"ordered  {_medicine(draft)}" for draft in history.drafts]
    lines += [f"told     {_told(resource)}" for resource in _shortened(history.record)]
    lines += [
        f"own      {', '.join(_own(own))}",
        "",
        f"[{card.indicator}] {_rules(card)}",
        card.summary,
        card.detail,
        "",
    ]
    for suggestion in card.suggestions:
        lines.append(f"  > {suggestion.label}")
        lines += [
            f"      {action.type}: {action.description} {_resource(action.resource)}" for action in suggestion.actions
        ]
    lines.append(f"  links {[link.url for link in card.links]}")
    lines.append(f"  overrides {[reason.code for reason in card.override_reasons]}")
    return "\n".join(lines)


def _rules(card: Card) -> list[str]:
    extension: Any = card.extension["org.wane.advice"]
    gaps = [gap["missing"] for gap in extension.get("gaps", [])]
    return [*(f"{rule['id']}/{rule['say']}" for rule in extension.get("rules", [])), f"gaps={gaps}"]


def _shortened(resources: Iterable[Json], most: int = 4) -> Iterator[Json]:
    """The first few of a row of refills or dispenses, and the last."""
    kept = list(resources)
    yield from kept if len(kept) <= most + 1 else (*kept[:most], kept[-1])


def _told(resource: Json) -> str:
    if resource["resourceType"] == "Condition":
        return str(resource["code"]["text"])
    return f"{resource['resourceType']} {_medicine(resource)}"


def _medicine(resource: Json) -> str:
    if "medicationCodeableConcept" not in resource:
        return orjson.dumps(resource).decode()
    dropped = ("resourceType", "intent", "medicationCodeableConcept", "subject")
    left = {name: value for name, value in resource.items() if name not in dropped}
    return f"{resource['medicationCodeableConcept']['text']}  {_short(left)}"


def _own(resources: Iterable[Json]) -> list[str]:
    """What the patient had already: active problems, and medicines not long finished."""
    found = {r["code"]["text"] for r in resources if r["resourceType"] == "Condition" and _active(r)}
    return sorted(
        found | {_name(r) for r in resources if r["resourceType"] == "MedicationRequest" and r["status"] == "active"}
    )


def _name(order: Json) -> str:
    return f"Rx {order.get('medicationCodeableConcept', {}).get('text', '?')}"


def _active(condition: Json) -> bool:
    return bool(condition["clinicalStatus"]["coding"][0]["code"] == "active")


def _resource(resource: Mapping[str, object] | None) -> str:
    dropped = (
        "id",
        "subject",
        "for",
        "authoredOn",
        "intent",
        "status",
        "code",
        "category",
        "medicationCodeableConcept",
    )
    return _short({name: value for name, value in (resource or {}).items() if name not in dropped})


def _short(value: Mapping[str, object]) -> str:
    text = orjson.dumps(value).decode().replace('"', "")
    for longer in ("http://unitsofmeasure.org", "system:,", "periodUnit:", "https://wane.example/fhir/"):
        text = text.replace(longer, "")
    return text
