"""Prescriptions of one medicine, joined into the course of its use. A renewal is not a second use."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from app.intake.prescription import Prescription, perhaps_until, surely_until
from knowledge.facts import Certainty, DailyDose, DatedDose, Dosage, Period, Use

_NEVER_TAKEN = "cancelled"


def uses_of(prescriptions: Iterable[Prescription], today: date) -> tuple[Use, ...]:
    """One use for each medicine and route. Prescriptions without a route belong with the others of their medicine."""
    lines = sorted(_succeeded([p for p in prescriptions if p.is_use], today), key=lambda p: p.medicine)
    uses = []
    for _, group in groupby(lines, key=lambda p: p.medicine):
        of_medicine = list(group)
        intrathecal = [p for p in of_medicine if p.route == "intrathecal"]
        others = [p for p in of_medicine if p.route != "intrathecal"]
        uses += [_use(part, today) for part in (others, intrathecal) if part]
    return tuple(uses)


def _use(lines: list[Prescription], today: date) -> Use:
    lines = _stopped(sorted(lines, key=lambda p: (p.start or date.min, p.reference)), today)
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
        in_force=tuple(p.reference for p in now),
        settings=frozenset(p.setting for p in lines if p.setting),
        doses=tuple(DatedDose(p.start, p.dosage.daily) for p in lines if p.start and p.dosage.daily),
    )


def _in_force(line: Prescription, today: date) -> bool:
    if line.has_ended:
        return False
    return (line.start is None or line.start <= today) and (line.end is None or line.end >= today)


def _succeeded(lines: list[Prescription], today: date) -> list[Prescription]:
    """The same lines, each ended by the one that replaced it."""
    ends: dict[str, date] = {}
    for line in lines:
        begun = _stop_day(line) if line.stops_earlier else line.start
        if line.replaces and begun and begun <= today and line.status != _NEVER_TAKEN:
            ends[line.replaces] = begun - timedelta(days=0 if line.stops_earlier else 1)
    return [_ended(line, ends[line.reference]) if line.reference in ends else line for line in lines]


def _stopped(lines: list[Prescription], today: date) -> list[Prescription]:
    """The same lines of one medicine, those begun before an agreement to stop ended by it: MP9 writes the stop as a line
    of its own, and leaves the earlier one open."""
    stops = [day for line in lines if line.stops_earlier and (day := _stop_day(line)) and day <= today]
    last = max(stops, default=None)
    if last is None:
        return lines
    return [_ended(p, last) if not p.stops_earlier and p.start and p.start < last else p for p in lines]


def _stop_day(line: Prescription) -> date | None:
    return line.end or line.start


def _ended(line: Prescription, end: date) -> Prescription:
    last = min(end, line.end or end)
    return replace(line, end=max(last, line.start or last))


def _periods(lines: list[Prescription], today: date) -> tuple[Period, ...]:
    """Days of use, oldest first; what was cancelled before it began was never taken. Where an end is not sure, the days
    that may have followed stand apart."""
    periods = []
    for line in lines:
        if line.status == _NEVER_TAKEN or line.stops_earlier or (line.start and line.start > today):
            continue
        end = surely_until(line, today)
        if end is not None or not line.has_ended:
            periods.append(Period(line.start, end))
        if line.has_ended and end == line.start and (line.end is None or line.end > today):
            periods.append(Period(line.start, perhaps_until(line, today), sure=False))
    return tuple(_merged(periods))


def _merged(periods: list[Period]) -> list[Period]:
    """The same days in as few periods as they make, so that a list of a thousand renewals is no thousand periods."""
    dated: list[Period] = []
    for period in sorted(periods, key=lambda p: (not p.sure, p.start or date.min)):
        last = dated[-1] if dated else None
        if last and period.start and last.start and last.sure is period.sure and _touches(last, period.start):
            dated[-1] = replace(last, end=max(last.end, period.end) if last.end and period.end else None)
        else:
            dated.append(period)
    return dated


def _touches(earlier: Period, start: date) -> bool:
    return earlier.end is None or start <= earlier.end + timedelta(days=1)


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
