"""Thousands of plans without one broken invariant; and every invariant is broken once on purpose, and noticed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.taper import (
    Circumstances,
    Conversion,
    Equivalence,
    Fact,
    Flag,
    Form,
    Hold,
    Intake,
    Plan,
    PlanRequest,
    Product,
    Refusal,
    Units,
    When,
    make_plan,
)
from knowledge.taper.fingerprint import fingerprint
from knowledge.taper.invariants import FIGURES, LOW_DOSE_OF_START, PROGRAMMES, TARGET_MG, broken_invariants
from knowledge.taper.notes import note
from knowledge.taper.replan import back, hold, slower
from knowledge.taper.schemes import SCHEMES, Scheme
from tests.knowledge.taper.asking import ADULT, ask, made, tablets

EXAMPLES = 950  # each gives several plans; test_enough_plans_were_made counts them
MOMENTS = (When.MORNING, When.NOON, When.EVENING, When.NIGHT)
COUNTED: list[int] = []


def fractions(*texts: str) -> st.SearchStrategy[Fraction]:
    return st.sampled_from([Fraction(text) for text in texts])


@st.composite
def products(draw: st.DrawFn, medicine: str) -> tuple[Product, ...]:
    strengths = draw(
        st.lists(fractions("0.25", "0.5", "1", "2", "2.5", "3", "5", "10"), min_size=1, max_size=3, unique=True)
    )
    drawn = [Product(medicine, Form.TABLET, mg, draw(st.sampled_from([1, 2, 2, 4]))) for mg in strengths]
    if draw(st.integers(0, 3)) == 0:
        drawn.append(Product(medicine, Form.ML, draw(fractions("0.4", "1", "2.5")), draw(st.sampled_from([1, 2, 10]))))
    if draw(st.integers(0, 5)) == 0:
        drawn.append(Product(medicine, Form.CAPSULE, draw(fractions("0.1", "0.35", "1.5")), compounded=True))
    return tuple(drawn)


@st.composite
def intakes(draw: st.DrawFn, medicine_products: tuple[Product, ...]) -> tuple[Intake, ...]:
    """One to four intakes, each a number of one of the products' parts: what somebody really takes."""
    moments = MOMENTS[-draw(st.sampled_from([1, 1, 1, 2, 3, 4])) :]
    product = draw(st.sampled_from(medicine_products))
    parts = draw(st.integers(1, 20))
    sizes = [max(1, parts // draw(st.sampled_from([1, 1, 2]))) for _ in moments]
    return tuple(Intake(when, product.part_mg * size) for when, size in zip(moments, sizes, strict=True))


@st.composite
def requests(draw: st.DrawFn) -> list[PlanRequest]:
    """One patient, asked about in every scheme."""
    offered = draw(products("lorazepam"))
    taken = draw(intakes(offered))
    low = draw(fractions("0.5", "1", "2", "7.5"))
    tables = draw(st.sampled_from([None, Equivalence(low, low), Equivalence(low, low * 2)]))
    diazepam = Conversion(draw(products("diazepam"))) if draw(st.booleans()) else None
    common: dict[str, Any] = {
        "medicine": "lorazepam",
        "daily_mg": sum((intake.mg for intake in taken), Fraction(0)),
        "products": offered,
        "first_day": date(2026, 12, 1) + timedelta(days=draw(st.integers(0, 400))),
        "holds": draw(st.lists(st.builds(Hold, st.integers(0, 4), st.integers(1, 30)), max_size=2).map(tuple)),
        "equivalence": tables,
        "patient": replace(ADULT, age_years=draw(st.sampled_from([18, 50, 84]))),
        "programme_limit_mg": Fraction(1000),
        "intakes": taken,
    }
    asam: dict[str, Any] = {
        "step": draw(fractions("1/10", "1/8", "1/7", "1/4")),
        "interval_days": draw(st.sampled_from([14, 21, 30])),
    }
    once: dict[str, Any] = {
        "intakes": (Intake(When.NIGHT, common["daily_mg"]),),
        "interval_days": draw(st.sampled_from([10, 20, 30])),
    }
    return [
        PlanRequest(**common, **asam),
        PlanRequest(**common, scheme="nl-guided-reduction", step=draw(st.none() | fractions("1/8"))),
        PlanRequest(**common, scheme="bcfi-tenth", step=draw(st.none() | fractions("1/20")), conversion=diazepam),
        PlanRequest(**common | once, scheme=draw(st.sampled_from(["riziv-5", "riziv-10"])), conversion=diazepam),
        PlanRequest(**common, **asam, conversion=diazepam),
        PlanRequest(**common | {"intakes": ()}, scheme="nl-guided-reduction", conversion=diazepam),
        PlanRequest(**common | _baclofen(common), scheme="baclofen-80", step=draw(st.none() | fractions("12", "15"))),
    ]


def _baclofen(common: dict[str, Any]) -> dict[str, Any]:
    """The same, ten times as much, as baclofen."""
    return {
        "medicine": "baclofen",
        "daily_mg": common["daily_mg"] * 10,
        "products": tuple(
            replace(product, medicine="baclofen", strength_mg=product.strength_mg * 10)
            for product in common["products"]
        ),
        "intakes": tuple(Intake(intake.when, intake.mg * 10) for intake in common["intakes"]),
        "equivalence": None,
    }


@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(requests(), st.integers(0, 30), st.integers(0, 2))
def test_no_plan_breaks_an_invariant(asked: list[PlanRequest], row: int, change: int) -> None:
    for request in asked:
        plan = make_plan(request)
        if isinstance(plan, Refusal):
            assert plan.because
            continue
        assert broken_invariants(plan, request) == []
        COUNTED.append(len(plan.steps))
        row = min(row, len(plan.steps) - 1)
        on = plan.steps[row].first_day + timedelta(days=5)
        after: Plan | Refusal = hold(plan, row=row, on=on, days=10)
        if change == 1:
            after = back(plan, row=row, on=on)
        if change == 2:
            after = slower(plan, row=row, on=on, interval_days=30)
        if isinstance(after, Plan):
            assert broken_invariants(after, after.request) == []
            COUNTED.append(len(after.steps))


def test_enough_plans_were_made() -> None:
    """Counts the test above; alone it has nothing to count."""
    assert not COUNTED or len(COUNTED) >= 5_000


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Lorazepam 2.5 mg, a hold, diazepam 12.5 mg and down: a row of every kind."""
    request = ask(
        "lorazepam",
        "2.5",
        tablets("lorazepam", "0.5", "1", "2.5"),
        equivalence=Equivalence(Fraction(1), Fraction(2)),
        conversion=Conversion(tablets("diazepam", "2", "5", "10", parts=2)),
        holds=(Hold(0, 10), Hold(3, 7)),
    )
    return made(make_plan(request))


def row(plan: Plan, number: int, **changes: Any) -> Plan:
    steps = [replace(step, **changes) if step.row == number else step for step in plan.steps]
    return replace(plan, steps=tuple(steps))


def without(plan: Plan, number: int, flag: Flag) -> Plan:
    flags = tuple(each for each in plan.steps[number].flags if each.code != flag)
    return row(plan, number, flags=flags)


TWO = tablets("diazepam", "2", parts=2)[0]
NIGHT_13 = (Intake(When.NIGHT, Fraction(13), (Units(TWO, Fraction("6.5")),)),)
QUARTER = (Intake(When.NIGHT, Fraction(1, 2), (Units(TWO, Fraction(1, 4)),)),)

SPOILT: dict[str, tuple[Callable[[Plan], Plan], str]] = {
    "row 0 has another dose": (lambda p: row(p, 0, mg=Fraction(3)), "row 0 is not the dose taken now"),
    "row 0 has days": (lambda p: row(p, 0, days=1), "row 0 is not the dose taken now"),
    "row 0 is another medicine": (lambda p: row(p, 0, medicine="x"), "row 0 is not the dose taken now"),
    "row 0 is no baseline": (lambda p: row(p, 0, kind="hold"), "row 0 is not the dose taken now"),
    "row 0 at another time": (
        lambda p: row(p, 0, intakes=(replace(p.steps[0].intakes[0], when=When.NOON),)),
        "row 0 is not divided over the day as it is now",
    ),
    "a dose without its intakes": (lambda p: row(p, 4, mg=Fraction(11)), "row 4: the intakes are not the dose"),
    "units that are not the dose": (
        lambda p: row(p, 2, intakes=(replace(p.steps[2].intakes[0], units=NIGHT_13[0].units),)),
        "row 2: units times strength is not the dose",
    ),
    "a quarter that is not licensed": (
        lambda p: row(p, 22, intakes=QUARTER, mg=Fraction(1, 2)),
        "row 22: 1/4 is no licensed part of a unit",
    ),
    "no units at all": (
        lambda p: row(p, 22, intakes=(Intake(When.NIGHT, Fraction(1), (Units(TWO, Fraction(-1)),)),)),
        "row 22: -1 is no licensed part of a unit",
    ),
    "a product that nobody offered": (
        lambda p: row(
            p, 22, intakes=(Intake(When.NIGHT, Fraction(1), (Units(tablets("diazepam", "1")[0], Fraction(1)),)),)
        ),
        "row 22: a product that was not offered",
    ),
    "a product of another medicine": (
        lambda p: row(
            p, 22, intakes=(Intake(When.NIGHT, Fraction(1), (Units(tablets("lorazepam", "1")[0], Fraction(1)),)),)
        ),
        "row 22: a product of another medicine",
    ),
    "a wrong supply": (lambda p: row(p, 4, supply=()), "row 4: the supply is not daily units times days"),
    "a day too late": (
        lambda p: row(p, 4, first_day=p.steps[4].first_day + timedelta(days=1)),
        "row 4: does not begin on the day after the row before",
    ),
    "a row too short": (lambda p: row(p, 4, days=13), "row 5: does not begin on the day after the row before"),
    "a stop with days": (lambda p: row(p, 23, days=3), "row 23: stop has 3 days"),
    "a hold without days": (lambda p: row(p, 1, days=0), "row 1: hold has 0 days"),
    "a wrong row number": (
        lambda p: replace(p, steps=(*p.steps[:4], replace(p.steps[4], row=9), *p.steps[5:])),
        "row 9: is not where its number says",
    ),
    "a dose that rises": (lambda p: row(p, 3, mg=Fraction(13), intakes=NIGHT_13), "row 3: the dose rises"),
    "a switch above the low end": (
        lambda p: row(p, 2, mg=Fraction(13), intakes=NIGHT_13),
        "row 2: the switch is above the low end of the tables",
    ),
    "a switch that is not told": (
        lambda p: replace(p, switch=None),
        "row 2: the switch is above the low end of the tables",
    ),
    "another medicine without a switch": (
        lambda p: row(p, 2, kind="reduction"),
        "row 2: another medicine without a switch",
    ),
    "the same dose without a hold": (lambda p: row(p, 5, kind="reduction"), "row 5: the same dose without a hold"),
    "a hold without a name": (
        lambda p: row(p, 5, flags=()),
        "row 5: a hold that is not the same dose, or has no name",
    ),
    "a hold that lowers": (lambda p: row(p, 6, kind="hold"), "row 6: a hold that is not the same dose, or has no name"),
    "an intake that moves to the morning": (
        lambda p: row(p, 6, intakes=(replace(p.steps[6].intakes[0], when=When.MORNING),)),
        "row 6: an intake rises",
    ),
    "a share of the current dose": (
        lambda p: row(p, 6, drop_of_previous=Fraction(1, 99)),
        "row 6: the drop is not the share of the current dose",
    ),
    "a share of the start dose": (
        lambda p: row(p, 6, drop_of_start=Fraction(1, 99)),
        "row 6: the drop is not the share of the start dose",
    ),
    "a step above the cap without its flag": (
        lambda p: without(p, 22, Flag.ABOVE_CAP_LOW_DOSE),
        "row 22: above the cap for the current dose",
    ),
    "a flag without a reason": (
        lambda p: row(p, 22, flags=(note(Flag.ABOVE_CAP_LOW_DOSE),)),
        "row 22: above the cap for the current dose",
    ),
    "a step above the cap that is no small part of the start dose": (
        lambda p: replace(p, start_mg=Fraction(9)),
        "row 22: above the cap for the current dose",
    ),
    "more than 10 percent without a flag": (
        lambda p: without(p, 17, Flag.ABOVE_USUAL),
        "row 17: more than 10 % without a flag",
    ),
    "no stop": (lambda p: replace(p, steps=p.steps[:-1]), "the plan does not end with one stop"),
    "two stops": (lambda p: replace(p, steps=(*p.steps, p.steps[-1])), "the plan does not end with one stop"),
    "a stop that gives something": (lambda p: row(p, 23, intakes=QUARTER), "the plan does not end with one stop"),
    "another last dose": (
        lambda p: replace(p, last_mg=Fraction(2)),
        "the plan stops from another dose than the declared last one",
    ),
    "a stop before the smallest dose": (
        lambda p: replace(p, steps=(*p.steps[:22], p.steps[23])),
        "the plan stops from above the declared last dose",
    ),
    "a stop from more than a tenth": (
        lambda p: replace(p, start_mg=Fraction(9)),
        "the plan stops from too large a share of the start dose",
    ),
    "another request": (
        lambda p: replace(p, request=replace(p.request, route=None)),
        "the plan is for another request",
    ),
    "another hash": (lambda p: replace(p, hash="0" * 64), "the hash is not that of the plan"),
    "the same intakes with another dose": (
        lambda p: row(p, 5, mg=Fraction(10), intakes=p.steps[4].intakes),
        "2027-01-22: the same intakes with another dose",
    ),
    "a day left out": (
        lambda p: row(p, 6, first_day=p.steps[6].first_day + timedelta(days=1)),
        "2027-01-30: is not the next day",
    ),
    "a reduction before its time": (
        lambda p: row(p, 20, days=28),
        "row 21: below the dose asked for that day",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_broken_invariant_is_noticed(plan: Plan, name: str) -> None:
    spoil, fault = SPOILT[name]
    assert broken_invariants(plan, plan.request) == []

    spoilt = spoil(plan)
    if name == "a reduction before its time":
        spoilt = moved_up(spoilt)
    if name != "another hash":
        spoilt = replace(spoilt, hash=fingerprint(spoilt))

    assert fault in broken_invariants(spoilt, plan.request)


def moved_up(plan: Plan) -> Plan:
    """Every row on the day after the row before."""
    day, steps = plan.request.first_day, []
    for step in plan.steps:
        steps.append(replace(step, first_day=day))
        day += timedelta(days=step.days)
    return replace(plan, steps=tuple(steps))


@pytest.mark.parametrize("scheme", ["asam-2025", "nl-guided-reduction", "bcfi-tenth"])
def test_a_row_shorter_than_the_interval_is_noticed(scheme: str) -> None:
    plan = made(make_plan(ask("diazepam", "10", tablets("diazepam", "1"), scheme=scheme)))
    short = moved_up(row(plan, 2, days=plan.steps[2].days - 1))

    assert "row 3: below the dose asked for that day" in broken_invariants(short, short.request)


def test_where_a_plan_goes_on_from_another_the_first_hold_counts_too() -> None:
    plan = made(make_plan(ask("diazepam", "10", tablets("diazepam", "1"))))
    held = made(hold(plan, row=4, on=date(2027, 3, 1), days=7))
    short = moved_up(row(held, 1, days=7))

    assert held.steps[1].days == 28
    assert "row 2: below the dose asked for that day" in broken_invariants(short, short.request)


@pytest.mark.parametrize(
    ("scheme", "medicine", "daily", "strength", "fault"),
    [
        ("nl-guided-reduction", "diazepam", "10", "0.5", "row 2: above the cap for the start dose"),
        ("bcfi-tenth", "diazepam", "10", "0.5", "row 2: above the cap for the start dose"),
        ("baclofen-80", "baclofen", "120", "5", "row 2: above the cap in mg"),
    ],
)
def test_a_row_left_out_is_noticed(scheme: str, medicine: str, daily: str, strength: str, fault: str) -> None:
    plan = made(make_plan(ask(medicine, daily, tablets(medicine, strength), scheme=scheme)))
    left_out = replace(plan, steps=(*plan.steps[:2], *(replace(s, row=s.row - 2) for s in plan.steps[4:])))

    assert fault in broken_invariants(left_out, left_out.request)


def test_baclofen_that_ends_elsewhere_than_at_80_is_noticed() -> None:
    plan = made(make_plan(ask("baclofen", "120", tablets("baclofen", "5"), scheme="baclofen-80")))
    above = replace(plan, steps=plan.steps[:-1])
    stopped = replace(plan, steps=(*plan.steps, replace(plan.steps[-1], row=5, kind="stop", days=0)))  # type: ignore[arg-type]

    for spoilt in (above, stopped):
        assert "a plan down to 80 mg ends elsewhere" in broken_invariants(spoilt, spoilt.request)


def test_the_programme_must_end_with_its_own_last_preparation() -> None:
    request = ask(
        "zolpidem",
        "10",
        tablets("zolpidem", "10"),
        scheme="riziv-5",
        programme_limit_mg=Fraction(30),
        equivalence=Equivalence(Fraction(10), Fraction(20)),
        patient=Circumstances(
            age_years=50,
            country="BE",
            continuous_days=90,
            present=frozenset({Fact.USED_FOR_SLEEP}),
            absent=frozenset(Fact) - {Fact.USED_FOR_SLEEP},
        ),
    )
    plan = made(make_plan(request))
    early = replace(plan, steps=(*plan.steps[:5], plan.steps[6]))

    assert "the plan stops from above the declared last dose" in broken_invariants(early, request)


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=list(SCHEMES))
def test_the_checker_holds_the_same_figures_as_the_schemes(scheme: Scheme) -> None:
    assert FIGURES[scheme.id] == (
        scheme.of,
        scheme.step,
        scheme.days,
        scheme.cap_of_current,
        scheme.cap_of_start,
        scheme.cap_mg,
        scheme.stop_of_start,
    )
    assert scheme.low_dose_of_start in (None, LOW_DOSE_OF_START)
    assert scheme.target_mg in (None, TARGET_MG)
    assert scheme.programme == (scheme.id in PROGRAMMES)


def test_units_taken_now_must_be_shown() -> None:
    fives = tablets("diazepam", "5", "1")
    intake = Intake(When.NIGHT, Fraction(10), (Units(fives[0], Fraction(2)),))
    plan = made(make_plan(replace(ask("diazepam", "10", fives), intakes=(intake,))))
    other = row(plan, 0, intakes=(replace(intake, units=(Units(fives[1], Fraction(10)),)),))

    assert "row 0 does not show the units taken now" in broken_invariants(other, plan.request)
