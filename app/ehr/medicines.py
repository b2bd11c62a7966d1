"""Medicines that a prescription only refers to, in a `Medication` nobody sent along: many servers write all of them so."""

import re
from collections.abc import Iterator, Mapping

from app.intake.elements import Json, element, text
from cds_hooks.prefetch import read_prefetch

MOST = 20  # for one call
_KINDS = ("MedicationRequest", "MedicationStatement", "MedicationDispense")
_READ = re.compile(r"Medication/[A-Za-z0-9\-.]{1,64}")


def referred(among: Mapping[str, object], sent: Mapping[str, object], base: str) -> list[str]:
    """`Medication/id` of each medicine that a resource in `among` refers to at the FHIR server `base`, that is not in `sent`,
    and whose name the reference does not tell. Both are as prefetch is."""
    held = {f"Medication/{resource.get('id')}" for resource in _resources(sent) if _is(resource, "Medication")}
    found = (_reference(resource, base) for resource in _resources(among) if _is(resource, *_KINDS))
    return [name for name in dict.fromkeys(found) if name and name not in held][:MOST]


def _resources(prefetch: Mapping[str, object]) -> Iterator[Json]:
    return (resource for key in prefetch for _, resource in read_prefetch(key, prefetch).resources)


def _is(resource: Json, *kinds: str) -> bool:
    return resource.get("resourceType") in kinds


def _reference(resource: Json, base: str) -> str:
    said = element(resource.get("medicationReference"))
    name = text(said.get("reference")).removeprefix(f"{base}/")
    return name if not text(said.get("display")) and _READ.fullmatch(name) else ""
