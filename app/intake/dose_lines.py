"""`wane dose`: one prescription per line of JSON in, what it says of the dose per line of JSON out."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from app.intake.dosage import read_dosages
from app.intake.quantity import words_of
from app.intake.strength import Strength, read_strength
from knowledge.facts import Amount, Dosage

_PLACES = Decimal("0.000001")


def read_line(line: str | bytes, *, today: date | None = None) -> bytes:
    """One line of NDJSON → one line of JSON, without the line end.

    A line is a MedicationRequest (or MedicationStatement, MedicationDispense), R4 or R5, or an object with `id` and
    `dosageInstruction`, and perhaps the `text` that renders them. What cannot be read gives a line with its `reason`.
    Without `today`, the first of several steps is the one that is told.
    """
    try:
        resource = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _line(None, Dosage(why="not-json"))
    if not isinstance(resource, dict):
        return _line(None, Dosage(why="not-a-prescription"))
    return _line(resource.get("id"), _read(resource, today))


def _read(resource: Mapping[str, Any], today: date | None) -> Dosage:
    if why := _modified(resource.get("modifierExtension") or []):
        return Dosage(why=why)
    if resource.get("doNotPerform") is True:
        return Dosage(why="do-not-perform")
    sent = resource.get("dosageInstruction", resource.get("dosage"))
    supply = resource.get("dispenseRequest")
    return read_dosages(
        sent if isinstance(sent, list) else [],
        _strength(resource),
        today=today,
        authored=_day(resource.get("authoredOn")),
        dispense=resource if resource.get("resourceType") == "MedicationDispense" else supply,
        rendered=resource.get("renderedDosageInstruction") or resource.get("text"),
    )


def _modified(modifiers: object) -> str | None:
    """Why a modifier of the whole prescription forbids reading it. A Dutch stop type leaves the dose what it was."""
    unknown = [str(one) for one in modifiers if "StopType" not in str(one)] if isinstance(modifiers, list) else ["?"]
    if any("Cyclic" in one for one in unknown):
        return "cyclic-schedule"
    return "unknown-modifier" if unknown else None


def _strength(resource: Mapping[str, Any]) -> Strength | None:
    """The strength that the names of the medicine tell; None where they tell several."""
    found = {strength for label in _labels(resource) if (strength := read_strength(label)) is not None}
    return found.pop() if len(found) == 1 else None


def _labels(resource: Mapping[str, Any]) -> Iterator[object]:
    contained = resource.get("contained")
    medication = resource.get("medication")
    concepts = [resource.get("medicationCodeableConcept"), medication]
    concepts += [medication.get("concept")] if isinstance(medication, dict) else []
    concepts += [
        one.get("code")
        for one in (contained if isinstance(contained, list) else [])
        if isinstance(one, dict) and one.get("resourceType") == "Medication"
    ]
    for concept in concepts:
        yield from words_of(concept)
    reference = resource.get("medicationReference")
    if isinstance(reference, dict):
        yield reference.get("display")


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _line(own_id: object, dosage: Dosage) -> bytes:
    daily = dosage.daily
    return orjson.dumps(
        {
            "id": own_id if isinstance(own_id, str | int) else None,
            "daily": {"low": _number(daily.low), "high": _number(daily.high), "unit": daily.unit} if daily else None,
            "as_needed_max": _as_needed_max(dosage),
            "basis": daily.basis if daily else None,
            "certainty": daily.certainty.value if daily else "unknown",
            "conflict": dosage.conflict,
            "reason": dosage.why,
        }
    )


def _as_needed_max(dosage: Dosage) -> dict[str, object] | None:
    """The most that may be taken as needed, on top of what is taken anyway."""
    most: Amount | None = dosage.ceiling
    if most is None or not (dosage.as_needed or dosage.once):
        return None
    fixed = dosage.daily.high if dosage.daily and dosage.daily.unit == most.unit else Decimal(0)
    return {"value": _number(most.value - fixed), "unit": most.unit}


def _number(value: Decimal) -> int | float:
    rounded = value.quantize(_PLACES) if value < 10**15 else value
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
