"""A patient as a pharmacist tells of one, without the form it is sent in: what is ordered, what is taken, what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A medicine being taken or ordered. `mg` a time, `times` a day (of every `every` days), in tablets of `strength` mg.

    `since` and `until` are days ago, `until` below zero a day to come; `reason` a problem of `writing.PROBLEMS`.
    `name` stands for the medicine's name; `text` is the dose in words, with or instead of a structure; `more` goes on the
    resource as it is.
    """

    medicine: str
    strength: float | None = None
    mg: float | None = None
    times: int = 1
    every: int = 1
    since: int | None = None
    until: int | None = None
    status: str | None = None
    reason: str | None = None
    as_needed: bool = False
    most: float | None = None  # mg a day at most
    route: str | None = None
    form: str = "tablet"
    name: str | None = None
    text: str | None = None
    once: bool = False
    dosage: Sequence[Json] | None = None
    identity: str | None = None
    by: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """`said` in place of its usual words; `is_` how it stands, `sure` how it was verified."""

    name: str
    is_: str | None = "active"
    sure: str | None = "confirmed"
    said: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Card:
    leads: str
    say: str | None = None
    indicator: str = "info"
    beside: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What is told, in which `forms` it is sent (of `writing.FORMS`), and the cards that must come, in any order."""

    name: str
    cards: tuple[Card, ...] = ()
    orders: tuple[Line, ...] = ()
    uses: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()
    hook: str = "order-sign"
    age: int | None = 52
    country: str | None = None
    forms: tuple[str, ...] = ("be", "nl", "fr", "de", "us", "sct")
    language: str = "nl"
    prefetch: Mapping[str, Any] = field(default_factory=dict)
    drafts: tuple[Json, ...] = ()
    nursing_home: bool = False
    status: int = 200
    context: Mapping[str, Any] = field(default_factory=dict)
