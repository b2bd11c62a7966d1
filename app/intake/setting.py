"""Where a prescription was written: for inpatients, outpatients, or to take home."""

from app.intake.elements import Json, codings, elements

# http://terminology.hl7.org/CodeSystem/medicationrequest-category
_SETTINGS = {"inpatient": "inpatient", "outpatient": "outpatient", "community": "outpatient", "discharge": "discharge"}


def setting_of(resource: Json) -> str | None:
    """The `category` of a MedicationRequest: one concept before R4, and a list of them since."""
    codes = {coding.code for item in elements(resource.get("category")) for coding in codings(item)}
    return next((_SETTINGS[code] for code in sorted(codes) if code in _SETTINGS), None)
