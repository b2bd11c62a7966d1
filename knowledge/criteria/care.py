"""Questions about the present stay, implanted pumps, procedures, and examinations being ordered."""

from datetime import timedelta

from knowledge import duration
from knowledge.criteria.form import Answer, Criterion, Reader, Table, days_of, wanted_flag
from knowledge.facts import Examination, Facts, Order, Procedure, State, Told, Use
from knowledge.fault import fail, text_of, texts_of
from knowledge.medicine import Medicines
from knowledge.outcome import Subject
from knowledge.truth import Truth, of

_ENCOUNTER = frozenset({"encounter"})


def _setting(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """Where the order is written: "inpatient" or "outpatient", as the order tells, else the present contact."""
    wanted = text_of(table, "setting", where)
    if wanted not in ("inpatient", "outpatient"):
        fail(where, f'setting = "{wanted}" is not known.', 'Use "inpatient" or "outpatient".')

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        told = subject.about.setting if isinstance(subject.about, Order) else None
        if told is not None:
            return Answer(of(told == wanted))
        if facts.encounter is not None and facts.encounter.setting is not None:
            return Answer(of(facts.encounter.setting == wanted), (facts.encounter.reference,))
        return Answer(Truth.UNKNOWN, (), "encounter")

    return Criterion(text, judge, needs=_ENCOUNTER, unknown=unknown)


def _begun_in_hospital(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The course of the medicine began during the present stay, or all of it was prescribed for inpatients."""
    wanted = wanted_flag(table, "begun_in_hospital", where)

    def judge(subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        answer = begun_in_hospital(subject, facts)
        return answer if wanted else answer._replace(truth=~answer.truth)

    return Criterion(text, judge, needs=_ENCOUNTER | {"medications"}, unknown=unknown)


def begun_in_hospital(subject: Subject, facts: Facts) -> Answer:
    """Unknown where neither the prescriptions nor the stay tell."""
    settings = subject.about.settings if isinstance(subject.about, Use) else frozenset()
    if "inpatient" in settings and settings <= {"inpatient", "discharge"}:
        return Answer(Truth.YES)
    stay = facts.encounter
    if stay is None or stay.start is None:
        return Answer(Truth.UNKNOWN, (), "encounter")
    if stay.setting == "outpatient":
        return Answer(Truth.NO, (stay.reference,))
    days = duration.continuous(subject.course, facts.today)
    if days.high is None:
        return Answer(Truth.UNKNOWN, (stay.reference,), "duration")
    begun = facts.today - timedelta(days=days.high - 1)
    return Answer(of(begun >= stay.start), (stay.reference,))


def _pump(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A pump of this list is in place: a device, a procedure that was not followed by its removal, a problem, or
    intrathecal baclofen in use. Devices told whole, or any other list that would name it, prove its absence."""
    lists = frozenset(texts_of(table, "pump", where))

    def judge(_subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        running = [use.references[-1] for use in facts.uses if use.current and use.route == "intrathecal"]
        devices = [device for device in facts.devices if device.lists & lists]
        found = (*running, *(device.reference for device in devices if device.in_place))
        found += tuple(p.reference for p in facts.problems if p.lists & lists and p.state is State.ACTIVE)
        if found:
            return Answer(Truth.YES, found)
        placed = _placed([p for p in facts.procedures if p.lists & lists and p.done])
        if placed is not None:
            return placed
        return Answer(Truth.NO, tuple(d.reference for d in devices)) if devices else _absent_pump(facts)

    needs = frozenset({"devices", "procedures", "conditions", "medications"})
    return Criterion(text, judge, needs=needs, lists=lists, unknown=unknown)


def _placed(procedures: list[Procedure]) -> Answer | None:
    """What the latest dated procedure tells; a removal without a date ends everything before it."""
    removals = [p for p in procedures if p.removes]
    others = [p for p in procedures if not p.removes]
    if not procedures:
        return None
    latest = max((p.on for p in removals if p.on), default=None)
    after = [p for p in others if not removals or (latest and p.on and p.on > latest)]
    kept = after or removals
    return Answer(of(bool(after)), tuple(p.reference for p in kept))


def _absent_pump(facts: Facts) -> Answer:
    told = {name for name in ("devices", "procedures", "medications") if facts.told.get(name) is Told.WHOLE}
    if "devices" in told or {"procedures", "medications"} <= told:
        return Answer(Truth.NO)
    return Answer(Truth.UNKNOWN, (), "pump" if told else "devices")


def _missed(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """A procedure of this list was planned in the last `last` days and not done, and has not been done since."""
    lists = frozenset(texts_of(table, "missed", where))
    last = days_of(table, "last", where)

    def judge(_subject: Subject, facts: Facts, _medicines: Medicines) -> Answer:
        of_list = [p for p in facts.procedures if p.lists & lists and not p.removes]
        opens = facts.today - timedelta(days=last)
        missed = [p for p in of_list if not p.done and p.on is not None and opens <= p.on <= facts.today]
        done = [p.on for p in of_list if p.done and p.on]
        open_still = [p for p in missed if p.on and not any(day >= p.on for day in done)]
        if open_still:
            return Answer(Truth.YES, tuple(p.reference for p in open_still))
        if facts.told.get("procedures", Told.NOT) is Told.WHOLE:
            return Answer(Truth.NO)
        return Answer(Truth.UNKNOWN, (), "procedures")

    return Criterion(text, judge, needs=frozenset({"procedures"}), lists=lists, unknown=unknown)


def _examination(table: Table, where: str, text: str, unknown: Truth | None) -> Criterion:
    """The examination being ordered is one of these."""
    lists = frozenset(texts_of(table, "examination", where))

    def judge(subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        return Answer(of(isinstance(subject.about, Examination) and bool(subject.about.lists & lists)))

    return Criterion(text, judge, lists=lists, unknown=unknown)


WORDS: dict[str, tuple[Reader, tuple[str, ...]]] = {
    "setting": (_setting, ()),
    "begun_in_hospital": (_begun_in_hospital, ()),
    "pump": (_pump, ()),
    "missed": (_missed, ("last",)),
    "examination": (_examination, ()),
}
