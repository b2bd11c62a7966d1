"""`wane plan`, as it is typed: every form of one plan, read back."""

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
from icalendar import Calendar
from typer.testing import CliRunner, Result

from app.cli import main
from app.render.plan_words import PlanWords
from knowledge.library import Library, read_library
from knowledge.taper import Plan, make_plan
from tests.knowledge.taper.asking import ask, made, tablets
from tests.render.calendar import calendar_of, calendar_of_orders
from tests.render.plan.reading import days_of, days_of_table, doses_of, figures_of_svg

ASKED = (
    "diazepam",
    "--intake",
    "evening:5",
    "--intake",
    "night:5",
    "--product",
    "tablet:2/2",
    "--product",
    "tablet:5/2",
)
WHEN = ("--first-day", "2026-12-01")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["plan", *arguments])


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture
def plan() -> Plan:
    return made(make_plan(ask("diazepam", "10", tablets("diazepam", "2", "5", parts=2), ("5", "5"))))


def test_json_gives_back_every_day(plan: Plan) -> None:
    told = json.loads(run(*ASKED, *WHEN, "--json").stdout)["plan"]
    found = {
        date.fromisoformat(step["first_day"]) + timedelta(days=n): Fraction(step["mg"])
        for step in told["steps"]
        for n in range(step["days"])
    }
    assert found == doses_of(plan)
    for step in told["steps"]:
        strengths = [Fraction(product["strength_mg"]) for product in told["products"]]
        units = [each for intake in step["intakes"] for each in intake["units"]]
        assert sum(strengths[each["product"]] * Fraction(each["number"]) for each in units) == Fraction(step["mg"])


def test_svg_leaflet_letter_and_calendar_are_of_the_same_plan(plan: Plan, library: Library) -> None:
    wording = PlanWords(library, "fr")
    told = {form: run(*ASKED, *WHEN, "--lang", "fr", f"--{form}") for form in ("svg", "leaflet", "letter", "ics")}
    assert {result.exit_code for result in told.values()} == {0}
    assert figures_of_svg(told["svg"].stdout) == doses_of(plan)
    assert days_of_table(told["leaflet"].stdout, wording) == days_of(plan)
    assert days_of_table(told["letter"].stdout, wording) == days_of(plan)
    assert b"\r\n" in told["ics"].stdout_bytes
    events = Calendar.from_ical(told["ics"].stdout_bytes).walk("VEVENT")
    assert [event.decoded("DTSTART") for event in events] == [step.first_day for step in plan.steps[1:]]


def test_the_prescriptions_of_the_bundle_give_back_every_day(plan: Plan) -> None:
    bundle = json.loads(run(*ASKED, *WHEN, "--fhir").stdout)
    resources = [entry["resource"] for entry in bundle["entry"]]
    orders = [resource for resource in resources if resource["resourceType"] == "MedicationRequest"]
    assert calendar_of_orders(orders) == calendar_of(plan)


def test_a_terminal_shows_table_curve_and_that_nobody_reviewed_it(plan: Plan) -> None:
    result = run(*ASKED, *WHEN, "--lang", "de")
    assert result.exit_code == 0
    for step in plan.steps[1:]:
        assert step.first_day.isoformat() in result.stdout
    assert "█" in result.stdout
    assert "von niemandem klinisch geprüft" in result.stdout
    assert "\x1b" not in result.stdout, "no colours where nobody looks"


def test_what_cannot_be_read_is_named_and_nothing_is_written() -> None:
    result = run("diazepam", "--intake", "night:x", "--country", "BEL", "--ics")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "intakes[0]: " in result.stderr
    assert "country: " in result.stderr


def test_a_dose_as_needed_or_in_a_range_is_refused_by_name() -> None:
    assert "taken as needed" in run(*ASKED, "--as-needed").stderr
    assert "range" in run(*ASKED, "--daily-mg", "10", "--daily-mg-to", "15").stderr


def test_a_refusal_says_why_and_what_would_help() -> None:
    result = run("zopiclone", "--country", "BE", "--intake", "night:7.5")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "7.5 mg, is too much to stop from" in result.stderr
    assert "+ Capsules made to order" in result.stderr
    assert (
        json.loads(run("zopiclone", "--country", "BE", "--intake", "night:7.5", "--json").stdout)["outcome"]
        == "refused"
    )


@pytest.mark.parametrize("wrong", [("--lang", "it"), ("--json", "--svg")])
def test_one_known_language_and_one_form_at_a_time(wrong: tuple[str, ...]) -> None:
    result = run(*ASKED, *wrong)
    assert result.exit_code == 1
    assert result.stdout == ""


def test_a_plan_is_changed_from_a_row() -> None:
    told = json.loads(run(*ASKED, *WHEN, "--change", "hold:2:2026-12-20:21", "--json").stdout)["plan"]
    before = json.loads(run(*ASKED, *WHEN, "--json").stdout)["plan"]
    assert told["goes_on_from"] == {"plan": before["hash"], "row": 2, "change": "hold"}
    assert told["first_day"] == "2026-12-20"
