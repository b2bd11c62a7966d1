"""One MedicationStatement (R5's MedicationUsage too) of a medicine Wane knows: what somebody says is really taken."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.intake.elements import Json, code_of, day, element, elements, last_day_of, text
from app.intake.included import Included
from app.intake.instructions import dosage_of, instructions_of
from app.intake.links import names_of, pointed_at
from app.intake.medicine import Recognised
from app.intake.prescription import Prescription
from app.intake.reason import read_reasons
from app.intake.route import route_of
from knowledge.codes import Codes
from knowledge.facts import Dosage, Reason


class Taking(StrEnum):
    YES = "yes"
    NO = "no"  # not taken, stopped or on hold
    ENDED = "ended"  # taken, and over
    UNKNOWN = "unknown"


_YES = ("active", "taking", "recorded", "y")
_NO = ("stopped", "on-hold", "not-taken", "not-taking")
_VOID = ("entered-in-error", "draft", "intended", "na")  # what is meant to be taken one day is not taken yet
_ADHERENCE = "MedicationStatement.adherence"  # R5's element in an R4 statement, as Belgian medication lines send it


@dataclass(frozen=True, slots=True)
class Statement:
    """`start` and `end` are the days it speaks of, `asserted` the day it was said."""

    reference: str
    medicine: str
    taking: Taking
    start: date | None
    end: date | None
    asserted: date | None
    dosage: Dosage
    route: str | None = None
    reasons: tuple[Reason, ...] = ()
    names: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()

    @property
    def as_of(self) -> date | None:
        """The last day it tells about as a fact: when it was said, or the days it speaks of."""
        return self.asserted or self.end or self.start

    def holds_on(self, today: date) -> bool:
        """Whether it says something about today."""
        return (self.start is None or self.start <= today) and (self.end is None or self.end >= today)


def read_statement(
    resource: Json, reference: str, recognised: Recognised, codes: Codes, included: Included, today: date
) -> Statement | None:
    """Read a statement whose medicine has been recognised. None where it says nothing: in error, or an intention."""
    assert recognised.medicine  # noqa: S101 - callers ask only for what was recognised
    taking = _taking(resource)
    if taking is None:
        return None
    period = element(resource.get("effectivePeriod"))
    start = day(period.get("start")) or day(resource.get("effectiveDateTime"))
    asserted = day(resource.get("dateAsserted"))
    return Statement(
        reference=reference,
        medicine=recognised.medicine,
        taking=taking,
        start=start,
        end=last_day_of(period.get("end")),
        asserted=asserted,
        dosage=dosage_of(
            resource, recognised.strength, today=today, authored=start or asserted, plausible=recognised.plausible
        ),
        route=route_of(instructions_of(resource), recognised, codes),
        reasons=read_reasons(resource, codes, included),
        names=names_of(resource, reference),
        of=pointed_at(resource, "basedOn", "derivedFrom", "partOf"),
    )


def of_reported(prescription: Prescription) -> Statement:
    """A request that only repeats what somebody reported: no second prescription, but what is said to be taken."""
    return Statement(
        reference=prescription.reference,
        medicine=prescription.medicine,
        taking=Taking.NO if prescription.has_ended else Taking.YES,
        start=prescription.start,
        end=prescription.end,
        asserted=prescription.authored,
        dosage=prescription.dosage,
        route=prescription.route,
        reasons=prescription.reasons,
        names=prescription.names,
        of=prescription.parents | prescription.prior,
    )


def _taking(resource: Json) -> Taking | None:
    """None: it says nothing. STU3's `taken` and DSTU2's `wasNotTaken` go before the status, as does adherence (R5)."""
    status = code_of(resource.get("status"))
    if status in _VOID:
        return None
    said = code_of(element(resource.get("adherence")).get("code")) or _adherence_extension(resource)
    said = said or code_of(resource.get("taken"))
    if resource.get("wasNotTaken") is True:
        return Taking.NO
    if said:
        return _meant(said)
    return Taking.YES if status == "recorded" else _meant(status)


def _meant(said: str) -> Taking | None:
    """`on-hold-as-directed` and the like mean what they begin with."""
    if said in _VOID:
        return None
    if said == "completed":
        return Taking.ENDED
    if said == "n" or said.startswith(_NO):
        return Taking.NO
    return Taking.YES if said in _YES or said.startswith("taking") else Taking.UNKNOWN


def _adherence_extension(resource: Json) -> str:
    for item in elements(resource.get("extension")):
        if text(item.get("url")).endswith(_ADHERENCE):
            parts = [part for part in elements(item.get("extension")) if text(part.get("url")) == "code"]
            return next((code_of(part.get("valueCodeableConcept")) for part in parts), "")
    return ""
