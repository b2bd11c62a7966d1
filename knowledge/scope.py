"""What must be known before an order can be judged: nothing at all for a medicine no rule speaks about."""

from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.advise import rules_for
from knowledge.library import Library
from knowledge.rule import ORDER_HOOKS


@dataclass(frozen=True, slots=True)
class Scope:
    """The lists (prefetch keys) the rules in question are read from. Empty: leave at once."""

    rules: tuple[str, ...]
    lists: frozenset[str]


def scope_of(library: Library, hook: str, medicines: Iterable[str], examinations: Iterable[str] = ()) -> Scope:
    """The scope of a call. On a hook where nothing is ordered, every rule that judges a use is in question."""
    if hook in ORDER_HOOKS:
        rules = rules_for(library, hook, medicines, examinations)
    else:
        rules = [rule for rule in library.rules if hook in rule.hooks and rule.judges.use]
    names = tuple(rule.id for rule in rules)
    lists: frozenset[str] | None = library.memory.get(("lists", names))
    if lists is None:
        lists = frozenset({"patient"} if rules else ()).union(*(rule.needs for rule in rules))
        library.memory["lists", names] = lists
    return Scope(names, lists)
