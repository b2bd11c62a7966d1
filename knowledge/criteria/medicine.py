"""Questions about the medicine judged, and about the others beside it."""

from collections.abc import Iterable
from decimal import Decimal

from knowledge.criteria.form import Answer, Criterion, Reader, Table, wanted_flag
from knowledge.facts import Change, Facts, Order, Told, Use
from knowledge.fault import texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.truth import Truth, of

# Given by one of these, a BZRA is a rescue medicine or a sedation: no dose that anybody takes day by day.
NOT_SWALLOWED = frozenset(
    {"rectal", "buccal", "nasal", "oromucosal", "intravenous", "intramuscular", "subcutaneous", "intrathecal"}
)
_MEDICATIONS = frozenset({"medications"})


def _use(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Another medicine of one of these classes is in use today, or is being ordered in the same call."""
    classes = frozenset(texts_of(table, "use", where))

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        uses = [use for use in facts.uses if use.current and _is_another(use.medicine, subject, classes, medicines)]
        orders = _ordered_beside(subject, facts, classes, medicines)
        return _found(uses, orders, facts)

    return Criterion(text, judge, needs=_MEDICATIONS, medicines=classes, unknown=unknown)


def _beside(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Another medicine of one of these classes is taken as well: in use and not being stopped, or ordered in the same
    call. A BZRA counts only where it is taken day by day."""
    classes = frozenset(texts_of(table, "beside", where))

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        others = [use for use in going_on(facts) if _is_another(use.medicine, subject, classes, medicines)]
        orders = _ordered_beside(subject, facts, classes, medicines)
        uses = [use for use in others if taken_day_by_day(use, medicines)]
        return _found(uses, [order for order in orders if taken_day_by_day(order, medicines)], facts)

    return Criterion(text, judge, needs=_MEDICATIONS, medicines=classes, unknown=unknown)


def _used(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A medicine of one of these classes is or was in use, at any time the record tells of."""
    classes = frozenset(texts_of(table, "used", where))

    def judge(_subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        uses = [use for use in facts.uses if use.periods and medicines.is_any(use.medicine, classes)]
        return _found(uses, [], facts)

    return Criterion(text, judge, needs=_MEDICATIONS, medicines=classes, unknown=unknown)


def _ordered(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Another medicine of one of these classes is started or raised in the same call."""
    classes = frozenset(texts_of(table, "ordered", where))
    more = frozenset({Change.START, Change.RAISE})

    def judge(subject: Subject, facts: Facts, medicines: Medicines) -> Answer:
        others = facts.once(
            ("another", subject.about.medicine, classes),
            lambda: [order for order in facts.orders if _is_another(order.medicine, subject, classes, medicines)],
        )
        started = [order.reference for order in others if order.changes <= more]
        if started:
            return Answer(Truth.YES, tuple(started))
        unclear = [order.reference for order in others if order.changes & more]
        return Answer(Truth.UNKNOWN, tuple(unclear), "dose") if unclear else Answer(Truth.NO)

    return Criterion(text, judge, needs=_MEDICATIONS, medicines=classes, unknown=unknown)


def _medicine(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The medicine judged is one of these, or of one of these classes."""
    wanted = frozenset(texts_of(table, "medicine", where))

    def judge(subject: Subject, _facts: Facts, medicines: Medicines) -> Answer:
        return Answer(of(medicines.is_any(subject.about.medicine, wanted)))

    return Criterion(text, judge, medicines=wanted, unknown=unknown)


def _route(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The route is one of these. A route nobody gave is unknown, not oral."""
    routes = frozenset(texts_of(table, "route", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        if subject.about.route is None:
            return Answer(Truth.UNKNOWN, (), "route")
        return Answer(of(subject.about.route in routes))

    return Criterion(text, judge, unknown=unknown)


def _day_by_day(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """It is taken day by day: no single dose, and nothing given by a route of rescue or sedation. A route nobody gave is
    taken for the usual one."""
    wanted = wanted_flag(table, "day_by_day", where)

    def judge(subject: Subject, _facts: Facts, medicines: Medicines) -> Answer:
        about = subject.about
        return Answer(of((isinstance(about, Order | Use) and taken_day_by_day(about, medicines)) == wanted))

    return Criterion(text, judge, unknown=unknown)


def going_on(facts: Facts) -> list[Use]:
    """The uses of today that no order of this call stops."""

    def found() -> list[Use]:
        ending = {reference for order in facts.orders if order.changes == {Change.STOP} for reference in order.replaces}
        return [use for use in facts.uses if use.current and not ending.intersection(use.references)]

    return facts.once("going-on", found)


def taken_day_by_day(item: Order | Use, medicines: Medicines) -> bool:
    """Whether it is taken rather than given once or as a rescue. Other medicines than BZRA always count as taken."""
    if not medicines.is_any(item.medicine, {"bzra"}):
        return True
    return not item.dosage.once and item.route not in NOT_SWALLOWED


def other_bzra(subject: Subject, facts: Facts, medicines: Medicines) -> list[Order | Use]:
    """The other BZRA as they are taken from now on, day by day: in use today and not stopped in the same call, or
    ordered in it."""
    return facts.once(("other-bzra", subject.about.medicine), lambda: _other_bzra(subject, facts, medicines))


def _other_bzra(subject: Subject, facts: Facts, medicines: Medicines) -> list[Order | Use]:
    bzra = frozenset({"bzra"})
    orders = _largest(
        order
        for order in facts.orders
        if _is_another(order.medicine, subject, bzra, medicines) and taken_day_by_day(order, medicines)
    )
    ordered = {order.medicine for order in orders}
    uses = [use for use in facts.uses if use.current and _is_another(use.medicine, subject, bzra, medicines)]
    uses = [use for use in uses if use.medicine not in ordered and taken_day_by_day(use, medicines)]
    return [*uses, *(order for order in orders if order.changes != {Change.STOP})]


def bzra_until_now(subject: Subject, facts: Facts, medicines: Medicines) -> list[Use]:
    """The other BZRA in use today, day by day, whatever this call does with them."""
    uses = [
        use for use in facts.uses if use.current and _is_another(use.medicine, subject, frozenset({"bzra"}), medicines)
    ]
    return [use for use in uses if taken_day_by_day(use, medicines)]


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


def _ordered_beside(subject: Subject, facts: Facts, classes: frozenset[str], medicines: Medicines) -> list[Order]:
    def beside() -> list[Order]:
        others = [order for order in facts.orders if Change.STOP not in order.changes]
        return [order for order in others if _is_another(order.medicine, subject, classes, medicines)]

    return facts.once(("ordered-beside", subject.about.medicine, classes), beside)


def _is_another(medicine: str, subject: Subject, classes: frozenset[str], medicines: Medicines) -> bool:
    return medicine != subject.about.medicine and medicines.is_any(medicine, classes)


def _found(uses: Iterable[Use], orders: Iterable[Order], facts: Facts) -> Answer:
    references = (*(use.references[-1] for use in uses), *(order.reference for order in orders))
    return Answer(Truth.YES, references) if references else absent_medicine(facts)


def absent_medicine(facts: Facts) -> Answer:
    """What the absence of a medicine proves."""
    if facts.told.get("medications", Told.NOT) is Told.WHOLE:
        return Answer(Truth.NO)
    return Answer(Truth.UNKNOWN, (), "medications")


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "use": (_use, ()),
    "beside": (_beside, ()),
    "used": (_used, ()),
    "ordered": (_ordered, ()),
    "medicine": (_medicine, ()),
    "route": (_route, ()),
    "day_by_day": (_day_by_day, ()),
}
