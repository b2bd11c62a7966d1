"""The pharmacist's worked cases that a plan can answer: section G, and the programme cases 142-150 of section H.

The number in each test's name is the case's number. Cases that only speak of cards are tested with the cards.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from knowledge.taper import Circumstances, Conversion, Equivalence, Fact, Flag, Hold, Kind, make_plan
from knowledge.taper.programme import not_eligible
from tests.knowledge.taper.asking import ADULT, ask, lines, made, refused, tablets

ONE_TO_TWO = Equivalence(Fraction(1), Fraction(2))
DIAZEPAM = tablets("diazepam", "2", "5", "10", parts=2)


def of(**changes: Any) -> Circumstances:
    """The safe adult, with something else."""
    return replace(ADULT, **changes)


def has(fact: Fact) -> Circumstances:
    return of(present=ADULT.present | {fact}, absent=ADULT.absent - {fact})


def not_told(fact: Fact) -> Circumstances:
    return of(present=ADULT.present - {fact}, absent=ADULT.absent - {fact})


def test_121_lormetazepam_1_mg_in_whole_tablets_has_no_step_within_the_cap() -> None:
    refusal = refused(
        make_plan(ask("lormetazepam", "1", tablets("lormetazepam", "1", "2"), equivalence=ONE_TO_TWO, patient=ADULT))
    )

    assert [(note.code, dict(note.values)) for note in refusal.because] == [
        ("stop-from-too-high", {"mg": 1, "at_most_mg": Fraction(1, 10), "below_mg": 1})
    ]
    assert [note.code for note in refusal.alternatives] == [
        "smaller-strength",
        "liquid",
        "compounded-capsules",
        "switch-to-diazepam",
    ]
    assert refusal.alternatives[0].value("smallest_part_mg") == Fraction(1, 10)
    assert dict(refusal.alternatives[3].values) == {"low_mg": 5, "high_mg": 10}


def test_122_after_a_failed_attempt_the_switch_to_diazepam_makes_a_plan() -> None:
    plan = made(
        make_plan(
            ask(
                "lormetazepam",
                "2",
                tablets("lormetazepam", "1", "2"),
                equivalence=ONE_TO_TWO,
                conversion=Conversion(DIAZEPAM),
            )
        )
    )

    assert lines(plan)[:3] == [
        "0 baseline 2026-12-01 0d 2 = night 1x2",
        "1 switch 2026-12-01 14d 10 = night 1x10",
        "2 reduction 2026-12-15 14d 9 = night 1x5+2x2",
    ]


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param(Fact.WITHDRAWAL_SEIZURE, id="124-withdrawal-seizure"),
        pytest.param(Fact.WITHDRAWAL_DELIRIUM, id="124-withdrawal-delirium"),
        pytest.param(Fact.SUICIDALITY, id="125-suicidality"),
        pytest.param(Fact.AGGRESSION, id="125-aggression"),
    ],
)
def test_124_125_what_calls_for_a_specialist_gives_no_automatic_plan(fact: Fact) -> None:
    request = ask("lorazepam", "2", tablets("lorazepam", "0.5", "1"), patient=has(fact))

    assert lines(make_plan(request)) == [fact]


def test_126_loprazolam_without_small_strengths_is_offered_capsules_or_diazepam() -> None:
    scored = tablets("loprazolam", "1", parts=2)
    refusal = refused(make_plan(ask("loprazolam", "1", scored, equivalence=ONE_TO_TWO)))

    assert refusal.codes() == ("step-above-cap",)
    assert dict(refusal.because[0].values) == {
        "from_mg": 1,
        "to_mg": Fraction(1, 2),
        "drop_of_current": Fraction(1, 2),
        "drop_of_start": Fraction(1, 2),
        "scheme": "asam-2025",
    }
    assert {"compounded-capsules", "switch-to-diazepam"} <= {note.code for note in refusal.alternatives}


def test_127_at_84_the_own_medicine_is_tapered_and_a_switch_is_marked_for_age() -> None:
    own = ask("oxazepam", "10", tablets("oxazepam", "5", "10", "50"), patient=of(age_years=84), scheme="bcfi-tenth")
    tables = Equivalence(Fraction(20), Fraction(50))
    switched = replace(
        own,
        scheme="asam-2025",
        daily_mg=Fraction(100),
        intakes=(),
        equivalence=tables,
        conversion=Conversion(DIAZEPAM),
    )
    offered = refused(make_plan(ask("oxazepam", "10", own.products, patient=of(age_years=84), equivalence=tables)))

    assert "conversion-elderly" in [note.code for note in made(make_plan(switched)).warnings]
    assert offered.alternatives[3].value("check") == "elderly"


def test_128_in_liver_disease_no_switch_to_diazepam_is_made_or_offered() -> None:
    request = ask(
        "lorazepam", "1", tablets("lorazepam", "1"), equivalence=ONE_TO_TWO, patient=has(Fact.HEPATIC_DISEASE)
    )

    assert "switch-to-diazepam" not in [note.code for note in refused(make_plan(request)).alternatives]
    assert lines(make_plan(replace(request, conversion=Conversion(DIAZEPAM)))) == ["conversion-hepatic-disease"]


def test_137_a_step_of_0_37_mg_is_rounded_up_to_what_can_be_made_never_above_the_step_before() -> None:
    # A tenth of a start dose of 1.3 mg, taken from the 0.5 mg of now: 0.37 mg. Quarters of 0.25 mg make 0.375.
    quarters = tablets("alprazolam", "0.25", "0.5", parts=4)
    plan = made(make_plan(ask("alprazolam", "0.5", quarters, scheme="bcfi-tenth", start_mg=Fraction("1.3"))))

    assert plan.steps[1].mg == Fraction("0.375")
    assert plan.steps[1].flags[0].code == "rounded"
    assert plan.steps[1].flags[0].value("asked_mg") == Fraction("0.37")


def test_138_the_last_steps_are_smaller_and_no_plan_stops_from_a_quarter_without_a_pause() -> None:
    dutch = made(make_plan(ask("diazepam", "8", tablets("diazepam", "2"), scheme="nl-guided-reduction")))

    assert [(float(step.mg), step.days) for step in dutch.steps[1:]] == [(6, 7), (4, 7), (2, 14), (0, 0)]
    assert dutch.alternatives == ()


def test_139_asking_twice_gives_the_same_plan_and_hash() -> None:
    request = ask("diazepam", "10", DIAZEPAM)

    assert make_plan(request) == make_plan(replace(request))
    assert made(make_plan(request)).hash == made(make_plan(replace(request))).hash


def test_140_no_plan_stops_anything_before_its_lowest_dose_was_taken() -> None:
    plan = made(make_plan(ask("diazepam", "10", DIAZEPAM)))

    assert [step.row for step in plan.steps if step.kind is Kind.STOP] == [plan.steps[-1].row]
    assert plan.steps[-2].mg == 1
    assert plan.steps[-2].days >= 14


PROGRAMME: dict[str, Any] = {"scheme": "riziv-10", "interval_days": 20, "programme_limit_mg": Fraction(30)}
ZOLPIDEM = tablets("zolpidem", "10", parts=2)
ZOLPIDEM_TABLES = Equivalence(Fraction(10), Fraction(20))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({}, [], id="eligible"),
        pytest.param({"patient": has(Fact.NURSING_HOME)}, ["programme-nursing-home"], id="142-nursing-home"),
        pytest.param({"patient": not_told(Fact.NURSING_HOME)}, ["programme-residence-not-told"], id="142-not-told"),
        pytest.param({"patient": not_told(Fact.SECOND_BZRA)}, ["programme-second-bzra-not-told"], id="143-not-told"),
        pytest.param({"intakes": ("5", "5")}, ["programme-not-once-daily"], id="144-twice-a-day"),
        pytest.param(
            {"daily": "31", "products": tablets("zolpidem", "1")}, ["programme-dose-above-limit"], id="145-31"
        ),
        pytest.param({"programme_limit_mg": None}, ["programme-limit-unknown"], id="147-no-ddd"),
        pytest.param({"patient": of(country="NL")}, ["programme-country"], id="149-netherlands"),
        pytest.param({"patient": of(country=None)}, ["programme-country-not-told"], id="150-country-unknown"),
        pytest.param({"patient": of(age_years=None)}, ["programme-age-not-told"], id="age-not-told"),
        pytest.param({"patient": of(age_years=17)}, ["under-18"], id="70-age-17"),
        pytest.param({"patient": of(age_years=18)}, [], id="age-18"),
        pytest.param({"patient": of(continuous_days=90)}, [], id="90-days"),
        pytest.param({"patient": of(continuous_days=89)}, ["programme-use-too-short"], id="89-days"),
        pytest.param({"patient": of(continuous_days=None)}, ["programme-use-not-told"], id="use-not-told"),
        pytest.param({"patient": not_told(Fact.USED_FOR_SLEEP)}, ["programme-reason-not-told"], id="reason-not-told"),
        pytest.param(
            {"patient": of(present=frozenset(), absent=frozenset(Fact))},
            ["programme-not-for-sleep"],
            id="not-for-sleep",
        ),
        pytest.param(
            {"patient": has(Fact.PROGRAMME_PAST_YEAR)}, ["programme-used-this-year"], id="programme-used-this-year"
        ),
        pytest.param({"equivalence": None}, ["programme-equivalence-unknown"], id="equivalence-unknown"),
        pytest.param(
            {"equivalence": Equivalence(Fraction(1), Fraction(5))}, ["programme-high-dose"], id="low-end-is-20"
        ),
        pytest.param({"equivalence": Equivalence(Fraction(1), Fraction("5.01"))}, [], id="low-end-is-under-20"),
    ],
)
def test_142_to_150_who_may_follow_the_belgian_programme(changes: dict[str, Any], codes: list[str]) -> None:
    values = {"daily": "10", "products": ZOLPIDEM, "equivalence": ZOLPIDEM_TABLES, **PROGRAMME, **changes}
    request = ask("zolpidem", values.pop("daily"), values.pop("products"), **values)

    plan = make_plan(request)

    assert list(refused(plan).codes()) == codes if codes else made(plan).steps[1].days == 20
    if "under-18" not in codes:
        assert [note.code for note in not_eligible(request)] == codes


def test_142_in_a_nursing_home_the_clinical_taper_is_still_made() -> None:
    request = ask("diazepam", "10", DIAZEPAM, patient=has(Fact.NURSING_HOME))

    assert made(make_plan(request)).scheme == "asam-2025"


def test_143_with_two_bzra_there_is_no_plan_in_any_scheme() -> None:
    for scheme in ("asam-2025", "nl-guided-reduction", "bcfi-tenth"):
        request = ask("zolpidem", "10", ZOLPIDEM, scheme=scheme, patient=has(Fact.SECOND_BZRA))
        assert lines(make_plan(request)) == ["second-bzra"]


def test_145_zolpidem_30_mg_is_within_the_programme_but_it_does_not_come_first() -> None:
    plan = made(make_plan(ask("zolpidem", "30", ZOLPIDEM, equivalence=ZOLPIDEM_TABLES, **PROGRAMME)))

    warnings = {note.code: dict(note.values) for note in plan.warnings}
    assert warnings["programme-not-first"] == {"low_mg": 15, "high_mg": 30}
    assert warnings["high-dose-possible"] == {"low_mg": 15, "high_mg": 30, "limit_mg": 20}


@pytest.mark.parametrize("medicine", ["clonazepam", "midazolam"])
def test_three_ddd_of_clonazepam_and_midazolam_is_no_safe_limit(medicine: str) -> None:
    request = ask(medicine, "7.5", tablets(medicine, "7.5"), equivalence=Equivalence(Fraction(5), Fraction(10)))

    assert [note.code for note in not_eligible(replace(request, programme_limit_mg=Fraction(45)))] == [
        "programme-limit-unknown"
    ]


def test_the_seven_step_form_is_refused_because_its_percentages_are_not_known() -> None:
    refusal = refused(make_plan(ask("zolpidem", "10", ZOLPIDEM, scheme="riziv-7")))

    assert [dict(note.values) for note in refusal.because] == [{"scheme": "riziv-7", "missing": "step-percentages"}]


@pytest.mark.parametrize(
    ("days", "holds", "codes"),
    [
        pytest.param(30, 2, [], id="two-of-30-days"),
        pytest.param(30, 3, ["too-many-holds"], id="three"),
        pytest.param(31, 1, ["hold-too-long"], id="31-days"),
    ],
)
def test_the_programme_has_up_to_two_stabilisations_of_at_most_30_days(days: int, holds: int, codes: list[str]) -> None:
    request = ask(
        "zolpidem",
        "10",
        ZOLPIDEM,
        equivalence=ZOLPIDEM_TABLES,
        **PROGRAMME | {"interval_days": 30},
        holds=tuple(Hold(2 + n, days) for n in range(holds)),
    )

    plan = make_plan(request)

    if codes:
        assert list(refused(plan).codes()) == codes
    else:
        assert sum(step.days for step in made(plan).steps) == 360
        assert [step.row for step in made(plan).steps if step.flag(Flag.HOLD)] == [1, 4, 6]
