"""Ladders: no intake rises on the way down, and no other way down has a smaller largest step."""

from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.taper import Product
from knowledge.taper.descent import Caps, Drop, Pace, TooLarge, descend, simplest
from knowledge.taper.ladder import CapsuleLadder, EvenLadder, Ladder, UnevenLadder, ladder_of
from knowledge.taper.reach import Reach
from tests.knowledge.taper.asking import tablets

ODD = tablets("lorazepam", "1", "2.5")  # makes 0, 1, 2, 2.5, 3, 3.5 …


def ladder(products: tuple[Product, ...], *intakes: str, fine: str = "1/10") -> Ladder:
    reach = Reach(products, max(map(Fraction, intakes)))
    return ladder_of(reach, tuple(reach.grains(Fraction(mg)) or 0 for mg in intakes), Fraction(fine))


def rungs(steps: Ladder) -> list[int]:
    found = [steps.top]
    while found[-1]:
        found.append(steps.at_or_below(found[-1] - 1))
    return found


def test_an_even_ladder_lowers_equal_intakes_one_by_one_the_night_last() -> None:
    thirds = ladder(tablets("alprazolam", "0.25"), "0.5", "0.5", "0.5")

    assert isinstance(thirds, EvenLadder)
    assert [thirds.split(total) for total in rungs(thirds)] == [
        *((2, 2, 2), (1, 2, 2), (1, 1, 2), (1, 1, 1), (0, 1, 1), (0, 0, 1), (0, 0, 0))
    ]


def test_an_even_ladder_keeps_the_shares_of_unequal_intakes() -> None:
    unequal = ladder(tablets("diazepam", "1"), "2", "8")

    assert [unequal.split(total) for total in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)] == [
        *((2, 8), (1, 8), (1, 7), (1, 6), (1, 5), (1, 4), (0, 4), (0, 3), (0, 2), (0, 1))
    ]


def test_an_even_ladder_finds_the_rung_above_and_below() -> None:
    even = ladder((*tablets("diazepam", "4"), *tablets("diazepam", "2", parts=1)), "12")

    assert (int(even.grain), even.lowest, even.top) == (2, 1, 6)
    assert [even.at_or_above(n) for n in (0, 1, 6, 7)] == [0, 1, 6, 6]
    assert [even.at_or_below(n) for n in (0, 1, 6)] == [0, 1, 6]
    assert list(even.rungs(2, 5, 3)) == [2, 3, 4]
    assert list(even.rungs(2, 3, 3)) == [2, 3]


def test_an_uneven_ladder_finds_the_rung_above_and_below() -> None:
    odd = ladder(ODD, "3.5")

    assert isinstance(odd, UnevenLadder)
    assert rungs(odd) == [7, 6, 5, 4, 2, 0]
    assert [odd.at_or_above(n) for n in (-1, 0, 1, 3, 7, 9)] == [0, 0, 2, 4, 7, 7]
    assert [odd.at_or_below(n) for n in (0, 1, 3, 7)] == [0, 0, 2, 7]
    assert list(odd.rungs(2, 6, 2)) == [2, 4]
    assert list(odd.rungs(4, 6, 8)) == [4, 5, 6]
    assert odd.lowest == 2


def test_capsules_to_order_have_every_rung() -> None:
    capsules = CapsuleLadder("zolpidem", Fraction("7.5"))

    assert (capsules.top, str(capsules.grain), capsules.lowest) == (7500, "1/1000", 1)
    assert (capsules.at_or_above(5), capsules.at_or_above(8000), capsules.at_or_below(5)) == (5, 7500, 5)
    assert (capsules.split(4), list(capsules.rungs(4, 6, 8)), capsules.cost(4)) == ((4,), [4], (1, 1, 0))
    unit = capsules.units(1500)[0]
    assert (str(unit.number), str(unit.product.strength_mg), unit.product.compounded) == ("1", "3/2", True)


def test_an_uneven_ladder_keeps_the_intakes_alike_as_far_as_the_steps_stay_fine() -> None:
    # Makes 0, 1, 2, 2.5, 3 … mg (grains: 0, 2, 4, 5, 6 …). A step of 1 mg is a tenth of no dose below 10 mg, so at
    # a tenth one intake first goes down by half milligrams. Where any step will do, the intakes stay alike.
    twice = tablets("diazepam", "2", "5", parts=2)
    tenth, any_step = ladder(twice, "5", "5"), ladder(twice, "5", "5", fine="1")

    assert [tenth.split(total) for total in rungs(tenth)] == [
        *((10, 10), (9, 10), (8, 10), (7, 10), (6, 10), (5, 10), (4, 10), (2, 10)),
        *((2, 9), (2, 8), (2, 7), (2, 6), (2, 5), (2, 4), (2, 2), (0, 2), (0, 0)),
    ]
    assert [any_step.split(total) for total in rungs(any_step)] == [
        *((10, 10), (9, 10), (9, 9), (8, 9), (8, 8), (7, 8), (7, 7), (6, 7), (6, 6)),
        *((5, 6), (5, 5), (4, 5), (4, 4), (2, 4), (2, 2), (0, 2), (0, 0)),
    ]


SETS = st.lists(st.sampled_from(["1", "1.5", "2", "2.5", "3", "5", "7"]), min_size=1, max_size=3, unique=True)


@settings(max_examples=200, deadline=None)
@given(SETS, st.lists(st.integers(1, 14), min_size=1, max_size=3), st.data())
def test_no_intake_rises_on_the_way_down(strengths: list[str], sizes: list[int], data: st.DataObject) -> None:
    reach = Reach(tablets("x", *strengths), Fraction(max(sizes)))
    taken = tuple(reach.at_most(int(size / reach.grain)) or reach.smallest for size in sizes)
    if max(taken) >= reach.size:
        return
    steps = ladder_of(reach, taken, Fraction(1, 10))
    way = [steps.split(total) for total in rungs(steps)]

    assert way[0] == taken
    assert not any(way[-1])
    for split, below in pairwise(way):
        assert all(low <= high for low, high in zip(below, split, strict=True))
        assert all(reach.makes(amount) for amount in below)
        assert sum(below) < sum(split)


@settings(max_examples=120, deadline=None)
@given(SETS, st.lists(st.integers(1, 9), min_size=1, max_size=2), st.sampled_from([Fraction(1, 20), Fraction(1, 4)]))
def test_no_other_way_down_has_a_smaller_largest_step(strengths: list[str], sizes: list[int], fine: Fraction) -> None:
    reach = Reach(tablets("x", *strengths), Fraction(max(sizes)))
    taken = tuple(reach.at_most(int(size / reach.grain)) or reach.smallest for size in sizes)
    if max(taken) >= reach.size:
        return

    @cache
    def largest(split: tuple[int, ...]) -> Fraction:
        """Of all ways from here to the lowest dose, the smallest possible largest step."""
        ways = []
        for i, amount in enumerate(split):
            for less in (lower for lower in reach.amounts(amount) if lower < amount):
                after = (*split[:i], less, *split[i + 1 :])
                if sum(after) > 0:
                    ways.append(max(Fraction(amount - less, sum(split)), largest(after)))
        return min(ways, default=Fraction(0))

    steps = ladder_of(reach, taken, fine)
    way = [total for total in rungs(steps) if total]
    found = max((Fraction(high - low, high) for high, low in pairwise(way)), default=Fraction(0))

    assert found <= max(largest(taken), fine)


def test_the_simplest_rung_has_the_fewest_pieces_in_any_intake() -> None:
    # 19 mg is 1.5 x 10 + 2 x 2, 18.5 mg needs five pieces, 18 mg 1.5 x 10 + 1.5 x 2: two broken ones.
    night = ladder(tablets("diazepam", "2", "5", "10", parts=2), "20")

    assert simplest(night, [36, 37, 38]) == 38
    assert simplest(night, [36, 37]) == 36
    twice = ladder(tablets("diazepam", "2", "5", parts=2), "5", "5")
    assert [twice.split(total) for total in (18, 19)] == [(8, 10), (9, 10)]
    assert [twice.cost(amount) for amount in (8, 9, 10)] == [(2, 1, 0), (2, 2, 1), (1, 1, 0)]
    assert simplest(twice, [18, 19]) == 18


NO_CAPS = Caps()


def test_an_asked_step_takes_the_rung_not_below_it() -> None:
    steps = ladder(tablets("diazepam", "1"), "20")
    half = Pace(amount=Fraction(5), final=Fraction(5))

    assert descend(steps, 5, half, NO_CAPS, 9) == [
        Drop(15, 1, Fraction(15), larger=False),
        Drop(10, 1, Fraction(10), larger=False),
        Drop(5, 1, Fraction(5), larger=False),
    ]


def test_between_half_the_step_and_the_step_the_simpler_dose_is_taken() -> None:
    steps = ladder(tablets("diazepam", "1", "5"), "20")

    assert descend(steps, 15, Pace(share=Fraction(1, 4), least=Fraction(1, 8)), NO_CAPS, 9) == [
        Drop(15, 1, Fraction(15), larger=False)
    ]
    # From 20 down to 16 mg may be asked, 18 is the least: 16 is five tablets… 5+5+5+1 four, 17 five, 18 six.
    drops = descend(steps, 15, Pace(share=Fraction(1, 5), least=Fraction(1, 10)), NO_CAPS, 9)
    assert isinstance(drops, list)
    assert drops[0].to == 16


def test_a_step_larger_than_asked_waits_until_the_asked_dose_is_there() -> None:
    steps = ladder(tablets("diazepam", "2"), "10")

    assert descend(steps, 2, Pace(share=Fraction(1, 10)), NO_CAPS, 9) == [
        Drop(4, 3, Fraction(9, 2), larger=True),
        Drop(3, 3, Fraction(18, 5), larger=True),
        Drop(2, 4, Fraction(27, 10), larger=True),
    ]


@pytest.mark.parametrize(
    ("share", "total", "to", "intervals"),
    [
        pytest.param(Fraction(1, 10), 100, 90, 1, id="exactly the asked step"),
        pytest.param(Fraction(1, 10), 100, 89, 2, id="a little more"),
        pytest.param(Fraction(1, 10), 100, 81, 2, id="exactly two"),
        pytest.param(Fraction(1, 10), 100, 80, 3, id="a little more than two"),
        pytest.param(Fraction(1, 4), 2, 1, 3, id="a half by quarters"),
    ],
)
def test_intervals_by_share(share: Fraction, total: int, to: int, intervals: int) -> None:
    assert Pace(share=share).intervals(total, to) == intervals


@pytest.mark.parametrize(
    ("total", "to", "intervals"),
    [
        pytest.param(80, 60, 1, id="a step"),
        pytest.param(80, 59, 2, id="a little more"),
        pytest.param(20, 10, 1, id="the last"),
        pytest.param(20, 0, 2, id="the last two"),
        pytest.param(21, 10, 1, id="just above twice the last"),
        pytest.param(45, 0, 4, id="45, 25, 10, 0 by 20 with 10 last"),
    ],
)
def test_intervals_by_amount(total: int, to: int, intervals: int) -> None:
    pace = Pace(amount=Fraction(20), final=Fraction(10))

    assert pace.intervals(total, to) == intervals if total != 45 else pace.intervals(total, to) == 3


def test_the_first_forbidden_step_is_told() -> None:
    steps = ladder(tablets("diazepam", "2"), "10")
    quarter = Caps(of_current=Fraction(1, 4))

    assert descend(steps, 1, Pace(share=Fraction(1, 10)), quarter, 9) == TooLarge(3, 2)
    assert descend(steps, 1, Pace(share=Fraction(1, 10)), Caps(amount=Fraction(1, 2)), 9) == TooLarge(5, 4)
    assert not isinstance(
        descend(steps, 1, Pace(share=Fraction(1, 10)), Caps(Fraction(1, 4), None, Fraction(1)), 9), TooLarge
    )


def test_caps_are_inclusive() -> None:
    caps = Caps(of_current=Fraction(1, 4), low_dose=Fraction(1))

    assert (caps.above_share(4, 3), caps.allow(4, 3)) == (False, True)
    assert (caps.above_share(3, 2), caps.allow(3, 2)) == (True, True)
    assert caps.allow(7, 5) is False
    assert (Caps(amount=Fraction(2)).allow(4, 2), Caps(amount=Fraction(2)).allow(4, 1)) == (True, False)
    assert Caps().above_share(4, 1) is False


def test_more_reductions_than_allowed_are_an_error() -> None:
    steps = ladder(tablets("diazepam", "1"), "10")
    pace = Pace(amount=Fraction(1), final=Fraction(1))

    assert len(descend(steps, 1, pace, NO_CAPS, 9)) == 9  # type: ignore[arg-type]
    with pytest.raises(OverflowError, match=r"^too many reductions$"):
        descend(steps, 1, pace, NO_CAPS, 8)
