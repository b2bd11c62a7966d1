"""Questions about who prescribes, about statements that contradict each other, and about what other rules said."""

from knowledge.criteria.form import Answer, Criterion, Reader, Table, wanted_flag
from knowledge.criteria.medicine import absent_medicine, going_on, taken_day_by_day
from knowledge.facts import Facts, Order, Use
from knowledge.fault import fail, text_of, texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Advise, CannotTell, Crashed, Subject
from knowledge.threshold import read_threshold
from knowledge.truth import Truth, of


def _prescribers(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """How many people prescribe medicines of class `of` that are in use, with the one who is ordering now.

    Only people told in the same way are told apart: a person and a person in a role may be one and the same.
    """
    threshold = read_threshold(table["prescribers"], "1", where)
    classes = frozenset(texts_of(table, "of", where))
    if not classes:
        fail(where, "of is missing.", 'Write {prescribers = {at_least = 2, unit = "1"}, of = "bzra"}.')

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        uses = [use for use in going_on(facts) if medicines.is_any(use.medicine, classes)]
        uses = [use for use in uses if taken_day_by_day(use, medicines)]
        orders = [subject.about] if isinstance(subject.about, Order) else []
        named = {name for use in uses for name in use.requesters} | {o.requester for o in orders if o.requester}
        kinds = {name.split("/")[0] for name in named}
        apart = max((len({n for n in named if n.split("/")[0] == kind}) for kind in kinds), default=0)
        untold = sum(1 for use in uses if not use.requesters) + sum(1 for o in orders if not o.requester)
        references = tuple(use.references[-1] for use in uses)
        if threshold.judge(apart, apart) is Truth.YES:
            return Answer(Truth.YES, references)
        if untold and threshold.judge(apart + untold, apart + untold) is Truth.YES:
            return Answer(Truth.UNKNOWN, references, "requester")
        return absent_medicine(facts)._replace(rests_on=references)

    return Criterion(text, judge, needs=frozenset({"medications"}), medicines=classes, unknown=unknown)


def _doubtful(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Somebody stated that the medicine, which is prescribed, is not being taken."""
    wanted = wanted_flag(table, "doubtful", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        found = tuple(use.references[-1] for use in _same(subject, facts) if use.dosage.why == "not-taken")
        return Answer(of(bool(found) == wanted), found)

    return Criterion(text, judge, needs=frozenset({"medications"}), unknown=unknown)


def _overlap(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The same dose of the medicine is prescribed twice at the same time, and is counted once."""
    wanted = wanted_flag(table, "overlap", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        told = {gap.about for gap in facts.gaps if gap.missing == "renewal-overlap"}
        found = tuple(use.references[-1] for use in _same(subject, facts) if told.intersection(use.references))
        return Answer(of(bool(found) == wanted), found)

    return Criterion(text, judge, needs=frozenset({"medications"}), unknown=unknown)


def _same(subject: Subject, facts: Facts) -> list[Use]:
    return [use for use in facts.uses if use.current and use.medicine == subject.about.medicine]


def _spoken(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Another rule advises on the same order or use, with one of these says."""
    rule = text_of(table, "spoken", where)
    says = frozenset(texts_of(table, "say", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        match subject.spoken.get(rule):
            case Advise(say=say) if not says or say in says:
                return Answer(Truth.YES)
            case Advise(undecided=undecided, missing=missing) if says.intersection(undecided):
                return Answer(Truth.UNKNOWN, (), missing[0] if missing else None)
            case CannotTell(missing=missing):
                return Answer(Truth.UNKNOWN, (), missing[0] if missing else None)
            case Crashed():
                return Answer(Truth.UNKNOWN, (), "rule-failed")
            case _:
                return Answer(Truth.NO)

    return Criterion(text, judge, rules=frozenset({rule}), unknown=unknown)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "prescribers": (_prescribers, ("of",)),
    "doubtful": (_doubtful, ()),
    "overlap": (_overlap, ()),
    "spoken": (_spoken, ("say",)),
}
