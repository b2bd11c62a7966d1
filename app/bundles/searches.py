"""What a searchset tells beyond its resources: of which list, of whom, and whether it is all there is.

A Bundle that holds no Condition says nothing of the problem list; the empty answer to a search for them says there is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from app.intake.elements import Json, elements, text
from app.intake.lists import LIST_OF
from cds_hooks.prefetch import State, read_prefetch
from cds_hooks.requests import bare_id

_OF_PATIENT = ("patient", "subject", "patient:Patient", "subject:Patient")
# Parameters that leave nothing of a list out. `category`: what is asked for is the problem list itself.
_HARMLESS = (
    "_count",
    "_sort",
    "_format",
    "_pretty",
    "_total",
    "_include",
    "_revinclude",
    "_offset",
    "_page",
    "category",
)


@dataclass(frozen=True, slots=True)
class Search:
    """One search and how whole its answer is. `patient_id` None: of every patient. `narrowed`: by more than the patient,
    so that its answer is a part of the list, however whole."""

    name: str  # of the list
    patient_id: str | None
    state: State
    narrowed: bool


def search_of(bundle: Json, resources: Sequence[Json | None], path: str) -> Iterator[Search]:
    """The search a searchset answers, known by its `self` link, else by what it holds and lacks the rest of."""
    if bundle.get("type") != "searchset":
        return
    state = read_prefetch(path, {path: bundle}).state
    addresses = [text(link.get("url")) for link in elements(bundle.get("link")) if link.get("relation") == "self"]
    told = [(address, _kind(address)) for address in addresses]
    known = [(address, LIST_OF[kind]) for address, kind in told if kind in LIST_OF]
    for address, name in known[:1]:
        query = parse_qs(urlsplit(address).query)
        whose = {bare_id(value) for key in _OF_PATIENT for value in query.get(key, ())}
        narrowed = any(key.partition(":")[0] not in _HARMLESS and key not in _OF_PATIENT for key in query)
        yield Search(name, next(iter(whose)) if len(whose) == 1 else None, state, narrowed)
    if not known and state is not State.WHOLE:
        kinds = {text(one.get("resourceType")) for one in resources if one is not None}
        for name in sorted({LIST_OF[kind] for kind in kinds if kind in LIST_OF}):
            yield Search(name, None, state, narrowed=False)


def _kind(address: str) -> str:
    return urlsplit(address).path.rstrip("/").rpartition("/")[2]
