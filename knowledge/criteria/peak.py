"""Questions about a dose held against the highest dose of late: is it going down?"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from knowledge.criteria.dose import in_mg
from knowledge.criteria.form import Answer, Criterion, Reader, Table
from knowledge.facts import DailyDose, Facts, Use
from knowledge.fault import fail
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.threshold import read_threshold
from knowledge.truth import Truth


def _share_of_peak(key: str) -> Reader:
    """The dose as a share of the highest dose of the last days (`last`, 365 if it is left out): the dose in use now
    (`lowered_to`) or the dose being ordered (`ordered_to`)."""

    def read(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
        bound = table[key]
        threshold = read_threshold(bound, "%", where)
        last = bound.get("last", 365) if isinstance(bound, Mapping) else None
        if not isinstance(last, int):
            fail(where, "last is not a number of days.", 'Write {below = 100, unit = "%", last = 90}.')

        def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
            now, peak = _now_and_peak(subject, facts, last)
            dose = in_mg(subject) if key == "ordered_to" else now
            if dose is None or peak is None:
                return Answer(Truth.UNKNOWN, (), "dose")
            references = tuple(reference for use in subject.course for reference in use.references)
            return Answer(threshold.judge(100 * dose.low / peak, 100 * dose.high / peak), references)

        return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)

    return read


def _now_and_peak(subject: Subject, facts: Facts, last: int) -> tuple[DailyDose | None, Decimal | None]:
    """The latest dose of this medicine, and the highest that was in force on one of the last `last` days."""
    own = [use for use in subject.course if use.medicine == subject.about.medicine]
    doses = sorted((d for use in own for d in use.doses if d.daily.unit == "mg"), key=lambda dose: dose.since)
    opens = facts.today - timedelta(days=last)
    within = [dose for dose in doses if dose.since >= opens]
    before = [dose for dose in doses if dose.since < opens] if _ran_on(own, opens) else []
    peaks = [dose.daily.high for dose in (*before[-1:], *within)]
    return (doses[-1].daily if doses else None), max(peaks, default=None) or None


def _ran_on(uses: list[Use], day: date) -> bool:
    periods = [period for use in uses for period in use.periods]
    return any(p.start is not None and p.start <= day and (p.end is None or p.end >= day) for p in periods)


READERS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "lowered_to": (_share_of_peak("lowered_to"), ()),
    "ordered_to": (_share_of_peak("ordered_to"), ()),
}
