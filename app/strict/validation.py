"""A body held against FHIR R4 by `fhir.resources`, resource by resource, so that each fault has its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import ValidationError

from app.errors import Issue, NotStrict
from app.intake.elements import Json
from app.limits.deadline import in_time
from app.strict.bindings import unbound
from app.strict.duplicates import doubled

MOST = 100  # faults that are told; whoever mends them can ask again
TWICE = "A member stands twice in this object. Send each once."
_STRICT = re.compile(r"(?:^|[,;])\s*handling\s*=\s*\"?strict\"?\s*(?:[,;]|$)", re.IGNORECASE)
_WHY = {
    "extra_forbidden": ("structure", "FHIR R4 has no such element here."),
    "model_field_validation.missing": ("required", "An element that FHIR R4 requires is missing here."),
    "missing": ("required", "An element that FHIR R4 requires is missing here."),
}
APPLIED = {"Preference-Applied": "handling=strict"}  # RFC 7240 §3
_WRONG = ("value", "This is not what FHIR R4 has here.")
_NOT_BOUND = "This code is not one of those that FHIR R4 allows here."
_UNKNOWN = "FHIR R4 has no resource of this type, or none that can be held against it here."


def is_strict(prefer: str | None) -> bool:
    """Whether a `Prefer` header (RFC 7240 §4.4) asks for it."""
    return bool(prefer and _STRICT.search(prefer))


def refuse_what_is_not_r4(sent: bytes, body: object) -> None:
    """Return where the body is valid FHIR R4. Raises NotStrict (400) with every place that is not, the first hundred."""
    if issues := list(islice(_told(sent, body), MOST)):
        raise NotStrict(*issues)


def _told(sent: bytes, body: object) -> Iterator[Issue]:
    yield from (Issue("structure", TWICE, place) for place in doubled(sent))
    kind = body.get("resourceType") if isinstance(body, dict) else None
    if isinstance(body, dict) and isinstance(kind, str):
        yield from faults_in(body, kind if kind.isalpha() else "$this")


def faults_in(resource: Json, place: str) -> Iterator[Issue]:
    """What FHIR R4 does not allow: of the resource without those it carries, then of each of these. The words are those of
    the kind of fault, never of a value."""
    in_time()
    bare, carried = _apart(resource, place)
    yield from _own_faults(bare, place)
    for where, one in carried:
        yield from faults_in(one, where)


def _apart(resource: Json, place: str) -> tuple[Json, list[tuple[str, Json]]]:
    """A Bundle or Parameters without the resources in it, and these with their places. What is no resource stays."""
    name = {"Bundle": "entry", "Parameters": "parameter"}.get(str(resource.get("resourceType")), "")
    items = resource.get(name)
    if not isinstance(items, list):
        return resource, []
    kept: list[object] = []
    carried: list[tuple[str, Json]] = []
    for index, item in enumerate(items):
        held = item.get("resource") if isinstance(item, dict) else None
        if isinstance(held, dict) and isinstance(held.get("resourceType"), str):
            carried.append((f"{place}.{name}[{index}].resource", held))
            # in place of what is told of by itself, something valid: a parameter or entry may need one
            item = {**item, "resource": {"resourceType": "Basic", "code": {"text": "-"}}}  # noqa: PLW2901
        kept.append(item)
    return {**resource, name: kept}, carried


def _own_faults(resource: Json, place: str) -> Iterator[Issue]:
    from fhir.resources.R4B import get_fhir_model_class  # noqa: PLC0415 - 0.3 s, and rarely needed

    try:
        model_class: Any = get_fhir_model_class(str(resource["resourceType"]))
    except (ValueError, KeyError, LookupError):
        yield Issue("not-supported", _UNKNOWN, f"{place}.resourceType")
        return
    try:
        model = model_class.model_validate(resource)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            yield _issue(item, place)
        return
    yield from (Issue("code-invalid", _NOT_BOUND, where) for where in unbound(model, place))


def _issue(item: Mapping[str, Any], place: str) -> Issue:
    code, text = _WHY.get(str(item["type"]), _WRONG)
    steps: Sequence[object] = item["loc"]
    if item["type"] == "extra_forbidden":
        steps = steps[:-1]  # whose name nobody here knows
    told = [step for step in steps if step != "root"]
    where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in told)
    return Issue(code, text, place + where)
