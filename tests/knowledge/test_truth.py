"""Kleene's logic, over every combination there is."""

from collections.abc import Callable, Iterable
from itertools import product

import pytest

from knowledge.truth import Truth, all_of, any_of, of

ALL = tuple(Truth)
DECIDED = {Truth.YES, Truth.NO}


def test_a_plain_comparison_is_yes_or_no() -> None:
    assert (of(True), of(False)) == (Truth.YES, Truth.NO)


def test_nothing_to_hold_holds_and_nothing_to_choose_from_does_not() -> None:
    assert all_of([]) is Truth.YES
    assert any_of([]) is Truth.NO


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (Truth.YES, Truth.YES, Truth.YES, Truth.YES),
        (Truth.YES, Truth.NO, Truth.NO, Truth.YES),
        (Truth.YES, Truth.UNKNOWN, Truth.UNKNOWN, Truth.YES),
        (Truth.NO, Truth.NO, Truth.NO, Truth.NO),
        (Truth.NO, Truth.UNKNOWN, Truth.NO, Truth.UNKNOWN),
        (Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN, Truth.UNKNOWN),
    ],
)
def test_two_truths_join_as_in_the_table_of_kleene(a: Truth, b: Truth, both: Truth, either: Truth) -> None:
    assert all_of([a, b]) is all_of([b, a]) is both
    assert any_of([a, b]) is any_of([b, a]) is either


@pytest.mark.parametrize("a", ALL)
def test_not_not_is_yes_again_and_unknown_stays_unknown(a: Truth) -> None:
    assert ~~a is a
    assert (~a is a) == (a is Truth.UNKNOWN)


@pytest.mark.parametrize(("a", "b", "c"), list(product(ALL, repeat=3)))
def test_the_laws_of_a_lattice_and_of_de_morgan_hold(a: Truth, b: Truth, c: Truth) -> None:
    assert ~all_of([a, b]) is any_of([~a, ~b])
    assert ~any_of([a, b]) is all_of([~a, ~b])
    assert all_of([a, all_of([b, c])]) is all_of([all_of([a, b]), c]) is all_of([a, b, c])
    assert any_of([a, any_of([b, c])]) is any_of([any_of([a, b]), c]) is any_of([a, b, c])
    assert all_of([a, any_of([b, c])]) is any_of([all_of([a, b]), all_of([a, c])])
    assert all_of([a, any_of([a, b])]) is any_of([a, all_of([a, b])]) is a


@pytest.mark.parametrize("truths", list(product(ALL, repeat=3)))
@pytest.mark.parametrize("combine", [all_of, any_of], ids=["all_of", "any_of"])
def test_what_is_decided_stays_decided_however_the_unknown_turns_out(
    combine: Callable[[Iterable[Truth]], Truth], truths: tuple[Truth, ...]
) -> None:
    outcome = combine(truths)
    ways = product(*([t] if t in DECIDED else [Truth.YES, Truth.NO] for t in truths))
    outcomes = {combine(way) for way in ways}

    assert outcomes == ({outcome} if outcome in DECIDED else DECIDED)


def test_the_order_of_the_truths_is_of_no_matter_and_one_pass_is_enough() -> None:
    assert all_of(iter([Truth.UNKNOWN, Truth.NO])) is Truth.NO
    assert any_of(iter([Truth.UNKNOWN, Truth.YES])) is Truth.YES
