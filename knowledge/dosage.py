"""How much of a medicine is taken: amounts with their unit, and how sure they are."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Certainty(StrEnum):
    SURE = "sure"  # read from structure
    LIKELY = "likely"  # read from text, or reckoned from a supply


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of one medicine; `unit` is "mg", or the unit as written where the strength is not known."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class DailyDose:
    """The amount taken per day. `low == high` unless a range was given; `average`: the days differ, as in a weekly dose,
    and this is what they come to on average."""

    low: Decimal
    high: Decimal
    unit: str
    certainty: Certainty
    basis: str  # "structure", "text", "supply"
    average: bool = False


@dataclass(frozen=True, slots=True)
class Dosage:
    """How much an order or a use says is taken.

    `daily` is None where it cannot be computed, and then `why` names the reason; it also does where `daily` is not in
    mg. `ceiling` is the most that may be taken in one day, fixed and as needed together: a limit, never an intake.
    `times` is how often a day it is taken, where that is told exactly.
    """

    daily: DailyDose | None = None
    ceiling: Amount | None = None
    as_needed: bool = False
    once: bool = False  # one single dose
    conflict: bool = False  # text and structure say different things
    why: str | None = None
    times: int | None = None
