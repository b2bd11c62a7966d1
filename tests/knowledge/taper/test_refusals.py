"""No guess is made: what is missing or unsafe is named, all of it, with its figures."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import Alternative, Because, Equivalence, Fact, Form, Hold, Intake, Product, Units, When, make_plan
from knowledge.taper.screening import STOPS_A_BACLOFEN_PLAN, STOPS_A_BZRA_PLAN
from tests.knowledge.taper.asking import ADULT, ask, lines, made, refused, tablets

DIAZEPAM = tablets("diazepam", "2", "5", "10", parts=2)
HALF_TABLET = Units(DIAZEPAM[2], Fraction(1, 2))


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        pytest.param({"medicine": "metformin"}, {"medicine-unknown": {"medicine": "metformin"}}, id="unknown medicine"),
        pytest.param(
            {"scheme": "baclofen-80"},
            {"scheme-not-for-medicine": {"scheme": "baclofen-80", "medicine": "diazepam"}},
            id="a scheme of another medicine",
        ),
        pytest.param({"scheme": "none"}, {"scheme-unknown": {"scheme": "none"}}, id="unknown scheme"),
        pytest.param({"daily_mg": None, "intakes": ()}, {"dose-unknown": {}}, id="unknown dose"),
        pytest.param({"daily_mg": Fraction(0), "intakes": ()}, {"dose-not-positive": {}}, id="no dose"),
        pytest.param(
            {"daily_mg_to": Fraction(15)}, {"dose-range": {"low_mg": 10, "high_mg": 15}}, id="a range of doses"
        ),
        pytest.param({"as_needed": True}, {"as-needed": {}}, id="as needed"),
        pytest.param({"route": "rectal"}, {"route-not-oral": {"route": "rectal"}}, id="another route"),
        pytest.param({"patient": replace(ADULT, age_years=17)}, {"under-18": {"age_years": 17}}, id="under 18"),
        pytest.param(
            {"intakes": (Intake(When.NIGHT, Fraction(5)), Intake(When.MORNING, Fraction(4)))},
            {"division-does-not-add-up": {"daily_mg": 10, "divided_mg": 9}},
            id="intakes that are not the dose",
        ),
        pytest.param(
            {"intakes": (Intake(When.NIGHT, Fraction(5)), Intake(When.NIGHT, Fraction(5)))},
            {"division-repeats-a-moment": {"moments": "night,night"}},
            id="two intakes at one moment",
        ),
        pytest.param({"products": ()}, {"no-products": {}}, id="no products"),
        pytest.param(
            {"products": tablets("lorazepam", "1")},
            {"product-of-other-medicine": {"medicine": "lorazepam"}},
            id="a product of another medicine",
        ),
        pytest.param(
            {"products": (*DIAZEPAM, *tablets("diazepam", "5", modified_release=True))},
            {"mixed-release": {}},
            id="modified and plain release together",
        ),
        pytest.param(
            {"products": tablets("diazepam", "4")},
            {"dose-not-makeable": {"when": "night", "mg": 10}},
            id="a dose these products do not make",
        ),
        pytest.param(
            {"products": tablets("diazepam", "20")},
            {"dose-not-makeable": {"when": "night", "mg": 10}},
            id="half a tablet that may not be halved",
        ),
        pytest.param(
            {"daily_mg": Fraction("10.3"), "intakes": ()},
            {"dose-not-makeable": {"when": "day", "mg": Fraction("10.3")}},
            id="a dose between the parts",
        ),
        pytest.param(
            {"intakes": (Intake(When.NIGHT, Fraction(10), (HALF_TABLET,)),)},
            {"taken-units-differ": {"when": "night", "mg": 10, "units_mg": 5}},
            id="units taken that are not the dose",
        ),
        pytest.param(
            {"intakes": (Intake(When.NIGHT, Fraction(10), (Units(tablets("diazepam", "5")[0], Fraction(2)),)),)},
            {"taken-units-differ": {"when": "night", "mg": 10, "units_mg": 10}},
            id="units taken of a product that was not given",
        ),
        pytest.param(
            {"products": (Product("diazepam", Form.ML, Fraction("0.0101"), 100),), "intakes": ()},
            {"strengths-too-fine": {"most_mg": 10}},
            id="products too fine to search",
        ),
        pytest.param(
            {"step": Fraction(26, 100)},
            {
                "step-out-of-range": {
                    "step": Fraction(26, 100),
                    "of": "current",
                    "step_from": Fraction(1, 100),
                    "step_to": Fraction(1, 4),
                }
            },
            id="a step above 25 percent",
        ),
        pytest.param(
            {"interval_days": 13},
            {"interval-out-of-range": {"days": 13, "allowed_days": "14-84"}},
            id="an interval under two weeks",
        ),
        pytest.param(
            {"start_mg": Fraction(9)}, {"start-below-dose": {"start_mg": 9, "daily_mg": 10}}, id="a start below now"
        ),
        pytest.param({"holds": (Hold(40, 14),)}, {"hold-after-the-end": {"reductions": 16}}, id="a hold after the end"),
        pytest.param(
            {"last_mg": Fraction(1, 2)}, {"last-dose-not-makeable": {"last_mg": Fraction(1, 2)}}, id="no such last dose"
        ),
        pytest.param(
            {"last_mg": Fraction(2)},
            {"last-dose-too-high": {"last_mg": 2, "at_most_mg": 1, "below_mg": 10}},
            id="a high last dose",
        ),
        pytest.param(
            {
                "products": (Product("diazepam", Form.ML, Fraction(1), 100),),
                "step": Fraction(1, 100),
                "daily_mg": Fraction(100),
                "intakes": (),
            },
            {"plan-too-long": {"reductions_at_most": 400}},
            id="more steps than anyone will take",
        ),
        pytest.param(
            {"interval_days": 84, "step": Fraction(1, 20)},
            {"plan-too-long": {"days_at_most": 3660}},
            id="more than ten years",
        ),
    ],
)
def test_each_fact_is_named_with_its_figures(changes: dict[str, Any], because: dict[str, dict[str, Any]]) -> None:
    refusal = refused(make_plan(replace(ask("diazepam", "10", DIAZEPAM), **changes)))

    assert {note.code: dict(note.values) for note in refusal.because} == because


def test_all_reasons_are_given_at_once() -> None:
    request = ask(
        "diazepam",
        "10",
        (),
        as_needed=True,
        route="rectal",
        step=Fraction(1, 2),
        patient=replace(ADULT, age_years=9, present=frozenset({Fact.PREGNANCY}), absent=frozenset()),
    )

    assert lines(make_plan(request)) == [
        "pregnancy",
        "under-18",
        "as-needed",
        "route-not-oral",
        "no-products",
        "step-out-of-range",
    ]


@pytest.mark.parametrize("fact", STOPS_A_BZRA_PLAN)
def test_a_fact_that_calls_for_a_specialist_stops_every_bzra_plan(fact: Fact) -> None:
    patient = replace(ADULT, present=frozenset({fact}), absent=frozenset())

    assert lines(make_plan(ask("diazepam", "10", DIAZEPAM, patient=patient))) == [fact]


def test_pregnancy_breast_feeding_epilepsy_and_palliative_care_are_among_those_facts() -> None:
    named = {Fact.PREGNANCY, Fact.BREAST_FEEDING, Fact.EPILEPSY, Fact.PALLIATIVE_CARE, Fact.SECOND_BZRA}

    assert named <= set(STOPS_A_BZRA_PLAN)
    assert named - {Fact.SECOND_BZRA} <= set(STOPS_A_BACLOFEN_PLAN)


@pytest.mark.parametrize("fact", [Fact.ALCOHOL_DEPENDENCE, Fact.DRUG_DEPENDENCE, Fact.SECOND_BZRA])
def test_alcohol_dependence_is_why_baclofen_is_tapered(fact: Fact) -> None:
    patient = replace(ADULT, present=frozenset({fact}), absent=frozenset())
    request = ask("baclofen", "100", tablets("baclofen", "10"), scheme="baclofen-80", patient=patient)

    assert [float(step.mg) for step in made(make_plan(request)).steps] == [100, 90, 80]


@pytest.mark.parametrize("fact", STOPS_A_BACLOFEN_PLAN)
def test_baclofen_for_spasticity_or_in_pregnancy_is_not_tapered_by_itself(fact: Fact) -> None:
    patient = replace(ADULT, present=frozenset({fact}), absent=frozenset())
    request = ask("baclofen", "100", tablets("baclofen", "10"), scheme="baclofen-80", patient=patient)

    assert lines(make_plan(request)) == [fact]


@pytest.mark.parametrize("medicine", ["clonazepam", "clobazam"])
def test_clonazepam_and_clobazam_need_to_be_told_that_there_is_no_epilepsy(medicine: str) -> None:
    quarters = tablets(medicine, "1", parts=4)
    silent = replace(ADULT, absent=ADULT.absent - {Fact.EPILEPSY})

    assert lines(make_plan(ask(medicine, "5", quarters, patient=silent))) == ["indication-unknown"]
    assert made(make_plan(ask(medicine, "5", quarters))).last_mg == Fraction(1, 4)
    assert made(make_plan(ask("diazepam", "10", DIAZEPAM, patient=silent)))


def test_a_range_of_one_dose_is_no_range() -> None:
    assert made(make_plan(ask("diazepam", "10", DIAZEPAM, daily_mg_to=Fraction(10))))


@pytest.mark.parametrize(
    ("mg", "products", "codes"),
    [
        pytest.param("80", ("10",), ["at-or-below-target"], id="exactly 80"),
        pytest.param("80.5", ("0.5",), [], id="just above 80"),
        pytest.param("100", ("25",), ["step-above-cap"], id="only 25 mg tablets"),
        pytest.param("95", ("5",), [], id="5 mg tablets"),
    ],
)
def test_baclofen_is_planned_above_80_mg_only(mg: str, products: tuple[str, ...], codes: list[str]) -> None:
    plan = make_plan(ask("baclofen", mg, tablets("baclofen", *products), scheme="baclofen-80"))

    assert list(refused(plan).codes()) == codes if codes else made(plan).steps[-1].mg == 80


def test_baclofen_that_is_at_its_target_already_is_refused_with_both_doses() -> None:
    refusal = refused(make_plan(ask("baclofen", "75", tablets("baclofen", "25"), scheme="baclofen-80")))

    assert [dict(reason.values) for reason in refusal.because] == [{"mg": 75, "target_mg": 80}]


def test_where_80_mg_of_baclofen_cannot_be_made_the_plan_ends_just_below() -> None:
    plan = made(make_plan(ask("baclofen", "98", tablets("baclofen", "14"), scheme="baclofen-80")))

    # 14 mg at a time is more than 10 every 2 days: twice the time, also before the first.
    assert [(float(step.mg), step.days) for step in plan.steps] == [(98, 0), (98, 2), (84, 4), (70, 2)]
    assert plan.steps[1].flags[0].value("reason") == "pace"
    assert plan.last_mg == 70


@pytest.mark.parametrize("scheme", ["riziv-5", "riziv-10", "baclofen-80"])
def test_a_scheme_that_fixes_its_end_takes_no_other_last_dose(scheme: str) -> None:
    medicine = "baclofen" if scheme == "baclofen-80" else "zolpidem"
    request = ask(medicine, "100", tablets(medicine, "10"), scheme=scheme, last_mg=Fraction(10))

    assert "last-dose-fixed-by-scheme" in refused(make_plan(request)).codes()


@pytest.mark.parametrize(
    ("scheme", "smallest", "codes"),
    [
        pytest.param("asam-2025", "2", [], id="asam: a tenth"),
        pytest.param("asam-2025", "2.5", ["step-above-cap"], id="asam: an eighth"),
        pytest.param("bcfi-tenth", "4", [], id="bcfi: a fifth"),
        pytest.param("bcfi-tenth", "5", ["step-above-cap"], id="bcfi: a quarter"),
        pytest.param("nl-guided-reduction", "5", [], id="dutch: a quarter"),
        pytest.param("nl-guided-reduction", "10", ["step-above-cap"], id="dutch: a half"),
    ],
)
def test_whether_a_scheme_can_be_followed_depends_on_the_smallest_dose(
    scheme: str, smallest: str, codes: list[str]
) -> None:
    plan = make_plan(ask("oxazepam", "20", tablets("oxazepam", smallest), scheme=scheme))

    assert list(refused(plan).codes()) == codes if codes else made(plan).steps[-2].mg == Fraction(smallest)


def test_no_plan_stops_from_a_full_standard_dose_however_high_it_began() -> None:
    whole = tablets("diazepam", "10")
    refusal = refused(make_plan(ask("diazepam", "100", whole)))

    assert refusal.codes() == ("stop-from-too-high",)
    assert dict(refusal.because[0].values) == {"mg": 10, "at_most_mg": 10, "below_mg": 10}
    assert made(make_plan(ask("diazepam", "100", tablets("diazepam", "10", "5")))).last_mg == 5


def test_zopiclone_7_5_mg_cannot_be_tapered_in_tablets_and_what_would_help_is_named() -> None:
    tables = Equivalence(Fraction("7.5"), Fraction(15))
    refusal = refused(make_plan(ask("zopiclone", "7.5", tablets("zopiclone", "7.5", parts=2), equivalence=tables)))

    assert refusal.codes() == ("step-above-cap",)
    assert refusal.because[0].value("drop_of_current") == Fraction(1, 2)
    assert [(note.code, dict(note.values)) for note in refusal.alternatives] == [
        (Alternative.SMALLER_STRENGTH, {"smallest_part_mg": Fraction(3, 4)}),
        (Alternative.LIQUID, {"smallest_part_mg": Fraction(3, 4)}),
        (Alternative.COMPOUNDED_CAPSULES, {"smallest_part_mg": Fraction(3, 4)}),
        (Alternative.SWITCH_TO_DIAZEPAM, {"low_mg": 5, "high_mg": 10}),
    ]


def test_with_the_part_that_was_named_the_plan_is_made() -> None:
    capsules = (Product("zopiclone", Form.CAPSULE, Fraction(3, 4), compounded=True),)
    plan = made(make_plan(ask("zopiclone", "7.5", tablets("zopiclone", "7.5", parts=2) + capsules)))

    assert plan.last_mg == Fraction(3, 4)
    assert {units.product.form for units in plan.supply()} == {"tablet", "capsule"}


def test_other_schemes_are_offered_only_for_a_low_dose_and_only_if_they_can_be_followed() -> None:
    fifths = ask("lorazepam", "2.5", tablets("lorazepam", "0.5"), equivalence=Equivalence(Fraction(2), Fraction(2)))
    refusal = refused(make_plan(fifths))
    offered = [dict(note.values) for note in refusal.alternatives if note.code == Alternative.OTHER_SCHEME]
    high = refused(make_plan(replace(fifths, equivalence=Equivalence(Fraction(1), Fraction(1)))))

    assert offered == [
        {"scheme": "nl-guided-reduction", "compared": "much-faster"},
        {"scheme": "bcfi-tenth", "compared": "faster-at-the-end"},
    ]
    assert Alternative.OTHER_SCHEME not in [note.code for note in high.alternatives]


def test_every_reason_has_a_code_of_its_own() -> None:
    assert len(set(Because) | set(Fact)) == len(Because) + len(Fact)


@pytest.mark.parametrize("amount", [0.5, 1.0])
def test_a_float_is_never_taken_for_a_dose(amount: Any) -> None:
    with pytest.raises(TypeError, match="a float is not exact"):
        ask("diazepam", "10", DIAZEPAM, last_mg=amount)
    with pytest.raises(TypeError, match="a float is not exact"):
        Product("diazepam", Form.TABLET, amount)
    with pytest.raises(TypeError, match="a float is not exact"):
        Intake(When.NIGHT, amount)


def test_a_decimal_and_a_text_are_taken_exactly() -> None:
    exact: Any = Decimal("0.125")

    assert Product("alprazolam", Form.TABLET, exact).strength_mg == Fraction(1, 8)
    assert ask("diazepam", "10", DIAZEPAM, last_mg="1.5").last_mg == Fraction(3, 2)
