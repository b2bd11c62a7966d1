"""ICD-10 and ICD-10-CM under one address: what both say is sure, what only one says is asked about."""

from typing import Any

import pytest

from app.intake.problem import lists_of_concept
from knowledge.criteria.problem import listed
from knowledge.facts import State
from knowledge.library import Library
from knowledge.site import with_icd10
from knowledge.truth import Truth
from tests.intake.records import facts

WHO, CM, GM = (
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm",
)


@pytest.mark.parametrize(
    ("meant", "system", "code", "lists", "sure"),
    [
        (None, WHO, "F10.2", {("alcohol-dependence", "")}, True),
        (None, WHO, "F10.3", {("alcohol-withdrawal", ""), ("alcohol-related", "")}, True),
        (None, WHO, "F10.20", {("alcohol-dependence", "remission"), ("alcohol-dependence", "")}, False),
        (None, WHO, "F10.10", {("alcohol-dependence", "")}, False),
        (None, WHO, "G25.82", {("stiff-person-syndrome", "")}, False),
        ("who", WHO, "F10.20", {("alcohol-dependence", "remission")}, True),
        ("who", WHO, "F10.10", set(), False),
        ("cm", WHO, "F10.20", {("alcohol-dependence", "")}, True),
        ("cm", WHO, "F10.11", {("alcohol-dependence", "remission")}, True),
        ("cm", WHO, "F10.3", set(), False),
        ("who", CM, "F10.20", {("alcohol-dependence", "")}, True),
        (None, CM, "F10.20", {("alcohol-dependence", "")}, True),
        (None, GM, "F10.20", {("alcohol-dependence", "remission")}, True),
    ],
)
def test_what_an_icd_code_means(
    meant: str | None, system: str, code: str, lists: set[tuple[str, str]], sure: bool, library: Library
) -> None:
    codes = with_icd10(library, meant).codes
    found = lists_of_concept({"coding": [{"system": system, "code": code}]}, codes)
    assert {(listed.name, listed.state) for listed in found.lists} == lists
    assert found.sure == sure


def test_another_code_beside_it_can_make_it_sure(library: Library) -> None:
    snomed = {"system": "http://snomed.info/sct", "code": "66590003"}
    found = lists_of_concept({"coding": [{"system": WHO, "code": "F10.20"}, snomed]}, library.codes)
    assert found.sure


@pytest.mark.parametrize(
    ("code", "unsure"), [("F10.25", {"psychosis"}), ("F10.2", set()), ("F10.20", {"alcohol-dependence"})]
)
def test_what_both_editions_mean_is_sure_whatever_else_one_of_them_says(
    code: str, unsure: set[str], library: Library
) -> None:
    found = lists_of_concept({"coding": [{"system": WHO, "code": code}]}, library.codes)
    assert found.unsure == unsure
    assert found.sure == ("alcohol-dependence" not in unsure)


def test_a_rule_that_wants_a_sure_problem_is_told_of_the_list_that_is_sure(library: Library) -> None:
    told = facts(condition("F10.25"))
    active = frozenset({State.ACTIVE})
    assert listed(told, frozenset({"alcohol-dependence"}), active, sure=True).truth is Truth.YES
    assert listed(told, frozenset({"psychosis"}), active, sure=True).truth is Truth.NO
    assert listed(told, frozenset({"psychosis"}), active).truth is Truth.YES


@pytest.mark.parametrize(("meant", "sure"), [(None, False), ("cm", True)])
def test_a_problem_is_as_sure_as_its_code(meant: str | None, sure: bool, library: Library) -> None:
    (problem,) = facts(condition("F10.10"), using=with_icd10(library, meant)).problems
    assert problem.sure == sure


def condition(code: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "id": "c",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": WHO, "code": code}]},
    }
