"""Worked cases in shorthand: a line a pharmacist can read → facts, and what the rule is expected to say of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from knowledge.advise import advise
from knowledge.facts import (
    Amount,
    Certainty,
    Change,
    DailyDose,
    DatedDose,
    Dosage,
    Facts,
    Order,
    Patient,
    Period,
    Problem,
    Reason,
    State,
    Told,
    Use,
)
from knowledge.fault import among, fail, only_keys, text_of, texts_of
from knowledge.library import Library
from knowledge.outcome import Advise, CannotTell, Crashed, Outcome
from knowledge.rule import HOOKS, Rule

LISTS = ("patient", "conditions", "medications")
_ORDER = ("medicine", "daily", "at_most", "change", "reason", "route", "once", "as_needed", "supply_days", "until")
_USE = ("medicine", "daily", "at_most", "since", "until", "reason", "route", "once", "as_needed", "doses")
_CASE = (
    "name",
    "number",
    "today",
    "hook",
    "order",
    "orders",
    "uses",
    "problems",
    "age",
    "country",
    "not_told",
    "partly_told",
)
_EXPECT = ("expect", "say", "missing", "notes")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case. `number` is its number among the worked cases of clinical practice, if it has one."""

    name: str
    number: str | None
    hook: str
    facts: Facts
    expect: str  # "advise", "quiet" or "cannot-tell"
    say: str | None
    missing: tuple[str, ...]
    notes: tuple[str, ...] | None
    sketch: Mapping[str, object]


def read_cases(table: Mapping[str, object], rule: Rule, where: str) -> tuple[Case, ...]:
    """Read cases.toml. Raises KnowledgeFault where a case is not of the form."""
    only_keys(table, ("case",), where)
    cases = table.get("case")
    if not isinstance(cases, list) or not cases:
        fail(where, "holds no case.", "Add [[case]] with a name, what is ordered and what is expected.")
    return tuple(_case(item, rule, f"{where}: case {index}") for index, item in enumerate(cases, start=1))


def disagreement(case: Case, rule: Rule, library: Library) -> str | None:
    """How the rule's outcome differs from what the case expects; None where it does not."""
    judgements = advise(library, case.hook, case.facts, frozenset({"order"}) if case.facts.orders else None).judgements
    outcomes = [item for judged in judgements for item in judged.outcomes if item.rule == rule.id]
    got = _said(outcomes[0].outcome) if outcomes else ("quiet", None, (), ())
    wanted = (case.expect, case.say, case.missing)
    if got[:3] != wanted:
        return f'{rule.id}: "{case.name}" expects {_shown(*wanted)}, and the rule says {_shown(*got[:3])}.'
    if case.notes is not None and set(case.notes) != set(got[3]):
        return f'{rule.id}: "{case.name}" expects the notes {sorted(case.notes)}, and the rule adds {sorted(got[3])}.'
    return None


def _said(outcome: Outcome) -> tuple[str, str | None, tuple[str, ...], tuple[str, ...]]:
    match outcome:
        case Advise(say=say, notes=notes):
            return "advise", say, (), notes
        case CannotTell(missing=missing):
            return "cannot-tell", None, tuple(sorted(missing)), ()
        case Crashed(error=error):
            return f"nothing, it failed with {error}", None, (), ()
        case _:
            return "quiet", None, (), ()


def _shown(expect: str, say: str | None, missing: tuple[str, ...]) -> str:
    return " ".join([expect, *([f'"{say}"'] if say else []), *([f"(missing {', '.join(missing)})"] if missing else [])])


def _case(table: object, rule: Rule, where: str) -> Case:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", "Write [[case]] above it.")
    only_keys(table, (*_CASE, *_EXPECT), where)
    where = f'{where} "{text_of(table, "name", where)}"'
    expect = text_of(table, "expect", where)
    if expect not in ("advise", "quiet", "cannot-tell"):
        fail(where, f'expect = "{expect}" is not known.', 'Use "advise", "quiet" or "cannot-tell".')
    says = {block.name for block in rule.speak}
    say = text_of(table, "say", where) if expect == "advise" else None
    if say and say not in says:
        fail(where, f'the rule has no say "{say}".', f"Use one of: {', '.join(sorted(says))}.")
    hook = table.get("hook") or ("order-select" if "order" in table else "patient-view")
    among((str(hook),), HOOKS, f"{where}: hook")
    return Case(
        name=text_of(table, "name", where),
        number=text_of(table, "number", where) if "number" in table else None,
        hook=str(hook),
        facts=read_facts(table, where),
        expect=expect,
        say=say,
        missing=tuple(sorted(texts_of(table, "missing", where))),
        notes=texts_of(table, "notes", where) if "notes" in table else None,
        sketch=table,
    )


def read_facts(table: Mapping[str, object], where: str) -> Facts:
    """The facts a case sketches."""
    today = table.get("today")
    if not isinstance(today, date):
        fail(where, "today is not a date.", "Write today = 2026-11-21; a case never ages.")
    orders = [_order(table["order"], "order", f"{where}: order", today)] if "order" in table else []
    orders += [
        _order(o, f"order-{n}", f"{where}: orders", today) for n, o in enumerate(_list(table, "orders"), start=2)
    ]
    age = table.get("age")
    born = date(today.year - age, 1, 1) if isinstance(age, int) else None
    told = dict.fromkeys(LISTS, Told.WHOLE)
    for key, how in (("partly_told", Told.PART), ("not_told", Told.NOT)):
        told |= dict.fromkeys(among(texts_of(table, key, where), LISTS, f"{where}: {key}"), how)
    country = table.get("country")
    return Facts(
        today=today,
        patient=Patient("Patient/1", born, country=country if isinstance(country, str) else None),
        orders=tuple(orders),
        uses=tuple(
            _use(use, f"use-{n}", f"{where}: uses", today) for n, use in enumerate(_list(table, "uses"), start=1)
        ),
        problems=tuple(_problem(p, n, f"{where}: problems") for n, p in enumerate(_list(table, "problems"), start=1)),
        told=told,
    )


def _list(table: Mapping[str, object], key: str) -> list[object]:
    value = table.get(key, [])
    return value if isinstance(value, list) else [value]


def _order(table: object, reference: str, where: str, today: date) -> Order:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {medicine = "baclofen", daily = "30 mg", change = "start"}.')
    only_keys(table, _ORDER, where)
    supply, until = table.get("supply_days"), table.get("until")
    changes = among(texts_of(table, "change", where), tuple(Change), f"{where}: change")
    changes = changes or tuple(change for change in Change if change is not Change.STOP)
    return Order(
        reference=reference,
        medicine=text_of(table, "medicine", where),
        changes=frozenset(Change(change) for change in changes),
        dosage=_dosage(table, where),
        route=text_of(table, "route", where) if "route" in table else None,
        reasons=_reasons(table, where),
        period=Period(today, until if isinstance(until, date) else None),
        supply_days=supply if isinstance(supply, int) else None,
        replaces=("use-1",) if Change.START not in changes else (),
    )


def _use(table: object, reference: str, where: str, today: date) -> Use:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {medicine = "lorazepam", daily = "1 mg", since = 2026-01-01}.')
    only_keys(table, _USE, where)
    since, until = table.get("since"), table.get("until")
    start = since if isinstance(since, date) else None
    dosage = _dosage(table, where)
    doses = [_dated(item, where) for item in _list(table, "doses")]
    return Use(
        medicine=text_of(table, "medicine", where),
        references=(reference,),
        periods=(Period(start, until if isinstance(until, date) else None),),
        current=not isinstance(until, date) or until >= today,
        dosage=dosage,
        route=text_of(table, "route", where) if "route" in table else None,
        reasons=_reasons(table, where),
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
    most = _daily(text_of(table, "at_most", where), where) if "at_most" in table else None
    return Dosage(
        daily=daily,
        ceiling=Amount(most.high, most.unit) if most else None,
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
    """A list's name; "other" for a reason no list knows; "unclear" for words that fit several indications; a name with
    a question mark for a reason that is provisional, or that stands among other words."""
    return tuple(_reason(name) for name in texts_of(table, "reason", where))


def _reason(written: str) -> Reason:
    name = written.removesuffix("?")
    lists = frozenset() if name in ("other", "unclear") else frozenset({name})
    return Reason(lists, unclear=name == "unclear" or name != written)


def _problem(table: object, number: int, where: str) -> Problem:
    if not isinstance(table, Mapping):
        fail(where, "is not a table.", 'Write {list = "epilepsy", state = "active"}.')
    only_keys(table, ("list", "state", "sure"), where)
    (state,) = among((text_of(table, "state", where),), tuple(State), f"{where}: state")
    sure = table.get("sure", True) is True
    return Problem(f"Condition/{number}", frozenset({text_of(table, "list", where)}), State(state), sure)
