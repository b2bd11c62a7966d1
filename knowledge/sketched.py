"""Shorthand for facts: a line a pharmacist can read → what is ordered, in use and on the list."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from knowledge.facts import (
    Amount,
    Certainty,
    Change,
    DailyDose,
    DatedDose,
    Device,
    Dosage,
    Encounter,
    Examination,
    Facts,
    Gap,
    Order,
    Patient,
    Period,
    Problem,
    Procedure,
    Reason,
    State,
    Told,
    Use,
)
from knowledge.fault import among, fail, only_keys, text_of, texts_of

ORDER, EXAMINATION = "MedicationRequest/order", "ServiceRequest/order"  # what the rule is asked about
LISTS = ("patient", "conditions", "medications", "procedures", "devices", "encounter")
_DOSED = ("medicine", "daily", "reason", "route", "once", "as_needed", "at_most", "times", "until", "requester")
_ORDER = (*_DOSED, "change", "supply_days", "setting", "steps_down")
_USE = (*_DOSED, "since", "doses", "settings", "overlap", "doubtful", "possible")


def read_facts(table: Mapping[str, object], where: str) -> Facts:
    """The facts a case sketches. Raises KnowledgeFault where it is not of the form."""
    today = table.get("today")
    if not isinstance(today, date):
        fail(where, "today is not a date.", "Write today = 2026-11-21; a case never ages.")
    used = enumerate(_list(table, "uses"), start=1)
    uses = tuple(_use(use, f"MedicationRequest/use-{n}", f"{where}: uses", today) for n, use in used)
    drafts = [("order", ORDER, table["order"])] if "order" in table else []
    others = enumerate(_list(table, "orders"), start=2)
    drafts += [("orders", f"MedicationRequest/order-{n}", draft) for n, draft in others]
    age = table.get("age")
    born = date(today.year - age, 1, 1) if isinstance(age, int) else None
    told = dict.fromkeys(LISTS, Told.WHOLE)
    for key, how in (("partly_told", Told.PART), ("not_told", Told.NOT)):
        told |= dict.fromkeys(among(texts_of(table, key, where), LISTS, f"{where}: {key}"), how)
    country = table.get("country")
    return Facts(
        today=today,
        patient=Patient(
            "Patient/1",
            born,
            country=country if isinstance(country, str) else None,
            nursing_home=True if table.get("nursing_home") is True else None,
        ),
        orders=tuple(_order(draft, reference, uses, f"{where}: {name}", today) for name, reference, draft in drafts),
        uses=uses,
        problems=tuple(_problem(p, n, f"{where}: problems") for n, p in enumerate(_list(table, "problems"), start=1)),
        examinations=_examinations(table, where),
        procedures=tuple(_procedure(p, n, f"{where}: procedures") for n, p in enumerate(_list(table, "procedures"), 1)),
        devices=tuple(_device(d, n, f"{where}: devices") for n, d in enumerate(_list(table, "devices"), start=1)),
        encounter=_encounter(table.get("encounter"), f"{where}: encounter"),
        told=told,
        gaps=_overlaps(table),
    )


def _overlaps(table: Mapping[str, object]) -> tuple[Gap, ...]:
    """A use written as two prescriptions at the same time, counted once."""
    used = enumerate(_list(table, "uses"), start=1)
    twice = [n for n, use in used if isinstance(use, Mapping) and use.get("overlap") is True]
    return tuple(Gap("renewal-overlap", f"MedicationRequest/use-{n}") for n in twice)


def _examinations(table: Mapping[str, object], where: str) -> tuple[Examination, ...]:
    named = frozenset(texts_of(table, "examination", where))
    return (Examination(EXAMINATION, named),) if named else ()


def _procedure(table: object, number: int, where: str) -> Procedure:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {list = "intrathecal-pump", on = 2024-03-01}.')
    only_keys(table, ("list", "on", "done", "removes"), where)
    lists = frozenset(texts_of(table, "list", where))
    done, removes = table.get("done", True) is True, table.get("removes") is True
    return Procedure(f"Procedure/{number}", lists, done, _day(table, "on"), removes)


def _device(table: object, number: int, where: str) -> Device:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {list = "intrathecal-pump"}.')
    only_keys(table, ("list", "in_place"), where)
    return Device(f"Device/{number}", frozenset(texts_of(table, "list", where)), table.get("in_place", True) is True)


def _encounter(table: object, where: str) -> Encounter | None:
    if table is None:
        return None
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {setting = "inpatient", start = 2026-11-15}.')
    only_keys(table, ("setting", "start"), where)
    setting = text_of(table, "setting", where) if "setting" in table else None
    return Encounter("Encounter/1", setting, _day(table, "start"))


def _day(table: Mapping[str, object], key: str) -> date | None:
    value = table.get(key)
    return value if isinstance(value, date) else None


def _list(table: Mapping[str, object], key: str) -> list[object]:
    value = table.get(key, [])
    return value if isinstance(value, list) else [value]


def _order(table: object, reference: str, uses: tuple[Use, ...], where: str, today: date) -> Order:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {medicine = "baclofen", daily = "30 mg", change = "start"}.')
    only_keys(table, _ORDER, where)
    supply, medicine = table.get("supply_days"), text_of(table, "medicine", where)
    changes = among(texts_of(table, "change", where), tuple(Change), f"{where}: change")
    changes = changes or tuple(change for change in Change if change is not Change.STOP)
    return Order(
        reference=reference,
        medicine=medicine,
        changes=frozenset(Change(change) for change in changes),
        dosage=_dosage(table, where),
        route=text_of(table, "route", where) if "route" in table else None,
        reasons=_reasons(table, where),
        period=Period(today, _day(table, "until")),
        supply_days=supply if isinstance(supply, int) else None,
        requester=text_of(table, "requester", where) if "requester" in table else None,
        replaces=() if Change.START in changes else _replaced(medicine, uses),
        setting=text_of(table, "setting", where) if "setting" in table else None,
        steps_down=table.get("steps_down") is True,
    )


def _replaced(medicine: str, uses: tuple[Use, ...]) -> tuple[str, ...]:
    same = [reference for use in uses if use.current and use.medicine == medicine for reference in use.references]
    return tuple(same) or ("MedicationRequest/use-1",)


def _use(table: object, reference: str, where: str, today: date) -> Use:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {medicine = "lorazepam", daily = "1 mg", since = 2026-01-01}.')
    only_keys(table, _USE, where)
    start, until = _day(table, "since"), _day(table, "until")
    dosage = _dosage(table, where)
    if table.get("doubtful") is True:
        dosage = replace(dosage, daily=None, why="not-taken")
    doses = [_dated(item, where) for item in _list(table, "doses")]
    possible = table.get("possible") is True  # of an unknown status: nobody tells whether it was followed
    return Use(
        medicine=text_of(table, "medicine", where),
        references=(reference,),
        periods=(Period(start, until, sure=not possible and (not dosage.as_needed or bool(dosage.daily))),),
        current=until is None or until >= today,
        dosage=dosage,
        route=text_of(table, "route", where) if "route" in table else None,
        reasons=_reasons(table, where),
        requesters=frozenset(texts_of(table, "requester", where)),
        settings=frozenset(texts_of(table, "settings", where)),
        doses=tuple(doses) or ((DatedDose(start or today - timedelta(days=1), dosage.daily),) if dosage.daily else ()),
    )


def _dated(table: object, where: str) -> DatedDose:
    if not isinstance(table, Mapping) or not isinstance(table.get("since"), date):
        fail(where, "doses are not dated.", 'Write doses = [{since = 2026-01-01, daily = "10 mg"}].')
    daily = _daily(text_of(table, "daily", where), where)
    since = table["since"]
    assert isinstance(since, date)  # noqa: S101 - checked above
    return DatedDose(since, daily)


def _dosage(table: Mapping[str, object], where: str) -> Dosage:
    daily = _daily(text_of(table, "daily", where), where) if "daily" in table else None
    ceiling = _daily(text_of(table, "at_most", where), where) if "at_most" in table else None
    times = table.get("times")
    return Dosage(
        daily=daily,
        ceiling=Amount(ceiling.high, ceiling.unit) if ceiling else None,
        times=times if isinstance(times, int) else None,
        as_needed=table.get("as_needed") is True,
        once=table.get("once") is True,
        why=None if daily else "no-dose",
    )


def _daily(written: str, where: str) -> DailyDose:
    """ "30 mg" or "5-10 mg"."""
    amount, _, unit = written.partition(" ")
    low, _, high = amount.partition("-")
    try:
        return DailyDose(Decimal(low), Decimal(high or low), unit, Certainty.SURE, "structure")
    except InvalidOperation:
        fail(where, f'daily = "{written}" is no dose.', 'Write "30 mg" or "5-10 mg".')


def _reasons(table: Mapping[str, object], where: str) -> tuple[Reason, ...]:
    """A list's name; "other" for a reason no list knows; "unclear" for words that fit several indications; "unread" for
    a code nobody knows; a name with a question mark for a reason that is provisional, or that stands among other words."""
    return tuple(_reason(name) for name in texts_of(table, "reason", where))


def _reason(written: str) -> Reason:
    name = written.removesuffix("?")
    lists = frozenset() if name in ("other", "unclear", "unread") else frozenset({name})
    return Reason(lists, unclear=name in ("unclear", "unread") or name != written, unknown=name == "unread")


def _problem(table: object, number: int, where: str) -> Problem:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {list = "epilepsy", state = "active"}.')
    only_keys(table, ("list", "state", "sure"), where)
    (state,) = among((text_of(table, "state", where),), tuple(State), f"{where}: state")
    sure = table.get("sure", True) is True
    return Problem(f"Condition/{number}", frozenset({text_of(table, "list", where)}), State(state), sure)
