"""The words of rule.toml, one by one: yes, no, or unknown with what is missing."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.facts import Patient, Told
from knowledge.library import Library
from knowledge.truth import Truth
from tests.knowledge.sketched import asked, facts_of

YES, NO, UNKNOWN = (Truth.YES, None), (Truth.NO, None), Truth.UNKNOWN
ORDER = 'order = {medicine = "baclofen", daily = "30 mg", change = "start", route = "oral"}\n'
ALCOHOL = 'problem = "alcohol-dependence", state = ["active"]'


@pytest.mark.parametrize(
    ("criterion", "reason", "answer"),
    [
        ('reason = "epilepsy"', '"epilepsy"', YES),
        ('reason = "epilepsy"', '["other", "epilepsy"]', YES),
        ('reason = "epilepsy"', '["unclear", "epilepsy"]', YES),
        ('reason = "epilepsy"', '"epilepsy?"', YES),
        ('reason = "epilepsy"', '"other"', NO),
        ('reason = "epilepsy"', '"unclear"', (UNKNOWN, "reason")),
        ('reason = "epilepsy"', '["other", "unclear"]', (UNKNOWN, "reason")),
        ('reason = "epilepsy"', "[]", (UNKNOWN, "reason")),
        ('other_reason_than = "epilepsy"', '"epilepsy"', NO),
        ('other_reason_than = "epilepsy"', '["other", "epilepsy"]', NO),
        ('other_reason_than = "epilepsy"', '"other"', YES),
        ('other_reason_than = "epilepsy"', '"insomnia"', YES),
        ('other_reason_than = "epilepsy"', '"insomnia?"', YES),
        ('other_reason_than = "epilepsy"', '["insomnia", "unclear"]', YES),
        ('other_reason_than = "epilepsy"', '"unclear"', (UNKNOWN, "reason")),
        ('other_reason_than = "epilepsy"', "[]", (UNKNOWN, "reason")),
        ('other_reason_than = "epilepsy"', '"unread"', (UNKNOWN, "reason")),
        ("reason_unread = true", '["epilepsy", "unread"]', YES),
        ("reason_unread = true", '"unclear"', NO),
        ("reason_unread = true", '"other"', NO),
        ("reason_unread = true", "[]", NO),
        ("reason_unread = false", '"unread"', NO),
        ("reason_unread = false", "[]", YES),
    ],
)
def test_a_reason_is_given_or_another_or_none(
    library: Library, criterion: str, reason: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f'order = {{medicine = "baclofen", change = "start", reason = {reason}}}')

    assert asked(library, criterion, facts) == answer


@pytest.mark.parametrize(
    ("criterion", "problems", "told", "answer"),
    [
        (ALCOHOL, '{list = "alcohol-dependence", state = "active"}', "", YES),
        (ALCOHOL, '{list = "alcohol-dependence", state = "remission"}', "", NO),
        (ALCOHOL, '{list = "alcohol-dependence", state = "unclear"}', "", (UNKNOWN, "state")),
        (ALCOHOL, '{list = "alcohol-dependence", state = "active", sure = false}', "", YES),
        (ALCOHOL + ", sure = true", '{list = "alcohol-dependence", state = "active", sure = false}', "", NO),
        (ALCOHOL, '{list = "copd", state = "active"}', "", NO),
        (ALCOHOL, "", "", NO),
        (ALCOHOL, "", 'partly_told = ["conditions"]', (UNKNOWN, "conditions")),
        (ALCOHOL, "", 'not_told = ["conditions"]', (UNKNOWN, "conditions")),
        (ALCOHOL, '{list = "alcohol-dependence", state = "active"}', 'partly_told = ["conditions"]', YES),
        (ALCOHOL + ', not_for = ["baclofen"]', '{list = "alcohol-dependence", state = "active"}', "", NO),
        (ALCOHOL + ', not_for = ["bzra"]', '{list = "alcohol-dependence", state = "active"}', "", YES),
    ],
)
def test_a_problem_is_on_the_list_in_that_state(
    library: Library, criterion: str, problems: str, told: str, answer: tuple[Truth, str | None]
) -> None:
    assert asked(library, criterion, facts_of(f"{ORDER}problems = [{problems}]\n{told}")) == answer


@pytest.mark.parametrize(
    ("others", "answer"),
    [
        ('uses = [{medicine = "acamprosate", since = 2026-01-01}]', YES),
        ('uses = [{medicine = "acamprosate", since = 2026-01-01, until = 2026-11-20}]', NO),
        ('uses = [{medicine = "acamprosate", since = 2026-01-01, until = 2026-11-21}]', YES),
        ('orders = [{medicine = "acamprosate", change = "start"}]', YES),
        ('orders = [{medicine = "acamprosate", change = "stop"}]', NO),
        ('uses = [{medicine = "lorazepam", since = 2026-01-01}]', NO),
        ('partly_told = ["medications"]', (UNKNOWN, "medications")),
        ('uses = [{medicine = "acamprosate", since = 2026-01-01}]\npartly_told = ["medications"]', YES),
    ],
)
def test_another_medicine_is_in_use_or_being_ordered(
    library: Library, others: str, answer: tuple[Truth, str | None]
) -> None:
    assert asked(library, 'use = "alcohol-medicine"', facts_of(ORDER + others)) == answer


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ('"start"', YES),
        ('"raise"', YES),
        ('["start", "raise"]', YES),
        ('"continue"', NO),
        ('"lower"', NO),
        ('"stop"', NO),
        ('["continue", "raise"]', (UNKNOWN, "dose")),
    ],
)
def test_another_medicine_is_started_or_raised_in_the_same_call(
    library: Library, change: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f'{ORDER}orders = [{{medicine = "diazepam", change = {change}}}]')

    assert asked(library, 'ordered = "bzra"', facts) == answer
    assert asked(library, 'ordered = "baclofen"', facts) == NO


@pytest.mark.parametrize(
    ("order", "answer"),
    [
        ('daily = "80 mg"', NO),
        ('daily = "81 mg"', YES),
        ('daily = "60-90 mg"', YES),
        ('daily = "9 {tablet}"', (UNKNOWN, "dose")),
        ("change = []", (UNKNOWN, "dose")),
        ('daily = "60 mg", at_most = "100 mg"', NO),
        ('daily = "60 mg", at_most = "100 mg", as_needed = true', YES),
        ('at_most = "100 mg", as_needed = true', YES),
        ('at_most = "80 mg", as_needed = true', NO),
        ('at_most = "8 {tablet}", as_needed = true', (UNKNOWN, "dose")),
        ("as_needed = true", (UNKNOWN, "dose")),
        ('daily = "90 mg", as_needed = true', YES),
        ('daily = "60 mg", as_needed = true', (UNKNOWN, "dose")),
    ],
)
def test_the_highest_dose_counts_what_may_be_taken_when_needed(
    library: Library, order: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f'order = {{medicine = "baclofen", {order}}}')

    assert asked(library, 'dose = {above = 80, unit = "mg/d", end = "high"}', facts) == answer


@pytest.mark.parametrize(
    ("uses", "more", "answer"),
    [
        ('{medicine = "diazepam", daily = "19.9 mg"}', "", NO),
        ('{medicine = "diazepam", daily = "20 mg"}', "", YES),
        ('{medicine = "lorazepam", daily = "2.5 mg"}', "", (UNKNOWN, "tables-differ")),
        ('{medicine = "clotiazepam", daily = "10 mg"}', "", (UNKNOWN, "equivalent")),
        ('{medicine = "lorazepam"}', "", (UNKNOWN, "dose")),
        ('{medicine = "diazepam", daily = "10 mg"}, {medicine = "lorazepam"}', "", (UNKNOWN, "dose")),
        ('{medicine = "diazepam", daily = "20 mg"}, {medicine = "lorazepam"}', "", YES),
        ('{medicine = "diazepam", daily = "10 mg"}', 'partly_told = ["medications"]', (UNKNOWN, "medications")),
        ('{medicine = "diazepam", daily = "20 mg"}', 'partly_told = ["medications"]', YES),
        ('{medicine = "diazepam", daily = "10 mg"}, {medicine = "baclofen", daily = "60 mg"}', "", NO),
    ],
)
def test_everything_taken_adds_up_in_diazepam(
    library: Library, uses: str, more: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f"uses = [{uses}]\n{more}")

    assert asked(library, 'diazepam_equivalent = {at_least = 20, unit = "mg/d"}', facts, "bzra") == answer


@pytest.mark.parametrize(
    ("doses", "answer"),
    [
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2026-11-01, daily = "2.5 mg"}', YES),
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2026-11-01, daily = "2.6 mg"}', NO),
        ('{since = 2026-11-01, daily = "2.5 mg"}, {since = 2024-01-01, daily = "10 mg"}', YES),  # in any order
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2025-11-22, daily = "2.5 mg"}', YES),  # 10 mg 364 days ago
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2025-11-21, daily = "2.5 mg"}', NO),
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2026-11-14, daily = "2.5 mg"}', YES),  # a week
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2026-11-15, daily = "2.5 mg"}', NO),
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2026-11-01, daily = "2-3 mg"}', (UNKNOWN, "dose")),
        ('{since = 2024-01-01, daily = "10 mg"}, {since = 2026-12-01, daily = "2.5 mg"}', NO),  # planned, not yet taken
        ('{since = 2024-01-01, daily = "2 {tablet}"}', (UNKNOWN, "dose")),
        ('{since = 2024-01-01, daily = "0 mg"}', (UNKNOWN, "dose")),
        ("", (UNKNOWN, "dose")),
    ],
)
def test_a_dose_is_lowered_to_a_share_of_the_highest_of_the_last_year(
    library: Library, doses: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f'uses = [{{medicine = "diazepam", since = 2024-01-01, doses = [{doses}]}}]')
    criterion = 'lowered_to = {at_most = 25, unit = "%", held = 7}'

    assert asked(library, criterion, facts, "bzra") == answer
    partly = replace(facts, told={**facts.told, "medications": Told.PART})
    assert asked(library, criterion, partly, "bzra")[0] is UNKNOWN


@pytest.mark.parametrize(
    ("born", "precision", "answer"),
    [
        (date(2008, 11, 21), "day", NO),  # eighteen today
        (date(2008, 11, 22), "day", YES),
        (date(2008, 11, 1), "month", (UNKNOWN, "birth-date")),
        (date(2008, 10, 1), "month", NO),
        (date(2008, 1, 1), "year", (UNKNOWN, "birth-date")),
        (date(2007, 1, 1), "year", NO),
        (date(2009, 1, 1), "year", YES),
        (None, "day", (UNKNOWN, "birth-date")),
        (date(2090, 1, 1), "day", (UNKNOWN, "birth-date")),  # in the future
    ],
)
def test_an_age_is_as_exact_as_the_birth_date(
    library: Library, born: date | None, precision: str, answer: tuple[Truth, str | None]
) -> None:
    facts = replace(facts_of(ORDER), patient=Patient("Patient/1", born, precision))

    assert asked(library, 'age = {below = 18, unit = "a"}', facts) == answer


@pytest.mark.parametrize(
    ("criterion", "answer"),
    [
        ('route = "oral"', YES),
        ('route = "intrathecal"', NO),
        ('medicine = "baclofen"', YES),
        ('medicine = "bzra"', NO),
        ("once = true", NO),
        ("once = false", YES),
        ('judged = "order"', YES),
        ('judged = "use"', NO),
        ('change = "start"', YES),
        ('change = "stop"', NO),
    ],
)
def test_plain_questions_about_the_order(library: Library, criterion: str, answer: tuple[Truth, str | None]) -> None:
    assert asked(library, criterion, facts_of(ORDER)) == answer


def test_a_route_nobody_gave_is_not_oral(library: Library) -> None:
    facts = facts_of('order = {medicine = "baclofen", change = "start"}')

    assert asked(library, 'route = "oral"', facts) == (UNKNOWN, "route")


@pytest.mark.parametrize(
    ("change", "use", "answer"),
    [
        ('["continue", "raise", "lower"]', 'uses = [{medicine = "baclofen", since = 2026-01-01}]', (UNKNOWN, "dose")),
        ('["start", "continue", "raise", "lower"]', 'not_told = ["medications"]', (UNKNOWN, "medications")),
        ('["raise"]', "", NO),
        ('["lower"]', "", YES),
    ],
)
def test_a_change_that_is_not_known_says_what_would_tell_it(
    library: Library, change: str, use: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f'order = {{medicine = "baclofen", change = {change}}}\n{use}')

    assert asked(library, 'change = "lower"', facts) == answer


@pytest.mark.parametrize(
    ("use", "told", "answer"),
    [
        ("since = 2026-08-24", "", YES),
        ("since = 2026-08-25", "", NO),
        ("since = 2026-08-24, as_needed = true", "", (UNKNOWN, "duration")),
        ("since = 2026-08-25, as_needed = true", "", NO),
        ('daily = "1 mg"', "", (UNKNOWN, "duration")),
        ("since = 2026-08-25", 'partly_told = ["medications"]', (UNKNOWN, "medications")),
        ("since = 2026-08-24", 'partly_told = ["medications"]', YES),
    ],
)
def test_unbroken_use_is_counted_or_unknown(
    library: Library, use: str, told: str, answer: tuple[Truth, str | None]
) -> None:
    facts = facts_of(f'uses = [{{medicine = "zopiclone", {use}}}]\n{told}')

    assert asked(library, 'continuous = {at_least = 90, unit = "d"}', facts, "bzra") == answer
