"""What people say is taken, held beside what was prescribed and handed out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.intake.handed_out import comparable
from app.intake.period import UsePeriod
from app.intake.prescription import Prescription
from app.intake.side_by_side import dosage_on
from app.intake.spells import Spell, spells_of
from app.intake.statement import Statement, Taking
from knowledge.facts import Certainty, DailyDose, Dosage, Gap, Period


@dataclass(frozen=True, slots=True)
class Told:
    """What statements make of a use. `denied`: somebody says it is not taken, against what was prescribed; the days from
    `denied_since` on (None: all) are no longer sure. `taking`: it is in use because somebody says so."""

    dosage: Dosage
    periods: tuple[Period, ...] = ()
    gaps: tuple[Gap, ...] = ()
    spells: tuple[Spell, ...] = ()
    taking: bool = False
    denied: bool = False
    denied_since: date | None = None


def told_by(
    statements: Sequence[Statement], spells: Sequence[Spell], in_use: bool, dosage: Dosage, today: date
) -> Told:
    """The dose and the days once statements have been heard. What is newest counts; an older one is history."""
    if not statements:
        return Told(dosage)
    about_now = [one for one in statements if not _is_future(one, today)]
    denials = [one for one in about_now if _is_denial(one) and _is_news(one, spells, about_now, today)]
    if in_use and denials:
        since = None if any(one.as_of is None for one in denials) else min(_denied_from(one, today) for one in denials)
        gaps = tuple(Gap("not-taken", one.reference) for one in denials)
        contested = Dosage(as_needed=dosage.as_needed, why="not-taken")
        return Told(contested, gaps=gaps, denied=True, denied_since=since)
    if denials and not in_use:
        return Told(dosage, periods=_periods(about_now, spells))
    said = [one for one in about_now if one.taking is Taking.YES and one.holds_on(today)]
    if in_use:
        return _beside(said, _periods(about_now, spells), dosage, today)
    said = [one for one in said if _outlives(one, spells)]
    return _alone(said, about_now, spells, dosage, today)


def _beside(said: Sequence[Statement], periods: tuple[Period, ...], dosage: Dosage, today: date) -> Told:
    """Somebody says it is taken as well: one use. A dose of their own makes the dose a range, or the only one told."""
    own, _ = dosage_on(today, spells_of([_as_line(one) for one in said], today), today)
    if own is None or own.daily is None:
        return Told(dosage, periods)
    if dosage.daily is None:
        likely = replace(own.daily, certainty=Certainty.LIKELY)
        if dosage.conflict or dosage.why not in ("no-dose", "no-frequency", "as-needed-only", "text-not-understood"):
            return Told(dosage, periods)
        return Told(replace(dosage, daily=likely, why=own.why), periods)
    one, other = dosage.daily, own.daily
    if not comparable(one.unit, other.unit) or (one.low, one.high) == (other.low, other.high):
        return Told(dosage, periods)
    low, high = min(one.low, other.low), max(one.high, other.high)
    average = one.average or other.average
    both = DailyDose(low, high, one.unit, Certainty.LIKELY, "prescribed and said", average)
    return Told(replace(dosage, daily=both), periods, tuple(Gap("statement-differs", s.reference) for s in said))


def _alone(
    said: Sequence[Statement], about_now: Sequence[Statement], spells: Sequence[Spell], dosage: Dosage, today: date
) -> Told:
    """Nothing prescribed is in force: what is said is all there is."""
    periods = _periods(about_now, spells)
    unknown = [one for one in about_now if one.taking is Taking.UNKNOWN and one.holds_on(today) and not spells]
    lines = [_as_line(one) for one in (said or unknown)]
    own_spells = tuple(spells_of(lines, today))
    own, _ = dosage_on(today, own_spells, today)
    if own is None:
        return Told(dosage if spells else _last(about_now, dosage), periods, spells=own_spells)
    gaps = tuple(Gap("taking-unknown", one.reference) for one in unknown) if not said else ()
    if gaps and own.daily:
        own = replace(own, daily=replace(own.daily, certainty=Certainty.LIKELY))
    return Told(own, periods, gaps, own_spells, taking=True)


def _periods(statements: Sequence[Statement], spells: Sequence[Spell]) -> tuple[Period, ...]:
    """The days statements speak of. Beside prescriptions they add only what they date themselves."""
    found = []
    for one in statements:
        denies = one.taking in (Taking.NO, Taking.ENDED)
        if (one.start is None and (spells or denies)) or (denies and one.end is None):
            continue  # stopped on a day nobody told: no days of use
        as_needed = one.dosage.as_needed and one.dosage.daily is None
        found.append(Period(one.start, one.end, sure=one.taking is not Taking.UNKNOWN and not as_needed))
    return tuple(found)


def _last(statements: Sequence[Statement], dosage: Dosage) -> Dosage:
    return statements[-1].dosage if statements else dosage


def _is_denial(one: Statement) -> bool:
    """Whether it says: no longer. That something ended once, on a day nobody told, may be an earlier course."""
    return one.taking is Taking.NO or (one.taking is Taking.ENDED and one.as_of is not None)


def _is_future(one: Statement, today: date) -> bool:
    return one.start is not None and one.start > today


def _is_news(one: Statement, spells: Sequence[Spell], statements: Sequence[Statement], today: date) -> bool:
    """Whether a denial is about the use of today: not older than the prescriptions in force, nor than the last time
    somebody said it is taken."""
    starts = [spell.first for spell in spells if spell.first and spell.holds_on(today, today)]
    as_of = one.as_of
    if as_of is None:
        return True
    if starts and as_of < max(starts):
        return False
    said = [other.as_of for other in statements if other.taking is Taking.YES and other.as_of]
    return not said or as_of >= max(said)


def _denied_from(one: Statement, today: date) -> date:
    """The first day on which it is said not to be taken."""
    if one.end and one.end < today:
        return one.end
    return one.start or one.as_of or today


def _outlives(one: Statement, spells: Sequence[Spell]) -> bool:
    """Whether it says more than the prescriptions that have ended: one of them it only repeats."""
    if any(one.of & spell.line.names for spell in spells):
        return False
    ends = [spell.last for spell in spells if spell.last]
    return not ends or (one.as_of is not None and one.as_of > max(ends))


def _as_line(one: Statement) -> Prescription:
    """A statement in the form prescriptions are held together in."""
    return Prescription(
        reference=one.reference,
        medicine=one.medicine,
        status="active" if one.taking is Taking.YES else "unknown",
        intent="order",
        stops=False,
        dosage=one.dosage,
        route=one.route,
        reasons=one.reasons,
        period=UsePeriod(one.start, one.end, told=True),
        supply_days=None,
        requester=None,
        authored=one.asserted,
        names=one.names,
    )
