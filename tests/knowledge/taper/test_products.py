"""Products, the doses they can make, and the best way to make one: held against trying everything."""

from fractions import Fraction
from itertools import product as every
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.taper import Form, Product, Units, exact_mg
from knowledge.taper.products import order_of_choice
from knowledge.taper.reach import MOST_GRAINS, Reach, TooFineError, closure, common_part
from tests.knowledge.taper.asking import tablets


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        (Form.TABLET, 1),
        (Form.TABLET, 2),
        (Form.TABLET, 4),
        (Form.CAPSULE, 1),
        (Form.DROP, 1),
        (Form.ML, 1),
        (Form.ML, 100),
    ],
)
def test_these_divisions_exist(form: Form, parts: int) -> None:
    product = Product("diazepam", form, Fraction(2), parts)

    assert product.part_mg == Fraction(2, parts)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"form": Form.TABLET, "divisible_into": 3}, "a tablet divides into"),
        ({"form": Form.TABLET, "divisible_into": 0}, "a tablet divides into"),
        ({"form": Form.CAPSULE, "divisible_into": 2}, "a capsule divides into"),
        ({"form": Form.DROP, "divisible_into": 2}, "a drop divides into"),
        ({"form": Form.ML, "divisible_into": 0}, "a syringe has 1 to 100 marks per ml"),
        ({"form": Form.ML, "divisible_into": 101}, "a syringe has 1 to 100 marks per ml"),
        ({"form": Form.TABLET, "strength_mg": Fraction(0)}, "must be above 0"),
        ({"form": Form.TABLET, "strength_mg": Fraction(-1)}, "must be above 0"),
        ({"form": Form.TABLET, "divisible_into": 2, "modified_release": True}, "is taken whole"),
    ],
)
def test_what_no_product_can_be_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Product(**{"medicine": "diazepam", "form": Form.TABLET, "strength_mg": Fraction(2), **values})


def test_a_modified_release_tablet_may_be_taken_whole_and_such_a_liquid_measured() -> None:
    assert Product("alprazolam", Form.TABLET, Fraction(1), modified_release=True).part_mg == 1
    assert Product("alprazolam", Form.ML, Fraction(1), 10, modified_release=True).part_mg == Fraction(1, 10)


def test_units_times_strength_is_the_amount() -> None:
    assert Units(Product("diazepam", Form.ML, Fraction("0.4"), 10), Fraction("2.5")).mg == 1
    assert exact_mg("0.125") == Fraction(1, 8)


def test_products_are_chosen_by_strength_then_verified_ready_made_and_whole() -> None:
    weak = Product("diazepam", Form.TABLET, Fraction(1))
    guessed = Product("diazepam", Form.TABLET, Fraction(2), verified=False)
    compounded = Product("diazepam", Form.CAPSULE, Fraction(2), compounded=True)
    halved = Product("diazepam", Form.TABLET, Fraction(2), 2)
    capsule = Product("diazepam", Form.CAPSULE, Fraction(2))
    whole = Product("diazepam", Form.TABLET, Fraction(2))

    assert sorted([weak, guessed, compounded, halved, whole, capsule], key=order_of_choice) == [
        *(capsule, whole, halved, compounded, guessed, weak)
    ]


def test_the_common_part_is_the_greatest_one() -> None:
    assert common_part([Fraction(1), Fraction(5, 2), Fraction(3, 4)]) == Fraction(1, 4)
    assert common_part([Fraction(4), Fraction(6)]) == 2


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 80))
def test_the_reach_is_every_sum_of_parts(a: int, b: int, size: int) -> None:
    sums = {a * n + b * m for n in range(size) for m in range(size)}

    assert closure(closure(1, a, size), b, size) == sum(1 << n for n in sums if n < size)


def test_whether_the_reach_is_even_and_what_it_holds() -> None:
    halves = Reach(tablets("diazepam", "2", "10", parts=2), Fraction(10))
    odd = Reach(tablets("lorazepam", "1", "2.5"), Fraction(5))

    assert (int(halves.grain), halves.smallest, halves.even) == (1, 1, True)
    assert (odd.grain, odd.smallest, odd.even) == (Fraction(1, 2), 2, False)
    assert [amount * odd.grain for amount in odd.amounts(10)] == [0, 1, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    assert odd.amounts(4) == [0, 2, 4]
    assert [odd.at_most(amount) for amount in (0, 1, 2, 3, 9)] == [0, 0, 2, 2, 9]
    assert (odd.makes(3), odd.makes(4), odd.makes(10), odd.makes(12)) == (False, True, True, False)
    assert (odd.grains(Fraction("2.5")), odd.grains(Fraction("2.4"))) == (5, None)


def test_a_reach_too_large_to_search_is_refused() -> None:
    fine = (Product("diazepam", Form.ML, Fraction(1), 100),)

    assert Reach(fine, Fraction(MOST_GRAINS - 1, 100)).size == MOST_GRAINS
    with pytest.raises(TooFineError):
        Reach(fine, Fraction(MOST_GRAINS, 100))


@pytest.mark.parametrize(
    ("mg", "made"),
    [
        pytest.param("5", "1x5", id="whole before broken: not half a 10"),
        pytest.param("15", "1.5x10", id="one strength before two, though it is broken"),
        pytest.param("7", "1x5 1x2", id="two pieces before four"),
        pytest.param("4", "2x2", id="whole before broken"),
        pytest.param("7.5", "1.5x5", id="a half counts for a piece"),
        pytest.param("1", "0.5x2", id="half"),
        pytest.param("20", "2x10", id="larger strengths"),
    ],
)
def test_the_best_units_are_few_then_of_few_strengths_then_whole(mg: str, made: str) -> None:
    reach = Reach(tablets("diazepam", "2", "5", "10", parts=2), Fraction(20))
    amount = reach.grains(Fraction(mg))
    assert amount is not None

    units = reach.units(amount)

    assert " ".join(f"{float(each.number):g}x{float(each.product.strength_mg):g}" for each in units) == made


def test_a_liquid_fills_up_what_tablets_do_not_make() -> None:
    liquid = Product("diazepam", Form.ML, Fraction(1), 10)
    reach = Reach((*tablets("diazepam", "5"), liquid), Fraction(20))
    amount = reach.grains(Fraction("7.3"))
    assert amount is not None

    assert [(each.product.form, each.number) for each in reach.units(amount)] == [
        ("tablet", 1),
        ("ml", Fraction("2.3")),
    ]
    assert reach.cost(amount) == (4, 2, 0)


STRENGTHS = st.lists(
    st.tuples(st.sampled_from(["0.5", "1", "1.5", "2", "2.5", "3", "5"]), st.sampled_from([1, 2, 4]), st.booleans()),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each[0],
)


@settings(max_examples=150, deadline=None)
@given(STRENGTHS, st.integers(0, 6))
def test_no_other_combination_is_simpler(strengths: list[tuple[str, int, bool]], most: int) -> None:
    products = tuple(
        Product("x", Form.TABLET if tablet else Form.CAPSULE, Fraction(mg), parts if tablet else 1)
        for mg, parts, tablet in strengths
    )
    reach = Reach(products, Fraction(most))
    limits = [range(int(most / product.part_mg) + 1) for product in reach.products]
    best: dict[Fraction, tuple[int, int, int]] = {}
    for counts in every(*limits):
        numbers = [Fraction(n, p.divisible_into) for n, p in zip(counts, reach.products, strict=True)]
        mg = sum((n * p.strength_mg for n, p in zip(numbers, reach.products, strict=True)), Fraction(0))
        broken = sum(n.denominator != 1 and p.form is Form.TABLET for n, p in zip(numbers, reach.products, strict=True))
        cost = (sum(map(ceil, numbers)), sum(n > 0 for n in numbers), broken)
        best[mg] = min(best.get(mg, cost), cost)

    found = {amount * reach.grain: reach.cost(amount) for amount in reach.amounts(reach.size - 1)}

    assert found == {mg: cost for mg, cost in best.items() if mg <= most}
    for amount in reach.amounts(reach.size - 1):
        assert sum((units.mg for units in reach.units(amount)), Fraction(0)) == amount * reach.grain
