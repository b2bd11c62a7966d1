"""What the references of one patient's resources may be resolved to: what is this patient's, or nobody's in particular."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.bundles.addresses import plain
from app.bundles.entry import Entry, State
from app.bundles.people import People, Person
from app.intake.elements import Json, text
from app.intake.included import Included
from app.intake.whose import Whose


class Index:
    """The entries of a Bundle by every name a reference may have for them, filed once for all its patients."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self._filed: dict[str, list[Entry]] | None = None

    def named(self, name: str) -> list[Entry]:
        """The entries of this name."""
        if self._filed is None:
            self._filed = {}
            for entry in self._entries:
                for each in _names(entry):
                    self._filed.setdefault(each, []).append(entry)
        return self._filed.get(plain(name), [])


def _names(entry: Entry) -> Iterator[str]:
    """Bundles of whole records refer to a resource by `urn:uuid:` and its id, too."""
    resource = entry.resource
    if resource is None:
        return
    identity = text(resource.get("id"))
    names = {
        plain(entry.url),
        f"{resource['resourceType']}/{identity}" if identity else "",
        plain(f"urn:uuid:{identity}"),
    }
    yield from names - {""}


class Reach(Included):
    """As `Included`; what is looked up through it counts as used."""

    def __init__(self, index: Index, people: People, person: Person) -> None:
        super().__init__()
        self._index, self._people, self._person = index, people, person

    def only(self, kept: Callable[[Json], bool]) -> "Reach":  # noqa: ARG002 - nothing of another patient is reached
        return self

    def __getitem__(self, name: str) -> Json:
        found = [entry for entry in self._index.named(name) if self._is_reached(entry)]
        if len(found) > 1:
            found = [entry for entry in found if entry.base == self._person.base] or found
        first = found[0].resource if found else None
        if first is None or any(entry.resource != first for entry in found):
            raise KeyError(name)  # nothing, or several things of one name
        found[0].state = State.USED
        return first

    def __iter__(self) -> Iterator[str]:
        return iter(())  # nothing is listed: a reference is followed, or not

    def _is_reached(self, entry: Entry) -> bool:
        owner = self._people.owners.get(entry)
        if owner is None and entry not in self._people.unplaced:
            if entry.resource is not None and entry.resource["resourceType"] == "Patient":
                return self._person.entry is entry
            owner = self._people.owner_of(entry)
        return owner is self._person or (owner is None and entry not in self._people.unplaced)


@dataclass(frozen=True, slots=True)
class Linked(Whose):
    """Every resource that is asked about was found to be this patient's before."""

    def is_of_patient(self, resource: Json) -> bool:  # noqa: ARG002 - found before
        return True
