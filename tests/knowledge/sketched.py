"""Facts and made-up rules in shorthand, for tests of the logic itself."""

import tomllib
from dataclasses import replace

from knowledge.advise import advise
from knowledge.facts import Facts
from knowledge.library import Library
from knowledge.outcome import RuleOutcome
from knowledge.rule import Rule, read_rule
from knowledge.sketched import read_facts
from knowledge.truth import Truth

_HEAD = """
id = "made-up"
version = "1.0.0"
topic = "baclofen"
priority = 1
document = "folia-2017-baclofen-alcohol"
hooks = ["order-select", "patient-view"]
claims = ["BAC-ALC-001"]
review = {status = "unreviewed", due = 2027-06-30}
"""
_JUDGES = 'judges = {order = "baclofen", use = "baclofen"}\n'


def rule_of(body: str, judges: str = _JUDGES) -> Rule:
    """A rule that judges baclofen, with these blocks."""
    return read_rule(tomllib.loads(_HEAD + judges + body), "made-up/rule.toml")


def facts_of(sketch: str) -> Facts:
    """Facts from the lines of a worked case."""
    return read_facts(tomllib.loads("today = 2026-11-21\n" + sketch), "a sketch")


def judged(library: Library, rule: Rule, facts: Facts) -> RuleOutcome:
    """What one rule says, alone in the library, of the first order, or of the first use where nothing is ordered."""
    alone = replace(library, rules=(rule,))
    hook = "order-select" if facts.orders else "patient-view"
    return advise(alone, hook, facts).judgements[0].outcomes[0]


def asked(library: Library, criterion: str, facts: Facts, judges: str = "baclofen") -> tuple[Truth, str | None]:
    """The answer to one criterion, without what the rule would assume, and what it lacks."""
    rule = rule_of(
        f'[[speak]]\nsay = "yes"\nindicator = "info"\nall = [{{{criterion}}}]\n',
        f'judges = {{order = "{judges}", use = "{judges}"}}\n',
    )
    trace = judged(library, rule, facts).trace
    found = next(finding for finding in trace if finding.block == "yes")
    return found.truth, found.missing
