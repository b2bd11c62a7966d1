"""Feedback on cards: what the clinician did with them (CDS Hooks 2.0.1 "Feedback"; checklist §8).

One body may speak of many cards of many calls, of one card more than once, and may be sent again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cds_hooks.faults import RequestFault

ACCEPTED, OVERRIDDEN = "accepted", "overridden"
# RFC 3339 §5.6. Fractions of a second are read to the microsecond; without an offset a moment is not one.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """The code that was chosen, as it came back, and whether there was a comment. Its words are not read: they may say
    anything of anybody (checklist B9)."""

    code: str | None = None
    system: str | None = None
    commented: bool = False


@dataclass(frozen=True, slots=True)
class Feedback:
    """One card and what became of it. `suggestions` are uuids; `reason` None: none was given."""

    card: str
    outcome: str
    at: datetime
    suggestions: tuple[str, ...] = ()
    reason: OverrideReason | None = None


def read_feedback(body: object) -> tuple[Feedback, ...]:
    """Read a body of the feedback endpoint.

    Raises RequestFault with the place and what to send instead; then none of the body counts. Unknown members are ignored,
    and so is a reason where a card was accepted, or a suggestion where it was overridden.
    """
    if not isinstance(body, Mapping):
        raise RequestFault("$this", 'the body is not a JSON object. Send {"feedback": […]}.', "structure")
    items = body.get("feedback")
    if items is None:
        raise RequestFault("feedback", "is missing. Send a list, also for one card.", "required")
    if not isinstance(items, list):
        raise RequestFault("feedback", "is not a list. Send a list, also for one card.", "structure")
    return tuple(_item(item, f"feedback[{index}]") for index, item in enumerate(items))


def _item(item: object, path: str) -> Feedback:
    if not isinstance(item, Mapping):
        raise RequestFault(path, "is not an object.", "structure")
    card, outcome = _text(item, "card", path), _text(item, "outcome", path)
    at = _moment(_text(item, "outcomeTimestamp", path), f"{path}.outcomeTimestamp")
    if outcome == ACCEPTED:
        return Feedback(card, outcome, at, suggestions=_suggestions(item, path))
    if outcome == OVERRIDDEN:
        return Feedback(card, outcome, at, reason=_reason(item, path))
    raise RequestFault(f"{path}.outcome", f'is neither "{ACCEPTED}" nor "{OVERRIDDEN}".', "value")


def _suggestions(item: Mapping[str, object], path: str) -> tuple[str, ...]:
    path = f"{path}.acceptedSuggestions"
    accepted = item.get("acceptedSuggestions")
    if accepted is None:
        raise RequestFault(path, "is missing. Name at least one suggestion that was accepted.", "required")
    if not isinstance(accepted, list) or not accepted:
        raise RequestFault(path, "is not a list of at least one suggestion.", "structure")
    for index, each in enumerate(accepted):
        if not isinstance(each, Mapping):
            raise RequestFault(
                f"{path}[{index}]", 'is not an object. Send {"id": the uuid of the suggestion}.', "structure"
            )
    return tuple(dict.fromkeys(_text(each, "id", f"{path}[{index}]") for index, each in enumerate(accepted)))


def _reason(item: Mapping[str, object], path: str) -> OverrideReason | None:
    """A client may send the Coding as `reason`, or in the place of the reason itself; of its members only `code` counts,
    since clients add codes of their own (checklist B5)."""
    given, path = item.get("overrideReason"), f"{path}.overrideReason"
    if given is None:
        return None
    if not isinstance(given, Mapping):
        raise RequestFault(path, "is not an object.", "structure")
    coding = given if "code" in given else given.get("reason", given.get("reasonCode"))
    if isinstance(coding, str):
        coding = {"code": coding}
    comment = given.get("userComment")
    if comment is not None and not isinstance(comment, str):
        raise RequestFault(f"{path}.userComment", "is not a string.", "value")
    if coding is None and not comment:
        raise RequestFault(path, "holds neither reason nor userComment. Send one of them, or leave it out.", "required")
    if coding is None:
        return OverrideReason(commented=True)
    if not isinstance(coding, Mapping):
        raise RequestFault(f"{path}.reason", "is not a Coding.", "structure")
    system = coding.get("system")
    if system is not None and not isinstance(system, str):
        raise RequestFault(f"{path}.reason.system", "is not a string.", "value")
    return OverrideReason(_text(coding, "code", f"{path}.reason"), system or None, bool(comment))


def _text(table: Mapping[str, object], key: str, path: str) -> str:
    value = table.get(key)
    if value is None:
        raise RequestFault(f"{path}.{key}", "is missing.", "required")
    if not isinstance(value, str) or not value.strip():
        raise RequestFault(f"{path}.{key}", "is not a string with a value.", "value")
    return value


def _moment(written: str, path: str) -> datetime:
    match = _MOMENT.fullmatch(written)
    day, time, fraction, offset = match.groups() if match else ("", "", "", "")
    offset = "+00:00" if offset in ("Z", "z") else offset
    try:
        return datetime.fromisoformat(f"{day}T{time}.{fraction or 0:0<6}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        what = "is not a moment in time (RFC 3339). Write it like 2026-11-21T08:30:00Z."
        raise RequestFault(path, what, "value") from None
