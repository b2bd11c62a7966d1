"""One MedicationRequest of a medicine Wane knows, read whole: dose, dates, status, reasons."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from app.intake.dosage import Phase, read_dosages, read_phases
from app.intake.elements import Json, code_of, codings, day, element, elements, reference_of, text
from app.intake.medicine import Included, Recognised
from app.intake.reason import read_reasons
from app.intake.route import read_route
from app.intake.strength import Strength, read_strength
from knowledge.codes import Codes
from knowledge.facts import Dosage, Reason

_ENDED = ("stopped", "cancelled", "completed")
_STOPPED = (*_ENDED, "on-hold")
_STOP_TYPES = ("410546004", "385655000", "89925002")  # SNOMED CT: discontinued, suspended, cancelled (MP9 ext-StopType)
_NOT_USE = ("draft", "entered-in-error")
_NOT_ORDERED = ("plan", "proposal", "option")
_DAYS = {"d": 1, "day": 1, "days": 1, "wk": 7, "week": 7, "weeks": 7, "mo": 30, "month": 30, "months": 30, "a": 365}
_KNOWN_MODIFIERS = ("ext-StopType",)
_SETTINGS = {"inpatient": "inpatient", "outpatient": "outpatient", "community": "outpatient", "discharge": "discharge"}


@dataclass(frozen=True, slots=True)
class Prescription:
    """A request with its medicine. `start` and `end` are the period of use it tells; `supply_days` what it hands out."""

    reference: str
    medicine: str
    status: str
    intent: str
    stops: bool  # it says: no longer
    dosage: Dosage
    route: str | None
    reasons: tuple[Reason, ...]
    start: date | None
    end: date | None
    supply_days: int | None
    requester: str | None
    replaces: str | None
    setting: str | None = None
    steps_down: bool = False

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
    bounds = [
        element(element(element(item.get("timing")).get("repeat")).get("boundsPeriod"))
        for item in elements(instructions)
    ]
    starts = [start for period in bounds if (start := day(period.get("start")))]
    ends = [day(period.get("end")) for period in bounds]
    strength = strength_of(recognised)
    phases = read_phases(elements(instructions), strength, authored=authored or (today if status == "draft" else None))
    end = max((end for end in ends if end), default=None) if ends and all(ends) else _last_of(phases)
    return Prescription(
        reference=reference,
        medicine=recognised.medicine,
        status=status,
        intent="do-not-perform" if forbids else code_of(resource.get("intent")),
        stops=forbids or status in _STOPPED or _has_stop_type(resource),
        dosage=_dosage(resource, strength, today, authored),
        route=read_route(instructions, f"{recognised.label} {recognised.form}", codes),
        reasons=read_reasons(resource, codes, included),
        start=min(starts, default=authored),
        end=end,
        supply_days=supply_days(resource),
        requester=reference_of(resource.get("requester")) or None,
        replaces=reference_of(resource.get("priorPrescription")) or None,
        setting=_setting(resource),
        steps_down=_steps_down(phases),
    )


def strength_of(recognised: Recognised) -> Strength | None:
    """What one unit of the product holds: by its code, else by its label."""
    return Strength(recognised.mg_per_unit) if recognised.mg_per_unit else read_strength(recognised.label)


def _last_of(phases: tuple[Phase, ...]) -> date | None:
    """The last day of the last step, where its length was told ("for 14 days")."""
    if not phases or phases[-1].since is None or phases[-1].days is None:
        return None
    return phases[-1].since + timedelta(days=phases[-1].days - 1)


def _steps_down(phases: tuple[Phase, ...]) -> bool:
    """Whether several doses follow each other, none above the one before, and the last below the first."""
    doses = [phase.dosage.daily for phase in phases]
    known = [dose for dose in doses if dose]
    if len(known) < 2 or len(known) < len(doses) or len({dose.unit for dose in known}) > 1:
        return False
    highs = [dose.high for dose in known]
    return all(later <= earlier for earlier, later in pairwise(highs)) and highs[-1] < highs[0]


def _setting(resource: Json) -> str | None:
    """Where it was written: `category` of R4, a list of concepts, or one."""
    codes = {coding.code for item in elements(resource.get("category")) for coding in codings(item)}
    return next((_SETTINGS[code] for code in sorted(codes) if code in _SETTINGS), None)


def _dosage(resource: Json, strength: Strength | None, today: date, authored: date | None) -> Dosage:
    if _unknown_modifier(resource):
        return Dosage(why="unknown-modifier")
    return read_dosages(elements(resource.get("dosageInstruction")), strength, today=today, authored=authored)


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
    duration = element(dispense.get("expectedSupplyDuration"))
    unit = _DAYS.get(text(duration.get("code")) or text(duration.get("unit")).lower())
    repeats = dispense.get("numberOfRepeatsAllowed")
    try:
        days = Decimal(str(duration.get("value")))
    except InvalidOperation:
        return None
    if unit is None or not days.is_finite() or not 0 < days < 3660:
        return None
    times = 1 + repeats if isinstance(repeats, int) and not isinstance(repeats, bool) and 0 <= repeats < 100 else 1
    return int(days * unit) * times


def last_day(prescription: Prescription) -> date | None:
    """The last day of use of a prescription that has ended; None for one that goes on."""
    if prescription.end or not prescription.has_ended:
        return prescription.end
    if prescription.start and prescription.supply_days:
        return prescription.start + timedelta(days=prescription.supply_days - 1)
    return prescription.start
