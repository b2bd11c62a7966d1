"""Bounds, and what of a range lies on which side of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fault import KnowledgeFault
from knowledge.threshold import Threshold, read_threshold
from knowledge.truth import Truth

COMPARISONS = ("at_least", "above", "at_most", "below")
OPPOSITE = {"at_least": "below", "below": "at_least", "above": "at_most", "at_most": "above"}
amounts = st.decimals(0, 400, places=1)
comparisons = st.sampled_from(COMPARISONS)


@pytest.mark.parametrize(
    ("comparison", "at_79", "at_80", "at_81"),
    [
        ("at_least", Truth.NO, Truth.YES, Truth.YES),
        ("above", Truth.NO, Truth.NO, Truth.YES),
        ("at_most", Truth.YES, Truth.YES, Truth.NO),
        ("below", Truth.YES, Truth.NO, Truth.NO),
    ],
)
def test_one_amount_is_on_this_side_of_the_bound_or_on_that(
    comparison: str, at_79: Truth, at_80: Truth, at_81: Truth
) -> None:
    bound = Threshold(comparison, Decimal(80), "mg/d")

    assert [bound.judge(n, n) for n in (79, 80, 81)] == [at_79, at_80, at_81]


@given(comparisons, amounts, amounts, amounts)
def test_a_range_is_decided_where_all_of_it_is_on_one_side(c: str, bound: Decimal, a: Decimal, b: Decimal) -> None:
    threshold, low, high = Threshold(c, bound, "mg/d"), min(a, b), max(a, b)
    sides = {threshold.judge(amount, amount) for amount in (low, high)}

    assert threshold.judge(low, high) is (sides.pop() if len(sides) == 1 else Truth.UNKNOWN)


@given(comparisons, amounts, amounts, amounts)
def test_one_end_of_a_range_decides_alone_where_the_rule_says_so(
    c: str, bound: Decimal, a: Decimal, b: Decimal
) -> None:
    low, high = min(a, b), max(a, b)
    plain = Threshold(c, bound, "mg/d")

    assert Threshold(c, bound, "mg/d", "high").judge(low, high) is plain.judge(high, high)
    assert Threshold(c, bound, "mg/d", "low").judge(low, high) is plain.judge(low, low)


@given(comparisons, amounts, amounts, st.one_of(st.none(), amounts), st.sampled_from(["both", "low", "high"]))
def test_the_opposite_comparison_gives_the_opposite(
    c: str, bound: Decimal, low: Decimal, more: Decimal | None, end: str
) -> None:
    high = None if more is None else low + more

    assert Threshold(OPPOSITE[c], bound, "d", end).judge(low, high) is ~Threshold(c, bound, "d", end).judge(low, high)


@given(comparisons, amounts, amounts, st.sampled_from(["both", "high"]))
def test_a_range_without_an_upper_end_is_decided_only_where_any_end_would_decide_it_so(
    c: str, bound: Decimal, low: Decimal, end: str
) -> None:
    threshold = Threshold(c, bound, "d", end)
    possible = {threshold.judge(low, high) for high in (low, low + bound, low + bound + 1)}

    assert threshold.judge(low, None) is (possible.pop() if len(possible) == 1 else Truth.UNKNOWN)


def test_a_bound_is_read_exactly() -> None:
    assert read_threshold({"above": 0.1, "unit": "mg/d"}, "mg/d", "here").bound == Decimal("0.1")
    assert read_threshold({"at_least": 90, "unit": "d", "end": "low"}, "d", "here").end == "low"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (80, "here: is not a bound."),
        ({"above": 80}, "here: needs one comparison and its unit."),
        ({"above": 80, "unit": "mg"}, "here: needs one comparison and its unit."),
        ({"unit": "mg/d"}, "here: needs one comparison and its unit."),
        ({"above": 80, "below": 90, "unit": "mg/d"}, "here: needs one comparison and its unit."),
        ({"above": "80", "unit": "mg/d"}, "here: above is not a number. Write it without quotes."),
        ({"above": True, "unit": "mg/d"}, "here: above is not a number. Write it without quotes."),
        ({"above": 80, "unit": "mg/d", "end": "top"}, 'here: end = "top" is not known.'),
        ({"above": 80, "unit": "mg/d", "held": 7}, 'here: "held" is not a word this table knows.'),
    ],
)
def test_what_is_no_bound_is_refused(table: object, told: str) -> None:
    with pytest.raises(KnowledgeFault) as caught:
        read_threshold(table, "mg/d", "here")

    assert str(caught.value).startswith(told)
