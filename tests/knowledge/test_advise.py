"""The one door to the rules: who is judged, what counts as the course, and a rule that fails takes no other with it."""

import logging
from dataclasses import replace

import pytest

from knowledge.advise import advise, course_of
from knowledge.criteria import Answer, Criterion
from knowledge.facts import Facts
from knowledge.library import Library
from knowledge.medicine import Medicines
from knowledge.outcome import Advise, CannotTell, Crashed, Outcome, StayQuiet, Subject
from knowledge.rule import Rule
from knowledge.sketched import ORDER
from tests.knowledge.sketched import facts_of, rule_of

FOR_ALCOHOL = facts_of(
    'order = {medicine = "baclofen", daily = "200 mg", change = "start", route = "oral", reason = "alcohol-dependence"}'
)


def outcomes_of(library: Library, facts: Facts, hook: str = "order-select") -> dict[str, Outcome]:
    return {outcome.rule: outcome.outcome for outcome in advise(library, hook, facts).judgements[0].outcomes}


def failing(library: Library, rule: str) -> Library:
    """The library with one rule that raises whenever it is asked anything."""

    def fail(_subject: Subject, _facts: Facts, _medicines: Medicines) -> Answer:
        raise ZeroDivisionError("Jan Peeters, 1961-02-03")

    broken = replace(library.by_id[rule], unless=(Criterion("made up", fail),))
    return replace(library, rules=tuple(broken if r.id == rule else r for r in library.rules))


def test_a_rule_that_fails_is_named_and_the_others_still_speak(library: Library) -> None:
    outcomes = outcomes_of(failing(library, "baclofen-alcohol-dose"), FOR_ALCOHOL)

    assert outcomes["baclofen-alcohol-dose"] == Crashed("ZeroDivisionError")
    assert isinstance(outcomes["baclofen-alcohol"], Advise)


def test_a_rule_that_rests_on_one_that_failed_cannot_tell(library: Library) -> None:
    outcomes = outcomes_of(failing(library, "baclofen-alcohol"), FOR_ALCOHOL)

    assert outcomes["baclofen-alcohol"] == Crashed("ZeroDivisionError")
    assert outcomes["baclofen-alcohol-dose"] == CannotTell(("rule-failed",))


def test_a_failure_is_logged_without_anything_of_the_patient(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        advise(failing(library, "baclofen-alcohol"), "order-select", FOR_ALCOHOL)

    (record,) = caplog.records
    assert (record.message, record.__dict__["rule"], record.__dict__["error"]) == (
        "rule failed",
        "baclofen-alcohol",
        "ZeroDivisionError",
    )
    assert "Peeters" not in caplog.text
    assert record.exc_info is None


def test_the_same_facts_give_the_same_advice(library: Library) -> None:
    assert advise(library, "order-select", FOR_ALCOHOL) == advise(library, "order-select", FOR_ALCOHOL)
    assert advise(library, "order-select", FOR_ALCOHOL).knowledge == library.version


def test_only_the_orders_asked_about_are_judged_and_the_others_are_background(library: Library) -> None:
    facts = facts_of(
        'order = {medicine = "baclofen", daily = "30 mg", change = "start"}\n'
        'orders = [{medicine = "acamprosate", change = "start"}, {medicine = "lorazepam", change = "start"}]'
    )

    (judgement,) = advise(library, "order-select", facts, frozenset({ORDER})).judgements

    assert judgement.reference == ORDER
    said = {outcome.rule: outcome.outcome for outcome in judgement.outcomes}["baclofen-alcohol"]
    assert isinstance(said, Advise)
    assert said.notes == ("alcohol-medicine",)


def test_a_medicine_no_rule_judges_has_a_judgement_without_rules(library: Library) -> None:
    (judgement,) = advise(library, "order-select", facts_of('order = {medicine = "amoxicillin"}')).judgements

    assert judgement.outcomes == ()


def test_where_nothing_is_ordered_the_current_uses_are_judged(library: Library) -> None:
    facts = facts_of(
        "uses = [\n"
        '  {medicine = "lorazepam", daily = "1 mg", since = 2024-01-01},\n'
        '  {medicine = "oxazepam", daily = "10 mg", since = 2024-01-01, until = 2025-01-01},\n'
        "]"
    )

    judgements = advise(library, "patient-view", facts).judgements

    assert [judgement.about.medicine for judgement in judgements] == ["lorazepam"]


def test_a_rule_that_yields_is_quiet_where_the_other_speaks_and_only_there(library: Library) -> None:
    first = rule_of('[[speak]]\nsay = "yes"\nindicator = "info"\nall = [{route = "oral"}]\n')
    second = replace(
        rule_of('[[speak]]\nsay = "yes"\nindicator = "info"\nall = [{medicine = "baclofen"}]\n'), id="second"
    )
    second = replace(second, yields_to=("made-up",))
    both = replace(library, rules=(first, second))
    oral = facts_of('order = {medicine = "baclofen", change = "start", route = "oral"}')
    other = facts_of('order = {medicine = "baclofen", change = "start", route = "intrathecal"}')
    untold = facts_of('order = {medicine = "baclofen", change = "start"}')

    assert outcomes_of(both, oral)["second"] == StayQuiet("made-up speaks")
    assert isinstance(outcomes_of(both, other)["second"], Advise)
    assert isinstance(outcomes_of(both, untold)["second"], Advise)


@pytest.fixture
def taper(library: Library) -> Rule:
    return library.by_id["bzra-taper"]


USES = (
    "uses = [\n"
    '  {medicine = "zolpidem", daily = "10 mg", since = 2026-11-01},\n'
    '  {medicine = "lormetazepam", daily = "1 mg", since = 2025-01-01, until = 2026-10-31},\n'
    '  {medicine = "lorazepam", daily = "1 mg", since = 2025-01-01},\n'
    '  {medicine = "clonazepam", daily = "1 mg", since = 2020-01-01},\n'
    '  {medicine = "baclofen", daily = "30 mg", since = 2020-01-01},\n'
    "]"
)


def course(library: Library, rule: Rule, change: str, medicine: str = "zolpidem") -> set[str]:
    facts = facts_of(f'order = {{medicine = "{medicine}", change = "{change}"}}\n{USES}')
    return {use.medicine for use in course_of(rule, facts.orders[0], facts, library.medicines)}


def test_the_course_is_of_the_class_the_rule_judges_less_what_goes_on_beside_it(library: Library, taper: Rule) -> None:
    assert course(library, taper, "continue") == {"zolpidem", "lormetazepam"}


def test_what_the_rule_leaves_out_counts_while_it_is_itself_judged(library: Library, taper: Rule) -> None:
    assert "clonazepam" in course(library, taper, "continue", "clonazepam")


def test_what_goes_on_is_no_part_of_what_stops(library: Library) -> None:
    stop = library.by_id["bzra-stop"]

    assert course(library, stop, "stop") == {"zolpidem", "lormetazepam"}


def test_what_the_same_call_stops_is_part_of_the_course_of_what_takes_its_place(library: Library, taper: Rule) -> None:
    facts = facts_of(
        'order = {medicine = "diazepam", change = "start"}\norders = [{medicine = "lorazepam", change = "stop"}]\n'
        'uses = [{medicine = "lorazepam", daily = "1 mg", since = 2025-01-01}]'
    )

    course = course_of(taper, facts.orders[0], facts, library.medicines)

    assert {use.medicine for use in course} == {"lorazepam"}
