"""`Prefer: handling=strict` on a hook call: everything that is wrong with it, where otherwise what can be read is read
(DESIGN §4)."""

from collections.abc import Iterator, Mapping

from app.errors import Issue, NotStrict
from app.intake.elements import Json
from app.strict.duplicates import doubled
from app.strict.validation import MOST, TWICE, faults_in
from cds_hooks.hooks import Hook
from cds_hooks.strict import breaks_of


def refuse_breaks(sent: bytes, body: object, hook: Hook) -> None:
    """Raise NotStrict (400) with every break of JSON's, CDS Hooks' or FHIR R4's rules in a request that can be read."""
    issues = [Issue("structure", TWICE, place.removeprefix("$this.")) for place in doubled(sent)]
    issues += [Issue(fault.code, str(fault), fault.path) for fault in breaks_of(body, hook)]
    issues += [issue for place, resource in _resources(body, hook) for issue in faults_in(resource, place)]
    if issues:
        raise NotStrict(*issues[:MOST])


def _resources(body: object, hook: Hook) -> Iterator[tuple[str, Json]]:
    """The resources of the context and the prefetch that are no Bundles, each with its place."""
    table = body if isinstance(body, Mapping) else {}
    context, prefetch = table.get("context"), table.get("prefetch")
    if hook.orders and isinstance(context, Mapping):
        yield from _within(f"context.{hook.orders}", context.get(hook.orders))
    for key, value in prefetch.items() if isinstance(prefetch, Mapping) else ():
        yield from _within(f"prefetch.{key}", value)


def _within(place: str, value: object) -> Iterator[tuple[str, Json]]:
    if not isinstance(value, Mapping) or "resourceType" not in value:
        return
    if value.get("resourceType") != "Bundle":
        yield place, value
        return
    entries = value.get("entry")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        yield from _within(f"{place}.entry[{index}].resource", resource)
