"""Whether a resource may leave: what came in may be anything, what goes out is valid FHIR R4.

fhir.resources checks structure; it lets pass any word for a code, empty members, and references that are none.
"""

import re
from collections.abc import Iterator, Mapping

from pydantic import ValidationError

from app.intake.elements import is_id

_REFERENCE = re.compile(
    r"#[A-Za-z0-9\-.]{1,64}|urn:(uuid|oid):\S+|https?://\S+|[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(/\S*)?"
)
_CODES = {  # required bindings of MedicationRequest (https://hl7.org/fhir/R4/medicationrequest.html)
    "status": ["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"],
    "intent": [
        "proposal",
        "plan",
        "order",
        "original-order",
        "reflex-order",
        "filler-order",
        "instance-order",
        "option",
    ],
    "priority": ["routine", "urgent", "asap", "stat"],
}


def is_valid_order(resource: Mapping[str, object]) -> bool:
    """Whether a MedicationRequest is valid R4, required bindings and the commonest invariants included."""
    from fhir.resources.R4B.medicationrequest import MedicationRequest  # noqa: PLC0415 - 0.3 s, and rarely needed

    if not is_id(resource.get("id")) or any(
        name in resource and resource[name] not in codes for name, codes in _CODES.items()
    ):
        return False
    if not all(_is_sound(name, item) for name, item in _everywhere("", resource)):
        return False
    try:
        MedicationRequest.model_validate(resource)
    except ValidationError:
        return False
    return True


def is_reference(written: str) -> bool:
    """Whether this can stand as `Reference.reference`."""
    return bool(_REFERENCE.fullmatch(written))


def _everywhere(name: str, value: object) -> Iterator[tuple[str, object]]:
    yield name, value
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _everywhere(key, item)
    elif isinstance(value, list):
        for item in value:
            yield from _everywhere("", item) if item is not None or not name.startswith("_") else ()


def _is_sound(name: str, value: object) -> bool:
    """No member is empty, a reference is one, and a unit's code has its system (ele-1, ref-1, qty-3)."""
    if value is None or value in ("", [], {}):
        return False
    if name == "reference" and isinstance(value, str):
        return is_reference(value)
    if isinstance(value, Mapping) and "value" in value and "code" in value:
        return bool(value.get("system"))
    return True
