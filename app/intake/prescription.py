"""One MedicationRequest of a medicine Wane knows, read whole: dose, dates, status, reasons."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from app.intake.bounds import day_at
from app.intake.dosage import read_dosages, read_phases
from app.intake.elements import Json, code_of, day, element, elements, last_day_of, reference_of, text
from app.intake.medicine import Included, Recognised
from app.intake.quantity import read_days
from app.intake.reason import read_reasons
from app.intake.route import read_route
from app.intake.setting import setting_of
from app.intake.strength import Strength, read_strength
from knowledge.codes import Codes
from knowledge.facts import Dosage, Reason

_ENDED = ("stopped", "cancelled", "completed")
_STOPPED = (*_ENDED, "on-hold")
_STOP_TYPES = ("410546004", "385655000", "89925002")  # SNOMED CT: discontinued, suspended, cancelled (MP9 ext-StopType)
_NOT_USE = ("draft", "entered-in-error")
_NOT_ORDERED = ("plan", "proposal", "option")
_VALID = 365  # days a prescription can be used at most, where nothing else is told (general knowledge)
_LONGEST = 3660  # days; a longer supply or course is a slip of the pen
_KNOWN_MODIFIERS = ("ext-StopType",)


@dataclass(frozen=True, slots=True)
class Prescription:
    """A request with its medicine. `start` and `end` are the period of use it tells; `supply_days` what it hands out."""

    reference: str
    medicine: str
    status: str
    intent: str
    stops: bool  # it says: no longer
    stops_earlier: bool  # it says so of the prescriptions before it (MP9)
    dosage: Dosage
    route: str | None
    reasons: tuple[Reason, ...]
    start: date | None
    end: date | None
    supply_days: int | None
    requester: str | None
    replaces: str | None
    setting: str | None = None  # where it was written: see setting_of
    steps_down: bool = False  # of a draft: see steps_down

    @property
    def is_use(self) -> bool:
        """Whether it tells of a medicine that is or was taken."""
        return self.status not in _NOT_USE and self.intent not in _NOT_ORDERED and not self.forbids

    @property
    def forbids(self) -> bool:
        """`doNotPerform`: a prohibition (which, on something in use, is a stop)."""
        return self.intent == "do-not-perform"

    @property
    def has_ended(self) -> bool:
        """Whether it is closed, stopped or on hold, whatever period it tells."""
        return self.status in _ENDED or self.stops


def read_prescription(
    resource: Json, reference: str, recognised: Recognised, codes: Codes, included: Included, today: date
) -> Prescription:
    """Read a MedicationRequest whose medicine has been recognised. Never raises: what cannot be read is not told."""
    assert recognised.medicine  # noqa: S101 - callers ask only for what was recognised
    instructions = resource.get("dosageInstruction")
    authored = day(resource.get("authoredOn"))
    status = code_of(resource.get("status"))
    forbids = resource.get("doNotPerform") is True
    start, end = _period(resource, authored)
    return Prescription(
        reference=reference,
        medicine=recognised.medicine,
        status=status,
        intent="do-not-perform" if forbids else code_of(resource.get("intent")),
        stops=forbids or status in _STOPPED or _has_stop_type(resource),
        stops_earlier=_has_stop_type(resource),
        dosage=_dosage(resource, recognised, today, authored),
        route=read_route(instructions, recognised.medicine, f"{recognised.label} {recognised.form}", codes),
        reasons=read_reasons(resource, codes, included),
        start=start or authored,
        end=end,
        supply_days=supply_days(resource),
        requester=reference_of(resource.get("requester")) or None,
        replaces=reference_of(resource.get("priorPrescription")) or None,
        setting=setting_of(resource),
    )


def strength_of(recognised: Recognised) -> Strength | None:
    """What one unit of the product holds: by its code, else by its label."""
    return Strength(recognised.mg_per_unit) if recognised.mg_per_unit else read_strength(recognised.label)


def _period(resource: Json, authored: date | None) -> tuple[date | None, date | None]:
    """First and last day of use: the period-of-use extension (MP9), else the bounds of all instructions together."""
    for item in elements(resource.get("extension")):
        if text(item.get("url")).endswith("ext-TimeInterval.Period"):
            return _of_extension(element(item.get("valuePeriod")))
    instructions = elements(resource.get("dosageInstruction"))
    repeats = [element(element(item.get("timing")).get("repeat")) for item in instructions]
    bounds = [element(repeat.get("boundsPeriod")) for repeat in repeats]
    start = min((start for period in bounds if (start := day(period.get("start")))), default=None)
    ends = [end for period in bounds if (end := last_day_of(period.get("end")))]
    if ends and len(ends) == len(bounds):
        return start, max(ends)
    if not any("boundsDuration" in repeat or "boundsRange" in repeat for repeat in repeats):
        return start, None
    *_, last = read_phases(instructions, None, authored=start or authored) or [None]
    return start, day_at(last.since, last.days - 1) if last and last.days else None


def _of_extension(period: Json) -> tuple[date | None, date | None]:
    start, end = day(period.get("start")), last_day_of(period.get("end"))
    for item in elements(period.get("extension")):
        days = read_days(item.get("valueDuration")) if text(item.get("url")).endswith("Duration") else None
        if days and days < _LONGEST and end is None:
            end = day_at(start, ceil(days) - 1)
    return start, end


def _dosage(resource: Json, recognised: Recognised, today: date, authored: date | None) -> Dosage:
    if _unknown_modifier(resource):
        return Dosage(why="unknown-modifier")
    instructions = elements(resource.get("dosageInstruction"))
    return read_dosages(instructions, strength_of(recognised), today=today, authored=authored)


def _unknown_modifier(resource: Json) -> bool:
    modifiers = elements(resource.get("modifierExtension"))
    return any(not text(item.get("url")).endswith(_KNOWN_MODIFIERS) for item in modifiers)


def _has_stop_type(resource: Json) -> bool:
    for item in elements(resource.get("modifierExtension")):
        if text(item.get("url")).endswith("ext-StopType"):
            return code_of(item.get("valueCodeableConcept")) in _STOP_TYPES
    return False


def supply_days(resource: Json) -> int | None:
    """Days that what may be handed out lasts: the expected supply, once for each repeat allowed and the first time."""
    dispense = element(resource.get("dispenseRequest"))
    days = read_days(dispense.get("expectedSupplyDuration"))
    repeats = dispense.get("numberOfRepeatsAllowed")
    times = 1 + repeats if isinstance(repeats, int) and not isinstance(repeats, bool) and 0 <= repeats < 100 else 1
    return int(days) * times if days and 1 <= days * times < _LONGEST else None


def surely_until(prescription: Prescription, today: date) -> date | None:
    """The last day of use of a prescription that has ended, as far as it is sure; None for one that goes on.

    One that was stopped has no sure end later than its stop, which nobody dates: an end to come says only how long it
    was meant to last.
    """
    start, end, days = prescription.start, prescription.end, prescription.supply_days
    if not prescription.has_ended:
        return end
    if end is None and start and days:
        end = start + timedelta(days=days - 1)
    return start if end is None or end > today else end


def perhaps_until(prescription: Prescription, today: date) -> date:
    """The latest day a prescription that has ended may have been used, where its end is not sure."""
    start, end = prescription.start, prescription.end
    if end is None and start:
        end = start + timedelta(days=_VALID)
    return min(end or today, today)
