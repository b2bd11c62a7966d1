"""Every knowledge resource, rendered once when the first is asked for, and found by type and id or by address."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from threading import Lock

import orjson

from app.knowledge_fhir.code_systems import code_systems
from app.knowledge_fhir.concept_maps import concept_maps
from app.knowledge_fhir.libraries import libraries
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
        every = [_settled(each, self.changed) for each in (*made, *libraries(library, made))]
        return {(str(each["resourceType"]), str(each["id"])): each for each in every}

    def read(self, kind: str, identity: str) -> Json | None:
        """One resource, or None."""
        return self._rendered().get((kind, identity))

    def search(self, kind: str, ids: Sequence[str] | None, urls: Sequence[str] | None) -> list[Json]:
        """Those of a type, by id or by address (`url|version` as well); None: whatever it is."""
        found = [each for (of, _), each in sorted(self._rendered().items()) if of == kind]
        return [each for each in found if _is_one(each["id"], ids) and (urls is None or _is_at(each, urls))]

    def _rendered(self) -> Mapping[tuple[str, str], Json]:
        with self._rendering:
            return self._all


def _is_one(identity: object, wanted: Sequence[str] | None) -> bool:
    return wanted is None or str(identity) in wanted


def _is_at(resource: Json, urls: Iterable[str]) -> bool:
    wanted = [url.partition("|") for url in urls]
    return any(resource["url"] == url and version in ("", resource["version"]) for url, _, version in wanted)


def _settled(resource: Json, changed: datetime) -> Json:
    """The resource without empty members, and with the hash of its content as its version."""
    kept = {name: value for name, value in resource.items() if value not in (None, "", [], {})}
    tag = sha256(orjson.dumps(kept)).hexdigest()[:16]
    meta = {"versionId": tag, "lastUpdated": changed.isoformat()}
    return {"resourceType": kept["resourceType"], "id": kept["id"], "meta": meta, **kept}
