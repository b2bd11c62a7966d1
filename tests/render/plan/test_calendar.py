"""The calendar keeps to RFC 5545."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from app.render.plan.calendar import calendar_ics, folded
from app.render.plan_words import PlanWords
from knowledge.library import Library
from knowledge.taper import Plan, make_plan
from tests.knowledge.taper.asking import ask, made, tablets
from tests.render.plan.reading import day_of


@pytest.fixture
def plan() -> Plan:
    return made(make_plan(ask("diazepam", "10", tablets("diazepam", "2", "5", parts=2), ("5", "5"))))


@pytest.fixture
def calendar(plan: Plan, library: Library) -> bytes:
    return calendar_ics(plan, PlanWords(library, "fr"))


def test_every_line_ends_in_crlf_and_none_is_longer_than_75_octets(calendar: bytes) -> None:
    lines = calendar.split(b"\r\n")
    assert lines.pop() == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75


@pytest.mark.parametrize("line", ["", "a" * 75, "a" * 76, "é" * 40, "a" + "€" * 60, "𝄞" * 80])
def test_a_folded_line_unfolds_to_itself(line: str) -> None:
    written = folded(line)
    pieces = written.split(b"\r\n")
    assert all(len(piece) <= 75 and piece.decode() is not None for piece in pieces)
    assert written.replace(b"\r\n ", b"").removesuffix(b"\r\n").decode() == line


def test_the_same_plan_gives_the_same_calendar(plan: Plan, calendar: bytes, library: Library) -> None:
    assert calendar_ics(plan, PlanWords(library, "fr")) == calendar


def test_uids_come_from_the_plan_and_are_the_same_in_every_language(
    plan: Plan, calendar: bytes, library: Library
) -> None:
    events = Calendar.from_ical(calendar).walk("VEVENT")
    uids = [str(event["UID"]) for event in events]
    german = Calendar.from_ical(calendar_ics(plan, PlanWords(library, "de"))).walk("VEVENT")
    assert uids == [f"{plan.hash[:32]}-{step.row}@wane.example" for step in plan.steps[1:]]
    assert [str(event["UID"]) for event in german] == uids


def test_another_plan_has_other_uids(plan: Plan, calendar: bytes, library: Library) -> None:
    later = made(make_plan(ask("diazepam", "10", plan.request.products, ("5", "5"), first_day=date(2026, 12, 2))))
    other = calendar_ics(later, PlanWords(library, "fr"))
    uids = [{str(event["UID"]) for event in Calendar.from_ical(each).walk("VEVENT")} for each in (calendar, other)]
    assert uids[0].isdisjoint(uids[1])


def test_events_are_whole_days_that_follow_one_another(plan: Plan, calendar: bytes) -> None:
    events = Calendar.from_ical(calendar).walk("VEVENT")
    starts = [day_of(event, "DTSTART") for event in events]
    ends = [day_of(event, "DTEND") for event in events]
    assert starts[1:] == ends[:-1]
    assert ends[-1] == plan.steps[-1].first_day + timedelta(days=1)
    assert {event.decoded("DTSTAMP") for event in events} == {datetime(2026, 12, 1, tzinfo=UTC)}


def test_commas_and_line_ends_are_escaped(calendar: bytes) -> None:
    unfolded = calendar.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:diazépam 8\\,5 mg/jour" in unfolded
    assert "\\nau coucher : 1 comprimé de 5 mg" in unfolded


def test_the_calendar_is_no_appointment_and_private(calendar: bytes) -> None:
    for event in Calendar.from_ical(calendar).walk("VEVENT"):
        assert (str(event["CLASS"]), str(event["TRANSP"])) == ("PRIVATE", "TRANSPARENT")
        assert not {"ATTENDEE", "ORGANIZER", "VALARM"} & set(event)
