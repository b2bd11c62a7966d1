"""A plan as a calendar (RFC 5545): one all-day event for each step, and one on the day of the stop.

The same plan gives the same bytes: its UIDs come from its hash, and DTSTAMP is its first day.
"""

from collections.abc import Iterator
from datetime import timedelta

from app.render.plan_words import PlanWords
from knowledge.taper import Kind, Plan, Step

_LINE = 75  # octets of a line before it is folded (§3.1)
_ONE_DAY = timedelta(days=1)
MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_ics(plan: Plan, wording: PlanWords) -> bytes:
    """The calendar, in UTF-8 with CRLF. It says what is taken and when, and nothing of who takes it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Wane//Taper planner//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(wording['calendar'].format(medicine=wording.medicine(plan.request.medicine)))}",
        *(line for step in plan.steps if step.kind is not Kind.BASELINE for line in _event(plan, step, wording)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _event(plan: Plan, step: Step, wording: PlanWords) -> Iterator[str]:
    after = step.next_day if step.days else step.first_day + _ONE_DAY
    medicine = wording.medicine(step.medicine)
    summary = wording["event" if step.days else "event_stop"].format(medicine=medicine, dose=wording.dose(step.mg))
    yield "BEGIN:VEVENT"
    yield f"UID:{plan.hash[:32]}-{step.row}@wane.example"
    yield f"DTSTAMP:{plan.steps[0].first_day:%Y%m%d}T000000Z"
    yield "SEQUENCE:0"
    yield f"DTSTART;VALUE=DATE:{step.first_day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    yield f"SUMMARY:{_text(summary)}"
    yield f"DESCRIPTION:{_text(chr(10).join(_description(plan, step, wording)))}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _description(plan: Plan, step: Step, wording: PlanWords) -> Iterator[str]:
    if not step.days:
        yield wording["event_row"].format(row=step.row, days=wording.kind(step))
        return
    yield wording["event_row"].format(row=step.row, days=wording.days(step.days))
    for intake in step.intakes:
        yield f"{wording.moment(intake.when)}{wording['colon']}{wording.intake(intake)}"
    if step is plan.steps[-1]:
        yield wording["event_end"].format(dose=wording.dose(step.mg))


def _text(value: str) -> str:
    """A TEXT value (§3.3.11)."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, never through a character, each but the first begun with a space (§3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > _LINE - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
