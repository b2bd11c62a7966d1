"""Prescriptions of one medicine, joined into the course of its use. A renewal is not a second use."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from app.intake.dispense import Dispensed, daily_by_supply
from app.intake.prescription import Prescription, last_day
from app.intake.statement import Statement
from knowledge.facts import Certainty, DailyDose, DatedDose, Dosage, Period, Use

_NEVER_TAKEN = "cancelled"


def uses_of(
    prescriptions: Iterable[Prescription],
    today: date,
    statements: Sequence[Statement] = (),
    dispensed: Sequence[Dispensed] = (),
) -> tuple[Use, ...]:
    """One use for each medicine and route. Prescriptions without a route belong with the others of their medicine.

    What somebody stated counts as a use where nothing was prescribed; what a pharmacy handed out tells a dose that the
    prescription does not.
    """
    lines = [p for p in prescriptions if p.is_use]
    prescribed = {p.medicine for p in lines if _in_force(p, today)}
    lines += [s.use for s in statements if not s.denies and s.use.is_use and s.use.medicine not in prescribed]
    uses = []
    for medicine, group in groupby(sorted(lines, key=lambda p: p.medicine), key=lambda p: p.medicine):
        of_medicine = list(group)
        intrathecal = [p for p in of_medicine if p.route == "intrathecal"]
        others = [p for p in of_medicine if p.route != "intrathecal"]
        found = [_use(part, today) for part in (others, intrathecal) if part]
        handed_out = [item for item in dispensed if item.medicine == medicine]
        uses += [_doubted(_supplied(use, handed_out, today), statements) for use in found]
    return tuple(uses)


def _supplied(use: Use, handed_out: Sequence[Dispensed], today: date) -> Use:
    """The use with the dose that was handed out, where the prescriptions in force tell none."""
    if use.dosage.daily is not None or not use.current or use.route == "intrathecal":
        return use
    daily = daily_by_supply(handed_out, today, as_needed=use.dosage.as_needed)
    return replace(use, dosage=replace(use.dosage, daily=daily, why=None)) if daily else use


def _doubted(use: Use, statements: Iterable[Statement]) -> Use:
    """Whether somebody stated, since it was last prescribed, that it is not taken."""
    begun = max((period.start for period in use.periods if period.start), default=date.min)
    denials = [s for s in statements if s.denies and s.use.medicine == use.medicine]
    return replace(use, doubtful=use.current and any(s.stated is None or s.stated >= begun for s in denials))


def _use(lines: list[Prescription], today: date) -> Use:
    lines = sorted(lines, key=lambda p: (p.start or date.min, p.reference))
    now = [p for p in lines if _in_force(p, today)]
    latest = (now or lines)[-1]
    return Use(
        medicine=latest.medicine,
        references=tuple(p.reference for p in lines),
        periods=_periods(lines, today),
        current=bool(now),
        dosage=_together(now) if len(now) > 1 else latest.dosage,
        route=latest.route,
        reasons=tuple(dict.fromkeys(reason for p in now or lines for reason in p.reasons)),
        requesters=frozenset(p.requester for p in now if p.requester),
        doses=tuple(DatedDose(p.start, p.dosage.daily) for p in lines if p.start and p.dosage.daily),
        settings=frozenset(p.setting for p in lines if p.setting),
        overlap=len(now) > 1 and _same_dose(now),
    )


def _same_dose(lines: list[Prescription]) -> bool:
    daily = [p.dosage.daily for p in lines]
    return None not in daily and len({(dose.low, dose.high, dose.unit) for dose in daily if dose}) == 1


def _in_force(line: Prescription, today: date) -> bool:
    if line.has_ended or line.status == "on-hold":
        return False
    return (line.start is None or line.start <= today) and (line.end is None or line.end >= today)


def _periods(lines: list[Prescription], today: date) -> tuple[Period, ...]:
    """Days of use, oldest first; what was cancelled before it began was never taken."""
    periods = []
    for line in lines:
        end = last_day(line)
        if line.status == "on-hold" and end is None:
            end = today - timedelta(days=1)
        if line.status == _NEVER_TAKEN or (line.has_ended and end is None) or (line.start and line.start > today):
            continue
        periods.append(Period(line.start, end))
    return tuple(periods)


def _together(now: list[Prescription]) -> Dosage:
    """Several prescriptions in force at once. The same dose twice is a renewal; different doses may replace or add to
    each other, which nobody told: from the least of them to all of them."""
    daily = [p.dosage.daily for p in now]
    known = [dose for dose in daily if dose]
    if len(known) < len(daily) or len({dose.unit for dose in known}) > 1:
        return Dosage(why="several-prescriptions", as_needed=all(p.dosage.as_needed for p in now))
    if len({(dose.low, dose.high) for dose in known}) == 1:
        return now[-1].dosage
    low, high = min(dose.low for dose in known), sum((dose.high for dose in known), start=known[0].high * 0)
    return Dosage(DailyDose(low, high, known[0].unit, Certainty.LIKELY, "several prescriptions"))
