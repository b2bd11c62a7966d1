"""`wane dose`: one prescription per line of JSON in, what it says of the dose per line of JSON out."""

import logging
from datetime import date
from decimal import Decimal

import orjson

from app.intake.elements import Json, day
from app.intake.included import Included
from app.intake.instructions import dosage_of
from app.intake.medicine import read_medicine, read_strength_of
from knowledge.facts import Amount, Dosage
from knowledge.library import Library

_PLACES = Decimal("0.000001")

log = logging.getLogger(__name__)


def read_line(line: str | bytes, library: Library, *, today: date | None = None) -> bytes:
    """One line of NDJSON → one line of JSON, without the line end.

    A line is a MedicationRequest (or MedicationStatement, MedicationDispense), R4 or R5, or an object with `id` and
    `dosageInstruction`, and perhaps the `text` that renders them. What cannot be read gives a line with its `reason`.
    Without `today`, the first of several steps is the one that is told.
    """
    try:
        resource = orjson.loads(line)
    except orjson.JSONDecodeError:
        return orjson.dumps(answer_of(None, Dosage(why="not-json")))
    if not isinstance(resource, dict):
        return orjson.dumps(answer_of(None, Dosage(why="not-a-prescription")))
    return orjson.dumps(read_daily_dose(resource, library, today=today))


def read_daily_dose(resource: Json, library: Library, *, today: date | None = None) -> dict[str, object]:
    """What a prescription says of the dose, as plain JSON: its daily amount in mg where the strength is known, else in
    the unit as written, or the reason why there is none."""
    try:
        dosage = _read(resource, library, today)
    except Exception as error:  # noqa: BLE001 - a prescription nobody foresaw must not take those after it with it
        log.error("dose not readable", extra={"error": type(error).__name__})
        dosage = Dosage(why="resource-not-readable")
    return answer_of(resource.get("id"), dosage)


def _read(resource: Json, library: Library, today: date | None) -> Dosage:
    if resource.get("doNotPerform") is True:
        return Dosage(why="do-not-perform")
    recognised = read_medicine(resource, library, Included())
    is_dispense = resource.get("resourceType") == "MedicationDispense"
    return dosage_of(
        resource,
        read_strength_of(resource, library, Included()),
        today=today,
        authored=day(resource.get("authoredOn")),
        dispense=resource if is_dispense else resource.get("dispenseRequest"),
        plausible=recognised.plausible,
    )


def answer_of(own_id: object, dosage: Dosage) -> dict[str, object]:
    """A dosage in the shape in which it leaves."""
    daily = dosage.daily
    return {
        "id": own_id if isinstance(own_id, str | int) else None,
        "daily": {"low": _number(daily.low), "high": _number(daily.high), "unit": daily.unit} if daily else None,
        "as_needed_max": _as_needed_max(dosage),
        "basis": daily.basis if daily else None,
        "certainty": daily.certainty.value if daily else "unknown",
        "conflict": dosage.conflict,
        "reason": dosage.why,
    }


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
