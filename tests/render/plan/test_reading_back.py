"""One plan, several renderings: each, read back, gives the same dose on every calendar day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.render.plan.calendar import calendar_ics
from app.render.plan.curve import NARROW, WIDE, Frame, curve_svg
from app.render.plan.printed import leaflet_html, letter_html
from app.render.plan.terminal import printed, steps_table
from app.render.plan_words import PlanWords
from knowledge.library import Library
from knowledge.taper import Form, Intake, Kind, Plan, PlanRequest, Product, Units, When, make_plan
from knowledge.texts import LANGUAGES
from tests.knowledge.taper.asking import ADULT, ask, made, tablets
from tests.knowledge.taper.test_invariants import requests
from tests.render.plan.reading import (
    Days,
    Taken,
    count_and_mg,
    day_of,
    days_of,
    days_of_table,
    dose_in,
    doses_of,
    figures_of_svg,
    heights_of_svg,
    lines_of,
    mg_in,
    number_in,
    spread,
    tables_of,
)

languages = st.sampled_from(LANGUAGES)
MODEST = settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of any scheme; where nothing of what was drawn can be followed, one that always can."""
    asked = draw(st.permutations(draw(requests())))
    found = (plan for request in asked if isinstance(plan := make_plan(request), Plan))
    return next(found, made(make_plan(ask("diazepam", "10", tablets("diazepam", "1", "5", parts=2)))))


def unusual() -> Iterator[Plan]:
    """What the drawn plans do not hold: drops, thirds of a millilitre, no moment told, an end above none."""
    liquid = (Product("diazepam", Form.ML, Fraction(1), 3), *tablets("diazepam", "5"))
    yield made(make_plan(ask("diazepam", "5", liquid)))
    drops = (Product("diazepam", Form.DROP, Fraction(1, 4)),)
    yield made(make_plan(ask("diazepam", "10", drops, ("5", "5"))))
    yield made(make_plan(replace(ask("diazepam", "10", tablets("diazepam", "1", "5", parts=2)), intakes=())))
    named = (Product("lorazepam", Form.TABLET, Fraction(1), 4, name='<b>"A & B"</b>; x,y\\', verified=False),)
    yield made(make_plan(ask("lorazepam", "3", named, scheme="nl-guided-reduction")))
    baclofen = (Product("baclofen", Form.TABLET, Fraction(10), 2),)
    request = PlanRequest(
        medicine="baclofen", daily_mg=Fraction(120), products=baclofen, first_day=date(2026, 2, 20),
        intakes=(Intake(When.MORNING, Fraction(60)), Intake(When.EVENING, Fraction(60))), scheme="baclofen-80",
        patient=replace(ADULT, present=frozenset()),
    )  # fmt: skip
    yield made(make_plan(request))


UNUSUAL = list(unusual())
each_unusual = pytest.mark.parametrize("plan", UNUSUAL, ids=["thirds", "drops", "no-moment", "named", "baclofen"])


@MODEST
@given(plans(), st.sampled_from([WIDE, NARROW]))
def test_the_curve_gives_back_every_day(library: Library, plan: Plan, frame: Frame) -> None:
    _curve_holds(library, plan, frame)


@each_unusual
def test_the_curve_of_an_unusual_plan_gives_back_every_day(library: Library, plan: Plan) -> None:
    _curve_holds(library, plan, NARROW)


def _curve_holds(library: Library, plan: Plan, frame: Frame) -> None:
    svg = curve_svg(plan, PlanWords(library, "de"), frame)
    assert figures_of_svg(svg) == doses_of(plan)
    drawn = heights_of_svg(svg, plan.steps[0].first_day)
    top = max(drawn.values())
    assert drawn.keys() == doses_of(plan).keys()
    for step in plan.steps:
        for n in range(step.days):
            height = drawn[step.first_day + timedelta(days=n)]
            assert height == pytest.approx(float(_in_last_medicine(plan, step.medicine, step.mg)), abs=top / 1000)


def _in_last_medicine(plan: Plan, medicine: str, mg: Fraction) -> Fraction:
    """What stands for the dose: itself, and before a switch the low end of the tables."""
    if plan.switch is None or medicine == "diazepam":
        return mg
    return plan.switch.low_mg * mg / plan.steps[0].mg


@MODEST
@given(plans(), languages)
def test_the_calendar_gives_back_every_day(library: Library, plan: Plan, language: str) -> None:
    _calendar_holds(plan, PlanWords(library, language))


@each_unusual
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_of_an_unusual_plan_gives_back_every_day(library: Library, plan: Plan, language: str) -> None:
    _calendar_holds(plan, PlanWords(library, language))


def _calendar_holds(plan: Plan, wording: PlanWords) -> None:
    calendar = Calendar.from_ical(calendar_ics(plan, wording))
    found: Days = {}
    moments = {wording.moment(when): when for when in When}
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        first, after, told = day_of(event, "DTSTART"), day_of(event, "DTEND"), str(event["DESCRIPTION"])
        if str(event["SUMMARY"]) == wording["event_stop"].format(medicine=wording.medicine(plan.steps[-1].medicine)):
            assert (first, (after - first).days) == (plan.steps[-1].first_day, 1)
            continue
        taken: Taken = {}
        for line in lines_of(told):
            moment, _, units = line.partition(wording["colon"])
            if moment in moments:
                taken[moments[moment]] = sum(
                    (mg_in(one, wording.language) for one in units.split(wording["and"])), Fraction(0)
                )
        medicine = next(step.medicine for step in plan.steps if step.days and step.first_day == first)
        dose = str(event["SUMMARY"]).removeprefix(f"{wording.medicine(medicine)} ")
        assert dose_in(dose, wording.language) == sum(taken.values())
        days = spread(first, (after - first).days, taken)
        assert not days.keys() & found.keys()
        found |= days
    assert found == days_of(plan)


@MODEST
@given(plans(), languages)
def test_the_leaflet_gives_back_every_day(library: Library, plan: Plan, language: str) -> None:
    wording = PlanWords(library, language)
    assert days_of_table(leaflet_html(plan, wording, library), wording) == days_of(plan)


@MODEST
@given(plans(), languages)
def test_the_letter_gives_back_every_day_and_all_that_is_handed_out(
    library: Library, plan: Plan, language: str
) -> None:
    _letter_holds(plan, PlanWords(library, language))


@each_unusual
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unusual_plan_on_paper_gives_back_every_day(library: Library, plan: Plan, language: str) -> None:
    wording = PlanWords(library, language)
    assert days_of_table(leaflet_html(plan, wording, library), wording) == days_of(plan)
    _letter_holds(plan, wording)


def _letter_holds(plan: Plan, wording: PlanWords) -> None:
    html = letter_html(plan, wording)
    assert days_of_table(html, wording) == days_of(plan)
    tables, language = tables_of(html), wording.language
    supplies = [cell.lines for row in tables["plan"] for cell in row if "supply" in cell.classes]
    told = [[count_and_mg(line, language) for line in lines] for lines in supplies]
    assert told == [[_counted(units) for units in step.supply] for step in plan.steps if step.days]
    totals = [number_in(row[1].text, language) for row in tables["totals"][1:]]
    assert totals == [units.number for units in plan.supply()]


def _counted(units: Units) -> tuple[Fraction, Fraction]:
    return units.number, units.product.strength_mg


@MODEST
@given(plans(), languages)
def test_the_terminal_gives_back_every_day(library: Library, plan: Plan, language: str) -> None:
    wording = PlanWords(library, language)
    shown = printed(steps_table(plan, wording), width=400)
    found: dict[date, Fraction] = {}
    for line in shown.splitlines():
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        if len(cells) > 4 and cells[0].isdigit() and cells[2]:
            dose = cells[3].rpartition(f"{wording.medicine('diazepam')} ")[2] if plan.switch else cells[3]
            dose = dose.removeprefix(f"{wording.medicine(plan.request.medicine)} ")
            days = spread(date.fromisoformat(cells[1]), int(cells[2]), {})
            found |= dict.fromkeys(days, dose_in(dose, language))
    assert found == doses_of(plan)


def test_the_plans_that_are_drawn_have_switches_holds_and_stops(library: Library) -> None:
    kinds: set[Kind] = set()

    @MODEST
    @given(plans())
    def draw(plan: Plan) -> None:
        kinds.update(step.kind for step in plan.steps)

    draw()
    assert kinds == set(Kind)
