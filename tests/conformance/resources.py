"""A FHIR R4 resource that leaves the house: structure, required bindings, and invariants the library lets pass."""

import json
import re
from collections.abc import Iterator

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from tests.conformance.bindings import CODES, CONCEPTS, DATA_TYPES
from tests.conformance.place import Place, kind

REFERENCE = re.compile(r"#[A-Za-z0-9\-.]{1,64}|urn:(uuid|oid):\S+|https?://\S+|[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}\S*")
INDEXES = re.compile(r"\[\d+\]")


def faults_in_resource(resource: Place, number: str) -> None:
    resource_type = resource.text("resourceType", number)
    if resource_type is None:
        return
    if not is_fhir(resource_type):
        resource.at("resourceType").fault(f"FHIR R4 has no {resource_type}", number)
        return
    structure(resource, resource_type, number)
    bindings(resource, resource_type, number)
    for place in everywhere(resource):
        invariants(place, number)
    references(resource, number)
    if resource_type == "Condition":
        condition(resource, number)
    for contained in resource.array("contained", number):
        if contained.has("contained"):
            contained.fault("a contained resource contains nothing (dom-2)", number)
        bindings(contained, str(contained.at("resourceType").value), number)


def is_fhir(resource_type: str) -> bool:
    try:
        get_fhir_model_class(resource_type)
    except ValueError:
        return False
    return True


def structure(resource: Place, resource_type: str, number: str) -> None:
    try:
        model = get_fhir_model_class(resource_type).model_validate(resource.value)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False):
            where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in item["loc"])
            resource.found.append(f"{resource.path}{where}: not FHIR R4: {item['msg']} ({number})")
        return
    same_kinds(resource, json.loads(model.model_dump_json()), number)


def same_kinds(place: Place, read: object, number: str) -> None:
    """The library reads "1" as a number and 1 as a string; FHIR's JSON does not."""
    if type(read) is not type(place.value) and not {type(read), type(place.value)} <= {int, float}:
        place.fault(f"{kind(place.value)}, FHIR has {kind(read)} here", number)
    elif isinstance(read, dict):
        for key, member in place.members():
            if key in read:
                same_kinds(member, read[key], number)
    elif isinstance(read, list):
        for item, other in zip(place.items(), read, strict=False):
            same_kinds(item, other, number)


def bindings(resource: Place, resource_type: str, number: str) -> None:
    own = CODES.get(resource_type, {})
    concepts = CONCEPTS.get(resource_type, {})
    for place in everywhere(resource):
        path = INDEXES.sub("", place.path.removeprefix(resource.path)).removeprefix(".")
        tail = ".".join(path.split(".")[-2:])
        allowed = own.get(path) or DATA_TYPES.get(tail) or DATA_TYPES.get(tail.split(".")[-1])
        if allowed and isinstance(place.value, str) and place.value not in allowed:
            place.fault(f'"{place.value}" is none of {", ".join(sorted(allowed))}', number)
        if path in concepts and isinstance(place.value, dict):
            system, codes = concepts[path]
            given = [c.value for c in place.at("coding").items() if isinstance(c.value, dict)]
            if not any(c.get("system") == system and c.get("code") in codes for c in given):
                place.fault(f"no coding of {system} with one of {', '.join(sorted(codes))}", number)


def invariants(place: Place, number: str) -> None:
    value = place.value
    if not isinstance(value, dict):
        return
    if place.path.endswith(".repeat"):
        for given, needs, name in (
            ("duration", "durationUnit", "tim-1"),
            ("period", "periodUnit", "tim-2"),
            ("periodMax", "period", "tim-6"),
            ("durationMax", "duration", "tim-7"),
            ("countMax", "count", "tim-8"),
            ("offset", "when", "tim-9"),
        ):
            if given in value and needs not in value:
                place.fault(f"{given} without {needs} ({name})", number)
        if "timeOfDay" in value and "when" in value:
            place.fault("timeOfDay and when together (tim-10)", number)
    if (
        {"value", "code"} <= set(value)
        and ("unit" in value or place.path.endswith("Quantity"))
        and not value.get("system")
    ):
        place.fault("a unit code without its system (qty-3)", number)
    start, end = value.get("start"), value.get("end")
    if isinstance(start, str) and isinstance(end, str) and start[:10] > end[:10]:
        place.fault("the period ends before it starts (per-1)", number)
    if re.search(r"[eE]xtension\[\d+\]$", place.path):
        has_value = any(key.startswith("value") for key in value)
        if has_value == ("extension" in value):
            place.fault("an extension has either a value or extensions (ext-1)", number)


def references(resource: Place, number: str) -> None:
    contained = {f"#{item.at('id').value}" for item in resource.at("contained").items()}
    for place in everywhere(resource):
        if place.path.endswith(".reference") and isinstance(place.value, str):
            if not REFERENCE.fullmatch(place.value):
                place.fault(f'"{place.value}" is not a reference', number)
            elif place.value.startswith("#") and place.value not in contained:
                place.fault(f"{place.value} is not contained (ref-1)", number)


def condition(resource: Place, number: str) -> None:
    clinical, verified = coded(resource.at("clinicalStatus")), coded(resource.at("verificationStatus"))
    abated = any(key.startswith("abatement") for key, _ in resource.members())
    if abated and not clinical & {"inactive", "resolved", "remission"}:
        resource.fault("abated, but not inactive, resolved or in remission (con-4)", number)
    if "entered-in-error" in verified and clinical:
        resource.fault("entered in error, with a clinical status (con-5)", number)
    if not clinical and "entered-in-error" not in verified:
        resource.fault("a problem without a clinical status (con-3)", number)


def coded(concept: Place) -> set[object]:
    return {coding.at("code").value for coding in concept.at("coding").items()} - {None}


def everywhere(place: Place) -> Iterator[Place]:
    yield place
    for _, member in place.members():
        yield from everywhere(member)
    for item in place.items():
        yield from everywhere(item)
