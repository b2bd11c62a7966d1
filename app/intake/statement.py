"""What somebody stated about taking a medicine (https://hl7.org/fhir/R4/medicationstatement.html)."""

from dataclasses import dataclass, replace
from datetime import date

from app.intake.elements import Json, code_of, day, element
from app.intake.medicine import Included, Recognised
from app.intake.prescription import Prescription, read_prescription
from knowledge.codes import Codes

_NOT_TAKEN = ("not-taken", "not-taking")


@dataclass(frozen=True, slots=True)
class Statement:
    """`use` is what it tells as if it were a prescription; `denies` that it says: prescribed, but not taken."""

    use: Prescription
    denies: bool
    stated: date | None


def read_statement(
    resource: Json, reference: str, recognised: Recognised, codes: Codes, included: Included, today: date
) -> Statement:
    """Read a MedicationStatement whose medicine has been recognised (R4, and the forms before and after it)."""
    period = element(resource.get("effectivePeriod"))
    stated = day(resource.get("dateAsserted")) or day(resource.get("effectiveDateTime")) or day(period.get("start"))
    since = period.get("start") or resource.get("effectiveDateTime")
    as_request = {
        "resourceType": "MedicationRequest",
        "status": resource.get("status"),
        "intent": "order",
        "authoredOn": since,
        "dosageInstruction": resource.get("dosage"),
        "reasonCode": resource.get("reasonCode"),
        "reasonReference": resource.get("reasonReference"),
    }
    use = read_prescription(as_request, reference, recognised, codes, included, today)
    denies = (
        code_of(resource.get("status")) in _NOT_TAKEN
        or resource.get("taken") == "n"
        or resource.get("wasNotTaken") is True
        or code_of(element(resource.get("adherence")).get("code")) in _NOT_TAKEN
    )
    return Statement(replace(use, end=use.end or day(period.get("end"))), denies, stated)
