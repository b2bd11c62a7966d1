"""Prescriptions of one medicine → the days on which each was followed, as far as it and those after it tell.

Prescriptions that belong together (one treatment, one following the other, one based on the other, one sent twice)
are one thread: on any day only the newest of a thread is followed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.intake.links import joined
from app.intake.mp9 import AGREEMENT
from app.intake.prescription import Prescription

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)  # how long a prescription can be used at most, where nobody said when it ended


@dataclass(frozen=True, slots=True)
class Spell:
    """`first` None: nobody told since when. `last` None: it goes on. Days after `sure_to` are possible, not told;
    without `sure` all of them are. `over`: it is no longer in force, whatever its last day."""

    line: Prescription
    thread: int
    first: date | None
    last: date | None = None
    sure_to: date | None = None
    sure: bool = True
    over: bool = False

    def holds_on(self, day: date, today: date) -> bool:
        """Whether it was, or is, in force on that day."""
        if self.over and day >= today:
            return False
        end = (self.sure_to or self.last) if self.over else self.last
        return (self.first is None or self.first <= day) and (end is None or end >= day)


class _Tie:
    """Tells two versions of one resource apart, written out only where there are two."""

    def __init__(self, line: Prescription) -> None:
        self._line = line

    def _written(self) -> str:
        return f"{self._line.status} {self._line.end} {self._line.dosage}"

    def __lt__(self, other: "_Tie") -> bool:
        return self._written() < other._written()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tie) and (self._line is other._line or self._written() == other._written())

    def __hash__(self) -> int:
        return hash(self._written())


def order_of(line: Prescription) -> tuple[date, date, str, _Tie]:
    """Oldest first, and always the same order, two versions of one resource included."""
    return line.start or date.min, line.authored or date.min, line.reference, _Tie(line)


def spells_of(lines: Iterable[Prescription], today: date) -> list[Spell]:
    """The spell of every prescription that was followed at all, oldest first; those still to come included."""
    ordered = sorted(lines, key=order_of)
    known = frozenset().union(*(line.names for line in ordered))
    ties = [line.names | ((line.prior | line.parents) & known) | _treatment(line) for line in ordered]
    spells = [
        spell
        for line, thread in zip(ordered, joined(ties), strict=True)
        if (spell := _spell(line, thread, today)) is not None
    ]
    return _cut(spells, today)


def never_closed(line: Prescription, today: date) -> bool:
    """Whether it was written more than a year ago and told no end and no supply: followed still, or forgotten."""
    dated = line.end or line.period.runs_out
    return dated is None and line.start is not None and line.start < today - _YEAR


def _treatment(line: Prescription) -> frozenset[str]:
    return frozenset({f"treatment {line.treatment}"} if line.treatment else ())


def _spell(line: Prescription, thread: int, today: date) -> Spell | None:
    if line.status == "cancelled":
        return None  # withdrawn before it was taken
    as_needed = line.dosage.as_needed and line.dosage.daily is None
    unstated = line.status in ("unknown", "") and not line.period.told
    spell = Spell(line, thread, line.start, line.end, sure=not as_needed and not unstated)
    if line.stops_earlier:  # it says how long the treatment went on
        return replace(spell, last=line.end or line.authored or line.start)
    if line.has_ended:
        return _ended(spell, today)
    runs_out = line.period.runs_out
    if line.end is None and runs_out and runs_out < today and not line.period.told:
        return replace(spell, sure_to=runs_out)
    return spell


def _ended(spell: Spell, today: date) -> Spell | None:
    """One that is stopped, completed or on hold: until the day it tells, or its supply lasted, or nobody knows when."""
    line = spell.line
    known = [day for day in (line.stopped_on, line.end) if day and day <= today]
    last = min(known, default=None)
    if last is None and spell.first and line.supply_days:
        last = spell.first + timedelta(days=line.supply_days - 1)
    if last is not None and last <= today:
        return replace(spell, last=last, over=True) if spell.first is None or spell.first <= last else None
    if spell.first is None:
        return None
    latest = min(line.end or spell.first + _YEAR, today)
    return replace(spell, last=max(spell.first, latest), sure_to=spell.first, over=True)


def _cut(spells: Sequence[Spell], today: date) -> list[Spell]:
    """Let each prescription end where the one that follows it begins, all of a treatment where it is stopped, and what was
    given on a ward where the prescription for home begins."""
    threads: dict[int, list[Spell]] = {}
    for spell in spells:
        threads.setdefault(spell.thread, []).append(spell)
    stops = [spell for spell in spells if spell.line.stops_earlier]
    homes = [spell for spell in spells if spell.line.setting == "discharge" and spell.first and spell.first <= today]
    found = []
    for spell in spells:
        others = [*threads[spell.thread], *(stop for stop in stops if stop.thread != spell.thread)]
        others += [later for later in homes if later.thread != spell.thread]
        ends = [end for later in others if later is not spell and (end := _end_by(spell, later)) is not None]
        if ends and (spell.last is None or min(ends) < spell.last):
            spell = replace(spell, last=min(ends))  # noqa: PLW2901 - the same spell, shorter
        if spell.first is None or spell.last is None or spell.first <= spell.last:
            found.append(spell)
    return found


def _end_by(spell: Spell, later: Spell) -> date | None:
    """The last day of a spell, if `later` replaces or stops it."""
    line, other = spell.line, later.line
    if other.stops_earlier and not line.stops_earlier:
        return later.last if _is_stopped_by(spell, later) else None
    if line.setting == "inpatient" and other.setting == "discharge" and later.first and not other.stops:
        return later.first - _DAY
    if later.thread != spell.thread or other.stops:
        return None
    follows = bool(other.prior & line.names)
    if line.treatment and line.treatment == other.treatment and other.kind == AGREEMENT:
        follows = follows or _written(other) > _written(line)
    return later.first - _DAY if follows and later.first else None


def _is_stopped_by(spell: Spell, stop: Spell) -> bool:
    """Whether an agreement to stop is about this one: it names it, is of its treatment and newer, or, where they tell no
    treatment, is of the same medicine and ends after this one began."""
    line, other = spell.line, stop.line
    if other.prior & line.names:
        return True
    if line.treatment and other.treatment:
        return line.treatment == other.treatment and _written(other) > _written(line)
    return spell.first is not None and stop.last is not None and spell.first < stop.last


def _written(line: Prescription) -> tuple[date, tuple[date, date, str, _Tie]]:
    return line.authored or date.min, order_of(line)
