"""What a prefetch key says: the four states a service must tell apart (CDS Hooks 2.0.1 "Prefetch Tokens"; checklist §5).

A missing key means the client did not look; `null` means it looked and found nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    ABSENT = "absent"  # the key was not sent
    FAILED = "failed"  # an OperationOutcome, or no FHIR at all
    INCOMPLETE = "incomplete"  # a page with more behind it
    WHOLE = "whole"  # everything there is, which for `null` is nothing


@dataclass(frozen=True, slots=True)
class Prefetched:
    """One key: its state, (path, resource) for each resource it holds, and where the rest of an incomplete one is."""

    state: State
    resources: tuple[tuple[str, Mapping[str, object]], ...] = ()
    next: str | None = None


_ABSENT, _NOTHING = Prefetched(State.ABSENT), Prefetched(State.WHOLE)


def read_prefetch(key: str, prefetch: Mapping[str, object]) -> Prefetched:
    """Read one key. Never raises: what is no FHIR counts as failed."""
    if key not in prefetch:
        return _ABSENT
    value = unwrapped(prefetch[key])
    path = f"prefetch.{key}"
    if value is None:
        return _NOTHING
    kind = value.get("resourceType") if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(kind, str) or kind in ("", "OperationOutcome"):
        return Prefetched(State.FAILED)
    return _bundle(value, path) if kind == "Bundle" else Prefetched(State.WHOLE, ((path, value),))


def unwrapped(value: object) -> object:
    """The FHIR in a value. Before 2018 it stood in `{"response": {"status"}, "resource": {…}}`; some clients never changed
    (checklist Q12). Where there was none, and the status tells of a failure, that is no "none": the value stays."""
    if not isinstance(value, Mapping) or "resourceType" in value or "resource" not in value:
        return value
    response = value.get("response")
    status = str(response.get("status", "200")) if isinstance(response, Mapping) else "200"
    return value["resource"] if value["resource"] is not None or status.startswith("2") else value


_SPECIAL = ("Bundle", "OperationOutcome")


def _bundle(bundle: Mapping[str, object], path: str) -> Prefetched:
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        return Prefetched(State.FAILED)
    kept: list[tuple[str, Mapping[str, object]]] = []
    matches, special = len(entries), False  # `special`: Bundles and outcomes, which few searches hold
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        if "search" in entry and _is_included(entry):
            matches -= 1
        resource = entry.get("resource")
        if isinstance(resource, dict):
            kept.append((f"{path}.entry[{index}].resource", resource))
            if resource.get("resourceType") in _SPECIAL:
                special = True
    found, is_whole = tuple(kept), len(kept) == len(entries)
    if special and any(resource.get("resourceType") == "Bundle" for _, resource in found):
        return _answers(found, whole=is_whole)
    if special:
        found = tuple(item for item in kept if item[1].get("resourceType") != "OperationOutcome")
        failed = any(r.get("resourceType") == "OperationOutcome" and _is_failure(r) for _, r in kept)
        if failed and not found:
            return Prefetched(State.FAILED)
        is_whole = is_whole and not failed
    total = bundle.get("total")
    short = isinstance(total, int) and not isinstance(total, bool) and matches < total
    if short or not is_whole or has_next(bundle):
        return Prefetched(State.INCOMPLETE, found, next_of(bundle))
    return Prefetched(State.WHOLE, found)


def _answers(resources: tuple[tuple[str, Mapping[str, object]], ...], *, whole: bool) -> Prefetched:
    """A Bundle of Bundles, such as the answers to a batch of searches: whole where each of them is."""
    read = [
        _bundle(resource, path)
        if resource.get("resourceType") == "Bundle"
        else Prefetched(State.FAILED)
        if resource.get("resourceType") == "OperationOutcome" and _is_failure(resource)
        else Prefetched(State.WHOLE, ((path, resource),))
        for path, resource in resources
    ]
    kept = tuple(item for one in read for item in one.resources)
    if whole and all(one.state is State.WHOLE for one in read):
        return Prefetched(State.WHOLE, kept)
    return Prefetched(State.INCOMPLETE if kept else State.FAILED, kept)


def _is_included(entry: Mapping[str, object]) -> bool:
    search = entry.get("search")
    return isinstance(search, Mapping) and search.get("mode") in ("include", "outcome")


def _is_failure(outcome: Mapping[str, object]) -> bool:
    issues = outcome.get("issue")
    return isinstance(issues, list) and any(
        isinstance(issue, Mapping) and issue.get("severity") in ("error", "fatal") for issue in issues
    )


def has_next(bundle: Mapping[str, object]) -> bool:
    """Whether there is a page behind this one, also where its address is not told."""
    return bool(_next_links(bundle))


def next_of(bundle: Mapping[str, object]) -> str | None:
    """The address of the page behind this one, if one is told."""
    addresses = [link.get("url") for link in _next_links(bundle)]
    return next((address for address in addresses if isinstance(address, str) and address), None)


def _next_links(bundle: Mapping[str, object]) -> list[Mapping[str, object]]:
    links = bundle.get("link")
    found = links if isinstance(links, list) else [links]
    return [link for link in found if isinstance(link, Mapping) and link.get("relation") == "next"]
