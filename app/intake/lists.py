"""Which list of the record a resource belongs to. The lists have the names of the prefetch keys."""

from app.intake.elements import Json

LIST_OF = {
    "Condition": "conditions",
    "MedicationRequest": "medications",
    "MedicationOrder": "medications",  # DSTU2
    "MedicationPrescription": "medications",  # DSTU1
    "MedicationStatement": "statements",
    "MedicationUsage": "statements",  # an R5 draft
    "MedicationDispense": "dispenses",
    "Patient": "patient",
    "Device": "devices",
    "DeviceUseStatement": "devices",
    "DeviceUsage": "devices",  # R5
    "Encounter": "encounter",
    "Procedure": "procedures",
}
_ALIKE = ("MedicationAdministration", "AllergyIntolerance")  # of no list, though they look like what is in one


def list_it_looks_like(resource: Json) -> str | None:
    """The list that a resource of no known kind may belong to by what it holds; None where it looks like none."""
    if resource.get("resourceType") in _ALIKE:
        return None
    if "medicationCodeableConcept" in resource or "medicationReference" in resource:
        return "medications"
    return "conditions" if "clinicalStatus" in resource and "verificationStatus" in resource else None
