"""Every knowledge resource, rendered once when the first is asked for, and found by type and id or by address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from threading import Lock

import orjson

from app.intake.elements import elements, text
from app.knowledge_fhir.code_systems import code_systems
from app.knowledge_fhir.concept_maps import concept_maps
from app.knowledge_fhir.definitions import structure_definitions
from app.knowledge_fhir.libraries import libraries
from app.knowledge_fhir.naming_systems import naming_systems
from app.knowledge_fhir.operations import operation_definitions
from app.knowledge_fhir.parts import Json
from app.knowledge_fhir.plan_definitions import plan_definitions
from app.knowledge_fhir.sets import CodeList, code_lists
from app.knowledge_fhir.value_sets import value_sets
from knowledge.library import Library, data_files


class Shelf:
    """The resources of one knowledge base. `public_url` is where their links to pages lead."""

    def __init__(self, library: Library, public_url: str) -> None:
        self.library, self._public_url = library, public_url
        self._rendering = Lock()

    @cached_property
    def changed(self) -> datetime:
        """When the knowledge last changed, to the second: the newest of its files."""
        newest = max(path.stat().st_mtime for path in data_files(self.library.folder))
        return datetime.fromtimestamp(int(newest), UTC)

    @cached_property
    def lists(self) -> Mapping[str, CodeList]:
        """The sets of codes by id."""
        return {each.id: each for each in code_lists(self.library)}

    @cached_property
    def _all(self) -> Mapping[tuple[str, str], Json]:
        library = self.library
        systems = code_systems(library)
        sets = value_sets(library, list(self.lists.values()), systems)
        names = frozenset(str(each["id"]) for each in sets)
        plans = plan_definitions(library, self._public_url, names)
        made = [*systems, *sets, *concept_maps(library), *plans, *operation_definitions(library)]
        made += structure_definitions(library)
        named = naming_systems(self.changed)
        every = [settled(each, self.changed) for each in (*made, *libraries(library, made), *named)]
        return {(str(each["resourceType"]), str(each["id"])): each for each in every}

    def read(self, kind: str, identity: str) -> Json | None:
        """One resource, or None."""
        return self._rendered().get((kind, identity))

    def search(self, kind: str, sought: Iterable[tuple[str, Sequence[str]]] = ()) -> list[Json]:
        """Those of a type that fit everything sought: `_id`, `url` (`url|version` as well) or `value` (how what a NamingSystem
        names begins), each with the values of which one must fit."""
        found = [each for (of, _), each in sorted(self._rendered().items()) if of == kind]
        for name, values in sought:
            found = [each for each in found if any(_FITS[name](each, value) for value in values)]
        return found

    def _rendered(self) -> Mapping[tuple[str, str], Json]:
        with self._rendering:
            return self._all


def _is_at(resource: Json, address: str) -> bool:
    url, _, version = address.partition("|")
    return resource["url"] == url and version in ("", resource["version"])


def _names(resource: Json, value: str) -> bool:
    named = [text(each.get("value")) for each in elements(resource["uniqueId"])]
    return any(each.lower().startswith(value.lower()) for each in named)


_FITS: Mapping[str, Callable[[Json, str], bool]] = {
    "_id": lambda resource, identity: resource["id"] == identity,
    "url": _is_at,
    "value": _names,
}


def settled(resource: Json, changed: datetime) -> Json:
    """The resource without empty members, and with the hash of its content as its version."""
    kept = {name: value for name, value in resource.items() if value not in (None, "", [], {})}
    tag = sha256(orjson.dumps(kept)).hexdigest()[:16]
    meta = {"versionId": tag, "lastUpdated": changed.isoformat()}
    return {"resourceType": kept["resourceType"], "id": kept["id"], "meta": meta, **kept}
