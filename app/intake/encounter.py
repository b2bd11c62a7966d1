"""The present contact: in hospital or not, and since when (https://hl7.org/fhir/R4/encounter.html)."""

from app.intake.elements import Json, codings, day, element, elements
from knowledge.facts import Encounter

# v3-ActCode ActEncounterCode; the plain words before STU3.
_INPATIENT = ("IMP", "ACUTE", "NONAC", "OBSENC", "SS", "inpatient")
_OUTPATIENT = ("AMB", "HH", "VR", "FLD", "outpatient", "ambulatory", "home", "virtual")


def read_encounter(resource: Json, reference: str) -> Encounter:
    """Its class is a Coding in R4, a string before, and a list of concepts in R5."""
    told = resource.get("class")
    named = {told} if isinstance(told, str) else {coding.code for item in elements(told) for coding in codings(item)}
    setting = "inpatient" if named & set(_INPATIENT) else "outpatient" if named & set(_OUTPATIENT) else None
    period = element(resource.get("period")) or element(resource.get("actualPeriod"))
    return Encounter(reference, setting, day(period.get("start")))
