"""Cases of practice in the forms of several countries: the cards that must come, and none on the quiet ones."""

import pytest

from tests.checklist import faults_in_answer
from tests.practice.further import FURTHER, QUIET, SPEAKING
from tests.practice.judging import differences, sent
from tests.practice.sending import call
from tests.practice.told import Case
from tests.practice.worked import WORKED
from tests.service import Service


@pytest.mark.parametrize("case", WORKED + FURTHER, ids=lambda case: case.name.replace(" ", "-"))
def test_a_case_of_practice_gets_its_cards_in_every_form(wane: Service, case: Case) -> None:
    for form in case.forms:
        body = call(case, form)
        status, answer = sent(wane, case, body)
        assert faults_in_answer(status, answer, request=body) == [], form
        assert differences(case, status, answer) == [], form


def test_most_cases_of_practice_are_quiet_and_every_one_has_a_name_of_its_own() -> None:
    names = [case.name for case in WORKED + FURTHER]
    assert sorted(set(names)) == sorted(names)
    assert len(QUIET) > len(SPEAKING)
