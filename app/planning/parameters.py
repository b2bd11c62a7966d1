"""FHIR R4 Parameters (or a bare MedicationRequest) → the fields of a plan, for whom it is, and in which form it is wanted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.intake.elements import Json, element, elements, reference_of, text
from app.planning.asked import FIELDS
from app.planning.fields import Fault
from app.planning.query import LISTS
from app.planning.taken import taken_fields
from app.render.valid import is_reference
from knowledge.library import Library

_UNITS = ("mg", "d", "a", "%", "1")
OWN = ("prescription", "subject", "form")
_VALUES = ("valueString", "valueCode", "valueDecimal", "valueInteger", "valueBoolean", "valueDate", "valueQuantity")


@dataclass(frozen=True, slots=True)
class PlanParameters:
    """`fields` as `asked` reads them, `subject` a Reference, `sequence`: one prescription with its doses in sequence."""

    fields: Mapping[str, object]
    subject: dict[str, object]
    sequence: bool


def read_parameters(body: object, library: Library, today: date) -> PlanParameters | Fault:
    """What is asked for. A parameter has the name of its field, comes more than once where the field is a list, and has
    parts where an item is an object. What `prescription` tells stands where no parameter says otherwise."""
    resource = element(body)
    if resource.get("resourceType") == "MedicationRequest":
        return PlanParameters(taken_fields(resource, library, today), _subject(resource), sequence=False)
    if resource.get("resourceType") != "Parameters":
        return Fault("resourceType", "The body is no Parameters. Send Parameters, or one MedicationRequest.")
    fields: dict[str, object] = {}
    told: dict[str, object] = {}
    subject: dict[str, object] = {}
    form = "steps"
    for place, parameter in enumerate(elements(resource.get("parameter"))):
        where, name = f"Parameters.parameter[{place}]", text(parameter.get("name"))
        if name == "prescription":
            prescription = element(parameter.get("resource"))
            if prescription.get("resourceType") != "MedicationRequest":
                return Fault(f"{where}.resource", "This parameter holds no MedicationRequest.")
            told, subject = taken_fields(prescription, library, today), subject or _subject(prescription)
        elif name == "subject":
            subject = _reference(parameter.get("valueReference"))
            if not subject:
                return Fault(f"{where}.valueReference", "This is no reference to a Patient, such as Patient/1.")
        elif name == "form":
            form = text(parameter.get("valueCode"))
            if form not in ("steps", "sequence"):
                return Fault(f"{where}.valueCode", "This is neither steps nor sequence.")
        elif name in FIELDS:
            _add(fields, name, _value(parameter))
        else:
            known = ", ".join((*OWN, *FIELDS))
            return Fault(f"{where}.name", f"There is no such parameter. There are: {known}.")
    if "daily_mg" in fields and "intakes" not in fields:
        told.pop("intakes", None)
    return PlanParameters({**told, **fields}, subject, sequence=form == "sequence")


def _add(fields: dict[str, object], name: str, value: object) -> None:
    """One more value of that name: a second one makes a list, which a field that is none refuses."""
    held = fields.get(name)
    if name in LISTS or held is not None:
        fields[name] = [*(held if isinstance(held, list) else [] if held is None else [held]), value]
    else:
        fields[name] = value


def _value(parameter: Json) -> object:
    parts = elements(parameter.get("part"))
    if parts:
        made: dict[str, object] = {}
        for part in parts:
            name = text(part.get("name"))
            held, value = made.get(name), _value(part)
            many = name == "units" or held is not None
            made[name] = (
                [*(held if isinstance(held, list) else [] if held is None else [held]), value] if many else value
            )
        return made
    value = next((parameter[name] for name in _VALUES if name in parameter), None)
    if isinstance(value, dict):
        unit = text(value.get("code")) or text(value.get("unit")) or "1"
        return value.get("value") if unit in _UNITS else value  # an amount in another unit is none, and is named
    return value


def _subject(prescription: Json) -> dict[str, object]:
    return _reference(prescription.get("subject"))


def _reference(value: object) -> dict[str, object]:
    """The reference alone: what else stands beside it (a name) is not carried along."""
    written = reference_of(value)
    return {"reference": written} if is_reference(written) else {}
