"""A service's response: cards, suggestions, actions, links (CDS Hooks 2.0.1 "CDS Service Response"; checklist §7).

Everything is built once and whole, and refuses to exist where it would break a SHALL. Empty members are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal
from urllib.parse import urlsplit

SUMMARY_LIMIT = 139  # characters, strictly fewer than 140 (checklist C2)

INDICATORS = ("info", "warning", "critical")
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Coding:
    system: str
    code: str
    display: str

    def as_json(self) -> Json:
        return {"system": self.system, "code": self.code, "display": self.display}


@dataclass(frozen=True, slots=True)
class Source:
    label: str
    url: str
    topic: Coding

    def as_json(self) -> Json:
        return {"label": self.label, "url": _absolute(self.url), "topic": self.topic.as_json()}


@dataclass(frozen=True, slots=True)
class Action:
    """`create` and `update` carry the whole resource, `delete` the reference of what goes."""

    type: Literal["create", "update", "delete"]
    description: str
    resource: Mapping[str, object] | None = None
    resource_id: str | None = None

    def __post_init__(self) -> None:
        if (self.type == "delete") != (self.resource is None) or (self.type == "delete") != (
            self.resource_id is not None
        ):
            raise ValueError(f"A {self.type} action names a resourceId if it deletes, and a resource if it does not.")

    def as_json(self) -> Json:
        action: Json = {"type": self.type, "description": self.description}
        if self.resource is not None:
            action["resource"] = self.resource
        if self.resource_id is not None:
            action["resourceId"] = self.resource_id
        return action


@dataclass(frozen=True, slots=True)
class Suggestion:
    label: str
    uuid: str
    actions: tuple[Action, ...]

    def as_json(self) -> Json:
        return {"label": self.label, "uuid": self.uuid, "actions": [action.as_json() for action in self.actions]}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    type: Literal["absolute", "smart"] = "absolute"

    def as_json(self) -> Json:
        return {"label": self.label, "url": _absolute(self.url), "type": self.type}


@dataclass(frozen=True, slots=True)
class Card:
    """One card, but for its uuid: that tells which answer it is on, so it comes with the answer (see `response`)."""

    summary: str
    detail: str
    indicator: str
    source: Source
    suggestions: tuple[Suggestion, ...] = ()
    selection_behavior: Literal["at-most-one", "any"] = "any"
    override_reasons: tuple[Coding, ...] = ()
    links: tuple[Link, ...] = ()
    extension: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.indicator not in INDICATORS:
            raise ValueError(f"An indicator is one of {', '.join(INDICATORS)}.")
        length = max(len(self.summary), len(self.summary.encode("utf-16-le")) // 2)
        if not 1 <= length <= SUMMARY_LIMIT:
            raise ValueError(f"A summary has 1 to {SUMMARY_LIMIT} characters; this one has {length}.")

    def as_json(self, uuid: str) -> Json:
        card: Json = {
            "uuid": uuid,
            "summary": self.summary,
            "detail": self.detail,
            "indicator": self.indicator,
            "source": self.source.as_json(),
        }
        if self.suggestions:
            card["suggestions"] = [suggestion.as_json() for suggestion in self.suggestions]
            card["selectionBehavior"] = self.selection_behavior
        if self.override_reasons:
            card["overrideReasons"] = [reason.as_json() for reason in self.override_reasons]
        if self.links:
            card["links"] = [link.as_json() for link in self.links]
        if self.extension:
            card["extension"] = dict(self.extension)
        return card


def response(
    cards: Sequence[Card],
    uuids: Sequence[str],
    extension: Mapping[str, object] | None = None,
    version: str = "2.0",
    system_actions: Sequence[Action] = (),
) -> Json:
    """The body of a 200: `cards` is always there, even when empty. `uuids` has one for each. `system_actions` are
    for a client that agreed on them.

    A client of version 3.0 is told that the actions of a suggestion belong together (checklist G5: no other may be).
    """
    body: dict[str, Any] = {"cards": [card.as_json(uuid) for card, uuid in zip(cards, uuids, strict=True)]}
    for suggestion in chain.from_iterable(card.get("suggestions", ()) for card in body["cards"]):
        if version == "3.0" and len(suggestion["actions"]) > 1:
            suggestion["actionSelectionBehavior"] = "all"
    if system_actions:
        body["systemActions"] = [action.as_json() for action in system_actions]
    if extension:
        body["extension"] = dict(extension)
    return body


def _absolute(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("A link on a card is an absolute http or https address.")
    return url
