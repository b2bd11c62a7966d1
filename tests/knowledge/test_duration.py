"""Day counts: both ends and today included, gaps of up to fourteen days inside a course, ranges where days are unsure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.duration import Days, continuous, covered, is_covered_long, is_dated, is_resumed, since_first
from knowledge.facts import Certainty, DailyDose, Dosage, Period, Use

TODAY = date(2026, 11, 21)
NIGHTLY = Dosage(DailyDose(Decimal(1), Decimal(1), "mg", Certainty.SURE, "structure"))
WHEN_NEEDED = Dosage(as_needed=True)
MORE_WHEN_NEEDED = Dosage(NIGHTLY.daily, as_needed=True)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def use(*periods: tuple[int | None, int | None], dosage: Dosage = NIGHTLY, medicine: str = "zopiclone") -> Use:
    """Periods from so many days ago to so many days ago; None for a start nobody told, or for no end."""
    read = tuple(
        Period(None if start is None else ago(start), None if end is None else ago(end)) for start, end in periods
    )
    return Use(medicine, ("use-1",), read, current=True, dosage=dosage)


@pytest.mark.parametrize(
    ("periods", "days"),
    [
        ([(0, None)], 1),
        ([(89, None)], 90),
        ([(88, None)], 89),
        ([(89, 0)], 90),
        ([(89, 1)], 89),
        ([(103, 14)], 90),  # ended fourteen days ago: it still runs
        ([(104, 15)], 0),  # fifteen: it is over
        ([(40, 20), (5, None)], 41),  # fourteen days between: one course
        ([(40, 21), (5, None)], 6),  # fifteen: two
        ([(40, 10), (30, None)], 41),  # overlapping
        ([(40, 30), (60, None)], 61),  # one inside the other
        ([(5, None), (40, 20)], 41),  # in any order
        ([(-3, None)], 0),  # has not begun
        ([(10, -30)], 11),  # an end in the future is not yet used
        ([], 0),
    ],
)
def test_the_running_course_is_counted_from_its_first_day_to_its_last(
    periods: list[tuple[int | None, int | None]], days: int
) -> None:
    assert continuous([use(*periods)], TODAY) == Days(days, days)


def test_changing_from_one_medicine_to_another_ends_no_course() -> None:
    uses = [use((200, 31), medicine="lormetazepam"), use((30, None))]

    assert continuous(uses, TODAY) == Days(201, 201)


def test_a_start_nobody_told_leaves_the_course_without_an_upper_end() -> None:
    assert continuous([use((None, None))], TODAY) == Days(0, None)
    assert continuous([use((None, 15))], TODAY) == Days(0, 0)
    assert continuous([use((None, 20), (15, None))], TODAY) == Days(16, None)
    assert covered([use((None, None))], TODAY, 90) == Days(0, 90)
    assert since_first([use((None, None)), use((10, None))], TODAY) == Days(11, None)


def test_use_when_needed_may_have_been_every_day_or_none() -> None:
    needed = use((99, None), dosage=WHEN_NEEDED)

    assert continuous([needed], TODAY) == Days(0, 100)
    assert covered([needed], TODAY, 90) == Days(0, 90)
    assert since_first([needed], TODAY) == Days(0, 100)


def test_a_fixed_dose_with_more_when_needed_is_taken_every_day() -> None:
    assert continuous([use((99, None), dosage=MORE_WHEN_NEEDED)], TODAY) == Days(100, 100)


@pytest.mark.parametrize(
    ("periods", "days"),
    [
        ([(200, None)], 90),
        ([(200, 0)], 90),
        ([(200, 90)], 0),  # its last day is the day before the window
        ([(200, 89)], 1),
        ([(89, 60), (29, None)], 60),
        ([(89, 59), (29, None)], 61),
        ([(50, 20), (40, 10)], 41),  # a day counts once
        ([(-2, None)], 0),
    ],
)
def test_a_day_is_covered_where_it_lies_inside_a_period(
    periods: list[tuple[int | None, int | None]], days: int
) -> None:
    assert covered([use(*periods)], TODAY, 90) == Days(days, days)


@pytest.mark.parametrize(("start", "days"), [(0, 1), (89, 90), (88, 89)])
def test_the_first_day_of_use_counts(start: int, days: int) -> None:
    assert since_first([use((start, None)), use((0, None))], TODAY) == Days(days, days)
    assert since_first([], TODAY) == Days(0, 0)


periods = st.lists(
    st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 120))).map(
        lambda p: (p[0], None if p[1] is None else max(0, p[0] - p[1]))
    ),
    max_size=6,
)


def days_used(told: list[tuple[int, int | None]]) -> set[int]:
    """Days ago on which something was taken: the same periods, day by day."""
    return {day for start, end in told for day in range(end or 0, start + 1)}


@settings(deadline=None)
@given(periods)
def test_counting_day_by_day_gives_the_same_course(told: list[tuple[int, int | None]]) -> None:
    used = days_used(told)
    reach, course = -1, []
    for day in sorted(used):
        if day - reach - 1 > 14:
            break
        course.append(day)
        reach = day

    length = course[-1] - course[0] + 1 if course else 0
    assert continuous([use(*told)], TODAY) == Days(length, length)


@settings(deadline=None)
@given(periods, st.integers(1, 200))
def test_counting_day_by_day_gives_the_same_covered_days(told: list[tuple[int, int | None]], last: int) -> None:
    used = days_used(told)

    assert covered([use(*told)], TODAY, last).low == len([day for day in used if day < last])
    assert since_first([use(*told)], TODAY).low == max(used, default=-1) + 1


@settings(deadline=None)
@given(periods, periods, st.booleans())
def test_more_use_never_makes_a_count_smaller(
    told: list[tuple[int, int | None]], more: list[tuple[int, int | None]], needed: bool
) -> None:
    one, both = [use(*told)], [use(*told), use(*more, dosage=WHEN_NEEDED if needed else NIGHTLY)]

    for count in (continuous, since_first, lambda uses, today: covered(uses, today, 90)):
        before, after = count(one, TODAY), count(both, TODAY)
        assert after.low >= before.low
        assert after.high is None or (before.high is not None and after.high >= before.high)
        assert after.high is None or after.high >= after.low


def possible(start: int, dosage: Dosage = NIGHTLY) -> Use:
    return Use("zopiclone", ("use-1",), (Period(ago(start), None, sure=False),), current=True, dosage=dosage)


@pytest.mark.parametrize(
    ("uses", "dated"),
    [
        ([use((200, None))], True),
        ([use((None, None))], False),
        ([possible(200)], False),
        ([use((300, 290)), possible(200)], True),  # a day on which it was taken is told
        ([possible(200, WHEN_NEEDED)], True),  # as needed, nobody expects every day to be told
        ([], True),
    ],
)
def test_a_course_is_dated_where_one_day_of_it_is_sure(uses: list[Use], dated: bool) -> None:
    assert is_dated(uses, TODAY) is dated


@pytest.mark.parametrize(
    ("periods", "resumed"),
    [
        ([(400, 18), (2, None)], True),
        ([(400, 17), (2, None)], False),  # fourteen days between: one course
        ([(400, 28), (12, 10)], True),
        ([(400, 27), (12, 10)], False),
        ([(900, 366), (2, None)], False),  # a year ago and more
        ([(900, 364), (2, None)], True),
        ([(2, None)], False),
        ([(400, 60)], False),  # nothing runs
    ],
)
def test_a_course_is_resumed_where_it_was_broken_off_within_the_year(
    periods: list[tuple[int, int | None]], resumed: bool
) -> None:
    assert is_resumed([use(*periods)], TODAY) is resumed


def test_what_may_have_been_taken_when_needed_is_no_course_that_was_broken_off() -> None:
    assert not is_resumed([use((400, 60), dosage=WHEN_NEEDED), use((2, None))], TODAY)


@pytest.mark.parametrize(
    ("periods", "long"),
    [
        ([(89, 32), (2, None)], True),  # 58 + 3
        ([(89, 33), (2, None)], False),  # 57 + 3
        ([(88, 30), (2, None)], False),  # 62 days, the first of them 88 days ago
    ],
)
def test_use_is_covered_long_by_more_than_sixty_days_of_ninety(
    periods: list[tuple[int, int | None]], long: bool
) -> None:
    assert is_covered_long([use(*periods)], TODAY) is long
