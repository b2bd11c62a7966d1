"""Questions about how much is taken."""

from decimal import Decimal

from knowledge.criteria.form import Answer, Criterion, Reader, Table, wanted_flag
from knowledge.criteria.medicine import bzra_until_now, other_bzra
from knowledge.facts import Change, DailyDose, Facts, Order, Told, Use
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.threshold import Threshold, read_threshold
from knowledge.truth import Truth, of


def _dose(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The daily dose of the medicine judged, in mg a day. With `end = "high"`, what may be taken when needed counts."""
    threshold = read_threshold(table["dose"], "mg/d", where)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        dosage, daily = subject.about.dosage, in_mg(subject)
        most = dosage.ceiling
        low, high = (daily.low, daily.high) if daily else (None, None)
        if threshold.end == "high" and dosage.as_needed:
            low, high = low or Decimal(0), most.value if most and most.unit == "mg" else None
        elif low is None:
            return Answer(Truth.UNKNOWN, (), "dose")
        truth = threshold.judge(low, high)
        return Answer(truth, (), "dose" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, threshold=threshold, unknown=unknown)


def _diazepam_equivalent(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The daily dose of all BZRA together in mg oral diazepam: a range, because tables differ (DESIGN decision 1)."""
    threshold = read_threshold(table["diazepam_equivalent"], "mg/d", where)

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        counted = taken_together(subject, facts, medicines)
        low, high = medicines.diazepam_equivalent(counted)
        if _is_more(threshold) and high is not None and threshold.judge(low, high) is Truth.YES:
            return Answer(Truth.YES)  # whatever was not told can only add to it
        is_whole = facts.told.get("medications", Told.NOT) is Told.WHOLE
        truth = threshold.judge(low, high if is_whole else None)  # there may be more than was told
        if truth is not Truth.UNKNOWN:
            return Answer(truth)
        if threshold.judge(low, high) is not truth:
            return Answer(truth, (), "medications")
        readable = all(item.dosage.daily and item.dosage.daily.unit == "mg" for item in counted)
        return Answer(truth, (), "dose" if not readable else "equivalent" if high is None else "tables-differ")

    return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)


def _is_more(threshold: Threshold) -> bool:
    return threshold.comparison in ("at_least", "above")


def taken_together(subject: Subject, facts: Facts, medicines: Medicines) -> list[Order | Use]:
    """The order or use judged and the other BZRA that go on beside it; of a stop, all that was taken until now."""
    about = subject.about
    if isinstance(about, Order) and about.changes == {Change.STOP}:
        return [about, *bzra_until_now(subject, facts, medicines)]
    return [*([about] if isinstance(about, Order | Use) else []), *other_bzra(subject, facts, medicines)]


def _ceiling_equivalent(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The most that may be taken as needed in one day, in mg oral diazepam: a limit, not an intake."""
    threshold = read_threshold(table["ceiling_equivalent"], "mg/d", where)

    def judge(subject: Subject, _facts: Facts, medicines: Medicines) -> Answer:
        ceiling, known = subject.about.dosage.ceiling, medicines.by_id.get(subject.about.medicine)
        if not subject.about.dosage.as_needed or subject.about.dosage.daily is not None:
            return Answer(Truth.NO)
        if ceiling is None or ceiling.unit != "mg" or known is None or known.equivalence is None:
            return Answer(Truth.UNKNOWN, (), "dose")
        truth = threshold.judge(*known.equivalence.in_diazepam(ceiling.value, ceiling.value))
        return Answer(truth, (), "tables-differ" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, threshold=threshold, unknown=unknown)


def _defined_doses(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The daily dose as a multiple of WHO's defined daily dose by mouth."""
    threshold = read_threshold(table["defined_doses"], "DDD/d", where)

    def judge(subject: Subject, _facts: Facts, medicines: Medicines) -> Answer:
        known, daily = medicines.by_id.get(subject.about.medicine), in_mg(subject)
        if known is None or known.defined_dose is None:
            return Answer(Truth.UNKNOWN, (), "defined-dose")
        if daily is None:
            return Answer(Truth.UNKNOWN, (), "dose")
        truth = threshold.judge(daily.low / known.defined_dose, daily.high / known.defined_dose)
        return Answer(truth, (), "dose" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, threshold=threshold, unknown=unknown)


def _times(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """How many times a day it is taken."""
    threshold = read_threshold(table["times"], "/d", where)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        times = subject.about.dosage.times
        return Answer(Truth.UNKNOWN, (), "times") if times is None else Answer(threshold.judge(times, times))

    return Criterion(text, judge, threshold=threshold, unknown=unknown)


def _once(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A single dose."""
    wanted = wanted_flag(table, "once", where)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return Answer(of(subject.about.dosage.once == wanted))

    return Criterion(text, judge, unknown=unknown)


def in_mg(subject: Subject) -> DailyDose | None:
    """The daily dose of the order or use judged, where it is known in mg."""
    daily = subject.about.dosage.daily
    return daily if daily is not None and daily.unit == "mg" else None


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "dose": (_dose, ()),
    "diazepam_equivalent": (_diazepam_equivalent, ()),
    "ceiling_equivalent": (_ceiling_equivalent, ()),
    "defined_doses": (_defined_doses, ()),
    "times": (_times, ()),
    "once": (_once, ()),
}
