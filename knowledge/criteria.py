"""What a rule can ask. Each criterion is one word of rule.toml, and answers yes, no or unknown for one subject."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from knowledge import duration
from knowledge.facts import Change, DatedDose, Facts, Order, Problem, Reason, State, Told, Use
from knowledge.fault import fail, only_keys, text_of, texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Advise, CannotTell, Crashed, Subject
from knowledge.threshold import Threshold, read_threshold
from knowledge.truth import Truth, all_of, of


class Answer(NamedTuple):
    truth: Truth
    rests_on: tuple[str, ...] = ()
    missing: str | None = None


Judge = Callable[[Subject, Facts, Medicines], Answer]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question. `unknown` is what not-told counts as here, if the rule says so."""

    text: str
    judge: Judge
    needs: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()  # code lists it names
    medicines: frozenset[str] = frozenset()  # medicines or classes it names
    threshold: Threshold | None = None
    unknown: Truth | None = None


def read_criterion(table: Mapping[str, object], where: str, unknown: Truth | None) -> Criterion:
    """Turn `{problem = "epilepsy", state = ["active"]}` into a question.

    Raises KnowledgeFault where the table is not one of the forms in `WORDS`.
    """
    kinds = [key for key in table if key in WORDS]
    if len(kinds) != 1:
        fail(where, "asks nothing, or two things.", f"Use exactly one of: {', '.join(sorted(WORDS))}.")
    reader, options = WORDS[kinds[0]]
    only_keys(table, (kinds[0], "unknown", *options), where)
    text = ", ".join(f"{key} = {_written(value)}" for key, value in table.items() if key != "unknown")
    return reader(table, where, text, unknown)


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_written(item)}" for key, item in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reason(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The reason given for the order is in one of these lists."""
    lists = frozenset(texts_of(table, "reason", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return _by_reason(subject.about.reasons, lambda reason: bool(reason.lists & lists))

    return Criterion(text, judge, lists=lists, unknown=unknown)


def _other_reason_than(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
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


def _by_reason(reasons: tuple[Reason, ...], matches: Callable[[Reason], bool]) -> Answer:
    matching = [reason for reason in reasons if matches(reason)]
    if matching:
        return Answer(Truth.YES, _references(matching))
    if not reasons or any(reason.unclear for reason in reasons):
        return Answer(Truth.UNKNOWN, _references(reasons), "reason")
    return Answer(Truth.NO, _references(reasons))


def _references(reasons: tuple[Reason, ...] | list[Reason]) -> tuple[str, ...]:
    return tuple(reason.reference for reason in reasons if reason.reference)


def _problem(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The problem list holds one of these lists, in one of these states. `sure = true` leaves provisional ones out;
    `not_for` does not ask it of these medicines or classes."""
    lists = frozenset(texts_of(table, "problem", where))
    states = frozenset(State(state) for state in _states(table, where))
    sure = table.get("sure") is True
    not_for = frozenset(texts_of(table, "not_for", where))

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        if not_for and medicines.is_any(subject.about.medicine, not_for):
            return Answer(Truth.NO)
        listed = [p for p in facts.problems if p.lists & lists and (p.sure or not sure)]
        matching = [p for p in listed if p.state in states]
        if matching:
            return Answer(Truth.YES, _problem_references(matching))
        unclear = [p for p in listed if p.state is State.UNCLEAR]
        if unclear:
            return Answer(Truth.UNKNOWN, _problem_references(unclear), "state")
        if facts.told.get("conditions", Told.NOT) is Told.WHOLE:
            return Answer(Truth.NO, _problem_references(listed))
        return Answer(Truth.UNKNOWN, (), "conditions")

    return Criterion(text, judge, frozenset({"conditions"}), lists=lists, medicines=not_for, unknown=unknown)


def _states(table: Mapping[str, object], where: str) -> tuple[str, ...]:
    states = texts_of(table, "state", where)
    if not states or any(state not in tuple(State) for state in states):
        fail(where, "state is missing or not known.", f"Use some of: {', '.join(State)}.")
    return states


def _problem_references(problems: list[Problem]) -> tuple[str, ...]:
    return tuple(problem.reference for problem in problems)


def _use(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """Another medicine of one of these classes is in use today, or is being ordered in the same call."""
    classes = frozenset(texts_of(table, "use", where))

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        def is_another(medicine: str) -> bool:
            return medicine != subject.about.medicine and medicines.is_any(medicine, classes)

        uses = [use for use in facts.uses if use.current and is_another(use.medicine)]
        orders = [o for o in facts.orders if Change.STOP not in o.changes and is_another(o.medicine)]
        if uses or orders:
            references = (*(use.references[-1] for use in uses), *(order.reference for order in orders))
            return Answer(Truth.YES, references)
        return _absent_medicine(facts)

    return Criterion(text, judge, needs=frozenset({"medications"}), medicines=classes, unknown=unknown)


def _ordered(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """Another medicine of one of these classes is started or raised in the same call."""
    classes = frozenset(texts_of(table, "ordered", where))
    more = frozenset({Change.START, Change.RAISE})

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        others = [
            o for o in facts.orders if o.medicine != subject.about.medicine and medicines.is_any(o.medicine, classes)
        ]
        started = [order.reference for order in others if order.changes <= more]
        if started:
            return Answer(Truth.YES, tuple(started))
        unclear = [order.reference for order in others if order.changes & more]
        return Answer(Truth.UNKNOWN, tuple(unclear), "dose") if unclear else Answer(Truth.NO)

    return Criterion(text, judge, needs=frozenset({"medications"}), medicines=classes, unknown=unknown)


def _absent_medicine(facts: Facts) -> Answer:
    if facts.told.get("medications", Told.NOT) is Told.WHOLE:
        return Answer(Truth.NO)
    return Answer(Truth.UNKNOWN, (), "medications")


def _medicine(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The medicine judged is one of these, or of one of these classes."""
    wanted = frozenset(texts_of(table, "medicine", where))

    def judge(subject: Subject, _facts: Facts, medicines: Medicines) -> Answer:
        return Answer(of(medicines.is_any(subject.about.medicine, wanted)))

    return Criterion(text, judge, medicines=wanted, unknown=unknown)


def _route(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The route is one of these. A route nobody gave is unknown, not oral."""
    routes = frozenset(texts_of(table, "route", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        if subject.about.route is None:
            return Answer(Truth.UNKNOWN, (), "route")
        return Answer(of(subject.about.route in routes))

    return Criterion(text, judge, unknown=unknown)


def _change(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
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
    if isinstance(subject.about, Use):
        return Answer(Truth.NO)
    possible = subject.about.changes
    if possible <= changes:
        return Answer(Truth.YES, subject.about.replaces)
    if possible & changes:
        missing = "dose" if subject.about.replaces else "medications"
        return Answer(Truth.UNKNOWN, subject.about.replaces, missing)
    return Answer(Truth.NO, subject.about.replaces)


def _judged(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """An order is judged, or a use while nothing is being ordered."""
    wanted = text_of(table, "judged", where)
    if wanted not in ("order", "use"):
        fail(where, f'judged = "{wanted}" is not known.', 'Use "order" or "use".')

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return Answer(of(isinstance(subject.about, Order) == (wanted == "order")))

    return Criterion(text, judge, unknown=unknown)


def _dose(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The daily dose of the medicine judged, in mg a day. With `end = "high"`, what may be taken when needed counts."""
    threshold = read_threshold(table["dose"], "mg/d", where)

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        dosage = subject.about.dosage
        daily, most = dosage.daily, dosage.ceiling
        low, high = (daily.low, daily.high) if daily and daily.unit == "mg" else (None, None)
        if threshold.end == "high" and dosage.as_needed:
            low, high = low or Decimal(0), most.value if most and most.unit == "mg" else None
        elif low is None:
            return Answer(Truth.UNKNOWN, (), "dose")
        truth = threshold.judge(low, high)
        return Answer(truth, (), "dose" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, threshold=threshold, unknown=unknown)


def _diazepam_equivalent(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The daily dose of all BZRA together in mg oral diazepam: a range, because tables differ (DESIGN decision 1)."""
    threshold = read_threshold(table["diazepam_equivalent"], "mg/d", where)

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        counted = [subject.about, *other_bzra(subject, facts, medicines)]
        low, high = medicines.diazepam_equivalent(counted)
        is_whole = facts.told.get("medications", Told.NOT) is Told.WHOLE
        truth = threshold.judge(low, high if is_whole else None)  # there may be more than was told
        if truth is not Truth.UNKNOWN:
            return Answer(truth)
        if threshold.judge(low, high) is not truth:
            return Answer(truth, (), "medications")
        readable = all(item.dosage.daily and item.dosage.daily.unit == "mg" for item in counted)
        return Answer(truth, (), "tables-differ" if readable else "dose")

    return Criterion(text, judge, frozenset({"medications"}), threshold=threshold, unknown=unknown)


def other_bzra(subject: Subject, facts: Facts, medicines: Medicines) -> list[Order | Use]:
    """The other BZRA as they are taken from now on: in use today and not stopped in the same call, or ordered in it."""

    def is_another(medicine: str) -> bool:
        return medicine != subject.about.medicine and medicines.is_any(medicine, {"bzra"})

    orders = _largest(order for order in facts.orders if is_another(order.medicine) and not order.dosage.once)
    ordered = {order.medicine for order in orders}
    uses = [use for use in facts.uses if use.current and is_another(use.medicine) and use.medicine not in ordered]
    return [*uses, *(order for order in orders if order.changes != {Change.STOP})]


def _largest(orders: Iterable[Order]) -> list[Order]:
    """One order of each medicine and route: its dose is that of all of them together."""
    found: dict[tuple[str, str | None, bool], Order] = {}
    for order in orders:
        key = (order.medicine, order.route, order.changes == {Change.STOP})
        if key not in found or _most(order) > _most(found[key]):
            found[key] = order
    return list(found.values())


def _most(order: Order) -> Decimal:
    return order.dosage.daily.high if order.dosage.daily else Decimal(-1)


def _continuous(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """Days of unbroken use up to today."""
    threshold = read_threshold(table["continuous"], "d", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        days = duration.continuous(subject.course, facts.today)
        return _by_days(threshold.judge(days.low, days.high), subject, facts)

    return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)


def _covered(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """Days covered by use among the last `last` days, with the first use at least `first_use` days ago."""
    bound = table["covered"]
    threshold = read_threshold(bound, "d", where, ("last", "first_use"))
    assert isinstance(bound, Mapping)  # noqa: S101 - read_threshold has refused anything else
    last, first_use = bound.get("last"), bound.get("first_use")
    if not isinstance(last, int) or not isinstance(first_use, int):
        fail(where, "needs last and first_use in days.", 'Write {above = 60, unit = "d", last = 90, first_use = 90}.')
    begun = Threshold("at_least", threshold.bound.__class__(first_use), "d")

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        days = duration.covered(subject.course, facts.today, last)
        since = duration.since_first(subject.course, facts.today)
        truths = {threshold.judge(days.low, days.high), begun.judge(since.low, since.high)}
        both = Truth.NO if Truth.NO in truths else Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.YES
        return _by_days(both, subject, facts)

    return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)


def _by_days(truth: Truth, subject: Subject, facts: Facts) -> Answer:
    references = tuple(reference for use in subject.course for reference in use.references)
    if truth is Truth.NO and facts.told.get("medications", Told.NOT) is not Told.WHOLE:
        return Answer(Truth.UNKNOWN, references, "medications")
    return Answer(truth, references, "duration" if truth is Truth.UNKNOWN else None)


def _lowered_to(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """The dose now, as a share of the highest dose of the last 365 days, once it has been taken for `held` days."""
    bound = table["lowered_to"]
    threshold = read_threshold(bound, "%", where, ("held",))
    assert isinstance(bound, Mapping)  # noqa: S101 - read_threshold has refused anything else
    held = bound.get("held", 0)
    if not isinstance(held, int):
        fail(where, "held is not a number of days.", 'Write {at_most = 25, unit = "%", held = 7}, or leave held out.')

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        own = [use for use in subject.course if use.medicine == subject.about.medicine]
        doses = _in_force_since((dose for use in own for dose in use.doses), facts.today - timedelta(days=365), facts)
        peak = max((dose.daily.high for dose in doses), default=0)
        if not peak:
            return Answer(Truth.UNKNOWN, (), "dose")
        now = doses[-1]
        references = tuple(reference for use in own for reference in use.references)
        if facts.told.get("medications", Told.NOT) is not Told.WHOLE:
            return Answer(Truth.UNKNOWN, references, "medications")
        truth = threshold.judge(100 * now.daily.low / peak, 100 * now.daily.high / peak)
        is_held = of((facts.today - now.since).days >= held)
        return Answer(all_of([truth, is_held]), references, "dose" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, needs=frozenset({"medications"}), threshold=threshold, unknown=unknown)


def _in_force_since(doses: Iterable[DatedDose], first: date, facts: Facts) -> list[DatedDose]:
    """The doses in mg that were taken on or after `first`, oldest first: also the one that was being taken that day."""
    known = sorted((d for d in doses if d.daily.unit == "mg" and d.since <= facts.today), key=lambda d: d.since)
    ends = [following.since for following in known[1:]]
    return [dose for dose, end in zip_longest(known, ends) if end is None or end > first]


def _once(table: Mapping[str, object], _where: str, text: str, unknown: Truth | None) -> Criterion:
    """A single dose."""
    wanted = table["once"] is True

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return Answer(of(subject.about.dosage.once == wanted))

    return Criterion(text, judge, unknown=unknown)


def _age(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
    """Age in completed years today; a birth date without day or month gives a range."""
    threshold = read_threshold(table["age"], "a", where)

    def judge(_subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        ages = facts.patient.age(facts.today)
        if ages is None:
            return Answer(Truth.UNKNOWN, (), "birth-date")
        truth = threshold.judge(*ages)
        return Answer(truth, (facts.patient.reference,), "birth-date" if truth is Truth.UNKNOWN else None)

    return Criterion(text, judge, needs=frozenset({"patient"}), threshold=threshold, unknown=unknown)


def _spoken(table: Mapping[str, object], where: str, text: str, unknown: Truth | None) -> Criterion:
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


_Reader = Callable[[Mapping[str, object], str, str, Truth | None], Criterion]
WORDS: dict[str, tuple[_Reader, tuple[str, ...]]] = {
    "reason": (_reason, ()),
    "other_reason_than": (_other_reason_than, ()),
    "problem": (_problem, ("state", "sure", "not_for")),
    "use": (_use, ()),
    "ordered": (_ordered, ()),
    "medicine": (_medicine, ()),
    "route": (_route, ()),
    "change": (_change, ()),
    "judged": (_judged, ()),
    "dose": (_dose, ()),
    "diazepam_equivalent": (_diazepam_equivalent, ()),
    "continuous": (_continuous, ()),
    "covered": (_covered, ()),
    "lowered_to": (_lowered_to, ()),
    "once": (_once, ()),
    "age": (_age, ()),
    "spoken": (_spoken, ("say",)),
}
