"""Everything told of one medicine, joined into the course of its use: prescribed, handed out, and said to be taken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from app.intake.coverage import dose_by_supply, far_off, merged, rate_of, supplied, unsure_after
from app.intake.dispense import Supply
from app.intake.prescription import Prescription
from app.intake.side_by_side import dosage_on, overlapping
from app.intake.spells import Spell, never_closed, order_of, spells_of
from app.intake.statement import Statement, of_reported
from app.intake.taken import Told, told_by
from knowledge.facts import DatedDose, Dosage, Gap, Period, Reason, Use

_HISTORY = timedelta(days=400)


@dataclass(slots=True)
class Sources:
    """All that tells of use. `supplies_whole`: every supply was told, so that none means nothing was handed out."""

    prescriptions: list[Prescription] = field(default_factory=list)
    supplies: list[Supply] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    supplies_whole: bool = False


def uses_of(sources: Sources, today: date) -> tuple[tuple[Use, ...], tuple[Gap, ...]]:
    """One use for each medicine and route, and what could not be judged. What tells no route belongs with the others of
    its medicine. The order in which resources came changes nothing."""
    lines = [line for line in sources.prescriptions if line.is_use]
    statements = [*sources.statements, *(of_reported(line) for line in lines if line.reported)]
    told: list[_Item] = [*(line for line in lines if not line.reported), *sources.supplies, *statements]
    uses: list[Use] = []
    gaps: list[Gap] = []
    for _, group in groupby(sorted(told, key=lambda item: item.medicine), key=lambda item: item.medicine):
        for part in _by_route(list(group)):
            use = _Course(part, sources.supplies_whole, today)
            uses.append(use.use())
            gaps += use.gaps
    return tuple(uses), tuple(dict.fromkeys(gaps))


_Item = Prescription | Supply | Statement


def _by_route(items: list[_Item]) -> list[list[_Item]]:
    """Intrathecal use is a use of its own, with the supplies and statements of its prescriptions."""
    pump = [item for item in items if item.route == "intrathecal"]
    names = frozenset().union(*(item.names for item in pump))
    pump += [item for item in items if item.route is None and not isinstance(item, Prescription) and item.of & names]
    others = [item for item in items if item not in pump]
    return [part for part in (others, pump) if part]


def _supplies(items: Iterable[_Item]) -> Iterable[Supply]:
    return (item for item in items if isinstance(item, Supply))


def _of_supply(one: Supply) -> tuple[date, str, str]:
    return one.day, one.reference, f"{one.amount} {one.days} {one.dosage}"


def _of_statement(one: Statement) -> tuple[str, str]:
    return one.reference, f"{one.taking} {one.start} {one.end} {one.asserted} {one.dosage}"


class _Course:
    def __init__(self, items: Sequence[_Item], supplies_whole: bool, today: date) -> None:
        self.today, self.supplies_whole, self.medicine = today, supplies_whole, items[0].medicine
        is_unique = len({item.reference for item in items}) == len(items)
        unique = items if is_unique else list(dict.fromkeys(items))  # the same page may come twice
        self.lines = sorted((item for item in unique if isinstance(item, Prescription)), key=order_of)
        supplies = {one.reference: one for one in sorted(_supplies(unique), key=_of_supply)}
        self.supplies = sorted(supplies.values(), key=_of_supply)
        self.statements = sorted((i for i in unique if isinstance(i, Statement)), key=_of_statement)
        self.spells = spells_of(self.lines, today)
        self.gaps: list[Gap] = []

    def use(self) -> Use:
        """The course as one use."""
        prescribed, now = dosage_on(self.today, self.spells, self.today)
        rate = rate_of(self.supplies, self.today)
        periods = self._periods(prescribed, rate is not None and rate.is_daily)
        latest = (now or self.lines)[-1:]
        dosage = prescribed or (latest[0].dosage if latest else self._of_supplies())
        handed_out = self._lasts(periods)
        if wider := far_off(dosage, rate):
            self.gaps.append(Gap("supply-differs", self.supplies[-1].reference))
            dosage = wider
        dosage = dose_by_supply(dosage, rate)
        told = told_by(self.statements, self.spells, prescribed is not None or handed_out, dosage, self.today)
        self.gaps += told.gaps
        if not handed_out and not told.taking:
            self.gaps += [Gap("line-never-closed", line.reference) for line in now if never_closed(line, self.today)]
        self.gaps += [Gap("renewal-overlap", reference) for reference in overlapping(self.spells, self.today)]
        if told.denied:
            periods = unsure_after(periods, told.denied_since)
        current = prescribed is not None or (handed_out and not self.lines) or told.taking
        references = self._references(now)
        return Use(
            medicine=self.medicine,
            references=references,
            periods=tuple(merged([*periods, *told.periods])),
            current=current,
            dosage=told.dosage,
            route=self._route(now),
            reasons=self._reasons(),
            requesters=frozenset(line.requester for line in self._in_force() if line.requester),
            in_force=tuple(line.reference for line in self._in_force()) or (references[-1:] if current else ()),
            doses=self._doses(told, current=current),
            planned=self._planned(),
            settings=frozenset(line.setting for line in self.lines if line.setting),
        )

    def _in_force(self) -> list[Prescription]:
        return [spell.line for spell in self.spells if spell.holds_on(self.today, self.today)]

    def _periods(self, prescribed: Dosage | None, is_daily: bool) -> list[Period]:
        """Days prescribed and days supplied. Where every supply was told, days without one are possible, not sure."""
        periods = [period for spell in self.spells for period in _of_spell(spell, self.today)]
        if not self.supplies:
            return periods
        dosage = prescribed or (self.lines[-1].dosage if self.lines else None)
        handed = supplied(self.supplies, dosage, rate_of(self.supplies, self.today) if is_daily else None)
        if self.supplies_whole and any(period.sure for period in handed):
            periods = unsure_after(periods, self.supplies[0].day)
        return [*periods, *handed]

    def _lasts(self, periods: Iterable[Period]) -> bool:
        """Whether what was handed out last may still be in use."""
        ends = [period.end for period in periods if period.end]
        return bool(self.supplies) and any(end >= self.today for end in ends)

    def _of_supplies(self) -> Dosage:
        return self.supplies[-1].dosage if self.supplies else Dosage(why="no-dose")

    def _references(self, now: Sequence[Prescription]) -> tuple[str, ...]:
        """Every resource it rests on; the prescription in force, or else the newest, comes last."""
        others = [*(one.reference for one in self.statements), *(one.reference for one in self.supplies)]
        lines = [line.reference for line in self.lines]
        lines += [line.reference for line in now[-1:]]
        return tuple(reversed(dict.fromkeys(reversed([*others, *lines]))))

    def _route(self, now: Sequence[Prescription]) -> str | None:
        told: list[_Item] = [*reversed(now or self.lines), *reversed(self.supplies), *self.statements]
        if now and now[-1].route:
            return now[-1].route
        return next((item.route for item in told if item.route), None)

    def _reasons(self) -> tuple[Reason, ...]:
        given = [reason for line in self._in_force() or self.lines for reason in line.reasons]
        given += [reason for one in self.statements for reason in one.reasons]
        return tuple(dict.fromkeys(given))

    def _doses(self, told: Told, *, current: bool) -> tuple[DatedDose, ...]:
        """The dose from each day on which something changed, those of more than a year ago left out but for the last."""
        spells = self.spells or told.spells
        days = sorted({day for spell in spells for day in _changes(spell) if day <= self.today})
        before = [day for day in days if day < self.today - _HISTORY]
        doses = []
        for day in (*before[-1:], *(day for day in days if day >= self.today - _HISTORY)):
            dosage, _ = dosage_on(day, spells, self.today + timedelta(days=1))
            if dosage and dosage.daily:
                doses.append(DatedDose(day, dosage.daily))
        if current and told.dosage.daily and not doses and self.supplies:
            doses.append(DatedDose(self.supplies[0].day, told.dosage.daily))
        return tuple(doses)

    def _planned(self) -> tuple[DatedDose, ...]:
        days = sorted({day for spell in self.spells for day in _changes(spell) if day > self.today})
        found = [(day, dosage_on(day, [s for s in self.spells if not s.over], day)[0]) for day in days]
        return tuple(DatedDose(day, dosage.daily) for day, dosage in found if dosage and dosage.daily)


def _changes(spell: Spell) -> list[date]:
    steps = [phase.since for phase in spell.line.phases if phase.since] if len(spell.line.phases) > 1 else []
    return [day for day in (spell.first, *steps) if day and (spell.last is None or day <= spell.last)]


def _of_spell(spell: Spell, today: date) -> list[Period]:
    if spell.first and spell.first > today:
        return []
    whole = Period(spell.first, spell.last, spell.sure)
    if spell.sure_to is None or not spell.sure:
        return [whole]
    return unsure_after([whole], spell.sure_to + timedelta(days=1))
