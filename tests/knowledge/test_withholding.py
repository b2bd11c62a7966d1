"""When advice is held back after an override, and what brings it back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from knowledge.facts import (
    Amount,
    Certainty,
    Change,
    DailyDose,
    Dosage,
    Facts,
    Order,
    Patient,
    Problem,
    State,
    Told,
)
from knowledge.library import Library
from knowledge.withholding import TAPER_RULES, Evidence, Occasion, Overridden, evidence_of, withheld_by

TODAY = date(2026, 11, 21)
ABOUT = Occasion("lormetazepam", "oral", frozenset({"insomnia"}))
BEFORE = Evidence(Decimal(2), frozenset({"insomnia"}), frozenset({"lormetazepam"}))


def is_withheld(
    library: Library,
    reason: str,
    *,
    rule: str = "bzra-taper",
    days: int = 1,
    indicator: str = "info",
    now: Evidence = BEFORE,
    before: Evidence = BEFORE,
    about: Occasion = ABOUT,
    spoke: str | None = None,
) -> bool:
    past = Overridden(reason, TODAY - timedelta(days=days), frozenset({spoke or rule}), before, ABOUT)
    reasons = library.override_reasons
    return withheld_by(library.by_id[rule], indicator, about, now, [past], TODAY, reasons) is past


@pytest.mark.parametrize(
    ("reason", "days"),
    [
        ("patient-declined", 180),
        ("specialist-agreed", 365),
        ("benefit-outweighs-risk", 365),
        ("already-tapering", 90),
        ("emergency-or-palliative", 90),
    ],
)
def test_advice_is_held_back_for_as_long_as_the_reason_says(library: Library, reason: str, days: int) -> None:
    assert is_withheld(library, reason, days=days - 1)
    assert not is_withheld(library, reason, days=days)


@pytest.mark.parametrize("reason", ["data-wrong", "other-indication", "nobody-knows"])
def test_a_reason_that_holds_nothing_back_does_not(library: Library, reason: str) -> None:
    assert not is_withheld(library, reason)


def test_critical_advice_is_never_held_back(library: Library) -> None:
    for reason in library.override_reasons:
        assert not is_withheld(library, reason, rule="itb-stop", indicator="critical")


@pytest.mark.parametrize("reason", ["specialist-agreed", "benefit-outweighs-risk", "emergency-or-palliative"])
def test_a_warning_is_shown_again(library: Library, reason: str) -> None:
    assert not is_withheld(library, reason, rule="bzra-high-dose", indicator="warning")


@pytest.mark.parametrize("reason", ["patient-declined", "already-tapering"])
def test_a_taper_that_is_declined_or_under_way_silences_no_warning(library: Library, reason: str) -> None:
    assert not is_withheld(library, reason, rule="baclofen-taper", indicator="warning")


def test_a_patient_who_declines_silences_the_taper_rules_only(library: Library) -> None:
    silenced = {rule.id for rule in library.rules if is_withheld(library, "patient-declined", rule=rule.id)}

    assert silenced == TAPER_RULES


def test_what_a_patient_may_decline_is_held_back_where_it_is_declined(library: Library) -> None:
    offering = {rule.id for rule in library.rules if "patient-declined" in rule.overrides}

    assert offering <= TAPER_RULES


def test_a_reason_offered_on_information_holds_it_back(library: Library) -> None:
    """On a warning a reason is recorded, and the warning comes again; what never leads a card goes with the card."""
    reasons = library.override_reasons
    offered = [
        (rule.id, code)
        for rule in library.rules
        if any(block.indicator == "info" and block.leads for block in rule.speak)
        for code in rule.overrides
        if reasons[code].days
    ]

    assert [(rule, code) for rule, code in offered if not is_withheld(library, code, rule=rule)] == []


@pytest.mark.parametrize(
    "now",
    [
        Evidence(Decimal("2.1"), BEFORE.problems, BEFORE.medicines),
        Evidence(Decimal(2), BEFORE.problems | {"pregnancy"}, BEFORE.medicines),
        Evidence(Decimal(2), BEFORE.problems, BEFORE.medicines | {"opioid"}),
    ],
    ids=["a higher dose", "a new problem", "a new medicine"],
)
def test_new_evidence_brings_it_back(library: Library, now: Evidence) -> None:
    assert not is_withheld(library, "patient-declined", now=now)


@pytest.mark.parametrize(
    "about",
    [
        Occasion("zolpidem", ABOUT.route, ABOUT.reasons),
        Occasion(ABOUT.medicine, "rectal", ABOUT.reasons),
        Occasion(ABOUT.medicine, None, ABOUT.reasons),
        Occasion(ABOUT.medicine, ABOUT.route, frozenset({"other"})),
        Occasion(ABOUT.medicine, ABOUT.route),
    ],
    ids=["another medicine", "another route", "no route", "another reason", "no reason"],
)
def test_advice_about_something_else_is_shown(library: Library, about: Occasion) -> None:
    assert not is_withheld(library, "patient-declined", about=about)


NOTHING = Evidence(None, frozenset(), frozenset())


def test_a_dose_that_was_not_known_and_is_now_brings_it_back(library: Library) -> None:
    assert not is_withheld(library, "patient-declined", before=NOTHING, now=NOTHING._replace(dose=Decimal(1)))


def test_a_dose_that_was_known_and_is_not_now_may_be_higher(library: Library) -> None:
    assert not is_withheld(library, "patient-declined", before=NOTHING._replace(dose=Decimal(1)), now=NOTHING)


def test_a_dose_in_another_unit_is_not_compared(library: Library) -> None:
    drops = NOTHING._replace(dose=Decimal(1), unit="drops")
    assert is_withheld(library, "patient-declined", before=drops, now=drops)
    assert not is_withheld(library, "patient-declined", before=drops._replace(unit="mg"), now=drops)


def test_a_list_told_then_and_not_told_now_may_hold_something_new(library: Library) -> None:
    told = NOTHING._replace(told=frozenset({"conditions"}))
    assert is_withheld(library, "patient-declined", before=NOTHING, now=told)
    assert not is_withheld(library, "patient-declined", before=told, now=NOTHING)


def test_less_than_before_is_nothing_new(library: Library) -> None:
    assert is_withheld(library, "patient-declined", now=NOTHING._replace(dose=Decimal(1)))


def test_another_rule_than_the_one_overridden_is_shown(library: Library) -> None:
    assert not is_withheld(library, "patient-declined", rule="bzra-taper", spoke="bzra-duration")


def test_an_override_of_tomorrow_holds_nothing_back_today(library: Library) -> None:
    assert not is_withheld(library, "patient-declined", days=-1)


def facts_with(state: State, told: Told = Told.WHOLE) -> Facts:
    problem = Problem("Condition/1", frozenset({"alcohol-dependence"}), state, sure=True)
    return Facts(TODAY, Patient("Patient/1"), problems=(problem,), told={"conditions": told})


def test_a_problem_that_is_over_now_is_nothing_new_and_one_that_is_back_is(library: Library) -> None:
    order = Order("MedicationRequest/1", "oxazepam", frozenset({Change.START}), Dosage())
    active, over = (evidence_of(order, facts_with(state)) for state in (State.ACTIVE, State.REMISSION))
    assert not over.is_new_beside(active)
    assert active.is_new_beside(over)


def test_the_highest_dose_counts_what_may_be_taken_as_needed() -> None:
    daily = DailyDose(Decimal(10), Decimal(10), "mg", Certainty.SURE, "structure")
    order = Order(
        "MedicationRequest/1", "oxazepam", frozenset({Change.START}), Dosage(daily, Amount(Decimal(30), "mg"))
    )
    assert evidence_of(order, facts_with(State.ACTIVE)).dose == 30


def test_an_order_beside_it_is_a_new_medicine_and_one_that_is_stopped_is_none() -> None:
    facts = facts_with(State.ACTIVE)
    asked = Order("MedicationRequest/1", "oxazepam", frozenset({Change.START}), Dosage())
    beside = Order("MedicationRequest/2", "morphine", frozenset({Change.START}), Dosage())
    stopped = replace(beside, changes=frozenset({Change.STOP}))
    alone, two, one = (
        evidence_of(asked, replace(facts, orders=(asked, *more))) for more in ((), (beside,), (stopped,))
    )
    assert two.is_new_beside(alone)
    assert not one.is_new_beside(alone)
