"""The dose curve: readable by eye, by ear and by machine."""

from datetime import date
from fractions import Fraction

import pytest

from app.render.plan.axes import day_ticks, dose_ticks
from app.render.plan.curve import NARROW, WIDE, curve_svg
from app.render.plan_words import PlanWords
from knowledge.library import Library
from knowledge.taper import Circumstances, Conversion, Equivalence, Fact, Hold, Plan, make_plan
from knowledge.texts import LANGUAGES
from tests.knowledge.taper.asking import ask, made, tablets
from tests.render.plan.reading import SVG, parsed


@pytest.fixture
def plan() -> Plan:
    return made(make_plan(ask("diazepam", "10", tablets("diazepam", "2", "5", parts=2), holds=(Hold(1, 14),))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_curve_is_told_in_words_too(plan: Plan, library: Library, language: str) -> None:
    wording = PlanWords(library, language)
    drawing = parsed(curve_svg(plan, wording))
    labels = (drawing.get("aria-labelledby") or "").split()
    title, told = (drawing.find(f"*[@id='{label}']") for label in labels)
    assert title is not None
    assert told is not None
    assert drawing.get("role") == "img"
    assert drawing.get("lang") == language
    for step in plan.steps:
        assert wording.long_date(step.first_day) in (told.text or "")
        assert not step.days or wording.dose(step.mg) in (told.text or "")


def test_the_curve_holds_no_script_and_loads_nothing(plan: Plan, library: Library) -> None:
    drawing = parsed(curve_svg(plan, PlanWords(library, "en")))
    tags = {element.tag.removeprefix(SVG) for element in drawing.iter()}
    names = {name for element in drawing.iter() for name in element.attrib}
    assert tags <= {"svg", "title", "desc", "rect", "path", "text", "g"}
    assert not {name for name in names if name.startswith("on") or name.endswith("href") or name == "style"}


def test_two_curves_on_a_page_share_no_id(plan: Plan, library: Library) -> None:
    wording = PlanWords(library, "en")
    ids = [
        element.get("id")
        for frame in (WIDE, NARROW)
        for element in parsed(curve_svg(plan, wording, frame)).iter()
        if element.get("id")
    ]
    assert len(ids) == len(set(ids)) == 4


def test_the_dose_before_a_switch_is_labelled_with_its_own_medicine(library: Library) -> None:
    conversion = Conversion(tablets("diazepam", "2", "5", "10", parts=2))
    tables = Equivalence(Fraction(1), Fraction(2))
    well = Circumstances(absent=frozenset({Fact.HEPATIC_DISEASE}))
    asked = ask(
        "lormetazepam", "2", tablets("lormetazepam", "1", "2"), conversion=conversion, equivalence=tables,
        patient=well, holds=(Hold(0, 28),),
    )  # fmt: skip
    svg = curve_svg(made(make_plan(asked)), PlanWords(library, "en"))
    assert ">2 mg lormetazepam</text>" in svg
    assert ">mg diazepam a day</text>" in svg


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        ("10", "0 2 4 6 8 10"),
        ("9.5", "0 2 4 6 8 10"),
        ("7.5", "0 2 4 6 8"),
        ("1", "0 1/5 2/5 3/5 4/5 1"),
        ("0.25", "0 1/20 1/10 3/20 1/5 1/4"),
        ("120", "0 50 100 150"),
        ("30", "0 10 20 30"),
        ("1/3", "0 1/10 1/5 3/10 2/5"),
    ],
)
def test_doses_stand_at_round_numbers(most: str, ticks: str) -> None:
    assert dose_ticks(Fraction(most)) == [Fraction(tick) for tick in ticks.split()]


def test_a_long_plan_has_ticks_on_the_first_of_a_month() -> None:
    first = date(2026, 12, 15)
    assert list(day_ticks(first, 200, 9)) == [first, *(date(2027, month, 1) for month in range(1, 8))]
    halves = [date(year, month, 1) for year in range(2027, 2031) for month in (1, 7)]
    assert list(day_ticks(first, 1500, 9)) == [first, *halves, date(2031, 1, 1)]


def test_a_short_plan_has_ticks_counted_from_its_first_day() -> None:
    assert [day.day for day in day_ticks(date(2026, 12, 1), 30, 9)] == [1, 8, 15, 22, 29]
    assert [day.day for day in day_ticks(date(2026, 12, 1), 6, 9)] == [1, 2, 3, 4, 5, 6, 7]
