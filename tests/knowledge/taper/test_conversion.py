"""The switch to diazepam: only when asked, from the low end of the tables, never where tables or liver forbid it."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import Conversion, Equivalence, Fact, Form, Hold, Kind, PlanRequest, Product, Switch, make_plan
from tests.knowledge.taper.asking import ADULT, ask, lines, made, refused, tablets

DIAZEPAM = tablets("diazepam", "2", "5", "10", parts=2)
LORAZEPAM = tablets("lorazepam", "0.5", "1", "2.5")


def switch(daily: str = "2.5", intakes: tuple[str, ...] = (), **more: Any) -> PlanRequest:
    values = {"equivalence": Equivalence(Fraction(1), Fraction(2)), "conversion": Conversion(DIAZEPAM), **more}
    return ask("lorazepam", daily, LORAZEPAM, intakes, **values)


def test_lorazepam_2_5_mg_is_12_5_to_25_mg_of_diazepam_and_starts_with_12_5() -> None:
    plan = made(make_plan(switch()))

    assert plan.switch == Switch(low_mg=Fraction("12.5"), high_mg=Fraction(25), chosen_mg=Fraction("12.5"))
    assert lines(plan)[:4] == [
        "0 baseline 2026-12-01 0d 2.5 = night 1x2.5",
        "1 switch 2026-12-01 14d 12.5 = night 1x10+0.5x5",
        "2 reduction 2026-12-15 14d 11.5 = night 1.5x5+2x2 [rounded]",
        "3 reduction 2026-12-29 14d 10.5 = night 1.5x5+1.5x2 [rounded]",
    ]
    assert [step.medicine for step in plan.steps[:2]] == ["lorazepam", "diazepam"]
    assert plan.start_mg == Fraction("12.5")
    assert plan.steps[2].drop_of_start == Fraction(1, Fraction("12.5"))


def test_without_being_asked_there_is_no_switch() -> None:
    plan = made(make_plan(ask("lorazepam", "5", LORAZEPAM)))

    assert plan.switch is None
    assert {step.medicine for step in plan.steps} == {"lorazepam"}


def test_both_ends_and_the_caution_to_go_over_in_one_to_two_weeks_are_told() -> None:
    warnings = {note.code: dict(note.values) for note in made(make_plan(switch())).warnings}

    assert warnings["conversion-range"] == {"low_mg": Fraction("12.5"), "high_mg": 25, "chosen_mg": Fraction("12.5")}
    assert warnings["conversion-gradually"] == {"source": "ASAM 2025", "days_from": 7, "days_to": 14}


def test_the_low_end_is_rounded_down_so_that_the_dose_does_not_rise() -> None:
    whole = tablets("diazepam", "1", "5")
    plan = made(make_plan(switch(conversion=Conversion(whole))))

    assert plan.steps[1].mg == 12
    assert plan.steps[1].drop_of_previous == Fraction(1, 25)
    assert [(note.code, dict(note.values)) for note in plan.steps[1].flags] == [
        ("rounded", {"asked_mg": Fraction("12.5")})
    ]


def test_a_dose_more_than_a_quarter_under_the_low_end_is_refused() -> None:
    quarter = made(make_plan(switch("2", conversion=Conversion(tablets("diazepam", "7.5", "0.75")))))
    more = refused(make_plan(switch("3.5", conversion=Conversion(tablets("diazepam", "13")))))

    assert quarter.steps[1].mg == Fraction("9.75")
    assert more.codes() == ("conversion-not-makeable",)
    assert dict(more.because[0].values) == {"low_mg": Fraction("17.5"), "high_mg": 35, "nearest_below_mg": 13}


@pytest.mark.parametrize(
    ("strength", "codes"),
    [
        pytest.param(
            "7.5", ["stop-from-too-high"], id="exactly a quarter lost: too large for the steps, not the switch"
        ),
        pytest.param("7.4", ["conversion-not-makeable"], id="more than a quarter lost"),
    ],
)
def test_up_to_a_quarter_may_be_lost_by_rounding(strength: str, codes: list[str]) -> None:
    one_tablet = Conversion(tablets("diazepam", strength))
    tables = Equivalence(Fraction(2), Fraction(2))
    request = switch("2", conversion=one_tablet, equivalence=tables, scheme="nl-guided-reduction")

    assert lines(make_plan(request)) == codes


@pytest.mark.parametrize("medicine", ["clotiazepam", "cloxazolam", "ethyl-loflazepate", "tetrazepam", "zaleplon"])
def test_some_medicines_are_never_converted(medicine: str) -> None:
    request = ask(
        medicine,
        "10",
        tablets(medicine, "10"),
        equivalence=Equivalence(Fraction(5), Fraction(10)),
        conversion=Conversion(DIAZEPAM),
    )

    assert lines(make_plan(request)) == ["conversion-never"]
    assert "switch-to-diazepam" not in [
        n.code for n in refused(make_plan(replace(request, conversion=None))).alternatives
    ]


def test_baclofen_is_not_converted_and_no_switch_is_offered_for_it() -> None:
    tens, tables = tablets("baclofen", "25"), Equivalence(Fraction(10), Fraction(10))
    request = ask("baclofen", "100", tens, scheme="baclofen-80", equivalence=tables)

    assert lines(make_plan(replace(request, conversion=Conversion(DIAZEPAM)))) == ["conversion-never"]
    assert [n.code for n in refused(make_plan(request)).alternatives] == [
        *("smaller-strength", "liquid", "compounded-capsules")
    ]
    assert refused(make_plan(request)).alternatives[0].value("smallest_part_mg") == 15


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({"equivalence": None}, ["conversion-equivalence-unknown"], id="unknown equivalence"),
        pytest.param(
            {
                "patient": replace(
                    ADULT,
                    present=ADULT.present | {Fact.HEPATIC_DISEASE},
                    absent=ADULT.absent - {Fact.HEPATIC_DISEASE},
                )
            },
            ["conversion-hepatic-disease"],
            id="liver disease",
        ),
        pytest.param(
            {"patient": replace(ADULT, absent=ADULT.absent - {Fact.HEPATIC_DISEASE})},
            ["conversion-hepatic-not-told"],
            id="liver not told",
        ),
        pytest.param({"conversion": Conversion(())}, ["no-products"], id="no diazepam products"),
        pytest.param(
            {"conversion": Conversion(LORAZEPAM[:1])}, ["product-of-other-medicine"], id="products that are no diazepam"
        ),
        pytest.param(
            {"conversion": Conversion(tablets("diazepam", "15"))}, ["conversion-not-makeable"], id="too large a tablet"
        ),
        pytest.param({"products": tablets("lorazepam", "1")}, ["dose-not-makeable"], id="baseline not makeable"),
        pytest.param(
            {"conversion": Conversion((Product("diazepam", Form.ML, Fraction("0.0101"), 100),))},
            ["strengths-too-fine"],
            id="too fine a liquid",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_switch_is_named(changes: dict[str, Any], codes: list[str]) -> None:
    assert lines(make_plan(replace(switch(), **changes))) == codes


def test_diazepam_is_not_switched_to_itself() -> None:
    request = ask("diazepam", "10", DIAZEPAM, conversion=Conversion(DIAZEPAM))

    assert lines(make_plan(request)) == ["conversion-same-medicine"]


@pytest.mark.parametrize(
    ("age", "told"),
    [(64, None), (65, {"age": 65}), (None, {"age": "not-told"})],
)
def test_from_65_on_the_own_medicine_is_preferred(age: int | None, told: dict[str, Any] | None) -> None:
    plan = made(make_plan(switch(patient=replace(ADULT, age_years=age))))

    assert {note.code: dict(note.values) for note in plan.warnings}.get("conversion-elderly") == told


def test_the_intakes_of_the_day_are_kept_each_with_its_share() -> None:
    # 1 + 1.5 mg is 5 + 7.5 mg of diazepam at the low end.
    plan = made(make_plan(switch("2.5", ("1", "1.5"))))

    assert lines(plan)[1] == "1 switch 2026-12-01 14d 12.5 = evening 1x5, night 1.5x5"


def test_what_rounding_leaves_over_goes_to_the_night() -> None:
    # 1 + 1 + 1 mg is 5 mg three times; in tablets of 2 mg that is 4 + 4 + 4, and the 2 mg left make the night 6.
    twos = Conversion(tablets("diazepam", "2"))
    plan = made(make_plan(switch("3", ("1", "1", "1"), conversion=twos, scheme="bcfi-tenth")))

    assert lines(plan)[1] == "1 switch 2026-12-01 28d 14 = noon 2x2, evening 2x2, night 3x2 [rounded waits]"


def test_an_intake_too_small_for_any_diazepam_falls_away() -> None:
    ones = Conversion(tablets("diazepam", "1"))
    tables = Equivalence(Fraction(10), Fraction(10))
    plan = made(make_plan(switch("5.5", ("0.5", "5"), conversion=ones, equivalence=tables, scheme="bcfi-tenth")))

    assert lines(plan)[1] == "1 switch 2026-12-01 28d 5 = night 5x1 [rounded waits]"
    assert [len(step.intakes) for step in plan.steps] == [2, 1, 1, 1, 1, 1, 0]


def test_a_hold_before_the_switch_keeps_the_own_medicine() -> None:
    plan = made(make_plan(switch(holds=(Hold(0, 10),))))

    assert lines(plan)[:3] == [
        "0 baseline 2026-12-01 0d 2.5 = night 1x2.5",
        "1 hold 2026-12-01 10d 2.5 = night 1x2.5 [hold]",
        "2 switch 2026-12-11 14d 12.5 = night 1x10+0.5x5",
    ]
    assert [step.medicine for step in plan.steps[:3]] == ["lorazepam", "lorazepam", "diazepam"]


def test_the_programme_makes_capsules_of_diazepam_in_whole_tenths() -> None:
    # 15 mg where 13.3 mg stand for 10: 11.278 at the low end.
    request = ask(
        "clorazepate",
        "15",
        tablets("clorazepate", "5"),
        scheme="riziv-10",
        programme_limit_mg=Fraction(60),
        equivalence=Equivalence(Fraction("13.3"), Fraction("13.3")),
        conversion=Conversion(DIAZEPAM),
    )
    plan = made(make_plan(request))

    assert plan.steps[1].kind is Kind.SWITCH
    assert [float(step.mg) for step in plan.steps[1:4]] == [11.2, 10.08, 8.96]
    assert plan.last_mg == Fraction("1.12")


def test_the_programme_makes_no_capsules_of_less_than_a_tenth_of_a_milligram_of_diazepam() -> None:
    request = ask(
        "chlordiazepoxide",
        "1",
        tablets("chlordiazepoxide", "1"),
        scheme="riziv-5",
        programme_limit_mg=Fraction(90),
        equivalence=Equivalence(Fraction(20), Fraction(101)),
        conversion=Conversion(DIAZEPAM),
    )

    assert lines(make_plan(request)) == ["conversion-not-makeable"]
    with_table = replace(request, equivalence=Equivalence(Fraction(20), Fraction(100)))
    assert [float(step.mg) for step in made(make_plan(with_table)).steps] == [1, 0.1, 0.08, 0.06, 0.04, 0.02, 0]
