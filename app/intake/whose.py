"""Whose a resource is: this patient's, another's, or nobody tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.intake.elements import Json, element, reference_of, text


@dataclass(frozen=True, slots=True)
class Whose:
    """Compares with one patient. `included` is what a `urn:uuid:…` may stand for."""

    patient_id: str
    included: Mapping[str, Json]
    own: str = field(init=False)  # how most resources name the patient

    def __post_init__(self) -> None:
        object.__setattr__(self, "own", f"Patient/{self.patient_id}")

    def is_of_patient(self, resource: Json) -> bool:
        """Whether it is this patient's. One that names nobody, or a subject known by identifier or display only, is."""
        if resource.get("resourceType") == "Patient":
            return text(resource.get("id")) in ("", self.patient_id)
        subject = resource.get("subject") or resource.get("patient")
        if isinstance(subject, list):
            return all(self.is_of_patient({"subject": one}) for one in subject)
        if not subject or (isinstance(subject, dict) and subject.get("reference") == self.own):
            return True
        return self._owner(reference_of(subject)) in ("", self.patient_id)

    def _owner(self, reference: str) -> str:
        """The id of the patient; empty where none is told, and the reference itself where it leads to none."""
        kind, _, identity = reference.rpartition("/")
        if not reference or reference.startswith("#"):
            return ""
        if reference.startswith("urn:"):
            found = element(self.included.get(reference))
            is_patient = found.get("resourceType") == "Patient"
            return text(found.get("id")) or reference if is_patient else reference.rpartition(":")[2]
        return identity if kind in ("", "Patient") else reference
