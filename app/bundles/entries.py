"""Everything that lies in a Bundle, also in Bundles inside it, each with its place as FHIRPath.

Nothing is passed over: an entry that holds no resource, or something that is none, is an entry all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.bundles.entry import Entry
from app.bundles.searches import Search, search_of
from app.bundles.versions import Version, leave_out_older, versions_in
from app.intake.elements import Json, element, text


@dataclass(frozen=True, slots=True)
class Found:
    """All entries, a Bundle before those inside it, and the searches whose answers some of them are."""

    entries: tuple[Entry, ...]
    searches: tuple[Search, ...]


def entries_in(bundle: Json, path: str) -> Found:
    """Every entry of the Bundle. `path` is where it lies itself: "Bundle", or its place in Parameters. An entry with an older
    version of what another holds is left without its resource."""
    entries: list[Entry] = []
    searches: list[Search] = []
    versions: list[Version] = []
    _collect(bundle, path, entries, searches, versions)
    leave_out_older(versions, newest_first=False)
    return Found(tuple(entries), tuple(searches))


def _collect(
    bundle: Json, path: str, entries: list[Entry], searches: list[Search], versions: list[Version]
) -> tuple[Entry, ...]:
    own = [(_entry(where, sent), element(sent)) for where, sent in _sent(bundle.get("entry"), f"{path}.entry")]
    is_history = bundle.get("type") == "history"
    told = versions_in(own, history=is_history)
    if is_history:
        leave_out_older(told, newest_first=True)
    versions.extend(each for each in told if each.entry.url and each.entry.resource is not None)
    for entry, _ in own:
        entries.append(entry)
        if entry.resource is not None and entry.resource["resourceType"] == "Bundle":
            entry.inside = _collect(entry.resource, entry.place, entries, searches, versions)
    searches.extend(search_of(bundle, [entry.resource for entry, _ in own], path))
    return tuple(entry for entry, _ in own)


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
