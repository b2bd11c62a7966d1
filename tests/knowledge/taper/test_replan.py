"""Going on from any row: hold, back to the last tolerated dose, slower. Always a new plan that names the old one."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import Conversion, Equivalence, Hold, Plan, make_plan
from knowledge.taper.invariants import broken_invariants
from knowledge.taper.replan import back, hold, slower
from knowledge.taper.request import HoldReason, Origin
from tests.knowledge.taper.asking import ask, lines, made, refused, tablets

ON = date(2027, 1, 20)
DIAZEPAM = tablets("diazepam", "2", "5", "10", parts=2)
PROGRAMME: dict[str, Any] = {
    "scheme": "riziv-5",
    "interval_days": 10,
    "programme_limit_mg": Fraction(30),
    "equivalence": Equivalence(Fraction(10), Fraction(20)),
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    """10, then 9, 8.5, 8, 7.5, 7 … mg of diazepam, as in the worked example."""
    return made(make_plan(ask("diazepam", "10", DIAZEPAM)))


@pytest.fixture(scope="module")
def tenths() -> Plan:
    """10, then 9, 8, 7 … mg in tenths of the start dose."""
    return made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth")))


@pytest.fixture(scope="module")
def programme() -> Plan:
    """10, 10 in capsules, 8, 6, 4, 2 mg of zolpidem, 10 days each."""
    return made(make_plan(ask("zolpidem", "10", tablets("zolpidem", "10"), **PROGRAMME)))


def test_a_hold_keeps_the_dose_and_then_goes_on(plan: Plan) -> None:
    held = made(hold(plan, row=3, on=ON, days=21))

    assert lines(held)[:4] == [
        "0 baseline 2027-01-20 0d 8 = night 1x5+1.5x2",
        "1 hold 2027-01-20 21d 8 = night 1x5+1.5x2 [hold]",
        "2 reduction 2027-02-10 14d 7.5 = night 1.5x5 [rounded]",
        "3 reduction 2027-02-24 14d 7 = night 1x5+1x2 [rounded]",
    ]
    assert held.steps[1].flags[0].value("reason") == HoldReason.ASKED
    assert held.request.origin == Origin(plan.hash, 3, "asked", 0)
    assert held.start_mg == 10
    assert held.hash != plan.hash


def test_back_takes_the_last_higher_dose_again_and_the_new_plan_starts_with_it(plan: Plan) -> None:
    returned = made(back(plan, row=3, on=ON))

    assert lines(returned)[:3] == [
        "0 baseline 2027-01-20 0d 8.5 = night 1.5x5+0.5x2",
        "1 hold 2027-01-20 14d 8.5 = night 1.5x5+0.5x2 [hold]",
        "2 reduction 2027-02-03 14d 8 = night 1x5+1.5x2 [rounded]",
    ]
    assert returned.steps[1].flags[0].value("reason") == HoldReason.BACK
    assert returned.request.origin == Origin(plan.hash, 3, "back", 0)


def test_back_may_name_the_row_and_the_days(plan: Plan) -> None:
    returned = made(back(plan, row=5, on=ON, to_row=1, days=30))

    assert lines(returned)[1] == "1 hold 2027-01-20 30d 9 = night 1x5+2x2 [hold]"


def test_back_passes_over_a_hold_of_the_same_dose() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM, holds=(Hold(2, 7),))))

    assert [float(step.mg) for step in plan.steps[:5]] == [10, 9, 8.5, 8.5, 8]
    assert made(back(plan, row=3, on=ON)).steps[0].mg == 9


def test_back_from_the_first_row_is_the_dose_before_the_taper(plan: Plan) -> None:
    assert made(back(plan, row=1, on=ON)).steps[0].mg == 10


def test_back_from_the_stop_is_the_last_dose(plan: Plan) -> None:
    returned = made(back(plan, row=17, on=ON))

    assert lines(returned) == [
        "0 baseline 2027-01-20 0d 1 = night 0.5x2",
        "1 hold 2027-01-20 14d 1 = night 0.5x2 [hold]",
        "2 stop 2027-02-03 0d 0",
    ]


def test_slower_keeps_the_dose_for_one_new_interval_and_goes_on_more_slowly(plan: Plan) -> None:
    eased = made(slower(plan, row=3, on=ON, interval_days=28))

    assert lines(eased)[:4] == [
        "0 baseline 2027-01-20 0d 8 = night 1x5+1.5x2",
        "1 hold 2027-01-20 28d 8 = night 1x5+1.5x2 [hold]",
        "2 reduction 2027-02-17 28d 7.5 = night 1.5x5 [rounded]",
        "3 reduction 2027-03-17 28d 7 = night 1x5+1x2 [rounded]",
    ]
    assert eased.request.origin == Origin(plan.hash, 3, "slower", 0)
    assert (eased.request.step, eased.request.interval_days) == (Fraction(1, 10), 28)


def test_a_smaller_step_is_slower_too_and_waits_before_what_is_now_a_large_step(plan: Plan) -> None:
    # 8 → 7.5 is 6.25 %, more than the 5 % asked now: 0.95 x 0.95 <= 0.9375, two intervals on 8 mg first.
    eased = made(slower(plan, row=3, on=ON, step=Fraction(1, 20)))

    assert lines(eased)[1:3] == [
        "1 hold 2027-01-20 28d 8 = night 1x5+1.5x2 [hold]",
        "2 reduction 2027-02-17 28d 7.5 = night 1.5x5 [above-asked waits]",
    ]


@pytest.mark.parametrize(
    ("step", "days"),
    [
        pytest.param(None, None, id="nothing asked"),
        pytest.param(Fraction(1, 10), 14, id="the same"),
        pytest.param(Fraction(1, 5), 28, id="a larger step"),
        pytest.param(Fraction(1, 20), 7, id="a shorter interval"),
    ],
)
def test_what_is_not_slower_is_refused(plan: Plan, step: Fraction | None, days: int | None) -> None:
    refusal = refused(slower(plan, row=3, on=ON, step=step, interval_days=days))

    assert refusal.codes() == ("replan-not-slower",)
    assert dict(refusal.because[0].values) == {
        "step": step or Fraction(1, 10),
        "days": days or 14,
        "step_now": Fraction(1, 10),
        "days_now": 14,
    }


@pytest.mark.parametrize("row", [-1, 18])
def test_a_row_that_there_is_not_is_refused(plan: Plan, row: int) -> None:
    for refusal in (
        hold(plan, row=row, on=ON, days=7),
        back(plan, row=row, on=ON),
        slower(plan, row=row, on=ON, interval_days=28),
    ):
        assert [(note.code, dict(note.values)) for note in refused(refusal).because] == [
            ("replan-no-such-row", {"row": row})
        ]


def test_after_the_stop_there_is_nothing_to_hold_or_slow_down(plan: Plan) -> None:
    for refusal in (hold(plan, row=17, on=ON, days=7), slower(plan, row=17, on=ON, interval_days=28)):
        assert [(note.code, dict(note.values)) for note in refused(refusal).because] == [
            ("replan-stopped", {"row": 17})
        ]


def test_there_is_nothing_before_the_baseline(plan: Plan) -> None:
    for refusal in (back(plan, row=0, on=ON), back(plan, row=3, on=ON, to_row=3), back(plan, row=3, on=ON, to_row=4)):
        assert refused(refusal).codes() == ("replan-nothing-before",)


def test_shares_of_the_start_dose_stay_shares_of_where_the_taper_began(tenths: Plan) -> None:
    held = made(hold(tenths, row=4, on=ON, days=7))

    assert [float(step.mg) for step in held.steps] == [6, 6, 5, 4, 3, 2, 1, 0]
    assert {step.drop_of_start for step in held.steps[2:]} == {Fraction(1, 10)}
    assert held.request.start_mg == 10
    again = made(hold(held, row=2, on=ON, days=7))
    assert (again.start_mg, again.steps[2].drop_of_start) == (Fraction(10), Fraction(1, 10))


def test_holds_still_to_come_are_not_carried_over() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM, holds=(Hold(5, 7),))))

    assert made(hold(plan, row=1, on=ON, days=9)).request.holds == (Hold(0, 9),)


def test_a_new_dose_is_kept_as_long_as_the_pace_needs_before_a_large_step(plan: Plan) -> None:
    # From 2.5 to 2 mg is 20 %: three intervals at 10 %, whatever shorter hold was asked.
    held = made(hold(plan, row=14, on=ON, days=7))

    assert lines(held)[1:3] == [
        "1 hold 2027-01-20 42d 2.5 = night 0.5x5 [hold]",
        "2 reduction 2027-03-03 98d 2 = night 1x2 [above-asked above-usual waits]",
    ]


def test_the_programme_counts_its_holds_and_makes_no_first_preparation_again(programme: Plan) -> None:
    once = made(hold(programme, row=2, on=ON, days=30))
    twice = made(back(once, row=2, on=ON))

    assert lines(once)[:3] == [
        "0 baseline 2027-01-20 0d 8 = night 1x8",
        "1 hold 2027-01-20 30d 8 = night 1x8 [hold]",
        "2 reduction 2027-02-19 10d 6 = night 1x6 [inferred-percentage]",
    ]
    assert [float(step.mg) for step in twice.steps] == [8, 8, 6, 4, 2, 0]
    assert twice.request.origin == Origin(once.hash, 2, "back", 1)
    third = refused(hold(twice, row=2, on=ON, days=10))
    assert [(note.code, dict(note.values)) for note in third.because] == [
        ("too-many-holds", {"holds": 3, "at_most": 2})
    ]
    assert refused(hold(programme, row=2, on=ON, days=31)).codes() == ("hold-too-long",)


def test_the_programme_goes_slower_by_its_own_lengths_only(programme: Plan) -> None:
    assert made(slower(programme, row=3, on=ON, interval_days=20)).steps[2].days == 20
    assert refused(slower(programme, row=3, on=ON, interval_days=15)).codes() == ("interval-out-of-range",)
    assert refused(slower(programme, row=3, on=ON, step=Fraction(1, 10))).codes() == ("step-out-of-range",)


@pytest.fixture(scope="module")
def switched() -> Plan:
    """2.5 mg of lorazepam held for 10 days (row 1), then 12.5 mg of diazepam (row 2), 11.5, 10.5 …"""
    return made(
        make_plan(
            ask(
                "lorazepam",
                "2.5",
                tablets("lorazepam", "0.5", "1", "2.5"),
                equivalence=Equivalence(Fraction(1), Fraction(2)),
                conversion=Conversion(DIAZEPAM),
                holds=(Hold(0, 10),),
            )
        )
    )


def test_after_the_switch_a_new_plan_is_one_of_diazepam(switched: Plan) -> None:
    held = made(hold(switched, row=3, on=ON, days=14))

    assert lines(held)[:2] == [
        "0 baseline 2027-01-20 0d 11.5 = night 1.5x5+2x2",
        "1 hold 2027-01-20 14d 11.5 = night 1.5x5+2x2 [hold]",
    ]
    assert held.switch is None
    assert (held.request.medicine, held.start_mg, held.request.equivalence) == ("diazepam", Fraction("12.5"), None)
    assert {units.product.medicine for units in held.supply()} == {"diazepam"}


def test_before_the_switch_it_stays_asked(switched: Plan) -> None:
    for row in (0, 1):
        held = made(hold(switched, row=row, on=ON, days=14))
        assert [step.kind for step in held.steps[:4]] == ["baseline", "hold", "switch", "reduction"]
        assert held.steps[1].days == 14
        assert held.request.equivalence == Equivalence(Fraction(1), Fraction(2))


def test_back_from_the_switch_is_the_own_medicine_without_a_new_switch(switched: Plan) -> None:
    returned = back(switched, row=2, on=ON)

    # 0.5 mg of 2.5 is a fifth: without the switch ASAM cannot be followed in these tablets.
    assert lines(returned) == ["step-above-cap"]
    with_small_tablets = made(make_plan(replace(switched.request, products=tablets("lorazepam", "0.25", "0.5", "2.5"))))
    own = made(back(with_small_tablets, row=2, on=ON))
    assert (own.steps[1].medicine, own.steps[1].mg, own.switch) == ("lorazepam", Fraction(5, 2), None)


def test_in_the_programme_a_switched_plan_goes_on_with_the_limit_of_diazepam() -> None:
    values = PROGRAMME | {"programme_limit_mg": Fraction("7.5"), "equivalence": Equivalence(Fraction(1), Fraction(2))}
    request = ask("lorazepam", "2.5", tablets("lorazepam", "2.5"), conversion=Conversion(DIAZEPAM), **values)
    held = made(hold(made(make_plan(request)), row=2, on=ON, days=10))

    assert [float(step.mg) for step in held.steps] == [10, 10, 7.5, 5, 2.5, 0]
    assert held.request.programme_limit_mg == 30


def test_every_row_of_every_plan_can_be_gone_on_from(plan: Plan, tenths: Plan, programme: Plan, switched: Plan) -> None:
    made_from = 0
    for old in (plan, tenths, programme, switched):
        for step in old.steps:
            for new in (
                hold(old, row=step.row, on=ON, days=10),
                back(old, row=step.row, on=ON),
                slower(old, row=step.row, on=ON, interval_days=30),
            ):
                if isinstance(new, Plan):
                    made_from += 1
                    assert broken_invariants(new, new.request) == []
    assert made_from > 100
