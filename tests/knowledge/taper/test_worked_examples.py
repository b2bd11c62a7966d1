"""Every scheme once, worked out by hand on paper: doses, units, dates and flags."""

from fractions import Fraction

from knowledge.taper import Equivalence, Feasibility, Flag, make_plan
from tests.knowledge.taper.asking import ask, lines, made, tablets


def test_asam_takes_5_to_10_percent_every_2_weeks_and_waits_before_each_larger_step() -> None:
    # Makeable with halves: 1, 2, 2.5, 3, 3.5 … mg. From 10: at least 9, at most 9.5; 9 is 5+2+2, 9.5 needs a half.
    # From 4.5 on nothing lies within 10 %. 4.5 → 4 is 11 %: 0.9 x 0.9 = 0.81 <= 0.89, so 2 intervals on 4.5.
    # 2.5 → 2 is 20 %: 0.729 <= 0.8, 3 intervals. 2 → 1 is 50 %: 0.9^7 = 0.478, 7 intervals; as long before the stop.
    plan = made(make_plan(ask("diazepam", "10", tablets("diazepam", "2", "5", "10", parts=2))))

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 10 = night 1x10",
        "1 reduction 2026-12-01 14d 9 = night 1x5+2x2",
        "2 reduction 2026-12-15 14d 8.5 = night 1.5x5+0.5x2 [rounded]",
        "3 reduction 2026-12-29 14d 8 = night 1x5+1.5x2 [rounded]",
        "4 reduction 2027-01-12 14d 7.5 = night 1.5x5 [rounded]",
        "5 reduction 2027-01-26 14d 7 = night 1x5+1x2 [rounded]",
        "6 reduction 2027-02-09 14d 6.5 = night 0.5x5+2x2 [rounded]",
        "7 reduction 2027-02-23 14d 6 = night 1x5+0.5x2 [rounded]",
        "8 reduction 2027-03-09 14d 5.5 = night 0.5x5+1.5x2 [rounded]",
        "9 reduction 2027-03-23 14d 5 = night 1x5 [rounded]",
        "10 reduction 2027-04-06 28d 4.5 = night 0.5x5+1x2 [waits]",
        "11 reduction 2027-05-04 28d 4 = night 2x2 [above-asked above-usual waits]",
        "12 reduction 2027-06-01 28d 3.5 = night 0.5x5+0.5x2 [above-asked above-usual waits]",
        "13 reduction 2027-06-29 28d 3 = night 1.5x2 [above-asked above-usual waits]",
        "14 reduction 2027-07-27 42d 2.5 = night 0.5x5 [above-asked above-usual waits]",
        "15 reduction 2027-09-07 98d 2 = night 1x2 [above-asked above-usual waits]",
        "16 reduction 2027-12-14 98d 1 = night 0.5x2 [above-asked above-cap-low-dose waits]",
        "17 stop 2028-03-21 0d 0",
    ]
    assert plan.feasibility is Feasibility.LOW_DOSE_ABOVE_CAP
    assert (plan.last_mg, plan.last_by, plan.start_mg) == (Fraction(1), "smallest", Fraction(10))
    assert [(float(units.product.strength_mg), float(units.number)) for units in plan.supply()] == [
        (5.0, 14 * (1 + 1.5 + 1 + 1.5 + 1 + 0.5 + 1 + 0.5 + 1) + 28 * (0.5 + 0.5) + 42 * 0.5),
        (2.0, 14 * (2 + 0.5 + 1.5 + 1 + 2 + 0.5 + 1.5) + 28 * (1 + 2 + 0.5 + 1.5) + 98 * (1 + 0.5)),
    ]


def test_the_dutch_scheme_goes_75_50_25_percent_then_12_5_in_what_can_be_made() -> None:
    # 12.5 % is 1.25 mg; the lowest dose not below it is 2 mg, and 1 mg is the highest from which the scheme stops.
    plan = made(
        make_plan(ask("diazepam", "10", tablets("diazepam", "2", "5", "10", parts=2), scheme="nl-guided-reduction"))
    )

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 10 = night 1x10",
        "1 reduction 2026-12-01 7d 7.5 = night 1.5x5",
        "2 reduction 2026-12-08 7d 5 = night 1x5 [faster-than-asam]",
        "3 reduction 2026-12-15 7d 2.5 = night 0.5x5 [faster-than-asam]",
        "4 reduction 2026-12-22 7d 2 = night 1x2 [rounded faster-than-asam]",
        "5 reduction 2026-12-29 7d 1 = night 0.5x2 [faster-than-asam]",
        "6 stop 2027-01-05 0d 0",
    ]


def test_the_dutch_scheme_pauses_on_a_quarter_where_an_eighth_cannot_be_made() -> None:
    plan = made(make_plan(ask("temazepam", "40", tablets("temazepam", "10", "20"), scheme="nl-guided-reduction")))

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 40 = night 2x20",
        "1 reduction 2026-12-01 7d 30 = night 1x20+1x10",
        "2 reduction 2026-12-08 7d 20 = night 1x20 [faster-than-asam]",
        "3 reduction 2026-12-15 14d 10 = night 1x10 [waits faster-than-asam]",
        "4 stop 2026-12-29 0d 0",
    ]


def test_bcfi_takes_tenths_of_the_start_dose() -> None:
    plan = made(make_plan(ask("oxazepam", "50", tablets("oxazepam", "10", "50", parts=2), scheme="bcfi-tenth")))

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 50 = night 1x50",
        "1 reduction 2026-12-01 14d 45 = night 0.5x50+2x10",
        "2 reduction 2026-12-15 14d 40 = night 0.5x50+1.5x10",
        "3 reduction 2026-12-29 14d 35 = night 0.5x50+1x10",
        "4 reduction 2027-01-12 14d 30 = night 0.5x50+0.5x10",
        "5 reduction 2027-01-26 14d 25 = night 0.5x50",
        "6 reduction 2027-02-09 14d 20 = night 2x10",
        "7 reduction 2027-02-23 14d 15 = night 1.5x10",
        "8 reduction 2027-03-09 14d 10 = night 1x10 [faster-than-asam]",
        "9 reduction 2027-03-23 14d 5 = night 0.5x10 [faster-than-asam]",
        "10 stop 2027-04-06 0d 0",
    ]
    assert [step.drop_of_start for step in plan.steps[1:]] == [Fraction(1, 10)] * 10
    assert [step.drop_of_previous for step in plan.steps[1:]] == [Fraction(1, n) for n in range(10, 0, -1)]


def test_bcfi_takes_two_tenths_at_once_only_after_two_intervals() -> None:
    plan = made(make_plan(ask("oxazepam", "50", tablets("oxazepam", "10", "50"), scheme="bcfi-tenth", interval_days=7)))

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 50 = night 1x50",
        "1 hold 2026-12-01 7d 50 = night 1x50 [hold]",
        "2 reduction 2026-12-08 14d 40 = night 4x10 [above-asked waits]",
        "3 reduction 2026-12-22 14d 30 = night 3x10 [above-asked waits]",
        "4 reduction 2027-01-05 14d 20 = night 2x10 [above-asked waits faster-than-asam]",
        "5 reduction 2027-01-19 14d 10 = night 1x10 [above-asked waits faster-than-asam]",
        "6 stop 2027-02-02 0d 0",
    ]
    assert plan.steps[1].flags[0].value("reason") == "pace"
    assert plan.feasibility is Feasibility.LARGER_STEPS


def test_riziv_in_five_steps_of_ten_days_is_fifths_of_the_start_dose_in_capsules() -> None:
    plan = made(
        make_plan(
            ask(
                "zolpidem",
                "10",
                tablets("zolpidem", "10", parts=2),
                scheme="riziv-5",
                interval_days=10,
                programme_limit_mg=Fraction(30),
                equivalence=Equivalence(Fraction(10), Fraction(20)),
            )
        )
    )

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 10 = night 1x10",
        "1 hold 2026-12-01 10d 10 = night 1x10 [hold inferred-percentage]",
        "2 reduction 2026-12-11 10d 8 = night 1x8 [inferred-percentage]",
        "3 reduction 2026-12-21 10d 6 = night 1x6 [inferred-percentage faster-than-asam]",
        "4 reduction 2026-12-31 10d 4 = night 1x4 [inferred-percentage faster-than-asam]",
        "5 reduction 2027-01-10 10d 2 = night 1x2 [inferred-percentage faster-than-asam]",
        "6 stop 2027-01-20 0d 0",
    ]
    assert [units.product.form for units in plan.steps[2].supply] == ["capsule"]
    assert all(units.product.compounded for step in plan.steps[1:] for units in step.supply)
    assert (plan.steps[-1].first_day - plan.steps[1].first_day).days == 50


def test_riziv_in_ten_steps_of_thirty_days_lasts_300_days_and_360_with_two_stabilisations() -> None:
    request = ask(
        "lormetazepam",
        "1",
        tablets("lormetazepam", "1"),
        scheme="riziv-10",
        programme_limit_mg=Fraction(3),
        equivalence=Equivalence(Fraction(1), Fraction(2)),
    )
    plan = made(make_plan(request))

    assert [str(float(step.mg)) for step in plan.steps] == [
        *("1.0", "1.0", "0.9", "0.8", "0.7", "0.6", "0.5", "0.4", "0.3", "0.2", "0.1", "0.0")
    ]
    assert sum(step.days for step in plan.steps) == 300
    assert plan.steps[5].flags[0].value("of_start") == Fraction(6, 10)


def test_riziv_capsules_are_exact_shares_however_small_the_dose() -> None:
    request = ask(
        "triazolam",
        "0.125",
        tablets("triazolam", "0.125"),
        scheme="riziv-10",
        programme_limit_mg=Fraction(3, 4),
        equivalence=Equivalence(Fraction(1, 4), Fraction(1, 2)),
    )
    plan = made(make_plan(request))

    assert [step.mg * 10 / Fraction("0.125") for step in plan.steps] == [10, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert (plan.last_mg, plan.last_by) == (Fraction("0.0125"), "scheme")
    assert not any(step.flag(Flag.ROUNDED) for step in plan.steps)


def test_bcfi_with_two_intakes_and_uneven_tablets_keeps_them_alike() -> None:
    uneven = tablets("diazepam", "2", "5", parts=2)
    plan = made(make_plan(ask("diazepam", "10", uneven, ("5", "5"), scheme="bcfi-tenth")))

    assert [[float(intake.mg) for intake in step.intakes] for step in plan.steps] == [
        *([5, 5], [4.5, 4.5], [4, 4], [3.5, 3.5], [3, 3], [2.5, 2.5], [2, 2], [1, 2], [1, 1], [1], [])
    ]


def test_baclofen_goes_down_to_80_by_10_mg_every_2_days_and_does_not_stop() -> None:
    products = tablets("baclofen", "10", parts=2) + tablets("baclofen", "25")
    plan = made(make_plan(ask("baclofen", "120", products, ("40", "40", "40"), scheme="baclofen-80")))

    assert lines(plan) == [
        "0 baseline 2026-12-01 0d 120 = noon 1x25+1.5x10, evening 1x25+1.5x10, night 1x25+1.5x10",
        "1 reduction 2026-12-01 2d 110 = noon 1x25+1x10, evening 1x25+1x10, night 1x25+1.5x10",
        "2 reduction 2026-12-03 2d 100 = noon 1x25+0.5x10, evening 1x25+1x10, night 1x25+1x10",
        "3 reduction 2026-12-05 2d 90 = noon 1x25+0.5x10, evening 1x25+0.5x10, night 1x25+0.5x10",
        "4 reduction 2026-12-07 2d 80 = noon 1x25, evening 1x25, night 1x25+0.5x10",
    ]
    assert (plan.last_mg, plan.last_by) == (Fraction(80), "scheme")
