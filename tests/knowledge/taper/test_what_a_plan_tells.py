"""The notes on rows and plans: flags, warnings, feasibility, alternatives, and what is used."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import (
    Caution,
    Circumstances,
    Equivalence,
    Fact,
    Feasibility,
    Flag,
    Form,
    Hold,
    Intake,
    Kind,
    Plan,
    Product,
    Units,
    When,
    make_plan,
)
from knowledge.taper.notes import Note, note
from knowledge.taper.plan import added
from tests.knowledge.taper.asking import ADULT, ask, lines, made, tablets

DIAZEPAM = tablets("diazepam", "2", "5", "10", parts=2)


def warnings(plan: Plan) -> dict[str, dict[str, Any]]:
    return {note.code: dict(note.values) for note in plan.warnings}


def flags(plan: Plan, row: int) -> dict[str, dict[str, Any]]:
    return {note.code: dict(note.values) for note in plan.steps[row].flags}


def test_a_step_above_the_asked_one_tells_the_asked_dose_and_the_reason() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert flags(plan, 11) == {
        "above-asked": {"asked_mg": Fraction("4.05"), "reason": "no-dose-between-can-be-made"},
        "above-usual": {"of_current": Fraction(1, 9), "usual_to": Fraction(1, 10)},
        "waits": {"intervals": 2},
    }
    assert flags(plan, 16) == {
        "above-asked": {"asked_mg": Fraction("1.8"), "reason": "no-dose-between-can-be-made"},
        "above-cap-low-dose": {
            "of_current": Fraction(1, 2),
            "of_start": Fraction(1, 10),
            "reason": "no-dose-between-can-be-made",
            "cap_of_current": Fraction(1, 4),
            "limit_of_start": Fraction(1, 10),
        },
        "waits": {"intervals": 7},
    }


def test_a_quarter_is_within_the_cap() -> None:
    plan = made(make_plan(ask("diazepam", "40", tablets("diazepam", "4"), step=Fraction(1, 4), last_mg=Fraction(4))))

    # 40 → 32 is a fifth; 30 cannot be made. 16 → 12 is a quarter, 12 → 8 a third, and 4 mg is a tenth of the start.
    assert flags(plan, 1) == {
        "rounded": {"asked_mg": 30},
        "above-usual": {"of_current": Fraction(1, 5), "usual_to": Fraction(1, 10)},
    }
    by_dose = {float(step.mg): {note.code for note in step.flags} for step in plan.steps}
    assert "above-cap-low-dose" not in by_dose[12]
    assert "above-cap-low-dose" in by_dose[8]
    assert plan.steps[1].flag(Flag.ABOVE_CAP_LOW_DOSE) is None
    assert plan.steps[1].flag(Flag.ABOVE_USUAL) is not None


def test_feasibility_has_three_degrees_and_alternatives_come_with_the_last_two() -> None:
    as_asked = made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth")))
    larger = made(make_plan(ask("diazepam", "10", tablets("diazepam", "2"), scheme="bcfi-tenth")))
    low_dose = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert [plan.feasibility for plan in (as_asked, larger, low_dose)] == list(Feasibility)
    assert as_asked.alternatives == ()
    assert [each.code for each in larger.alternatives] == [
        *("smaller-strength", "liquid", "compounded-capsules", "other-scheme")
    ]
    assert [each.code for each in low_dose.alternatives][:3] == ["smaller-strength", "liquid", "compounded-capsules"]
    assert low_dose.alternatives[0].value("smallest_part_mg") == 1


def test_an_unverified_strength_is_marked_on_its_rows_and_on_the_plan() -> None:
    guessed = Product("diazepam", Form.TABLET, Fraction(5), 2, verified=False)
    plan = made(make_plan(ask("diazepam", "10", (*tablets("diazepam", "2", "10", parts=2), guessed))))
    sure = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert Caution.UNVERIFIED_STRENGTH in warnings(plan)
    with_guessed = [any(units.product is guessed for units in step.supply) for step in plan.steps]
    assert [step.flag(Flag.UNVERIFIED_STRENGTH) is not None for step in plan.steps] == with_guessed
    assert any(with_guessed)
    assert Caution.UNVERIFIED_STRENGTH not in warnings(sure)


def test_an_unverified_strength_only_in_the_dose_of_now_is_marked_on_the_plan() -> None:
    guessed = Product("zolpidem", Form.TABLET, Fraction(10), verified=False)
    request = ask(
        "zolpidem",
        "10",
        (guessed,),
        scheme="riziv-5",
        programme_limit_mg=Fraction(30),
        equivalence=Equivalence(Fraction(10), Fraction(20)),
    )
    plan = made(make_plan(request))

    assert Caution.UNVERIFIED_STRENGTH in warnings(plan)
    assert not any(step.flag(Flag.UNVERIFIED_STRENGTH) for step in plan.steps)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        pytest.param(("5.1", "10"), {}, id="both ends below 20"),
        pytest.param(
            ("5", "10"),
            {"high-dose-possible": {"low_mg": 10, "high_mg": 20, "limit_mg": 20}},
            id="the high end is 20",
        ),
        pytest.param(("4", "5"), {"high-dose": {"low_mg": 20, "high_mg": 25, "limit_mg": 20}}, id="the low end is 20"),
    ],
)
def test_a_high_dose_is_told_by_both_ends_of_the_tables(
    tables: tuple[str, str], told: dict[str, dict[str, Any]]
) -> None:
    equivalence = Equivalence(Fraction(tables[0]), Fraction(tables[1]))
    plan = made(make_plan(ask("bromazepam", "10", tablets("bromazepam", "1"), equivalence=equivalence)))

    assert {code: values for code, values in warnings(plan).items() if code.startswith("high-dose")} == told


def test_the_dose_of_diazepam_needs_no_table_and_counts_from_where_the_taper_began() -> None:
    ten = made(make_plan(ask("diazepam", "10", DIAZEPAM)))
    from_forty = made(make_plan(ask("diazepam", "10", DIAZEPAM, start_mg=Fraction(40))))

    assert "high-dose" not in warnings(ten)
    assert warnings(from_forty)["high-dose"] == {"low_mg": 40, "high_mg": 40, "limit_mg": 20}
    assert from_forty.start_mg == 40


def test_baclofen_has_no_diazepam_dose_and_ends_above_none() -> None:
    plan = made(make_plan(ask("baclofen", "100", tablets("baclofen", "10"), scheme="baclofen-80")))

    assert warnings(plan)["ends-above-none"] == {"mg": 80}
    assert "high-dose" not in warnings(plan)


def test_what_is_unverified_in_a_scheme_and_what_is_of_our_own_house_is_listed() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert warnings(plan)["scheme-unverified"] == {
        "unverified": "share-of-which-dose",
        "house": "simpler-dose-within-5-to-10-percent,low-dose-rule,stop-limit,step-within-range,interval-within-range",
    }


def test_the_plan_says_who_set_its_last_dose() -> None:
    tenth = made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth")))
    asked = made(make_plan(ask("diazepam", "40", DIAZEPAM, last_mg=Fraction(2))))
    smallest = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert [(plan.last_mg, plan.last_by) for plan in (tenth, asked, smallest)] == [
        (1, "scheme"),
        (2, "request"),
        (1, "smallest"),
    ]


def test_under_asam_tablets_are_preferred_to_a_little_liquid_wherever_the_step_allows_it() -> None:
    """A liquid could make every tenth to 0.04 mg; from half the step on, whole tablets and halves are simpler."""
    liquid = Product("diazepam", Form.ML, Fraction("0.4"), 10)
    plan = made(make_plan(ask("diazepam", "40", (*DIAZEPAM, liquid))))

    assert [line.split(" = ")[1] for line in lines(plan)[1:8]] == [
        "night 3.5x10+1x2 [rounded]",
        "night 3x10+2x2 [rounded]",
        "night 3x10+0.5x2 [rounded]",
        "night 2.5x10+2x2 [rounded]",
        "night 2.5x10+1x2 [rounded]",
        "night 2.5x10 [rounded]",
        "night 2x10+0.5x5",
    ]


def test_what_was_not_told_is_listed() -> None:
    silent = made(make_plan(ask("diazepam", "10", DIAZEPAM, patient=Circumstances(), route=None, intakes=())))
    no_intakes = made(make_plan(replace(ask("diazepam", "10", DIAZEPAM), intakes=())))
    told = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert warnings(silent)["not-told"]["facts"] == (
        "route,age,pregnancy,breast-feeding,epilepsy,withdrawal-seizure,withdrawal-delirium,suicidality,aggression,"
        "alcohol-dependence,drug-dependence,palliative-care,spasticity,stiff-person,second-bzra"
    )
    assert "division-not-told" in warnings(no_intakes)
    assert no_intakes.steps[0].intakes[0].when is When.DAY
    assert "not-told" not in warnings(told)
    assert "division-not-told" not in warnings(told)
    one = replace(ADULT, absent=ADULT.absent - {Fact.AGGRESSION})
    assert warnings(made(make_plan(ask("diazepam", "10", DIAZEPAM, patient=one))))["not-told"] == {
        "facts": "aggression"
    }


def test_the_programme_tells_what_is_inferred_what_to_arrange_and_what_was_not_told() -> None:
    request = ask(
        "zolpidem",
        "10",
        tablets("zolpidem", "10"),
        scheme="riziv-10",
        programme_limit_mg=Fraction(30),
        equivalence=Equivalence(Fraction(10), Fraction(20)),
    )
    told = warnings(made(make_plan(request)))
    silent = replace(ADULT, absent=ADULT.absent - {Fact.PROGRAMME_PAST_YEAR})

    assert "percentages-inferred-linear" in told
    assert "agreement-of-patient-doctor-pharmacist" in told["programme-conditions"]["arrange"]
    assert told["scheme-unverified"]["unverified"] == (
        "step-percentages-inferred-linear,status-after-2024,molecule-list"
    )
    assert "programme-year-not-told" not in told
    assert "programme-year-not-told" in warnings(made(make_plan(replace(request, patient=silent))))
    assert "programme-not-first" not in told


def test_other_schemes_tell_which_rows_are_faster_than_asam() -> None:
    dutch = made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="nl-guided-reduction")))

    assert warnings(dutch)["faster-than-asam"] == {"rows": "2,3,4,5", "compared": "much-faster"}
    assert flags(dutch, 2)["faster-than-asam"] == {"of_dose_14_days_before": Fraction(1, 2), "cap": Fraction(1, 4)}
    # Row 4 starts on day 21: 14 days before, 7.5 had given way to 5 mg that very day.
    assert flags(dutch, 4)["faster-than-asam"]["of_dose_14_days_before"] == Fraction(3, 5)
    assert "faster-than-asam" not in warnings(made(make_plan(ask("diazepam", "10", DIAZEPAM))))


def test_asking_for_more_than_a_tenth_is_marked() -> None:
    tenth = made(make_plan(ask("diazepam", "40", DIAZEPAM, step=Fraction(1, 10))))
    eighth = made(make_plan(ask("diazepam", "40", DIAZEPAM, step=Fraction(1, 8))))

    assert "asked-above-usual" not in warnings(tenth)
    assert warnings(eighth)["asked-above-usual"] == {"step": Fraction(1, 8), "usual_to": Fraction(1, 10)}


def test_a_long_plan_and_a_withdrawn_medicine_are_marked() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM)))
    short = made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth")))
    tetrazepam = made(make_plan(ask("tetrazepam", "50", tablets("tetrazepam", "5", "50"))))

    assert warnings(plan)["long-plan"] == {"days": (plan.steps[-1].first_day - date(2026, 12, 1)).days}
    assert "long-plan" not in warnings(short)
    assert warnings(tetrazepam)["withdrawn-product"] == {"medicine": "tetrazepam", "source": "EMA/256383/2013"}


@pytest.mark.parametrize(("days", "long"), [(366, False), (367, True)])
def test_a_plan_is_long_from_a_year_on(days: int, long: bool) -> None:
    rest = days - 9 * 14
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth", holds=(Hold(1, rest),))))

    assert ("long-plan" in warnings(plan)) is long


@pytest.mark.parametrize(("mg", "marked"), [("40", False), ("44", True)])
def test_more_than_ten_pieces_in_an_intake_are_marked(mg: str, marked: bool) -> None:
    plan = made(make_plan(ask("oxazepam", mg, tablets("oxazepam", "4"), scheme="bcfi-tenth", holds=(Hold(0, 7),))))

    assert (flags(plan, 1).get("many-units") == {"pieces": 11}) is marked


def test_millilitres_are_no_pieces_and_half_a_tablet_is_one() -> None:
    liquid = (Product("oxazepam", Form.ML, Fraction(1), 10),)
    measured = made(make_plan(ask("oxazepam", "50", liquid, holds=(Hold(0, 7),))))
    halves = made(make_plan(ask("oxazepam", "42", tablets("oxazepam", "4", parts=2), holds=(Hold(0, 7),))))

    assert "many-units" not in flags(measured, 1)
    assert flags(halves, 1)["many-units"] == {"pieces": 11}


def test_the_units_taken_now_are_shown_as_they_are() -> None:
    fives = (Intake(When.NIGHT, Fraction(10), (Units(DIAZEPAM[1], Fraction(2)),)),)
    request = ask("diazepam", "10", DIAZEPAM, holds=(Hold(0, 7),))
    plan = made(make_plan(replace(request, intakes=fives)))

    assert lines(plan)[:3] == [
        "0 baseline 2026-12-01 0d 10 = night 2x5",
        "1 hold 2026-12-01 7d 10 = night 2x5 [hold]",
        "2 reduction 2026-12-08 14d 9 = night 1x5+2x2",
    ]


def test_a_first_reduction_larger_than_asked_waits_for_its_pace() -> None:
    # 10 → 9 mg is two steps of 5 % and a little: three intervals, of which one is over.
    request = ask("diazepam", "10", tablets("diazepam", "1"), step=Fraction(1, 20))
    plan = made(make_plan(request))
    longer = made(make_plan(replace(request, holds=(Hold(0, 3),))))
    long = made(make_plan(replace(request, holds=(Hold(0, 40),))))

    assert [(step.days, step.flags[0].code) for step in plan.steps[1:3]] == [(28, "hold"), (42, "above-asked")]
    assert flags(plan, 1) == {"hold": {"reason": "pace"}}
    assert ([step.days for step in longer.steps[1:3]], flags(longer, 1)) == ([28, 42], {"hold": {"reason": "asked"}})
    assert [step.days for step in long.steps[1:3]] == [40, 42]


def test_the_intakes_are_taken_in_the_order_of_the_day_however_they_are_given() -> None:
    halves = {When.MORNING: Fraction(5), When.NIGHT: Fraction(5)}
    given = [tuple(Intake(when, mg) for when, mg in order) for order in (halves.items(), reversed(halves.items()))]
    plans = [made(make_plan(replace(ask("diazepam", "10", tablets("diazepam", "1")), intakes=each))) for each in given]

    assert lines(plans[0]) == lines(plans[1])
    assert lines(plans[0])[1] == "1 reduction 2026-12-01 28d 9 = morning 4x1, night 5x1 [waits]"


def test_holds_stand_after_the_rows_they_name_and_say_why() -> None:
    holds = (Hold(2, 7), Hold(2, 5), Hold(0, 3))
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM, holds=holds, scheme="bcfi-tenth")))

    assert [(float(step.mg), step.days, str(step.kind)) for step in plan.steps[:8]] == [
        (10, 0, "baseline"),
        (10, 3, "hold"),
        (9, 14, "reduction"),
        (8, 14, "reduction"),
        (8, 7, "hold"),
        (8, 5, "hold"),
        (7, 14, "reduction"),
        (6, 14, "reduction"),
    ]
    assert flags(plan, 4) == {"hold": {"reason": "asked"}}
    assert plan.steps[4].drop_of_previous == 0


def test_a_hold_may_stand_after_the_last_dose_and_no_later() -> None:
    request = ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth", holds=(Hold(9, 7),))

    assert [step.kind for step in made(make_plan(request)).steps[-2:]] == [Kind.HOLD, Kind.STOP]
    assert lines(make_plan(replace(request, holds=(Hold(10, 7),)))) == ["hold-after-the-end"]


def test_a_dose_that_is_the_last_one_already_is_kept_one_interval_before_the_stop() -> None:
    plan = made(make_plan(ask("diazepam", "1", DIAZEPAM, start_mg=Fraction(10))))

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 1 = night 0.5x2",
        "1 hold 2026-12-01 14d 1 = night 0.5x2 [hold]",
        "2 stop 2026-12-15 0d 0",
    ]
    assert flags(plan, 1) == {"hold": {"reason": "last-dose"}}
    assert plan.steps[2].drop_of_start == Fraction(1, 10)


def test_a_last_dose_that_the_clinician_declares_ends_the_plan() -> None:
    plan = made(make_plan(ask("diazepam", "40", DIAZEPAM, last_mg=Fraction(4))))

    assert (plan.steps[-2].mg, plan.last_by) == (Fraction(4), "request")
    assert plan.steps[-2].days >= max(step.days for step in plan.steps[:-2])
    assert (plan.steps[-1].kind, plan.steps[-1].drop_of_previous, plan.steps[-1].drop_of_start) == (
        Kind.STOP,
        Fraction(1),
        Fraction(1, 10),
    )


def test_the_days_of_a_plan_are_every_day_with_its_dose_and_units() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM, scheme="bcfi-tenth")))
    days = list(plan.days())

    assert len(days) == 9 * 14
    assert days[0] == (date(2026, 12, 1), Fraction(9), plan.steps[1].intakes)
    assert days[13] == (date(2026, 12, 14), Fraction(9), plan.steps[1].intakes)
    assert days[14] == (date(2026, 12, 15), Fraction(8), plan.steps[2].intakes)
    assert days[-1] == (date(2027, 4, 5), Fraction(1), plan.steps[-2].intakes)
    assert (plan.steps[0].last_day, plan.steps[1].last_day, plan.steps[-1].last_day) == (None, date(2026, 12, 14), None)


def test_the_supply_of_a_row_is_its_daily_units_times_its_days() -> None:
    plan = made(
        make_plan(ask("alprazolam", "2", tablets("alprazolam", "0.5", parts=2), ("0.5",) * 4, scheme="bcfi-tenth"))
    )

    # 0.25 mg is more than a tenth of 2: a wait first. Row 2 is 1.75 mg: three whole tablets and a half.
    assert [(float(units.product.strength_mg), float(units.number)) for units in plan.steps[2].supply] == [
        (0.5, 3.5 * 28)
    ]
    assert sum(units.number for units in plan.supply()) == sum(
        intake.units[0].number * step.days for step in plan.steps for intake in step.intakes
    )


def test_equal_products_are_added_up_even_if_they_are_two_objects() -> None:
    one, other = tablets("diazepam", "2")[0], tablets("diazepam", "2")[0]
    five = tablets("diazepam", "5")[0]

    assert added((Units(one, Fraction(1)), Units(five, Fraction(1)), Units(other, Fraction(1, 2)))) == (
        Units(one, Fraction(3, 2)),
        Units(five, Fraction(1)),
    )


def test_a_note_has_values_by_name() -> None:
    told = note(Flag.WAITS, intervals=3)

    assert told == Note("waits", (("intervals", 3),))
    assert told.value("intervals") == 3
    with pytest.raises(KeyError):
        told.value("days")


def test_what_cannot_be_asked_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match=r"both present and absent: .*pregnancy"):
        Circumstances(present=frozenset({Fact.PREGNANCY}), absent=frozenset({Fact.PREGNANCY}))
    for low, high in (("0", "1"), ("2", "1")):
        with pytest.raises(ValueError, match="0 < mg_low <= mg_high"):
            Equivalence(Fraction(low), Fraction(high))
    for row, days in ((-1, 7), (0, 0)):
        with pytest.raises(ValueError, match="after_reductions at least 0, days at least 1"):
            Hold(row, days)
    for mg in (0, -1):
        with pytest.raises(ValueError, match="mg must be above 0"):
            Intake(When.NIGHT, Fraction(mg))
