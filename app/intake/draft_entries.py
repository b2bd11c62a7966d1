"""Everything that lies in a Bundle of draft orders, wherever clients put it: beside each other, in a Bundle inside the
Bundle, or contained in a group of requests."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.intake.elements import Json, element, elements, named, text
from app.intake.examination import EXAMINATION_ORDERS
from cds_hooks.requests import bare_id

MEDICINE_REQUESTS = ("MedicationRequest", "MedicationOrder")
REQUESTS = (*MEDICINE_REQUESTS, "MedicationPrescription", *EXAMINATION_ORDERS)
GROUPS = ("RequestGroup", "RequestOrchestration", "CarePlan")  # their contained requests are drafts of their own
_DEEPEST = 8  # Bundles inside Bundles


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource: `where` it lies, under which `url`, and inside which others (`within`: their positions).
    `resource` None: what lies there is no resource. `reference` is what a contained one is called by."""

    where: str
    url: str
    resource: Json | None
    within: tuple[int, ...] = ()
    reference: str = ""


def entries_of(bundle: Json, path: str) -> list[Entry]:
    """Every entry, those inside others after them; a Bundle or group is itself an entry, since it may be selected."""
    found: list[Entry] = []
    _collect(bundle, path, (), found)
    return found


def selected_among(entries: Iterable[Entry], selections: frozenset[str] | None) -> frozenset[int] | None:
    """The positions of the entries a prescriber asks about; None: all of them, where no entry was named or one that is
    not there, since then what was meant is among the others."""
    if not selections:
        return None
    found: set[int] = set()
    missed = set(selections)
    by_name: dict[str, list[str]] = {}
    for selection in selections:
        by_name.setdefault(bare_id(selection), []).append(selection)
    for index, (url, resource) in enumerate((entry.url, element(entry.resource)) for entry in entries):
        kind, identity = text(resource.get("resourceType")), text(resource.get("id"))
        named = [*by_name.get(identity, ()), *by_name.get(bare_id(url), ())]
        meant = {name for name in named if name == url or _kind_of(name) in (kind, "")}
        if meant:
            found.add(index)
            missed -= meant
    return None if missed else frozenset(found)


def _collect(bundle: Json, path: str, within: tuple[int, ...], found: list[Entry]) -> None:
    for where, sent in _sent(bundle.get("entry"), f"{path}.entry"):
        held = element(sent).get("resource")
        resource = held if isinstance(held, Mapping) and text(held.get("resourceType")) else None
        if len(within) > _DEEPEST:
            resource = None
        here, place = len(found), f"{where}.resource"
        found.append(Entry(place, text(element(sent).get("fullUrl")), resource, within))
        if resource is None:
            continue
        if resource["resourceType"] == "Bundle":
            _collect(resource, place, (*within, here), found)
        elif resource["resourceType"] in GROUPS:
            found.extend(contained_requests(resource, place, (*within, here)))


def _sent(entries: object, path: str) -> Iterator[tuple[str, object]]:
    """Each with its place; a single object counts as a list of one."""
    if isinstance(entries, Mapping):
        yield path, entries
    elif isinstance(entries, list):
        for index, entry in enumerate(entries):
            yield f"{path}[{index}]", entry


def contained_requests(group: Json, place: str, within: tuple[int, ...]) -> Iterator[Entry]:
    """The requests a group holds; what they refer to is contained beside them."""
    held = elements(group.get("contained"))
    for index, request in enumerate(held):
        if request.get("resourceType") in REQUESTS:
            beside = {**request, "contained": [*elements(request.get("contained")), *held]}
            where = f"{place}.contained[{index}]"
            reference = f"{named(group) or place}#{text(request.get('id')) or index}"
            yield Entry(where, "", beside, within, reference)


def _kind_of(reference: str) -> str:
    """The resource type a reference names; empty for a bare id and a URN."""
    *_, kind, _ = ["", "", *reference.rstrip("/").split("/")]
    return kind
