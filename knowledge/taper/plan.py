"""A plan: dated rows, each a dose that the products really make."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from knowledge.taper.notes import Note
from knowledge.taper.products import Units
from knowledge.taper.request import Intake, PlanRequest


class Kind(StrEnum):
    """What a row does."""

    BASELINE = "baseline"  # row 0: the dose taken before the plan; it has no days
    SWITCH = "switch"  # the same dose as diazepam, or less
    HOLD = "hold"  # the same dose on purpose; its flag "hold" says why
    REDUCTION = "reduction"
    STOP = "stop"  # from this day on none; it has no days


class Flag(StrEnum):
    """Codes of the notes on a row. Shares are of what their name says."""

    HOLD = "hold"  # reason
    ROUNDED = "rounded"  # asked_mg: the dose that the scheme asks for; made is the lowest above it that can be made
    ABOVE_ASKED = "above-asked"  # asked_mg, reason: the products make nothing between
    ABOVE_USUAL = "above-usual"  # of_current, usual_to
    ABOVE_CAP_LOW_DOSE = "above-cap-low-dose"  # of_current, cap_of_current, of_start, limit_of_start, reason
    WAITS = "waits"  # intervals: longer than one, because the next reduction is larger than asked
    FASTER_THAN_ASAM = "faster-than-asam"  # of_dose_14_days_before
    INFERRED = "inferred-percentage"  # of_start
    UNVERIFIED_STRENGTH = "unverified-strength"
    MANY_UNITS = "many-units"  # pieces in one intake


class Feasibility(StrEnum):
    """How well the products can follow the scheme. Where they cannot, there is no plan but a refusal."""

    AS_ASKED = "as-asked"
    LARGER_STEPS = "larger-steps"  # some reductions are above the asked step, none above the cap
    LOW_DOSE_ABOVE_CAP = "low-dose-above-cap"  # the last reductions are above the cap for the current dose


class Caution(StrEnum):
    """Codes of the notes on the whole plan."""

    NOT_TOLD = "not-told"
    DIVISION_NOT_TOLD = "division-not-told"
    UNVERIFIED_STRENGTH = "unverified-strength"
    SCHEME_UNVERIFIED = "scheme-unverified"
    PERCENTAGES_INFERRED = "percentages-inferred-linear"
    ASKED_ABOVE_USUAL = "asked-above-usual"
    FASTER_THAN_ASAM = "faster-than-asam"
    HIGH_DOSE = "high-dose"
    HIGH_DOSE_POSSIBLE = "high-dose-possible"
    PROGRAMME_NOT_FIRST = "programme-not-first"
    PROGRAMME_CONDITIONS = "programme-conditions"
    PROGRAMME_YEAR_NOT_TOLD = "programme-year-not-told"
    CONVERSION_RANGE = "conversion-range"
    CONVERSION_GRADUALLY = "conversion-gradually"
    CONVERSION_ELDERLY = "conversion-elderly"
    LONG_PLAN = "long-plan"
    ENDS_ABOVE_NONE = "ends-above-none"
    WITHDRAWN_PRODUCT = "withdrawn-product"


@dataclass(frozen=True, slots=True)
class Step:
    """One row. From `first_day` on, for `days` days, `mg` of `medicine` a day in these intakes.

    `drop_of_previous` is the reduction as a share of the dose of the row before (the current dose at that moment; at
    a switch of its lowest diazepam equivalent), `drop_of_start` the same as a share of `Plan.start_mg`.
    `supply` is what the row uses in all: per product, units a day times days.
    """

    row: int
    kind: Kind
    medicine: str
    first_day: date
    days: int
    mg: Fraction
    intakes: tuple[Intake, ...]
    drop_of_previous: Fraction
    drop_of_start: Fraction
    flags: tuple[Note, ...]
    supply: tuple[Units, ...]

    @property
    def next_day(self) -> date:
        """The day after the last one."""
        return self.first_day + timedelta(days=self.days)

    @property
    def last_day(self) -> date | None:
        """The last day of the row; None where it has no days (row 0, the stop)."""
        return self.next_day - timedelta(days=1) if self.days else None

    def flag(self, code: Flag) -> Note | None:
        """The note of that code, where the row has one."""
        return next((note for note in self.flags if note.code == code), None)


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch to diazepam: both ends of the tables for the dose taken, and the dose it starts with (mg a day)."""

    low_mg: Fraction
    high_mg: Fraction
    chosen_mg: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole taper. `steps[0]` is the dose taken now; the last row is the stop, or the dose the scheme ends at.

    `start_mg` is what percentages "of the start dose" are of: the dose the taper began from, after a switch in mg of
    diazepam. `last_mg` is the lowest dose before the stop and `last_by` who set it: "request", "scheme", "smallest".
    `hash` covers the request, the rows and the version; `version` names the planner and the text of the schemes.
    """

    request: PlanRequest
    scheme: str
    scheme_version: str
    steps: tuple[Step, ...]
    start_mg: Fraction
    last_mg: Fraction
    last_by: str
    switch: Switch | None
    feasibility: Feasibility
    warnings: tuple[Note, ...]
    alternatives: tuple[Note, ...]
    version: str
    hash: str = ""

    def days(self) -> Iterator[tuple[date, Fraction, tuple[Intake, ...]]]:
        """Every day on which something is taken: the day, the mg of that day, the intakes with their units."""
        for step in self.steps:
            for n in range(step.days):
                yield step.first_day + timedelta(days=n), step.mg, step.intakes

    def supply(self) -> tuple[Units, ...]:
        """What the whole plan uses, per product, in the order of first use."""
        return added(units for step in self.steps for units in step.supply)


def added(units: Iterable[Units]) -> tuple[Units, ...]:
    """The units per product, in the order of first use."""
    totals: list[Units] = []
    for more in units:
        for i, held in enumerate(totals):
            if held.product is more.product or held.product == more.product:
                totals[i] = Units(held.product, held.number + more.number)
                break
        else:
            totals.append(more)
    return tuple(totals)


def supply_for(intakes: tuple[Intake, ...], days: int) -> tuple[Units, ...]:
    """What so many days of these intakes use, per product."""
    daily = intakes[0].units if len(intakes) == 1 else added([units for intake in intakes for units in intake.units])
    return tuple(
        [Units(units.product, Fraction(units.number.numerator * days, units.number.denominator)) for units in daily]
    )
