"""What is known of a patient when an order is judged: plain, frozen, without a trace of FHIR.

Not told is never the same as no: `Facts.told` says of each list whether it was told whole, in part or not at all,
and a dose, a route or a reason that nobody gave is `None`.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from knowledge.care import Device, Encounter, Examination, Procedure
from knowledge.dosage import Amount, Certainty, DailyDose, Dosage

T = TypeVar("T")

__all__ = [
    "Amount",
    "Certainty",
    "Change",
    "DailyDose",
    "DatedDose",
    "Device",
    "Dosage",
    "Encounter",
    "Examination",
    "Facts",
    "Gap",
    "Order",
    "Patient",
    "Period",
    "Problem",
    "Procedure",
    "Reason",
    "State",
    "Told",
    "Use",
]


class Told(StrEnum):
    """How much of a list was told."""

    WHOLE = "whole"
    PART = "part"  # more pages, an entry that could not be read: absence proves nothing
    NOT = "not"


class Change(StrEnum):
    """What an order does to the medicine's present use."""

    START = "start"
    CONTINUE = "continue"
    RAISE = "raise"
    LOWER = "lower"
    STOP = "stop"


class State(StrEnum):
    """How a problem stands today. UNCLEAR: active or not was not told, or its statements contradict each other."""

    ACTIVE = "active"
    REMISSION = "remission"
    RESOLVED = "resolved"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the problem list. `lists` names the code lists it is in; `sure` is false while provisional,
    unconfirmed or differential, or where the code means different things in different editions; `unsure` names those of
    the lists that only one of the editions means."""

    reference: str
    lists: frozenset[str]
    state: State
    sure: bool
    onset: date | None = None
    abated: date | None = None
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order was written. `lists` is empty for a reason that no list knows; `unclear` marks words that fit
    more than one indication (craving, withdrawal). `unknown`: it was given in words that nobody here knows, and is read
    as another reason; or by a bare code that nobody here knows, and is `unclear` too: it may be any."""

    lists: frozenset[str]
    unclear: bool = False
    reference: str | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Days of use, both ends included. `start` None: not told. `end` None: it goes on. `sure` false: it may have been
    taken on these days, and nobody told whether it was (as needed, a supply that has run out, an end without a date).
    """

    start: date | None
    end: date | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class DatedDose:
    since: date
    daily: DailyDose


@dataclass(frozen=True, slots=True)
class Use:
    """One medicine by one route as it is or was taken: all its prescriptions, joined into one course.

    `references` names them oldest first, `in_force` those among them by which it is taken today.
    `requesters` ordered what is in force now; `settings` are where its prescriptions were written, as far as they tell
    ("inpatient", "outpatient", "discharge").
    """

    medicine: str
    references: tuple[str, ...]
    periods: tuple[Period, ...]
    current: bool
    dosage: Dosage  # of the latest prescription
    route: str | None = None
    reasons: tuple[Reason, ...] = ()
    requesters: frozenset[str] = frozenset()
    doses: tuple[DatedDose, ...] = ()  # oldest first
    in_force: tuple[str, ...] = ()
    planned: tuple[DatedDose, ...] = ()  # the steps still to come, soonest first
    settings: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Order:
    """A medicine being ordered now, or stopped now.

    `changes` holds every change the order may be: one when it is known, more when the present use or a dose is not.
    `replaces` names the prescriptions in use that it continues or stops. `supply_days` is how long what it lets
    the pharmacy hand out will last. `setting` is where it is written, if the order tells. `steps_down`: it holds
    several doses, one after the other, each lower than the one before. `stops_one`: it stops one of several prescriptions
    of the medicine; `dosage` is what the others leave.
    """

    reference: str
    medicine: str
    changes: frozenset[Change]
    dosage: Dosage
    route: str | None = None
    reasons: tuple[Reason, ...] = ()
    period: Period = Period(None)
    supply_days: int | None = None
    requester: str | None = None
    replaces: tuple[str, ...] = ()
    setting: str | None = None
    steps_down: bool = False
    stops_one: bool = False


@dataclass(frozen=True, slots=True)
class Patient:
    reference: str
    born: date | None = None
    born_precision: str = "day"  # "day", "month" or "year": how exact `born` is
    country: str | None = None  # ISO 3166-1 alpha-2
    nursing_home: bool | None = None

    def age(self, today: date) -> tuple[int, int] | None:
        """Youngest and oldest age in completed years that the birth date allows; None where it was not told, or lies in
        the future."""
        if self.born is None or self.born > today:
            return None
        latest = self.born
        if self.born_precision == "year":
            latest = latest.replace(month=12, day=31)
        elif self.born_precision == "month":
            latest = (latest.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return _years(latest, today), _years(self.born, today)


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be judged, and why. `missing` is a stable code (see knowledge/texts), `about` the
    place it was missed at: a resource reference or a path in the request, never a value."""

    missing: str
    about: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a rule may rest on. Built once, at the door; the day is a fact like any other."""

    today: date
    patient: Patient
    orders: tuple[Order, ...] = ()
    uses: tuple[Use, ...] = ()
    problems: tuple[Problem, ...] = ()
    examinations: tuple[Examination, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    devices: tuple[Device, ...] = ()
    encounter: Encounter | None = None
    told: Mapping[str, Told] = field(default_factory=dict)  # "conditions", "medications", … as in the prefetch keys
    gaps: tuple[Gap, ...] = ()
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question about these facts alone, worked out the first time it is asked: a call of a thousand
        orders asks it for each of them."""
        if question not in self._known:
            self._known[question] = answer()
        known: T = self._known[question]
        return known
