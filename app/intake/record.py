"""The patient's record as it was prefetched → facts. What no rule needs is recognised and left, not read."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.errors import TookTooLong
from app.intake.course import Sources, uses_of
from app.intake.device import read_device, read_device_use
from app.intake.dispense import read_dispense
from app.intake.elements import Json, named
from app.intake.encounter import read_encounter
from app.intake.included import Included
from app.intake.lists import LIST_OF, list_it_looks_like
from app.intake.medicine import Recognised, read_medicine
from app.intake.orders import Draft, Ordered, orders_of
from app.intake.patient import read_patient
from app.intake.prescription import Prescription, read_prescription
from app.intake.problem import read_problem
from app.intake.procedure import read_procedure
from app.intake.reason import unknown_reasons
from app.intake.statement import read_statement
from app.intake.unread import unread_fields
from app.intake.whose import Whose
from app.limits.deadline import in_time
from knowledge.facts import Device, Encounter, Examination, Facts, Gap, Patient, Problem, Procedure, Told
from knowledge.library import Library

_SUPPLEMENTS = ("statements", "dispenses")  # they add to the prescriptions; nothing is refused for lack of them
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
    whose: Whose | None = None,
) -> Record:
    """Everything rules may rest on. `told` says per list how much of it was sent; what cannot be read makes it partial.

    A resource of another patient (`whose` tells) is left out and named as a gap. References are resolved by
    `ordered.included`.
    """
    reading = _Reading(whose or Whose(patient_id, ordered.included), dict(told), library, today)
    reading.gaps.extend(ordered.gaps)
    included = ordered.included.only(reading.whose.is_of_patient)
    for path, resource in resources:
        reading.read(path, resource, included)
    drafts = [reading.draft(draft, included) for draft in ordered.drafts if draft.recognised.medicine]
    reading.sources.supplies_whole = reading.told.get("dispenses") is Told.WHOLE
    uses, unclear = uses_of(reading.sources, today)
    reading.gaps += unclear
    if uses or drafts:
        reading.gaps += [Gap(name) for name in _SUPPLEMENTS if reading.told.get(name) is not Told.WHOLE]
    read = [draft for draft in drafts if draft]
    lines = reading.sources.prescriptions
    orders, not_added = orders_of(read, uses, reading.told.get("medications", Told.NOT), today, lines)
    told_why = [(order.reference, order.medicine, order.reasons) for order in orders]
    told_why += [(use.references[-1], use.medicine, use.reasons) for use in uses if use.current]
    reading.gaps += [*not_added, *reading.unknown[:1], *unknown_reasons(told_why, library)]
    facts = Facts(
        today=today,
        patient=reading.patient or Patient(f"Patient/{patient_id}"),
        orders=orders,
        uses=uses,
        problems=tuple(reading.problems),
        examinations=tuple(
            Examination(one.reference, one.lists)
            for one in ordered.examinations
            if reading.whose.is_of_patient(one.original)
        ),
        procedures=tuple(reading.procedures),
        devices=tuple(reading.devices),
        encounter=reading.encounter,
        told=reading.told,
        gaps=tuple(dict.fromkeys(reading.gaps)),
    )
    return Record(facts, tuple(dict.fromkeys(reading.unlisted)), tuple(reading.unchecked))


class _Reading:
    def __init__(self, whose: Whose, told: dict[str, Told], library: Library, today: date) -> None:
        self.whose, self.told, self.library, self.today = whose, told, library, today
        self.patient: Patient | None = None
        self.problems: list[Problem] = []
        self.sources = Sources()
        self.procedures: list[Procedure] = []
        self.devices: list[Device] = []
        self.encounter: Encounter | None = None
        self.gaps: list[Gap] = []
        self.unlisted: list[str] = []
        self.unknown: list[Gap] = []  # problems nobody here can place
        self.unchecked: list[tuple[Draft, str]] = []

    def read(self, path: str, resource: Json, included: Included) -> None:
        """Read one resource of the record; one that cannot be read costs itself, and is named."""
        kind = resource.get("resourceType")
        if not isinstance(kind, str) or kind not in LIST_OF:
            self._leave(path, resource, kind)
            return
        in_time()
        subject = resource.get("subject")
        is_own = isinstance(subject, dict) and subject.get("reference") == self.whose.own  # as nearly all say it
        if not is_own and not self.whose.is_of_patient(resource):
            self.gaps.append(Gap("other-patient", path))
            self._doubt(LIST_OF[kind])
            return
        try:
            self._read(kind, path, resource, included)
        except TookTooLong:
            raise
        except Exception as error:  # noqa: BLE001 - a resource nobody foresaw must not take the others with it
            log.error("resource not readable", extra={"kind": kind, "error": type(error).__name__})
            self._lose("resource-not-readable", LIST_OF[kind], path)

    def _leave(self, path: str, resource: Json, kind: object) -> None:
        """Pass over a resource of another kind; one that names none, or a kind it cannot be, is lost and named."""
        name = list_it_looks_like(resource)
        if isinstance(kind, str) and kind and name is None:
            return
        self._lose("resource-not-readable", name or path.removeprefix("prefetch.").split(".")[0], path)

    def draft(self, draft: Draft, included: Included) -> Prescription | None:
        """Read a draft of a medicine Wane knows; one in scope that cannot be judged is kept to be named on a card."""
        in_time()
        if not self.whose.is_of_patient(draft.original):
            self.gaps.append(Gap("other-patient", draft.path))
            self._leave_unchecked(draft, "other_patient")
            return None
        try:
            # Whatever has no date is being written now, so that "for 7 days" has an end.
            dated = {"authoredOn": self.today.isoformat(), **draft.original}
            codes = self.library.codes
            self._note_unread(draft.original, draft.reference)
            return read_prescription(dated, draft.reference, draft.recognised, codes, included, self.today)
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

    def _read(self, kind: str, path: str, resource: Json, included: Included) -> None:
        if kind == "Condition":
            problem = read_problem(resource, path, self.library.codes)
            if problem.unlisted:
                self.unlisted.extend(problem.unlisted)
            if problem.gap or problem.unknown:
                self._lose(problem.gap, "conditions", named(resource) or path)
                self.unknown += [Gap("problem-not-recognised", named(resource) or path)] if problem.unknown else []
            if problem.problem:
                self.problems.append(problem.problem)
                self._note("field-not-readable" if problem.unread else None, problem.problem.reference)
        elif kind == "Patient":
            self.patient = read_patient(resource)
        elif LIST_OF[kind] in ("procedures", "devices", "encounter"):
            self._read_care(kind, resource, named(resource) or path, included)
        else:
            recognised = read_medicine(resource, self.library, included)
            if recognised.medicine:
                reference = named(resource) or path
                self._note(recognised.gap, reference)
                self._read_use(kind, resource, reference, recognised, included)
            elif recognised.gap:
                self._lose(recognised.gap, LIST_OF[kind], named(resource) or path)
            else:
                self.unlisted.extend(recognised.codes)

    def _read_care(self, kind: str, resource: Json, reference: str, included: Included) -> None:
        codes = self.library.codes
        if kind == "Procedure":
            procedure = read_procedure(resource, reference, codes)
            self.procedures += [procedure] if procedure else []
        elif kind == "Device":
            device = read_device(resource, reference, codes)
            self.devices += [device] if device else []
        elif LIST_OF[kind] == "devices":
            used = read_device_use(resource, reference, codes, included)
            self.devices += [used] if used else []
        else:
            self.encounter = read_encounter(resource, reference)

    def _read_use(self, kind: str, resource: Json, reference: str, recognised: Recognised, included: Included) -> None:
        """Read a resource that tells of use of a medicine in scope."""
        codes = self.library.codes
        self._note_unread(resource, reference)
        match kind:
            case "MedicationStatement" | "MedicationUsage":
                statement = read_statement(resource, reference, recognised, codes, included, self.today)
                self.sources.statements += [statement] if statement else []
            case "MedicationDispense":
                supply = read_dispense(resource, reference, recognised, codes, self.today)
                if isinstance(supply, str):
                    self._lose(supply, "dispenses", reference)
                elif supply:
                    self.sources.supplies.append(supply)
            case "MedicationPrescription":
                self._lose("other-fhir-version", "medications", reference)
            case _:
                line = read_prescription(resource, reference, recognised, codes, included, self.today)
                self.sources.prescriptions.append(line)

    def _note_unread(self, resource: Json, reference: str) -> None:
        if next(unread_fields(resource), None):
            self.gaps.append(Gap("field-not-readable", reference))

    def _note(self, gap: str | None, reference: str) -> None:
        if gap:
            self.gaps.append(Gap(gap, reference))

    def _lose(self, gap: str | None, name: str, reference: str) -> None:
        if gap:
            self.gaps.append(Gap(gap, reference))
            self._doubt(name)

    def _doubt(self, name: str) -> None:
        """From now on, what the list does not hold may all the same be there."""
        if self.told.get(name) is Told.WHOLE:
            self.told[name] = Told.PART
