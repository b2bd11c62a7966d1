"""The canonical plan: read back, it gives the same dose for every calendar day."""

import json
from fractions import Fraction
from random import Random

import pytest

from app.render.plan_json import amount, plan_json, refusal_json
from app.render.plan_words import PlanWords
from benchmarks.plans import plans, request_of
from knowledge.library import Library, read_library
from knowledge.taper import Plan, Refusal, make_plan
from tests.render.calendar import calendar_of, calendar_of_json


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


@pytest.mark.parametrize("seed", range(6))
def test_read_back_it_gives_the_same_dose_for_every_day(seed: int, library: Library) -> None:
    words, rng, told = PlanWords(library, "en"), Random(seed), 0
    for _ in range(40):
        for made, _seconds in plans(rng):
            if isinstance(made, Plan) and all(is_decimal(product.strength_mg) for product in made.request.products):
                told += 1
                assert calendar_of_json(json.loads(json.dumps(plan_json(made, words)))) == calendar_of(made)
    assert told >= 5


def is_decimal(mg: Fraction) -> bool:
    return "." not in amount(mg) or Fraction(amount(mg)) == mg


def test_a_refusal_names_every_reason_in_words(library: Library) -> None:
    rng = Random(1)
    refusal = next(made for _ in range(100) if isinstance(made := make_plan(request_of(rng)), Refusal))
    told = refusal_json(refusal, PlanWords(library, "nl"))
    assert [reason["code"] for reason in told["because"]] == list(refusal.codes())  # type: ignore[attr-defined]
    assert all(reason["text"].endswith(".") for reason in told["because"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("value", "text"),
    [("1/8", "0.125"), ("1/3", "0.333333"), ("2/3", "0.666667"), ("7", "7"), ("1/1024", "0.0009765625")],
)
def test_an_amount_is_exact_where_it_ends(value: str, text: str) -> None:
    assert amount(Fraction(value)) == text
