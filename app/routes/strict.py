"""`Prefer: handling=strict`: everything that is wrong with a request, where otherwise what can be read is read (DESIGN §4)."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.errors import Issue, NotStrict
from app.intake.elements import Json
from cds_hooks.hooks import Hook
from cds_hooks.strict import breaks_of

_MOST = 100  # issues told of one request
_STRICT = re.compile(r"(?:^|[,;])\s*handling\s*=\s*\"?strict\"?\s*(?:[,;]|$)", re.IGNORECASE)


def is_strict(prefer: str | None) -> bool:
    """Whether a `Prefer` header (RFC 7240 §4.4) asks for it."""
    return bool(prefer and _STRICT.search(prefer))


def refuse_breaks(sent: bytes, body: object, hook: Hook) -> None:
    """Raise NotStrict (400) with every break of JSON's, CDS Hooks' or FHIR R4's rules in a request that can be read."""
    doubled = _doubled(sent)
    issues = [Issue("structure", f"The same key stands twice in one object ({doubled} objects).")] if doubled else []
    issues += [Issue(fault.code, str(fault), fault.path) for fault in breaks_of(body, hook)]
    issues += [
        Issue("invariant", f"{path}: {what}", path)
        for place, resource in _resources(body, hook)
        for path, what in _not_fhir(place, resource)
    ]
    if issues:
        raise NotStrict(*issues[:_MOST])


def _doubled(sent: bytes) -> int:
    """In how many objects a name stands twice. It is not repeated: anybody may choose it."""
    found = 0

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal found
        made = dict(items)
        found += len(made) < len(items)
        return made

    json.loads(sent, object_pairs_hook=pairs)
    return found


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


def _not_fhir(place: str, resource: Json) -> Iterator[tuple[str, str]]:
    """(where, what) for all that FHIR R4 does not allow. The words are those of the kind of fault, never of a value."""
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415 - 0.3 s, and rarely needed
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        model = get_fhir_model_class(str(resource.get("resourceType")))
    except (KeyError, LookupError, ValueError):
        yield f"{place}.resourceType", "is no resource of FHIR R4."
        return
    try:
        yield from _other_codes(place, model.model_validate(resource))
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False, include_context=False):
            known = each["loc"][:-1] if each["type"] == "extra_forbidden" else each["loc"]
            steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in known]
            yield place + "".join(steps), f"is not valid FHIR R4 ({each['type'].replace('_', ' ')})."


def _other_codes(place: str, valid: Any) -> Iterator[tuple[str, str]]:
    """The codes that their element does not have: fhir.resources knows them, and lets others pass."""
    for name, field in type(valid).model_fields.items():
        value, known = getattr(valid, name, None), (field.json_schema_extra or {}).get("enum_values")
        where = f"{place}.{field.alias or name}"
        if known and isinstance(value, str) and value not in known:
            yield where, f"is none of {', '.join(known)}."
        for index, each in enumerate(value if isinstance(value, list) else ()):
            yield from _other_codes(f"{where}[{index}]", each) if hasattr(each, "model_fields_set") else ()
        if hasattr(value, "model_fields_set"):
            yield from _other_codes(where, value)
