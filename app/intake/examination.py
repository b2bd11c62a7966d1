"""Orders that are no medicine: which of the examinations Wane has rules for one is, if any."""

from dataclasses import dataclass

from app.intake.elements import Json, code_of, element, elements
from app.intake.problem import lists_of_concept
from knowledge.codes import Codes

EXAMINATION_ORDERS = ("ServiceRequest", "ProcedureRequest", "DiagnosticOrder")
_NOT_ORDERED = ("revoked", "cancelled", "rejected", "completed", "on-hold", "entered-in-error")


@dataclass(frozen=True, slots=True)
class ExaminationDraft:
    """An order of an examination being written, and the lists that name it."""

    reference: str
    path: str
    original: Json
    lists: frozenset[str]
    selected: bool


def examinations_of(resource: Json, codes: Codes) -> frozenset[str]:
    """The lists an order is in, by its code and its details; none where it is a prohibition or no longer stands."""
    if code_of(resource.get("status")) in _NOT_ORDERED or resource.get("doNotPerform") is True:
        return frozenset()
    concepts = [*elements(resource.get("code")), *elements(resource.get("orderDetail"))]
    concepts += [element(item.get("concept")) for item in concepts]  # R5
    return frozenset(listed.name for concept in concepts for listed in lists_of_concept(concept, codes).lists)
