"""Questions about why an order was written."""

from collections.abc import Callable, Iterable

from knowledge.criteria.form import Answer, Criterion, Reader, Table, wanted_flag
from knowledge.facts import Facts, Reason
from knowledge.fault import texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.truth import Truth, of


def _reason(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The reason given for the order is in one of these lists."""
    lists = frozenset(texts_of(table, "reason", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return by_reason(subject.about.reasons, lambda reason: bool(reason.lists & lists))

    return Criterion(text, judge, lists=lists, unknown=unknown)


def _other_reason_than(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A reason was given that is something else than these lists, and none that is in them. Words that fit several
    indications are no reason given."""
    lists = frozenset(texts_of(table, "other_reason_than", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        reasons = subject.about.reasons
        named = [reason for reason in reasons if reason.lists or not reason.unclear]
        if any(reason.lists & lists for reason in named):
            return Answer(Truth.NO, _references(reasons))
        return Answer(Truth.YES, _references(named)) if named else Answer(Truth.UNKNOWN, _references(reasons), "reason")

    return Criterion(text, judge, lists=lists, unknown=unknown)


def _reason_unread(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A reason was given by a code that nobody here knows: it is something, and may be anything."""
    wanted = wanted_flag(table, "reason_unread", where)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        unread = [reason for reason in subject.about.reasons if reason.unknown and reason.unclear]
        return Answer(of(bool(unread) is wanted), _references(unread))

    return Criterion(text, judge, unknown=unknown)


def by_reason(reasons: tuple[Reason, ...], matches: Callable[[Reason], bool]) -> Answer:
    """Whether a reason given matches: unknown where none was given, or one whose words fit several indications."""
    matching = [reason for reason in reasons if matches(reason)]
    if matching:
        return Answer(Truth.YES, _references(matching))
    if not reasons or any(reason.unclear for reason in reasons):
        return Answer(Truth.UNKNOWN, _references(reasons), "reason")
    return Answer(Truth.NO, _references(reasons))


def _references(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(reason.reference for reason in reasons if reason.reference)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "reason": (_reason, ()),
    "other_reason_than": (_other_reason_than, ()),
    "reason_unread": (_reason_unread, ()),
}
