"""The rules themselves: every worked case, nothing wrong with the knowledge base, and nothing in it that no case holds."""

from datetime import date

import pytest

from knowledge.check import faults
from knowledge.library import HERE, Library, read_library
from knowledge.rule import Rule
from knowledge.sketch import Case, disagreement
from tests.knowledge.mutants import mutants, with_rule

TODAY = date(2026, 11, 21)
LIBRARY = read_library()


CASES = [(rule, case) for rule in LIBRARY.rules for case in LIBRARY.cases[rule.id]]


@pytest.mark.parametrize(("rule", "case"), CASES, ids=[f"{rule.id}: {case.name}" for rule, case in CASES])
def test_a_rule_says_what_its_worked_case_expects(rule: Rule, case: Case) -> None:
    assert disagreement(case, rule, LIBRARY) is None


def test_nothing_is_wrong_with_the_knowledge_base(library: Library) -> None:
    assert list(faults(library, TODAY)) == []


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_every_line_of_a_rule_is_held_by_a_case(rule: Rule) -> None:
    unnoticed = []
    for what, changed in mutants(HERE / "rules" / rule.id / "rule.toml"):
        library = with_rule(LIBRARY, changed)
        if not any(disagreement(case, changed, library) for case in LIBRARY.cases[rule.id]):
            unnoticed.append(what)

    assert unnoticed == [], "add a case that tells the difference, or take the line out"


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_no_two_cases_of_a_rule_have_the_same_name(rule: Rule) -> None:
    names = [case.name for case in LIBRARY.cases[rule.id]]

    assert sorted(names) == sorted(set(names))


def test_every_case_of_practice_that_the_rules_decide_is_among_theirs() -> None:
    worked = {case.number for cases in LIBRARY.cases.values() for case in cases if case.number}

    baclofen = {
        f"A{n}" for n in (1, 2, 3, 4, 8, 10, 12, 14, 15, 16, 17, 18, 20, 21, 22, 24, 25, 27, 28, 29, 31, 32, 33, 34)
    }
    breathing = {f"B{n}" for n in (36, 38, 40, 41, 42, 43, 44)}
    no_taper = {f"D{n}" for n in (56, 57, 58, 59, 60, 61, 62, 64, 66, 67, 68, 69, 70, 74, 75)}
    assert worked >= baclofen | breathing | no_taper


def test_every_case_is_told_on_the_same_fixed_day() -> None:
    assert {case.facts.today for cases in LIBRARY.cases.values() for case in cases} == {TODAY}
