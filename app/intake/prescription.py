"""One MedicationRequest of a medicine Wane knows, read whole: dose, dates, status, reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.intake.dosage import Phase, read_phases
from app.intake.elements import Json, code_of, day, element, elements, reference_of, text
from app.intake.included import Included
from app.intake.instructions import dosage_of, instructions_of, rendered_of, within
from app.intake.links import group_of, is_own_proposal, names_of, pointed_at
from app.intake.medicine import Recognised
from app.intake.modifiers import why_unreadable
from app.intake.mp9 import DISPENSE_REQUEST, is_dutch_mp9, kind_of, registered_on, treatment_of
from app.intake.period import UsePeriod, read_period, supply_days
from app.intake.reason import read_reasons
from app.intake.route import route_of
from app.intake.setting import setting_of
from app.intake.strength import Strength
from knowledge.codes import Codes
from knowledge.facts import Dosage, Reason

_ENDED = ("stopped", "cancelled", "completed", "ended")  # "ended": an R5 draft
_STOPPED = (*_ENDED, "on-hold")
_STOP_TYPES = {"410546004": "stopped", "385655000": "on-hold", "89925002": "cancelled"}  # SNOMED CT, MP9 ext-StopType
_NOT_USE = ("draft", "entered-in-error")
_NOT_ORDERED = ("plan", "proposal", "option", "directive")


@dataclass(frozen=True, slots=True)
class Prescription:
    """A request with its medicine. `names` are what others may call it by, `prior` and `parents` what it names as the
    one it follows and the one it is part of."""

    reference: str
    medicine: str
    status: str
    intent: str
    stops: bool  # it says: no longer
    dosage: Dosage
    route: str | None
    reasons: tuple[Reason, ...]
    period: UsePeriod
    supply_days: int | None
    requester: str | None
    authored: date | None = None
    names: frozenset[str] = frozenset()
    prior: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()
    treatment: str | None = None  # MP9
    kind: str = ""  # MP9
    stops_earlier: bool = False  # MP9: an agreement that those before it go no longer on; it repeats their dose
    group: str | None = None
    stopped_on: date | None = None
    reported: bool = False
    own_proposal: bool = False
    strength: Strength | None = None
    times: frozenset[str] = frozenset()  # of day, where told
    phases: tuple[Phase, ...] = ()
    setting: str | None = None  # where it was written: see setting_of

    @property
    def is_use(self) -> bool:
        """Whether it tells of a medicine that is or was taken."""
        if self.own_proposal or self.forbids or self.kind == DISPENSE_REQUEST:
            return False
        return self.status not in _NOT_USE and self.intent not in _NOT_ORDERED

    @property
    def forbids(self) -> bool:
        """`doNotPerform`: a prohibition (which, on something in use, is a stop)."""
        return self.intent == "do-not-perform"

    @property
    def has_ended(self) -> bool:
        """Whether it is closed, stopped or on hold, whatever period it tells."""
        return self.stops

    @property
    def start(self) -> date | None:
        return self.period.start

    @property
    def end(self) -> date | None:
        return self.period.end

    @property
    def replaces(self) -> str | None:
        """A request it names as the one before it."""
        return min(self.prior, key=lambda name: ("|" in name, name), default=None)


def read_prescription(
    resource: Json, reference: str, recognised: Recognised, codes: Codes, included: Included, today: date
) -> Prescription:
    """Read a MedicationRequest, or its forerunner MedicationOrder, whose medicine has been recognised."""
    assert recognised.medicine  # noqa: S101 - callers ask only for what was recognised
    instructions = instructions_of(resource)
    authored = day(resource.get("authoredOn")) or day(resource.get("dateWritten")) or registered_on(resource)
    stop_type = _stop_type(resource)
    status = stop_type or code_of(resource.get("status"))
    forbids = resource.get("doNotPerform") is True
    strength = recognised.strength
    dispense = resource.get("dispenseRequest")
    plausible = recognised.plausible
    dosage = dosage_of(resource, strength, today=today, authored=authored, dispense=dispense, plausible=plausible)
    phases: tuple[Phase, ...] = ()
    if _has_steps(instructions) and not why_unreadable(resource):
        told = read_phases(instructions, strength, authored=authored, rendered=rendered_of(resource))
        phases = tuple(replace(phase, dosage=within(plausible, phase.dosage)) for phase in told)
    days = supply_days(resource, dosage.daily)
    return Prescription(
        reference=reference,
        medicine=recognised.medicine,
        status=status,
        intent="do-not-perform" if forbids else code_of(resource.get("intent")),
        stops=forbids or status in _STOPPED or stop_type is not None,
        dosage=dosage,
        route=route_of(instructions, recognised, codes),
        reasons=read_reasons(resource, codes, included),
        period=read_period(resource, phases, authored, days),
        supply_days=days,
        requester=_requester(resource),
        authored=authored,
        names=names_of(resource, reference),
        prior=pointed_at(resource, "priorPrescription"),
        parents=pointed_at(resource, "basedOn"),
        treatment=treatment_of(resource) if is_dutch_mp9(resource) else None,
        kind=kind_of(resource),
        stops_earlier=stop_type is not None,
        group=group_of(resource),
        stopped_on=day(resource.get("statusChanged")) or day(resource.get("dateEnded")),
        reported=_is_reported(resource),
        own_proposal=is_own_proposal(resource),
        strength=strength,
        times=times_of_day(instructions),
        phases=phases,
        setting=setting_of(resource),
    )


def _has_steps(instructions: Sequence[object]) -> bool:
    """Whether there can be more to tell than one dose that goes on; a text alone may tell of several."""
    if len(instructions) != 1:
        return len(instructions) > 1
    (only,) = elements(instructions) or [{}]
    repeat = element(element(only.get("timing")).get("repeat"))
    return "boundsDuration" in repeat or "boundsRange" in repeat or not only.get("timing")


def times_of_day(instructions: Sequence[object]) -> frozenset[str]:
    """The times of day the instructions name, where every one names some."""
    found: set[str] = set()
    for item in instructions:
        repeat = element(element(element(item).get("timing")).get("repeat"))
        own = [one for key in ("when", "timeOfDay") for one in _strings(repeat.get(key))]
        if not own:
            return frozenset()
        found.update(own)
    return frozenset(found)


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _stop_type(resource: Json) -> str | None:
    for item in elements(resource.get("modifierExtension")):
        concept = item.get("valueCodeableConcept")
        if text(item.get("url")).endswith("StopType") and concept:
            return _STOP_TYPES.get(code_of(concept), "stopped")  # of another code system: some stop all the same
    return None


def _requester(resource: Json) -> str | None:
    """R4's requester, STU3's agent or DSTU2's prescriber."""
    asked = element(resource.get("requester")) or element(resource.get("prescriber"))
    return reference_of(asked) or reference_of(asked.get("agent")) or None


def _is_reported(resource: Json) -> bool:
    return (
        resource.get("reportedBoolean") is True
        or resource.get("reported") is True
        or bool(reference_of(resource.get("reportedReference")))
    )
