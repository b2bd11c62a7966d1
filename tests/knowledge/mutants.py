"""Every rule.toml with one thing in it changed, to see whether a worked case notices."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.library import Library
from knowledge.rule import Rule, read_rule

Table = dict[str, Any]
_COMPARISONS = ("at_least", "above", "at_most", "below")
_COUNTS = ("last", "first_use", "held", "days", "for_anxiety")
_STEP = {"mg/d": 0.1, "%": 1, "d": 1, "a": 1, "1": 1, "/d": 1, "DDD/d": 0.1}
_GROUP = ("all", "any", "unless")


def mutants(path: Path) -> Iterator[tuple[str, Rule]]:
    """Each changed rule with what was changed in it, in words."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    for what, changed in _changes(table):
        yield what, read_rule(changed, "mutant")


def with_rule(library: Library, rule: Rule) -> Library:
    """The library with its rule of that id replaced."""
    return replace(library, rules=tuple(rule if r.id == rule.id else r for r in library.rules))


def _changes(table: Table) -> Iterator[tuple[str, Table]]:
    for key in ("change", "course_without", "examination"):
        yield from _without_each(table, ("judges",), key)
    yield from _without_yielding(table)
    if "unknown" in table["judges"]:
        changed = deepcopy(table)
        del changed["judges"]["unknown"]
        yield "judges without unknown", changed
    for where in _lists_of_criteria(table):
        yield from _each_criterion(table, where)
    for index, note in enumerate(table.get("note", [])):
        yield from _without_each(table, ("note", index), "with")
        changed = deepcopy(table)
        changed["note"][index].pop("with", None)
        if changed != table:
            yield f"note {note['note']} with every say", changed


def _without_yielding(table: Table) -> Iterator[tuple[str, Table]]:
    """One less of the rules it gives way to, the last one as well."""
    for other in table.get("yields_to", []):
        changed = deepcopy(table)
        changed["yields_to"].remove(other)
        yield f"yields_to without {other}", changed


def _lists_of_criteria(table: Table) -> Iterator[tuple[str | int, ...]]:
    if "unless" in table:
        yield ("unless",)
    for kind in ("speak", "note"):
        for index, block in enumerate(table.get(kind, [])):
            for key in ("all", "any", "unless"):
                if key in block:
                    yield (kind, index, key)


def _each_criterion(table: Table, where: tuple[str | int, ...]) -> Iterator[tuple[str, Table]]:
    """The criteria of one list, and those of the groups among them."""
    for index, criterion in enumerate(_at(table, where)):
        yield from _criterion(table, (*where, index), criterion)
        for key in _GROUP:
            if key in criterion:
                yield from _each_criterion(table, (*where, index, key))


def _criterion(table: Table, where: tuple[str | int, ...], criterion: Table) -> Iterator[tuple[str, Table]]:
    shown = " ".join(map(str, where))
    *parents, index = where
    siblings = _at(table, tuple(parents))
    if (
        len(siblings) > 1
        or parents[-1] == "unless"
        or (parents[-1] == "any" and "all" in _at(table, tuple(parents[:-1])))
    ):
        changed = deepcopy(table)
        del _at(changed, tuple(parents))[index]
        if not siblings[1:]:
            del _at(changed, tuple(parents[:-1]))[parents[-1]]
        yield f"{shown} removed: {criterion}", changed
    for key in (key for key in criterion if key not in _GROUP):
        yield from _without_each(table, where, key)
    for key in ("sure", "not_for", "unknown"):
        if key in criterion:
            changed = deepcopy(table)
            del _at(changed, where)[key]
            yield f"{shown} without {key}: {criterion}", changed
    for key, bound in criterion.items():
        if isinstance(bound, dict):
            yield from _bound(table, (*where, key), bound)
        elif key in _COUNTS:
            yield from _counted(table, where, key)


def _bound(table: Table, where: tuple[str | int, ...], bound: Table) -> Iterator[tuple[str, Table]]:
    shown = " ".join(map(str, where))
    for key in _COMPARISONS:
        for sign in (1, -1) if key in bound else ():
            changed = deepcopy(table)
            _at(changed, where)[key] += sign * _STEP[bound["unit"]]
            yield f"{shown} {key} {bound[key]} moved by {sign} step", changed
    for key in _COUNTS:
        if key in bound:
            yield from _counted(table, where, key)
    if "end" in bound:
        changed = deepcopy(table)
        del _at(changed, where)["end"]
        yield f"{shown} without end", changed


def _counted(table: Table, where: tuple[str | int, ...], key: str) -> Iterator[tuple[str, Table]]:
    for sign in (1, -1):
        changed = deepcopy(table)
        _at(changed, where)[key] += sign
        yield f"{' '.join(map(str, where))} {key} moved by {sign} day", changed


def _without_each(table: Table, where: tuple[str | int, ...], key: str) -> Iterator[tuple[str, Table]]:
    """One less of the values listed under `key`."""
    values = _at(table, where).get(key)
    if not isinstance(values, list) or len(values) < 2:
        return
    for value in values:
        changed = deepcopy(table)
        _at(changed, where)[key].remove(value)
        yield f"{' '.join(map(str, where))} {key} without {value}", changed


def _at(table: Table, where: tuple[str | int, ...]) -> Any:
    found: Any = table
    for key in where:
        found = found[key]
    return found
