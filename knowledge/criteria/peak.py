"""Questions about a dose held against the highest dose of late: is it going down?"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import zip_longest

from knowledge.criteria.dose import in_mg
from knowledge.criteria.form import Answer, Criterion, Reader, Table
from knowledge.facts import DatedDose, Facts, Order, Period, Told, Use
from knowledge.fault import fail
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.threshold import read_threshold
from knowledge.truth import Truth, all_of, of


def _share_of_peak(key: str) -> Reader:
    """The dose as a share of the highest dose of the last days (`last`, 365 if it is left out): the dose in use now
    (`lowered_to`), once it has been taken for `held` days, or the dose being ordered (`ordered_to`)."""

    def read(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
        bound = table[key]
        threshold = read_threshold(bound, "%", where, ("last", "held") if key == "lowered_to" else ("last",))
        assert isinstance(bound, Mapping)  # noqa: S101 - read_threshold has refused anything else
        last, held = bound.get("last", 365), bound.get("held", 0)
        for name, days in (("last", last), ("held", held)):
            if not isinstance(days, int):
                fail(
                    where, f"{name} is not a number of days.", 'Write {at_most = 25, unit = "%", last = 90, held = 7}.'
                )
        assert isinstance(last, int)  # noqa: S101 - seen just above
        assert isinstance(held, int)  # noqa: S101 - seen just above

        def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
            own = [use for use in subject.course if use.medicine == subject.about.medicine]
            doses = _in_force_since(own, facts, last)
            peak = max((dose.daily.high for dose in doses), default=0)
            dose = in_mg(subject) if key == "ordered_to" else doses[-1].daily if doses else None
            if not peak or dose is None:
                return Answer(Truth.UNKNOWN, (), "dose")
            references = tuple(reference for use in own for reference in use.references)
            if facts.told.get("medications", Told.NOT) is not Told.WHOLE:
                return Answer(Truth.UNKNOWN, references, "medications")
            truth = threshold.judge(100 * dose.low / peak, 100 * dose.high / peak)
            is_held = of((facts.today - doses[-1].since).days >= held)
            return Answer(all_of([truth, is_held]), references, "dose" if truth is Truth.UNKNOWN else None)

        return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)

    return read


def _lowered_by(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """How many mg a day less the order is than the dose in use; less than nothing where it is more."""
    threshold = read_threshold(table["lowered_by"], "mg/d", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        if not isinstance(subject.about, Order):
            return Answer(Truth.NO)
        own = [use for use in subject.course if use.medicine == subject.about.medicine and use.current]
        doses, after = _in_force_since(own, facts, 0), in_mg(subject)
        references = tuple(reference for use in own for reference in use.in_force)
        if not doses or after is None:
            return Answer(Truth.UNKNOWN, references, "dose")
        before = doses[-1].daily
        truth = threshold.judge(before.low - after.high, before.high - after.low)
        return Answer(truth, references, "dose" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)


def _in_force_since(uses: Iterable[Use], facts: Facts, last: int) -> list[DatedDose]:
    """The doses in mg of the last `last` days, oldest first: also the one that was being taken when they began."""
    first: date = facts.today - timedelta(days=last)
    uses = tuple(uses)
    known = [dose for use in uses for dose in use.doses if dose.daily.unit == "mg" and dose.since <= facts.today]
    known.sort(key=lambda dose: dose.since)
    ends = [following.since for following in known[1:]]
    periods = [period for use in uses for period in use.periods]
    return [
        dose
        for dose, end in zip_longest(known, ends)
        if dose.since > first or (_ran_on(periods, first) and (end is None or end > first)) or end is None
    ]


def _ran_on(periods: Iterable[Period], day: date) -> bool:
    return any((p.start is None or p.start <= day) and (p.end is None or p.end >= day) for p in periods)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "lowered_to": (_share_of_peak("lowered_to"), ()),
    "ordered_to": (_share_of_peak("ordered_to"), ()),
    "lowered_by": (_lowered_by, ()),
}
