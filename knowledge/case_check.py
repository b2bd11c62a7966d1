"""What can be wrong with a rule's worked cases."""

from collections.abc import Iterator
from decimal import Decimal

from knowledge.facts import Facts, Order, Use
from knowledge.library import Library
from knowledge.rule import Rule
from knowledge.sketch import Case, disagreement
from knowledge.threshold import Threshold


def case_faults(rule: Rule, library: Library) -> Iterator[str]:
    """The cases of one rule: an outcome, a say or a bound without one, names nobody knows, and outcomes that differ."""
    cases = library.cases[rule.id]
    where = f"rules/{rule.id}/cases.toml"
    for outcome in ("advise", "quiet", "cannot-tell"):
        if not any(case.expect == outcome for case in cases):
            yield f'{where}: no case expects "{outcome}". Add one.'
    for block in rule.speak:
        if not any(case.say == block.name for case in cases):
            yield f'{where}: no case makes the rule say "{block.name}". Add one.'
    for case in cases:
        differs = disagreement(case, rule, library)
        if differs:
            yield differs
        yield from _unknown_names(case, library, where)
    for threshold in {criterion.threshold for criterion in rule.criteria if criterion.threshold}:
        yield from _beside(threshold, rule, cases)


def _beside(threshold: Threshold, rule: Rule, cases: tuple[Case, ...]) -> Iterator[str]:
    """A bound on a dose wants a case on it and one beside it."""
    if threshold.unit != "mg/d" or not any(
        c.threshold is threshold and c.text.startswith("dose") for c in rule.criteria
    ):
        return
    doses = {dose for case in cases for dose in _doses(case.facts)}
    if threshold.bound not in doses:
        yield f"rules/{rule.id}/cases.toml: no case stands on {threshold.bound} {threshold.unit}. Add one."
    if not any(0 < abs(dose - threshold.bound) <= threshold.bound / 20 for dose in doses):
        yield f"rules/{rule.id}/cases.toml: no case stands just beside {threshold.bound} {threshold.unit}. Add one."


def _doses(facts: Facts) -> set[Decimal]:
    dosages = [order.dosage for order in facts.orders] + [use.dosage for use in facts.uses]
    return {dosage.daily.high for dosage in dosages if dosage.daily and dosage.daily.unit == "mg"}


def _unknown_names(case: Case, library: Library, where: str) -> Iterator[str]:
    """A misspelt list or route would make a case that proves nothing. Medicines may well be out of scope."""
    items: list[Order | Use] = [*case.facts.orders, *case.facts.uses]
    lists = {name for problem in case.facts.problems for name in problem.lists}
    lists |= {name for item in items for reason in item.reasons for name in reason.lists}
    for name in sorted(lists - library.codes.names - library.codes.phrases.names):
        yield f'{where}: "{case.name}": "{name}" is no code list. Correct it.'
    routes = set(library.codes.routes.values())
    for name in sorted({item.route for item in items if item.route} - routes):
        yield f'{where}: "{case.name}": "{name}" is no route. Use one of: {", ".join(sorted(routes))}.'
