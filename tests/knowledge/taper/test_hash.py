"""The hash of a plan: the same for the same request, another for any change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

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
    Units,
    When,
    make_plan,
)
from knowledge.taper.fingerprint import VERSION, fingerprint
from knowledge.taper.notes import note
from knowledge.taper.request import Origin
from knowledge.taper.schemes import DIGEST
from tests.knowledge.taper.asking import ADULT, ask, made, tablets

PRODUCTS = tablets("diazepam", "2", "5", "10", parts=2)
REQUEST = ask("diazepam", "10", PRODUCTS)


def test_the_same_request_gives_the_same_hash_and_the_version_names_planner_and_schemes() -> None:
    plan = made(make_plan(REQUEST))

    assert len(plan.hash) == 64
    assert plan.hash == made(make_plan(replace(REQUEST))).hash == fingerprint(plan)
    assert plan.version == VERSION == f"1.0.0+{DIGEST[:12]}"


def test_a_plan_has_the_hash_it_had_before() -> None:
    """A printed plan is found by its hash: it may change with the planner's or the schemes' version only."""
    switched = ask(
        "lorazepam",
        "2.5",
        (*tablets("lorazepam", "2.5"), Product("lorazepam", Form.ML, Fraction(1), 10)),
        intakes=("1", "1.5"),
        conversion=Conversion(tablets("diazepam", "5", "2", parts=2)),
        equivalence=Equivalence(Fraction(1), Fraction(2)),
        holds=(Hold(1, 7), Hold(3, 14)),
        origin=Origin("0" * 64, 1, "hold"),
    )

    assert made(make_plan(REQUEST)).hash == "7e1dfa8e4dbe2688f3166982cac508fc0ae7a3b289ebb7fedbd55f1a658d7dc5"
    assert made(make_plan(switched)).hash == "42986ed65dd7c5fc83bae9b40923b5837e21f88d6602fb5864a4fdf644201899"


def test_the_order_in_which_products_are_given_changes_nothing() -> None:
    assert make_plan(replace(REQUEST, products=PRODUCTS[::-1])).hash == made(make_plan(REQUEST)).hash  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "changes",
    [
        {"daily_mg": Fraction(20), "intakes": ()},
        {"first_day": date(2026, 12, 2)},
        {"intakes": ()},
        {"intakes": (Intake(When.EVENING, Fraction(10)),)},
        {"intakes": (Intake(When.NIGHT, Fraction(5)), Intake(When.MORNING, Fraction(5)))},
        {"intakes": (Intake(When.NIGHT, Fraction(10), (Units(PRODUCTS[1], Fraction(2)),)),)},
        {"products": PRODUCTS[:2]},
        {"products": tablets("diazepam", "2", "5", "10", parts=2, verified=False)},
        {"products": (*PRODUCTS, Product("diazepam", Form.ML, Fraction(1), 10))},
        {"daily_mg_to": Fraction(10)},
        {"route": None},
        {"scheme": "bcfi-tenth"},
        {"step": Fraction(1, 10)},
        {"interval_days": 14},
        {"holds": (Hold(1, 7),)},
        {"last_mg": Fraction(1)},
        {"start_mg": Fraction(10)},
        {"equivalence": Equivalence(Fraction(10), Fraction(10))},
        {"programme_limit_mg": Fraction(30)},
        {"patient": replace(ADULT, age_years=51)},
        {"patient": replace(ADULT, country="NL")},
        {"patient": replace(ADULT, continuous_days=366)},
        {"patient": replace(ADULT, absent=ADULT.absent - {Fact.NURSING_HOME})},
        {"patient": Circumstances()},
        {"origin": Origin("0" * 64, 1, "hold")},
    ],
    ids=lambda changes: " and ".join(f"{name}={value}"[:40] for name, value in changes.items()),
)
def test_any_change_of_the_request_changes_the_hash(changes: dict[str, Any]) -> None:
    changed = made(make_plan(replace(REQUEST, **changes)))

    assert changed.hash != made(make_plan(REQUEST)).hash
    assert changed.hash == made(make_plan(replace(REQUEST, **changes))).hash


def test_a_switch_and_its_products_are_in_the_hash() -> None:
    def switched(*strengths: str) -> PlanRequest:
        diazepam = Conversion(tablets("diazepam", *strengths, parts=2))
        tables = Equivalence(Fraction(1), Fraction(2))
        return ask("lorazepam", "2.5", tablets("lorazepam", "2.5"), conversion=diazepam, equivalence=tables)

    hashes = {made(make_plan(switched(*each))).hash for each in (("2", "5"), ("2", "5", "10"), ("1", "5"))}

    assert len(hashes) == 3


CHANGES: dict[str, Callable[[Plan], Plan]] = {
    "a dose": lambda plan: _row(plan, mg=Fraction(8)),
    "a day": lambda plan: _row(plan, first_day=date(2026, 12, 30)),
    "a length": lambda plan: _row(plan, days=15),
    "a kind": lambda plan: _row(plan, kind="hold"),
    "a medicine": lambda plan: _row(plan, medicine="lorazepam"),
    "a number": lambda plan: _row(plan, row=7),
    "intakes": lambda plan: _row(plan, intakes=plan.steps[3].intakes),
    "supply": lambda plan: _row(plan, supply=()),
    "flags": lambda plan: _row(plan, flags=(note(Flag.ROUNDED),)),
    "the value of a flag": lambda plan: _row(plan, flags=(note(Flag.ROUNDED, asked_mg=1),)),
    "a share of the current dose": lambda plan: _row(plan, drop_of_previous=Fraction(1, 2)),
    "a share of the start dose": lambda plan: _row(plan, drop_of_start=Fraction(1, 2)),
    "the start dose": lambda plan: replace(plan, start_mg=Fraction(11)),
    "the last dose": lambda plan: replace(plan, last_mg=Fraction(2)),
    "who set it": lambda plan: replace(plan, last_by="request"),
    "the scheme": lambda plan: replace(plan, scheme="bcfi-tenth"),
    "its version": lambda plan: replace(plan, scheme_version="2"),
    "the warnings": lambda plan: replace(plan, warnings=()),
    "the alternatives": lambda plan: replace(plan, alternatives=()),
    "the version": lambda plan: replace(plan, version="2"),
    "a row less": lambda plan: replace(plan, steps=plan.steps[:-1]),
}


def _row(plan: Plan, **changes: Any) -> Plan:
    return replace(plan, steps=(*plan.steps[:2], replace(plan.steps[2], **changes), *plan.steps[3:]))


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_any_change_of_the_plan_changes_the_hash(change: Callable[[Plan], Plan]) -> None:
    plan = made(make_plan(REQUEST))
    hashes = {fingerprint(plan), fingerprint(change(plan))}

    assert len(hashes) == 2
