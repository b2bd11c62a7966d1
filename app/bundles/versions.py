"""Several versions of one resource in a Bundle: the newest counts, and what was deleted last is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.bundles.addresses import plain
from app.bundles.entry import Entry
from app.intake.elements import Json, element, named, text


@dataclass(frozen=True, slots=True)
class Version:
    """An entry under the name of its resource, with what was sent as it."""

    entry: Entry
    name: str
    sent: Json


def versions_in(entries: Iterable[tuple[Entry, Json]], *, history: bool) -> list[Version]:
    """The entries of one Bundle that have a name: a fullUrl. In a history, which is of one server, Type/id is one as well."""
    if not history:
        return [Version(entry, plain(entry.url), sent) for entry, sent in entries if entry.url]
    found = [Version(entry, plain(entry.url) or _own_name(entry, sent), sent) for entry, sent in entries]
    whole = {"/".join(each.name.rsplit("/", 2)[1:]): each.name for each in found if "://" in each.name}
    return [Version(each.entry, whole.get(each.name, each.name), each.sent) for each in found if each.name]


def _own_name(entry: Entry, sent: Json) -> str:
    if entry.resource is not None:
        return named(entry.resource)
    request = element(sent.get("request"))
    return plain(text(request.get("url"))) if text(request.get("method")) == "DELETE" else ""


def leave_out_older(versions: Iterable[Version], *, newest_first: bool) -> None:
    """Take the resource from every entry that holds an older version of one. Where not all of them tell when they were changed,
    or several at the same time, the first counts if the `newest_first` (as in a history); else all do."""
    by_name: dict[str, list[Version]] = {}
    for version in versions:
        by_name.setdefault(version.name, []).append(version)
    for group in by_name.values():
        if len(group) > 1:
            newest = _newest(group)
            kept = {version.entry for version in (newest[:1] if newest_first else newest)}
            for version in group:
                if version.entry not in kept:
                    version.entry.resource = None


def _newest(group: Sequence[Version]) -> Sequence[Version]:
    times = [_changed(version) for version in group]
    told = [time for time in times if time]
    if len(told) < len(group):
        return group
    last = max(told)
    return [version for version, time in zip(group, times, strict=True) if time == last]


def _changed(version: Version) -> datetime | None:
    """When, with its zone; None where it does not tell."""
    told = element((version.entry.resource or {}).get("meta")).get("lastUpdated")
    told = told or element(version.sent.get("response")).get("lastModified")
    try:
        changed = datetime.fromisoformat(text(told))
    except ValueError:
        return None
    return changed if changed.tzinfo else None
