"""One Device of the patient → whether it is in place (https://hl7.org/fhir/R4/device.html)."""

from app.intake.elements import Json, code_of, elements, text
from app.intake.problem import lists_of_concept
from app.intake.words import lists_in_words
from knowledge.codes import Codes
from knowledge.facts import Device

_GONE = ("inactive",)
_VOID = ("entered-in-error",)


def read_device(resource: Json, reference: str, codes: Codes) -> Device | None:
    """A device of some list, known by its type, its names or its model; None for any other."""
    status = code_of(resource.get("status"))
    types = elements(resource.get("type"))  # one concept in R4, several in R5
    lists = {listed.name for concept in types for listed in lists_of_concept(concept, codes).lists}
    names = [text(name.get("name") or name.get("value")) for name in elements(resource.get("deviceName"))]
    names += [text(name.get("value")) for name in elements(resource.get("name"))]
    for said in (*names, text(resource.get("modelNumber")), text(resource.get("model"))):
        lists |= lists_in_words(said, codes).lists
    if not lists or status in _VOID:
        return None
    return Device(reference, frozenset(lists), in_place=status not in _GONE)
