"""Whether a resource may leave: what came in may be anything, what goes out is valid FHIR R4.

fhir.resources checks structure; it lets pass any word for a code, empty members, and references that are none.

Its check takes longer than judging does, and the orders of a hospital are built alike. So it is asked about an order's
build: the order with one word for every text, id and reference, and one day for every day. No type of R4 tells those apart,
so that what holds of the build holds of the order; and nothing of a patient is in what is remembered.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import orjson
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

TEXTS = frozenset({"text", "display", "unit", "patientInstruction", "authorString", "valueString", "version"})
_TEXTS = TEXTS | {"identifier.value", "groupIdentifier.value"}
_IDS = ("id", "versionId")
_CODED = {  # members that hold a code, the address of a definition, or a time of day
    *("resourceType", "status", "intent", "priority", "system", "code", "url", "use", "type", "profile", "comparator"),
    *("periodUnit", "durationUnit", "when", "dayOfWeek", "timeOfDay", "language", "valueCode", "valueUri"),
    *("instantiatesCanonical", "instantiatesUri"),
}
_DAY = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])")
_MOMENT = re.compile(
    _DAY.pattern + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
)


def is_valid_order(resource: Mapping[str, object]) -> bool:
    """Whether a MedicationRequest is valid R4, required bindings and the commonest invariants included."""
    if not is_id(resource.get("id")) or any(
        name in resource and resource[name] not in codes for name, codes in _CODES.items()
    ):
        return False
    if not all(_is_sound(name, item) for name, item in _everywhere("", resource)):
        return False
    try:
        return _is_built_as_r4(orjson.dumps(_build("", dict(resource))))
    except (_UnlikeOthersError, orjson.JSONEncodeError):
        return is_r4(resource)


def is_r4(order: Mapping[str, object]) -> bool:
    """What fhir.resources says of a MedicationRequest."""
    from fhir.resources.R4B.medicationrequest import MedicationRequest  # noqa: PLC0415 - 0.3 s, and rarely needed

    try:
        MedicationRequest.model_validate(order)
    except (ValidationError, AttributeError, TypeError):  # the last two where it meets a shape it did not expect
        return False
    return True


@lru_cache(maxsize=2048)
def _is_built_as_r4(build: bytes) -> bool:
    return is_r4(orjson.loads(build))


class _UnlikeOthersError(Exception):
    """It holds words that might be a patient's, or in which R4's types differ: it is looked at by itself."""


def _build(name: str, value: object) -> object:
    """The value of a member with one word wherever R4 allows any."""
    if isinstance(value, dict):
        return {key: _build(f"{name}.value" if key == "value" else key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_build(name, item) for item in value]
    if not isinstance(value, str) or name in _CODED:
        return value
    if name == "reference" or (name in _TEXTS and value.strip()) or (name in _IDS and is_id(value)):
        return "x"
    if _DAY.fullmatch(value):
        return "2026-11-21"
    if _MOMENT.fullmatch(value):
        return "2026-11-21T12:00:00Z"
    raise _UnlikeOthersError


def is_reference(written: str) -> bool:
    """Whether this can stand as `Reference.reference`."""
    return bool(_REFERENCE.fullmatch(written))


def _everywhere(name: str, value: object) -> Iterator[tuple[str, object]]:
    yield name, value
    if isinstance(value, dict):
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
    if isinstance(value, dict) and "value" in value and "code" in value:
        return bool(value.get("system"))
    return True
