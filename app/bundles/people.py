"""Who the patients of a Bundle are, and whose each resource is.

References are resolved as FHIR does (https://hl7.org/fhir/R4/bundle.html#references): by fullUrl; a relative one on the
server its own resource comes from. Two servers' Patient/1 are two patients. What could be of several is nobody's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.bundles.addresses import plain, sought
from app.bundles.entry import Entry
from app.intake.elements import Json, elements, is_id, text
from app.render.valid import is_reference

_NOT_TOLD = "Nothing tells whose it is, and there are several patients."
_BY_IDENTIFIER = "Its patient is named by an identifier or in words only, and by none that one patient here has."
_SEVERAL = "Its reference fits several patients."
_HELD_INSIDE = "Its patient is said to be contained in it, and is not."
_NO_PATIENT = "It is of something else than a patient."


@dataclass(slots=True, eq=False)
class Person:
    """One patient. `id` is what it is called in Wane, `url` how the Bundle names it (empty: only by its place), `base` the
    server it comes from; `entry` None: only spoken of."""

    id: str
    url: str
    base: str
    resource: Json | None = None
    entry: Entry | None = None
    entries: list[Entry] = field(default_factory=list)  # that are this patient's, without the Patient itself
    again: list[Entry] = field(default_factory=list)  # the same Patient, told more than once

    @property
    def reference(self) -> str:
        """What the patient is called in an answer: as the Bundle does, where it does; else empty."""
        if self.url and is_reference(self.url):
            return self.url
        return f"Patient/{self.id}" if is_id(self.id) else ""


class People:
    """The patients of one Bundle, in the order they are met."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.all: list[Person] = []
        self._by_url: dict[str, Person] = {}
        self._by_id: dict[str, list[Person]] = {}
        self._by_identifier: dict[tuple[str, str], list[Person]] = {}
        self.unplaced: dict[Entry, str] = {}  # entries nobody's, and why
        self.owners: dict[Entry, Person] = {}
        self._others: set[str] = set()  # the addresses of all that is no Patient
        for entry in entries:
            if entry.resource is not None and entry.resource["resourceType"] == "Patient":
                self._meet(entry, entry.resource)
            elif entry.resource is not None and entry.url:
                self._others.add(plain(entry.url))

    def place(self, entries: Iterable[Entry]) -> None:
        """Give each entry to its patient, or note why it is nobody's. One that names no patient is the only one's."""
        nameless = []
        for entry in entries:
            found = self._owner(entry)
            if isinstance(found, Person):
                self._give(entry, found)
            elif found:
                self.unplaced[entry] = found
            else:
                nameless.append(entry)
        only = self.all[0] if len(self.all) == 1 else None
        if nameless and not self.all:
            only = self._add(Person("", "", ""))
        for entry in nameless:
            if only:
                self._give(entry, only)
            else:
                self.unplaced[entry] = _NOT_TOLD

    def _give(self, entry: Entry, person: Person) -> None:
        person.entries.append(entry)
        self.owners[entry] = person

    def owner_of(self, entry: Entry) -> Person | None:
        """The patient it says it is of; None where it says nothing that leads to one here. Nobody is added."""
        found = self._owner(entry, add=False)
        return found if isinstance(found, Person) else None

    def _owner(self, entry: Entry, *, add: bool = True) -> "Person | str":
        """The patient, or why there is none; "" where none is named."""
        resource = entry.resource or {}
        subject = resource.get("subject") or resource.get("patient")
        if isinstance(subject, list):
            found = {self._of(one, entry, add=add) for one in subject}
            return found.pop() if len(found) == 1 else _SEVERAL
        return self._of(subject, entry, add=add)

    def _of(self, subject: object, entry: Entry, *, add: bool) -> "Person | str":
        reference = subject.get("reference") if isinstance(subject, dict) else subject
        if isinstance(reference, str) and reference:
            return self._referred(plain(reference), entry, add=add)
        if not isinstance(subject, dict) or not subject:
            return ""
        return self._identified(elements(subject.get("identifier"))) or _BY_IDENTIFIER

    def _referred(self, reference: str, entry: Entry, *, add: bool) -> "Person | str":
        if reference.startswith("#"):
            return self._contained(reference, entry, add=add)
        if "?" in reference and (found := self._sought(reference)):
            return found
        kind, _, identity = reference.rpartition("/")
        url = reference if ":" in reference else f"{entry.base}/Patient/{identity}" if entry.base else ""
        if known := self._by_url.get(url):
            return known
        if url in self._others:
            return _NO_PATIENT
        if not reference.startswith("urn:") and kind.rpartition("/")[2] not in ("", "Patient"):
            return _NO_PATIENT
        identity = reference.rpartition(":")[2] if reference.startswith("urn:") else identity
        # One whose server nobody told may be this one; one of another server is not.
        alike = [one for one in self._by_id.get(identity, ()) if not url.startswith("http") or not one.base]
        if len(alike) > 1:
            return _SEVERAL
        if alike:
            return alike[0]
        if not add:
            return ""
        base = url.removesuffix(f"/Patient/{identity}") if url.startswith("http") else ""
        return self._add(Person(identity, reference if ":" in reference else url, base))

    def _sought(self, reference: str) -> "Person | str":
        """The patient that a search by identifier finds here, or why there is none; "" for one who is somewhere else."""
        kind, identifiers = sought(reference)
        if kind != "Patient":
            return _NO_PATIENT
        found = self._with(identifiers)
        return _SEVERAL if len(found) > 1 else found[0] if found else ""

    def _contained(self, reference: str, entry: Entry, *, add: bool) -> "Person | str":
        held = elements((entry.resource or {}).get("contained"))
        found = next((one for one in held if f"#{text(one.get('id'))}" == reference), None)
        if found is None or found.get("resourceType") != "Patient":
            return _HELD_INSIDE
        known = self._identified(elements(found.get("identifier")))
        if known or not add:
            return known or ""
        person = self._add(Person("", "", "", resource={**found, "id": ""}))
        self._name(person, found)
        return person

    def _identified(self, identifiers: list[Json]) -> Person | None:
        """The one patient with one of these identifiers."""
        found = self._with(identifiers)
        return found[0] if len(found) == 1 else None

    def _with(self, identifiers: list[Json]) -> list[Person]:
        found = {id(one): one for each in identifiers for one in self._by_identifier.get(_identifier(each), ())}
        return list(found.values())

    def _meet(self, entry: Entry, resource: Json) -> None:
        identity = text(resource.get("id"))
        url = plain(entry.url)
        known = self._by_url.get(url) if url else None
        if known is None and identity and not url:
            known = next((one for one in self._by_id.get(identity, ()) if not one.url), None)
        if known is not None:
            known.again.append(entry)
            return
        called = identity or (url.rpartition(":")[2] if url.startswith("urn:") else "")
        person = self._add(Person(called, entry.url.partition("/_history/")[0], entry.base, resource, entry))
        self._name(person, resource)

    def _add(self, person: Person) -> Person:
        self.all.append(person)
        if person.url:
            self._by_url[plain(person.url)] = person
        if person.id:
            self._by_id.setdefault(person.id, []).append(person)
        return person

    def _name(self, person: Person, resource: Json) -> None:
        for identifier in elements(resource.get("identifier")):
            if text(identifier.get("value")):
                self._by_identifier.setdefault(_identifier(identifier), []).append(person)


def _identifier(identifier: Json) -> tuple[str, str]:
    return text(identifier.get("system")), text(identifier.get("value"))
