"""When a prescription is followed: its own period of use, its bounds, or what it lets the pharmacy hand out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from app.intake.dosage import Phase
from app.intake.elements import Json, day, element, elements, last_day_of, text
from app.intake.handed_out import amount_of, days_of
from app.intake.mp9 import period_of_use
from app.intake.quantity import read_days
from knowledge.facts import DailyDose

_PERIODS = ("effectivePeriod", "be-ext-effective-period", "effective-period")  # Belgian planned and treatment lines
_LONGEST = 3660


@dataclass(frozen=True, slots=True)
class UsePeriod:
    """First and last day of use. `told`: it says so itself, and does not only date from when it was written.

    `runs_out` is the last day that what it lets the pharmacy hand out can last; after it use is possible, not told.
    """

    start: date | None = None
    end: date | None = None
    told: bool = False
    runs_out: date | None = None


def read_period(resource: Json, phases: Sequence[Phase], authored: date | None, supply_days: int | None) -> UsePeriod:
    """The period of use of a request."""
    own = period_of_use(resource) or _effective(resource)
    start, end = own or _of_bounds(resource, phases)
    told = own is not None or start is not None or end is not None
    start = start or authored
    if start and end and end < start:
        start, end, told = min(start, authored or start), None, False
    return UsePeriod(start, end, told, _runs_out(resource, start, supply_days))


def supply_days(resource: Json, daily: DailyDose | None) -> int | None:
    """Days that what may be handed out lasts: the expected supply, or its quantity at this dose; once for each repeat
    allowed and the first time."""
    dispense = element(resource.get("dispenseRequest"))
    days = read_days(dispense.get("expectedSupplyDuration")) or days_of(amount_of(dispense.get("quantity")), daily)
    if days is None or days < Fraction(1, 2):
        return None
    repeats = dispense.get("numberOfRepeatsAllowed")
    is_number = isinstance(repeats, int) and not isinstance(repeats, bool)
    times = 1 + repeats if is_number and isinstance(repeats, int) and 0 <= repeats < 100 else 1
    return max(1, int(days)) * times if days * times < _LONGEST else None


def _effective(resource: Json) -> tuple[date | None, date | None] | None:
    """R5's effectiveDosePeriod, and the period of a Belgian line."""
    if "effectiveDosePeriod" not in resource and "extension" not in resource:
        return None
    periods = [element(resource.get("effectiveDosePeriod"))]
    for item in elements(resource.get("extension")):
        if text(item.get("url")).endswith(_PERIODS):
            periods.append(element(item.get("valuePeriod")))
    found = [(day(period.get("start")), last_day_of(period.get("end"))) for period in periods]
    return next((period for period in found if period[0] or period[1]), None)


def _of_bounds(resource: Json, phases: Sequence[Phase]) -> tuple[date | None, date | None]:
    """The bounds of all instructions together; lengths follow each other as the steps do."""
    timings = [element(item.get("timing")) for item in elements(resource.get("dosageInstruction"))]
    repeats = [element(timing.get("repeat")) for timing in timings]
    if not any("boundsPeriod" in repeat or "boundsDuration" in repeat or "boundsRange" in repeat for repeat in repeats):
        return None, None
    bounds = [element(repeat.get("boundsPeriod")) for repeat in repeats]
    start = min((first for period in bounds if (first := day(period.get("start")))), default=None)
    ends = [end for period in bounds if (end := last_day_of(period.get("end")))]
    if ends and len(ends) == len(bounds):
        return start, max(ends)
    last = phases[-1] if phases else None
    if last is None or not any("boundsDuration" in repeat or "boundsRange" in repeat for repeat in repeats):
        return start, None
    return start, _after(last.since, last.days)


def _after(start: date | None, days: int | None) -> date | None:
    if start is None or days is None:
        return None
    try:
        return start + timedelta(days=max(days, 1) - 1)
    except OverflowError:
        return None


def _runs_out(resource: Json, start: date | None, supply: int | None) -> date | None:
    dispense = element(resource.get("dispenseRequest"))
    validity = day(element(dispense.get("validityPeriod")).get("end"))
    latest = _after(start, supply) if supply else None
    if validity and supply and latest:  # handed out on the last valid day at the latest
        return max(latest, _after(validity, supply) or latest)
    return latest or validity
