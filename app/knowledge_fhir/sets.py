"""The lists that rules ask about, as sets of codes: of problems and procedures, and of medicines and their classes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.knowledge_fhir.parts import may_ship
from knowledge.codes import Codes
from knowledge.library import Library

PREFIX, RANGE = "prefix", "range"
MEDICINE = "medicine-"  # what the id of a set of medicines begins with


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One code. `stands_for` "prefix" or "range": every code below it, or in its block, is meant as well. `state`: what the
    code itself says of a problem ("remission", "history")."""

    system: str  # short name
    code: str
    stands_for: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class CodeList:
    """One set. `withheld` are codes that judge here, and may not be given away."""

    id: str
    title: str
    members: tuple[Member, ...]
    withheld: int = 0


def code_lists(library: Library) -> list[CodeList]:
    """Every list of problems, procedures, devices and places, and every medicine and class."""
    named = [
        (name, f"Codes of: {name.replace('-', ' ')}", _listed(library.codes, name)) for name in library.codes.names
    ]
    classes = {each for medicine in library.medicines.by_id.values() for each in (medicine.id, *medicine.classes)}
    named += [(MEDICINE + name, f"Codes of: {name}", _medicines(library, name)) for name in classes]
    return [
        found
        for name, title, members in sorted(named, key=lambda each: each[0])
        if (found := _made(name, title, members))
    ]


def _made(name: str, title: str, members: Iterable[Member]) -> CodeList | None:
    found = sorted(set(members))
    shipped = tuple(each for each in found if may_ship(each.system, each.code))
    return CodeList(name, title, shipped, len(found) - len(shipped)) if shipped else None


def _listed(codes: Codes, name: str) -> Iterator[Member]:
    for kind, table in (("", codes.exact), (PREFIX, codes.prefix)):
        for (system, code), lists in table.items():
            for listed in lists:
                if listed.name == name and (system, code, name) not in codes.removed:
                    yield Member(system, code, kind, listed.state)
    for each in codes.ranges:
        if each.listed.name == name:
            yield Member(each.system, f"{each.first}-{each.last}", RANGE, each.listed.state)


def _medicines(library: Library, name: str) -> Iterator[Member]:
    """The codes of a medicine, or of every member of a class."""
    medicines = library.medicines
    for (system, code), hit in medicines.by_code.items():
        if medicines.is_any(hit.medicine, {name}):
            yield Member(system, code)
    for system, prefix, _, medicine in medicines.prefixes:
        if medicines.is_any(medicine, {name}):
            yield Member(system, prefix, PREFIX)
