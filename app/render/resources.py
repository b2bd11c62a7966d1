"""FHIR R4 resources that suggestions propose. Each is valid as it stands, required bindings included."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from uuid import NAMESPACE_URL, uuid5

from app.intake.quantity import read_days

Json = dict[str, object]
_NAMESPACE = uuid5(NAMESPACE_URL, "https://wane.example/fhir/proposals")


def proposal_id(kind: str, *about: str) -> str:
    """The same proposal on the same order keeps its id, so that taking it twice makes one resource."""
    return f"{kind}-{str(uuid5(_NAMESPACE, '|'.join((kind, *about))))[:18]}"


def referral(identity: str, patient_id: str, text: str, today: date, reasons: tuple[str, ...]) -> Json:
    """A ServiceRequest (https://hl7.org/fhir/R4/servicerequest.html), as a proposal the prescriber completes."""
    resource: Json = {
        "resourceType": "ServiceRequest",
        "id": identity,
        "status": "draft",
        "intent": "proposal",
        "code": {"text": text},
        "subject": {"reference": f"Patient/{patient_id}"},
        "authoredOn": today.isoformat(),
    }
    if reasons:
        resource["reasonReference"] = [{"reference": reason} for reason in reasons]
    return resource


def task(identity: str, patient_id: str, text: str, today: date, focus: str | None) -> Json:
    """A Task (https://hl7.org/fhir/R4/task.html), as a proposal the prescriber plans."""
    resource: Json = {
        "resourceType": "Task",
        "id": identity,
        "status": "draft",
        "intent": "proposal",
        "code": {"text": text},
        "description": text,
        "for": {"reference": f"Patient/{patient_id}"},
        "authoredOn": today.isoformat(),
    }
    if focus:
        resource["focus"] = {"reference": focus}
    return resource


def shorter_supply(original: Mapping[str, object], days: int) -> Json | None:
    """The same order for `days` days, once: everything else as it came. None where it already is that short, or where
    a length or a quantity it names cannot be made smaller without guessing."""
    dispense = original.get("dispenseRequest")
    changed = _members(dispense)
    duration, quantity = changed.get("expectedSupplyDuration"), changed.get("quantity")
    told = read_days(duration)
    if (dispense is not None and not isinstance(dispense, Mapping)) or (duration is not None and told is None):
        return None
    repeats = changed.get("numberOfRepeatsAllowed")
    if "initialFill" in changed or (told is not None and (told < days or (told == days and not repeats))):
        return None
    if quantity is not None:
        amount = _members(quantity).get("value")
        if told is None or not isinstance(amount, int) or isinstance(amount, bool):
            return None
        fewer = min(Fraction(amount), Fraction(amount * days) / Fraction(told))
        if fewer.denominator != 1:
            return None
        changed["quantity"] = {**_members(quantity), "value": int(fewer)}
    if told is None or told > days:
        unit = {"value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
        changed["expectedSupplyDuration"] = {**_members(duration), **unit}
    changed["numberOfRepeatsAllowed"] = 0
    return {**original, "dispenseRequest": changed}


def _members(value: object) -> Json:
    return dict(value) if isinstance(value, Mapping) else {}
