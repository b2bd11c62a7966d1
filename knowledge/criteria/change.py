"""Questions about what an order does to the present use."""

from knowledge.criteria.form import Answer, Criterion, Reader, Table, wanted_flag
from knowledge.facts import Change, Examination, Facts, Order
from knowledge.fault import fail, text_of, texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.truth import NO, UNKNOWN, YES, Truth, of


def _change(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """What the order does to the present use is one of these; a use that is not being ordered changes nothing."""
    names = texts_of(table, "change", where)
    if not names or any(name not in tuple(Change) for name in names):
        fail(where, "change is not known.", f"Use some of: {', '.join(Change)}.")
    changes = frozenset(Change(name) for name in names)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return changed_by(subject, changes)

    return Criterion(text, judge, needs=frozenset({"medications"}), unknown=unknown)


def changed_by(subject: Subject, changes: frozenset[Change]) -> Answer:
    """Whether the order makes one of `changes`: unknown while some, not all, it may be are among them."""
    if not isinstance(subject.about, Order):
        return Answer(NO)
    possible = subject.about.changes
    if possible <= changes:
        return Answer(YES, subject.about.replaces)
    if possible & changes:
        missing = "dose" if subject.about.replaces else "medications"
        return Answer(UNKNOWN, subject.about.replaces, missing)
    return Answer(NO, subject.about.replaces)


def _judged(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """An order is judged, or a use while nothing is being ordered."""
    wanted = text_of(table, "judged", where)
    if wanted not in ("order", "use"):
        fail(where, f'judged = "{wanted}" is not known.', 'Use "order" or "use".')

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return Answer(of(isinstance(subject.about, Order | Examination) == (wanted == "order")))

    return Criterion(text, judge, unknown=unknown)


def _steps_down(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The order itself goes down: several doses after each other, each lower than the one before."""
    wanted = wanted_flag(table, "steps_down", where)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return Answer(of((isinstance(subject.about, Order) and subject.about.steps_down) == wanted))

    return Criterion(text, judge, unknown=unknown)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "change": (_change, ()),
    "judged": (_judged, ()),
    "steps_down": (_steps_down, ()),
}
