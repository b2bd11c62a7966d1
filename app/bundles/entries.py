"""Everything that lies in a Bundle, also in Bundles inside it, each with its place as FHIRPath.

Nothing is passed over: an entry that holds no resource, or something that is none, is an entry all the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.bundles.searches import Search, search_of
from app.intake.elements import Json, text

_BASE = re.compile(r"(https?://.+)/[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")


class State(StrEnum):
    """What became of an entry. NOT_RELEVANT: no advice is made from it."""

    USED = "used"
    NOT_RELEVANT = "not-relevant"
    UNREADABLE = "unreadable"


@dataclass(slots=True, eq=False)
class Entry:
    """One entry. `path` is its place, `url` its fullUrl; `resource` None: it holds none. `fault` says why what it holds
    cannot be read. `inside` are the entries of the Bundle it holds."""

    path: str
    url: str
    resource: Json | None
    fault: str | None = None
    inside: "tuple[Entry, ...]" = ()
    state: State = State.NOT_RELEVANT

    @property
    def place(self) -> str:
        """Where its resource lies."""
        return f"{self.path}.resource"

    @property
    def base(self) -> str:
        """The address of the server it comes from, as its fullUrl tells; empty where it does not."""
        if not self.url.startswith("http"):
            return ""
        found = _BASE.fullmatch(self.url.partition("/_history/")[0])
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Found:
    """All entries, a Bundle before those inside it, and the searches whose answers some of them are."""

    entries: tuple[Entry, ...]
    searches: tuple[Search, ...]


def entries_in(bundle: Json, path: str) -> Found:
    """Every entry of the Bundle. `path` is where it lies itself: "Bundle", or its place in Parameters."""
    entries: list[Entry] = []
    searches: list[Search] = []
    _collect(bundle, path, entries, searches)
    return Found(tuple(entries), tuple(searches))


def _collect(bundle: Json, path: str, entries: list[Entry], searches: list[Search]) -> tuple[Entry, ...]:
    own = []
    is_history, seen = bundle.get("type") == "history", set[str]()
    for where, sent in _sent(bundle.get("entry"), f"{path}.entry"):
        entry = _entry(where, sent)
        entries.append(entry)
        own.append(entry)
        if is_history and entry.resource is not None and _is_older(entry, seen):
            entry.resource = None
        if entry.resource is not None and entry.resource["resourceType"] == "Bundle":
            entry.inside = _collect(entry.resource, entry.place, entries, searches)
    searches.extend(search_of(bundle, [entry.resource for entry in own], path))
    return tuple(own)


def _sent(entries: object, path: str) -> Iterator[tuple[str, object]]:
    """Each with its place; a single object counts as a list of one, and what is no list as one that cannot be read."""
    if isinstance(entries, list):
        for index, entry in enumerate(entries):
            yield f"{path}[{index}]", entry
    elif entries is not None:
        yield path, entries


def _entry(path: str, sent: object) -> Entry:
    if not isinstance(sent, dict):
        return Entry(path, "", None, "This entry is no object.")
    url, held = text(sent.get("fullUrl")), sent.get("resource")
    if held is None:
        return Entry(path, url, None)
    if not isinstance(held, dict):
        return Entry(path, url, None, "What stands here as a resource is no object.")
    kind = held.get("resourceType")
    if not isinstance(kind, str) or not kind:
        return Entry(path, url, None, "This resource has no resourceType.")
    return Entry(path, url, held)


def _is_older(entry: Entry, seen: set[str]) -> bool:
    """Whether a newer version stood before it: a history has the newest first (https://hl7.org/fhir/R4/http.html#history)."""
    resource = entry.resource or {}
    name = entry.url or f"{resource.get('resourceType')}/{resource.get('id')}"
    is_older = name in seen
    seen.add(name)
    return is_older
