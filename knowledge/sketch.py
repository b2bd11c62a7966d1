"""Worked cases: the facts of each in shorthand, and what the rule is expected to say of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.advise import advise
from knowledge.facts import Facts
from knowledge.fault import among, fail, only_keys, text_of, texts_of
from knowledge.library import Library
from knowledge.outcome import Advise, CannotTell, Crashed, Outcome
from knowledge.rule import HOOKS, Rule
from knowledge.sketched import EXAMINATION, ORDER, read_facts

_CASE = (
    *("name", "number", "today", "hook", "order", "orders", "uses", "problems", "age", "country", "not_told"),
    *("partly_told", "examination", "procedures", "devices", "encounter", "nursing_home"),
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
    ordered = bool(case.facts.orders or case.facts.examinations)
    judgements = advise(library, case.hook, case.facts, frozenset({ORDER, EXAMINATION}) if ordered else None).judgements
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
    ordered = "order" in table or "examination" in table
    hook = table.get("hook") or ("order-select" if ordered else "patient-view")
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
