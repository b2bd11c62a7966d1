"""What a plan is asked for: the medicine as it is taken, the products, the scheme, and what is known of the patient."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from knowledge.taper.patient import Circumstances
from knowledge.taper.products import Product, Units, exact_mg

DIAZEPAM = "diazepam"


class When(StrEnum):
    """The moment of an intake. DAY: the moment was not told."""

    MORNING = "morning"
    NOON = "noon"
    EVENING = "evening"
    NIGHT = "night"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Intake:
    """One intake of the day, in mg. `units`: what is in fact taken then, where that is known."""

    when: When
    mg: Fraction
    units: tuple[Units, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "mg", exact_mg(self.mg))
        if self.mg.numerator <= 0:
            raise ValueError("intake: mg must be above 0")


@dataclass(frozen=True, slots=True)
class Equivalence:
    """So many mg of the medicine stand for 10 mg of oral diazepam: the lowest and the highest of the tables.

    The LOW table end gives the HIGH diazepam dose. Raises ValueError unless 0 < mg_low <= mg_high.
    """

    mg_low: Fraction
    mg_high: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "mg_low", exact_mg(self.mg_low))
        object.__setattr__(self, "mg_high", exact_mg(self.mg_high))
        if not 0 < self.mg_low <= self.mg_high:
            raise ValueError("equivalence: 0 < mg_low <= mg_high")

    def diazepam_mg(self, mg: Fraction) -> tuple[Fraction, Fraction]:
        """The dose in mg of diazepam: lowest and highest."""
        return mg * 10 / self.mg_high, mg * 10 / self.mg_low


class HoldReason(StrEnum):
    """Why a dose stays as it is."""

    ASKED = "asked"
    BACK = "back"  # back on a dose that was tolerated
    SLOWER = "slower"  # before going on more slowly
    PACE = "pace"  # the first reduction is larger than asked, so it comes later
    FIRST_PREPARATION = "first-preparation"  # the programme starts with the dose taken
    LAST_DOSE = "last-dose"  # before the stop, when there is nothing left to lower


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep a dose so many days longer: the one after so many reductions (a switch counts as one; 0: the dose of now).

    Raises ValueError for a negative number of reductions or less than a day.
    """

    after_reductions: int
    days: int
    reason: HoldReason = HoldReason.ASKED

    def __post_init__(self) -> None:
        if self.after_reductions < 0 or self.days < 1:
            raise ValueError("hold: after_reductions at least 0, days at least 1")


@dataclass(frozen=True, slots=True)
class Conversion:
    """The clinician asks to switch to diazepam, with these diazepam products."""

    products: tuple[Product, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The plan that this one goes on from."""

    plan_hash: str
    row: int
    change: str  # "hold", "back", "slower"
    holds_before: int = 0  # holds already used


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """A plan that is asked for. Doses are mg of `medicine` per day unless the name says otherwise.

    `daily_mg` is the dose in fact taken; None: not known. `daily_mg_to` is the upper end where a range was given.
    `intakes` is its division over the day; empty: not told. `step` is in the scheme's own terms (a share of the
    current dose, of the start dose, or mg); None takes the scheme's. `last_mg` is the dose from which the clinician
    will stop. `start_mg` is the dose the taper began from, where it began before this plan. `programme_limit_mg` is
    three times the WHO DDD.
    """

    medicine: str
    daily_mg: Fraction | None
    products: tuple[Product, ...]
    first_day: date  # of row 1
    intakes: tuple[Intake, ...] = ()
    daily_mg_to: Fraction | None = None
    as_needed: bool = False
    route: str | None = None
    scheme: str = "asam-2025"
    step: Fraction | None = None
    interval_days: int | None = None
    holds: tuple[Hold, ...] = ()
    last_mg: Fraction | None = None
    start_mg: Fraction | None = None
    equivalence: Equivalence | None = None
    programme_limit_mg: Fraction | None = None
    conversion: Conversion | None = None
    patient: Circumstances = field(default_factory=Circumstances)
    origin: Origin | None = None

    def __post_init__(self) -> None:
        for name in ("daily_mg", "daily_mg_to", "step", "last_mg", "start_mg", "programme_limit_mg"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, exact_mg(value))

    def tables(self) -> Equivalence | None:
        """The diazepam equivalence as told; for diazepam itself ten for ten."""
        if self.medicine == DIAZEPAM:
            return Equivalence(Fraction(10), Fraction(10))
        return self.equivalence
