"""One Device of the patient, or a statement that one is used → whether it is in place (https://hl7.org/fhir/R4/device.html,
https://hl7.org/fhir/R4/deviceusestatement.html)."""

from app.intake.elements import Json, code_of, element, elements, reference_of, text
from app.intake.included import Included
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


_USED = ("active", "on-hold", "")


def read_device_use(resource: Json, reference: str, codes: Codes, included: Included) -> Device | None:
    """A device of some list that a DeviceUseStatement (R5: DeviceUsage) tells of, by its words or what it refers to."""
    status = code_of(resource.get("status"))
    told = element(resource.get("device"))
    sent = told if isinstance(told.get("reference"), str) else element(told.get("reference"))  # R5: a CodeableReference
    wanted = reference_of(sent)
    contained = {f"#{text(one.get('id'))}": one for one in elements(resource.get("contained"))}
    device = element(contained.get(wanted)) or element(included.get(wanted))
    named = [{"name": text(one.get("display"))} for one in (told, sent)]
    names = [*elements(device.get("deviceName")), *named]
    types = [*elements(device.get("type")), *elements(told.get("concept"))]
    found = read_device({**device, "type": types, "deviceName": names, "status": "active"}, reference, codes)
    if found is None or status in _VOID or code_of(device.get("status")) in _VOID:
        return None
    return Device(reference, found.lists, in_place=status in _USED and code_of(device.get("status")) not in _GONE)
