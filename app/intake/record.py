"""The patient's record as it was prefetched → facts. What no rule needs is recognised and left, not read."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.intake.course import uses_of
from app.intake.device import read_device
from app.intake.elements import Json, codings, named, reference_of, text
from app.intake.encounter import read_encounter
from app.intake.medicine import read_medicine
from app.intake.orders import Draft, Ordered, orders_of
from app.intake.patient import read_patient
from app.intake.prescription import Prescription, read_prescription, strength_of
from app.intake.problem import read_problem
from app.intake.procedure import read_procedure
from app.intake.steps import steps_down
from app.limits.deadline import in_time
from knowledge.facts import Device, Encounter, Examination, Facts, Gap, Patient, Problem, Procedure, Told
from knowledge.library import Library

LIST_OF = {
    "Condition": "conditions",
    "Device": "devices",
    "Encounter": "encounter",
    "MedicationRequest": "medications",
    "Patient": "patient",
    "Procedure": "procedures",
}
log = logging.getLogger(__name__)

Located = tuple[str, Json]  # (path in the request, resource)


@dataclass(frozen=True, slots=True)
class Record:
    """`unlisted` are codes that no list knew, for explain; `unchecked` the drafts of a medicine in scope that could not
    be judged, with the reason."""

    facts: Facts
    unlisted: tuple[str, ...] = ()
    unchecked: tuple[tuple[Draft, str], ...] = ()


def read_record(
    patient_id: str,
    resources: Iterable[Located],
    told: Mapping[str, Told],
    ordered: Ordered,
    library: Library,
    today: date,
) -> Record:
    """Everything rules may rest on. `told` says per list how much of it was sent; what cannot be read makes it partial.

    A resource of another patient is left out and named as a gap. References are resolved by `ordered.included`.
    """
    reading = _Reading(patient_id, dict(told), library, today)
    reading.gaps.extend(ordered.gaps)
    included = {name: item for name, item in ordered.included.items() if reading.owner_of(item) in ("", patient_id)}
    for path, resource in resources:
        reading.read(path, resource, included)
    drafts = [reading.draft(draft, included) for draft in ordered.drafts if draft.recognised.medicine]
    examinations = [one for one in ordered.examinations if reading.is_of_patient(one.path, one.original)]
    uses = uses_of(reading.prescriptions, today)
    facts = Facts(
        today=today,
        patient=reading.patient or Patient(f"Patient/{patient_id}"),
        orders=orders_of([draft for draft in drafts if draft], uses, reading.told.get("medications", Told.NOT), today),
        uses=uses,
        problems=tuple(reading.problems),
        examinations=tuple(Examination(one.reference, one.lists) for one in examinations),
        procedures=tuple(reading.procedures),
        devices=tuple(reading.devices),
        encounter=reading.encounter,
        told=reading.told,
        gaps=tuple(dict.fromkeys(reading.gaps)),
    )
    return Record(facts, tuple(dict.fromkeys(reading.unlisted)), tuple(reading.unchecked))


class _Reading:
    def __init__(self, patient_id: str, told: dict[str, Told], library: Library, today: date) -> None:
        self.patient_id, self.told, self.library, self.today = patient_id, told, library, today
        self.patient: Patient | None = None
        self.problems: list[Problem] = []
        self.prescriptions: list[Prescription] = []
        self.procedures: list[Procedure] = []
        self.devices: list[Device] = []
        self.encounter: Encounter | None = None
        self.gaps: list[Gap] = []
        self.unlisted: list[str] = []
        self.unchecked: list[tuple[Draft, str]] = []

    def read(self, path: str, resource: Json, included: Mapping[str, Json]) -> None:
        """Read one resource of the record; one that cannot be read costs itself, and is named."""
        in_time()
        kind = text(resource.get("resourceType"))
        if kind not in LIST_OF:
            return
        if not self.is_of_patient(path, resource):
            self._doubt(LIST_OF[kind])
            return
        try:
            self._read(kind, path, resource, included)
        except Exception as error:  # noqa: BLE001 - a resource nobody foresaw must not take the others with it
            log.error("resource not readable", extra={"kind": kind, "error": type(error).__name__})
            self._lose("resource-not-readable", LIST_OF[kind], path)

    def draft(self, draft: Draft, included: Mapping[str, Json]) -> Prescription | None:
        """Read a draft of a medicine Wane knows; one in scope that cannot be judged is kept to be named on a card."""
        in_time()
        if not self.is_of_patient(draft.path, draft.original):
            self._leave_unchecked(draft, "other_patient")
            return None
        try:
            codes, recognised = self.library.codes, draft.recognised
            # Whatever has no date is being written now, so that "for 7 days" has an end.
            dated = {"authoredOn": self.today.isoformat(), **draft.original}
            line = read_prescription(dated, draft.reference, recognised, codes, included, self.today)
            return replace(line, steps_down=steps_down(draft.original, strength_of(recognised)))
        except Exception as error:  # noqa: BLE001 - an order in scope that cannot be read is named, never dropped
            log.error("order not readable", extra={"path": draft.path, "error": type(error).__name__})
            self._leave_unchecked(draft, "order_failed")
            return None

    def _leave_unchecked(self, draft: Draft, because: str) -> None:
        """Name a draft that cannot be judged, if it is asked about and some rule would have judged it."""
        medicine, medicines = draft.recognised.medicine or "", self.library.medicines
        judged = (medicines.is_any(medicine, {rule.judges.medicine}) for rule in self.library.rules)
        if draft.selected and any(judged):
            self.unchecked.append((draft, because))

    def _read(self, kind: str, path: str, resource: Json, included: Mapping[str, Json]) -> None:
        reference, codes = named(resource) or path, self.library.codes
        match kind:
            case "Patient":
                self.patient = read_patient(resource)
            case "Condition":
                problem = read_problem(resource, reference, codes)
                self.unlisted.extend(problem.unlisted)
                self._lose(problem.gap, "conditions", reference)
                if problem.problem:
                    self.problems.append(problem.problem)
            case "Procedure":
                procedure = read_procedure(resource, reference, codes)
                self.procedures += [procedure] if procedure else []
            case "Device":
                device = read_device(resource, reference, codes)
                self.devices += [device] if device else []
            case "Encounter":
                self.encounter = read_encounter(resource, reference)
            case _:
                self._read_prescription(resource, reference, included)

    def _read_prescription(self, resource: Json, reference: str, included: Mapping[str, Json]) -> None:
        recognised = read_medicine(resource, self.library, included)
        self._lose(recognised.gap, "medications", reference)
        if recognised.medicine:
            line = read_prescription(resource, reference, recognised, self.library.codes, included, self.today)
            self.prescriptions.append(line)
        elif not recognised.gap:
            self.unlisted.extend(_codes_of(resource))

    def _lose(self, gap: str | None, name: str, reference: str) -> None:
        if gap:
            self.gaps.append(Gap(gap, reference))
            self._doubt(name)

    def _doubt(self, name: str) -> None:
        """From now on, what the list does not hold may all the same be there."""
        if self.told.get(name) is Told.WHOLE:
            self.told[name] = Told.PART

    def is_of_patient(self, path: str, resource: Json) -> bool:
        """Whether the resource is this patient's. A subject known by identifier or display only is taken as theirs."""
        if self.owner_of(resource) in ("", self.patient_id):
            return True
        self.gaps.append(Gap("other-patient", path))
        return False

    def owner_of(self, resource: Json) -> str:
        """The id of the patient a resource is of; empty where it does not tell."""
        if resource.get("resourceType") == "Patient":
            return text(resource.get("id"))
        reference = reference_of(resource.get("subject")) or reference_of(resource.get("patient"))
        return reference.rsplit("/", 1)[-1] if reference.startswith("Patient/") else ""


def _codes_of(resource: Json) -> list[str]:
    return [f"{c.system}|{c.code}" for c in codings(resource.get("medicationCodeableConcept")) if c.code]
