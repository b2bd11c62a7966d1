"""Questions about how long a medicine has been taken, and how long it is meant to be taken on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from knowledge import duration
from knowledge.criteria.form import Answer, Criterion, Reader, Table, days_of, wanted_flag
from knowledge.criteria.medicine import absent_medicine
from knowledge.facts import Facts, Order, State, Told, Use
from knowledge.fault import fail, only_keys, text_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.threshold import Threshold, read_threshold
from knowledge.truth import Truth, all_of, any_of, of

_MEDICATIONS = frozenset({"medications"})
_UNBROKEN = Threshold("at_least", Decimal(90), "d")
_COVERED = Threshold("above", Decimal(60), "d")  # of the last 90 days


def _continuous(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Days of unbroken use up to today."""
    threshold = read_threshold(table["continuous"], "d", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        days = duration.continuous(subject.course, facts.today)
        return _by_days(threshold, days, subject, facts)

    return Criterion(text, judge, needs=_MEDICATIONS, threshold=threshold, unknown=unknown)


def _covered(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Days covered by use among the last `last` days, with the first use at least `first_use` days ago."""
    bound = table["covered"]
    threshold = read_threshold(bound, "d", where, ("last", "first_use"))
    assert isinstance(bound, Mapping)  # noqa: S101 - read_threshold has refused anything else
    last, first_use = bound.get("last"), bound.get("first_use")
    if not isinstance(last, int) or not isinstance(first_use, int):
        fail(where, "needs last and first_use in days.", 'Write {above = 60, unit = "d", last = 90, first_use = 90}.')
    begun = Threshold("at_least", Decimal(first_use), "d")

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        days = duration.covered(subject.course, facts.today, last)
        since = duration.since_first(subject.course, facts.today)
        answers = [_by_days(threshold, days, subject, facts), _by_days(begun, since, subject, facts)]
        both = all_of(answer.truth for answer in answers)
        missing = next((answer.missing for answer in answers if answer.truth is both), None)
        return answers[0]._replace(truth=both, missing=missing)

    return Criterion(text, judge, needs=_MEDICATIONS, threshold=threshold, unknown=unknown)


def _long_term(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Long-term use: 90 days or more without a break, or more than 60 of the last 90 days with the first use at least
    90 days ago (DESIGN decision 5)."""
    wanted = wanted_flag(table, "long_term", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        unbroken = _compared(_UNBROKEN, duration.continuous(subject.course, facts.today), facts)
        covered = _compared(_COVERED, duration.covered(subject.course, facts.today, 90), facts)
        begun = _compared(_UNBROKEN, duration.since_first(subject.course, facts.today), facts)
        truth = any_of([unbroken[0], all_of([covered[0], begun[0]])])
        lacking = next((missing for _, missing in (unbroken, covered, begun) if missing), None)
        missing = lacking if truth is Truth.UNKNOWN else None
        return Answer(truth if wanted else ~truth, _references(subject), missing)

    return Criterion(text, judge, needs=_MEDICATIONS, unknown=unknown)


def _past_guideline(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Unbroken use of more than `days` days, or of more than `for_anxiety` days where it is taken for anxiety.

    A reason nobody gave counts as any other (DESIGN decision 5).
    """
    bound = table["past_guideline"]
    if not isinstance(bound, Mapping):
        fail(where, "past_guideline is not a table.", "Write {days = 28, for_anxiety = 84}.")
    only_keys(bound, ("days", "for_anxiety"), where)
    limits = [Threshold("above", Decimal(days_of(bound, key, where)), "d") for key in ("days", "for_anxiety")]

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        days = duration.continuous(subject.course, facts.today)
        limit = limits[taken_for_anxiety(subject, facts, medicines)]
        return _by_days(limit, days, subject, facts)

    return Criterion(text, judge, needs=_MEDICATIONS, lists=frozenset({"anxiety", "insomnia"}), unknown=unknown)


def _taken_for(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """It is taken for anxiety. What nobody told counts as another reason."""
    if text_of(table, "taken_for", where) != "anxiety":
        fail(where, "only anxiety is told apart.", 'Write taken_for = "anxiety".')

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        return Answer(of(taken_for_anxiety(subject, facts, medicines)))

    return Criterion(text, judge, lists=frozenset({"anxiety", "insomnia"}), unknown=unknown)


def taken_for_anxiety(subject: Subject, facts: Facts, medicines: Medicines) -> bool:
    """Whether the reason given is anxiety; where none is given, whether anxiety and no sleep problem is on the list.
    A medicine made for sleep is taken for sleep unless the reason says otherwise."""
    reasons = subject.about.reasons
    if any("anxiety" in reason.lists for reason in reasons):
        return True
    if any(not reason.unclear for reason in reasons) or medicines.is_any(subject.about.medicine, {"hypnotic"}):
        return False
    active = {name for p in facts.problems if p.state is State.ACTIVE for name in p.lists}
    return "anxiety" in active and "insomnia" not in active


def _by_days(threshold: Threshold, days: duration.Days, subject: Subject, facts: Facts) -> Answer:
    truth, missing = _compared(threshold, days, facts)
    return Answer(truth, _references(subject), missing)


def _references(subject: Subject) -> tuple[str, ...]:
    return tuple(reference for use in subject.course for reference in use.references)


def _compared(threshold: Threshold, days: duration.Days, facts: Facts) -> tuple[Truth, str | None]:
    """The truth and what it lacks; where not all medicines were told, the use may have been longer than what is known of
    it."""
    truth = threshold.judge(days.low, days.high)
    if truth is Truth.UNKNOWN:
        return truth, "duration"
    whole = facts.told.get("medications", Told.NOT) is Told.WHOLE
    if not whole and threshold.judge(days.low, None) is Truth.UNKNOWN:
        return Truth.UNKNOWN, "medications"
    return truth, None


def _in_use(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A course of the medicine judged runs today, or ended no more than 14 days ago."""
    wanted = wanted_flag(table, "in_use", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        days = duration.continuous(subject.course, facts.today)
        answer = absent_medicine(facts) if days.high == 0 else Answer(Truth.YES)
        return answer if wanted else answer._replace(truth=~answer.truth)

    return Criterion(text, judge, needs=_MEDICATIONS, unknown=unknown)


def _dated(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The beginning of the present course was told: some day on which it was taken is sure, or none is possible."""
    wanted = wanted_flag(table, "dated", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        dated = duration.is_dated(subject.course, facts.today)
        return Answer(of(dated == wanted))

    return Criterion(text, judge, needs=_MEDICATIONS, unknown=unknown)


def _planned_end(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """An end was set: how many days the order or the use runs on, today and the last day included. `true`: at all."""
    bound = table["planned_end"]
    threshold = None if bound is True else read_threshold(bound, "d", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        end = _end_of(subject.about) if isinstance(subject.about, Order | Use) else None
        if end is None or threshold is None:
            return Answer(of(end is not None))
        left = (end.toordinal() - facts.today.toordinal()) + 1
        return Answer(threshold.judge(left, left))

    return Criterion(text, judge, threshold=threshold, unknown=unknown)


def _end_of(about: Order | Use) -> date | None:
    if isinstance(about, Order):
        return about.period.end
    ends = [period.end for period in about.periods]
    return None if None in ends else max((end for end in ends if end), default=None)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "continuous": (_continuous, ()),
    "covered": (_covered, ()),
    "long_term": (_long_term, ()),
    "past_guideline": (_past_guideline, ()),
    "taken_for": (_taken_for, ()),
    "in_use": (_in_use, ()),
    "dated": (_dated, ()),
    "planned_end": (_planned_end, ()),
}
