"""What a resource is called and which others it points at, so that several resources of one use are told as one."""

import re
from collections.abc import Iterable

from app.intake.elements import Json, element, elements, reference_of, text

PROPOSALS = "https://wane.example/fhir/proposals"  # identifier or tag system of what Wane itself proposed
# A word and the beginning of a name-based UUID: app/render/resources.proposal_id.
_PROPOSAL_ID = re.compile(r"[a-z]+(?:-[a-z]+)*-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}")


def names_of(resource: Json, reference: str) -> frozenset[str]:
    """Every name others may use for it: `Type/id` and its business identifiers."""
    if "identifier" not in resource:
        return frozenset({reference} - {""})
    return frozenset({reference, *(_identifier(item) for item in elements(resource.get("identifier")))} - {""})


def pointed_at(resource: Json, *keys: str) -> frozenset[str]:
    """What the references under these keys name, by reference and by identifier (which Dutch systems prefer)."""
    found: set[str] = set()
    for key in [key for key in keys if key in resource]:
        for item in elements(resource.get(key)):
            found.add(reference_of(item))
            found.update(_identifier(identifier) for identifier in elements(item.get("identifier")))
    return frozenset(found - {""})


def _identifier(identifier: Json) -> str:
    value = text(identifier.get("value"))
    return f"{text(identifier.get('system'))}|{value}" if value else ""


def group_of(resource: Json) -> str | None:
    """The requisition it was written on (`groupIdentifier`)."""
    return _identifier(element(resource.get("groupIdentifier"))) or None


def is_own_proposal(resource: Json) -> bool:
    """Whether Wane itself proposed it: advice, until a prescriber makes it an order of their own."""
    marks = [*elements(resource.get("identifier")), *elements(element(resource.get("meta")).get("tag"))]
    if marks and any(text(mark.get("system")) == PROPOSALS for mark in marks):
        return True
    return bool(_PROPOSAL_ID.fullmatch(text(resource.get("id"))))


def joined(names: Iterable[frozenset[str]]) -> list[int]:
    """For each set of names the number of its group: sets that share a name are in one."""
    groups: list[int] = []
    first: dict[str, int] = {}
    parent: list[int] = []

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for index, own in enumerate(names):
        parent.append(index)
        for name in own:
            other = first.setdefault(name, index)
            parent[root(index)] = root(other)
        groups.append(index)
    return [root(index) for index in groups]
