"""The patient's record as it was prefetched → facts. What no rule needs is recognised and left, not read."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.intake.course import uses_of
from app.intake.device import read_device
from app.intake.dispense import Dispensed, read_dispense
from app.intake.elements import Json, codings, reference_of, text
from app.intake.encounter import read_encounter
from app.intake.medicine import included_resources, read_medicine
from app.intake.orders import Draft, Ordered, orders_of
from app.intake.patient import read_patient
from app.intake.prescription import Prescription, read_prescription
from app.intake.problem import read_problem
from app.intake.procedure import read_procedure
from app.intake.statement import Statement, read_statement
from knowledge.facts import Device, Encounter, Examination, Facts, Gap, Patient, Problem, Procedure, Told
from knowledge.library import Library

LIST_OF = {
    "Condition": "conditions",
    "Device": "devices",
    "Encounter": "encounter",
    "MedicationDispense": "dispenses",
    "MedicationRequest": "medications",
    "MedicationStatement": "statements",
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

    A resource of another patient is left out and named as a gap.
    """
    reading = _Reading(patient_id, dict(told), library, today)
    located = list(resources)
    included = {**ordered.included, **dict(included_resources(("", resource) for _, resource in located))}
    reading.gaps.extend(ordered.gaps)
    for path, resource in located:
        reading.read(path, resource, included)
    drafts = [reading.draft(draft, included) for draft in ordered.drafts if draft.recognised.medicine]
    examinations = [e for e in ordered.examinations if reading.is_of_patient(e.path, e.original)]
    uses = uses_of(reading.prescriptions, today, reading.statements, reading.dispensed)
    facts = Facts(
        today=today,
        patient=reading.patient or Patient(f"Patient/{patient_id}"),
        orders=orders_of([draft for draft in drafts if draft], uses, reading.told.get("medications", Told.NOT)),
        uses=uses,
        problems=tuple(reading.problems),
        examinations=tuple(Examination(e.reference, e.lists) for e in examinations),
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
        self.statements: list[Statement] = []
        self.dispensed: list[Dispensed] = []
        self.procedures: list[Procedure] = []
        self.devices: list[Device] = []
        self.encounter: Encounter | None = None
        self.gaps: list[Gap] = []
        self.unlisted: list[str] = []
        self.unchecked: list[tuple[Draft, str]] = []

    def read(self, path: str, resource: Json, included: Mapping[str, Json]) -> None:
        """Read one resource of the record; one that cannot be read costs itself, and is named."""
        kind = text(resource.get("resourceType"))
        if kind not in LIST_OF or not self.is_of_patient(path, resource):
            return
        try:
            self._read(kind, path, resource, included)
        except Exception as error:  # noqa: BLE001 - a resource nobody foresaw must not take the others with it
            log.error("resource not readable", extra={"path": path, "error": type(error).__name__})
            self._lose("resource-not-readable", LIST_OF[kind], path)

    def draft(self, draft: Draft, included: Mapping[str, Json]) -> Prescription | None:
        """Read a draft in scope; what cannot be judged is kept to be named on a card."""
        if not self.is_of_patient(draft.path, draft.original):
            self.unchecked.append((draft, "other_patient"))
            return None
        try:
            codes = self.library.codes
            return read_prescription(draft.original, draft.reference, draft.recognised, codes, included, self.today)
        except Exception as error:  # noqa: BLE001 - an order in scope that cannot be read is named, never dropped
            log.error("order not readable", extra={"path": draft.path, "error": type(error).__name__})
            self.unchecked.append((draft, "order_failed"))
            return None

    def _read(self, kind: str, path: str, resource: Json, included: Mapping[str, Json]) -> None:
        reference = f"{kind}/{text(resource.get('id'))}" if resource.get("id") else path
        codes = self.library.codes
        match kind:
            case "Patient":
                self.patient = read_patient(resource)
            case "Condition":
                problem = read_problem(resource, reference, codes)
                self.unlisted.extend(problem.unlisted)
                self._lose(problem.gap, "conditions", reference)
                self.problems += [problem.problem] if problem.problem else []
            case "Procedure":
                procedure = read_procedure(resource, reference, codes)
                self.procedures += [procedure] if procedure else []
            case "Device":
                device = read_device(resource, reference, codes)
                self.devices += [device] if device else []
            case "Encounter":
                self.encounter = read_encounter(resource, reference)
            case _:
                self._read_medication(kind, resource, reference, included)

    def _read_medication(self, kind: str, resource: Json, reference: str, included: Mapping[str, Json]) -> None:
        recognised = read_medicine(resource, self.library, included)
        self._lose(recognised.gap, LIST_OF[kind], reference)
        if not recognised.medicine:
            self.unlisted.extend([] if recognised.gap else _codes_of(resource))
        elif kind == "MedicationDispense":
            dispensed = read_dispense(resource, recognised)
            self.dispensed += [dispensed] if dispensed else []
        elif kind == "MedicationStatement":
            codes = self.library.codes
            self.statements += [read_statement(resource, reference, recognised, codes, included, self.today)]
        else:
            codes = self.library.codes
            line = read_prescription(resource, reference, recognised, codes, included, self.today)
            self.prescriptions.append(line)

    def _lose(self, gap: str | None, name: str, reference: str) -> None:
        if gap:
            self.gaps.append(Gap(gap, reference))
            if self.told.get(name) is Told.WHOLE:
                self.told[name] = Told.PART

    def is_of_patient(self, path: str, resource: Json) -> bool:
        """Whether the resource is this patient's. A subject known by identifier or display only is taken as theirs."""
        if resource.get("resourceType") == "Patient":
            other = text(resource.get("id"))
        else:
            reference = reference_of(resource.get("subject")) or reference_of(resource.get("patient"))
            other = reference.rsplit("/", 1)[-1] if reference.startswith("Patient/") else ""
        if other and other != self.patient_id:
            self.gaps.append(Gap("other-patient", path))
            return False
        return True


def _codes_of(resource: Json) -> list[str]:
    return [f"{c.system}|{c.code}" for c in codings(resource.get("medicationCodeableConcept")) if c.code]
