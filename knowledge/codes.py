"""Code lists: which problems, procedures and routes a code stands for, each code system apart.

A code is in a list, or not, or its system is one nobody here knows; the last two are never confused.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomli

from knowledge.fault import fail, only_keys, texts_of
from knowledge.phrasebook import Phrasebook

_ICD = ("icd10", "icd10cm")
_SNOMED = "snomed"
_MARKS = "-+*!†#"  # "F10.-", dagger and asterisk
_SHAPES = {
    "icd10": re.compile(r"[A-Z]\d\d\d{0,3}(-[A-Z]\d\d\d{0,3})?"),
    "icd10cm": re.compile(r"[A-Z]\d[0-9A-Z][0-9A-Z]{0,4}"),
    "icpc2": re.compile(r"-?\d\d|[A-Z]-?\d\d([-.]\d+)?"),
}


_OID = re.compile(r"(?:urn:oid:|oid:)?([0-2](?:\.\d+){3,})")


def _bare(uri: str) -> str:
    """A system's own address: without the version or edition that some write behind it, and an OID as a URN."""
    address = uri.split("|", maxsplit=1)[0].rstrip("/").lower()
    if address.startswith(("http://snomed.info/sct/", "https://snomed.info/sct/")):
        return "http://snomed.info/sct"
    oid = _OID.fullmatch(address)
    return f"urn:oid:{oid[1]}" if oid else address


@dataclass(frozen=True, slots=True)
class Listed:
    """A list a code is in; `state` is "remission" or "history" where the code itself says so."""

    name: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a code stands for. `system` None: its system is one nobody here knows. `unsure` names the lists that it is in,
    or in that state, in one of the editions only that may be meant."""

    system: str | None
    lists: frozenset[Listed] = frozenset()
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Range:
    system: str
    first: str
    last: str
    listed: Listed


@dataclass(slots=True)
class Codes:
    """All code lists, found by system and code. Systems have short names; `system_of` finds them by URI."""

    systems: dict[str, str] = field(default_factory=dict)
    exact: dict[tuple[str, str], list[Listed]] = field(default_factory=dict)
    prefix: dict[tuple[str, str], list[Listed]] = field(default_factory=dict)
    ranges: list[_Range] = field(default_factory=list)
    routes: dict[tuple[str, str], str] = field(default_factory=dict)
    phrases: Phrasebook = field(default_factory=lambda: Phrasebook({}))
    routes_in_words: Phrasebook = field(default_factory=lambda: Phrasebook({}))
    routes_of_products: dict[str, Phrasebook] = field(default_factory=dict)  # by medicine
    names: set[str] = field(default_factory=set)
    removed: set[tuple[str, str, str]] = field(default_factory=set)  # (system, code, list) a site took out
    either_icd10: set[str] = field(default_factory=set)  # URIs of WHO ICD-10 that clients also send ICD-10-CM under
    icd10: str | None = None  # "who" or "cm": which of the two this client means by them; None: nobody told
    memory: dict[Any, Any] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )  # of whoever reads by it

    def system_of(self, uri: str) -> str | None:
        """The short name of a code system, or None for one that no list knows."""
        found = self.systems.get(uri) or self.systems.get(uri.rstrip("/").lower())
        return found if found or not uri else self.systems.get(_bare(uri))

    def meant_by(self, uri: str, code: str) -> "Meant":
        """The system a URI stands for, and every list the code is in there. What one ICD-10 lists and the other does
        not, or otherwise, is not sure while nobody told which of them is meant."""
        system = self.system_of(uri)
        if system is None or not code:
            return Meant(None)
        if system != "icd10" or not {uri, uri.rstrip("/").lower()} & self.either_icd10 or self.icd10 == "who":
            return Meant(system, self.lists_of(system, code))
        american = self.lists_of("icd10cm", code)
        if self.icd10 == "cm":
            return Meant("icd10cm", american)
        who = self.lists_of(system, code)
        differing = frozenset(listed.name for listed in who ^ american) if american else frozenset()
        return Meant(system, who | american, unsure=differing)

    def lists_of(self, system: str, code: str) -> frozenset[Listed]:
        """Every list this code is in. An exact entry outranks the prefix it falls under, list by list."""
        code = normal(system, code)
        found = {listed.name: listed for listed in self._by_range(system, code)}
        for length in range(1, len(code) + 1):
            for listed in self.prefix.get((system, code[:length]), ()):
                found[listed.name] = listed
        for listed in self.exact.get((system, code), ()):
            found[listed.name] = listed
        if self.removed:
            found = {name: listed for name, listed in found.items() if (system, code, name) not in self.removed}
        return frozenset(found.values())

    def _by_range(self, system: str, code: str) -> list[Listed]:
        return [r.listed for r in self.ranges if r.system == system and r.first <= code[: len(r.last)] <= r.last]


def normal(system: str, code: str) -> str:
    """The form codes are compared in: ICD codes upper-case without the dot and the marks that may follow, all others as
    they are."""
    return code.upper().replace(".", "").strip().rstrip(_MARKS) if system in _ICD else code.strip()


def has_shape(system: str, code: str) -> bool:
    """Whether this can be a code of the system at all; of one whose codes have no fixed shape here any can."""
    shape = _SHAPES.get(system)
    return shape is None or bool(shape.fullmatch(normal(system, code)))


def read_codes(folder: Path) -> Codes:
    """Load every list of `codes/`.

    Raises KnowledgeFault for an unknown system or way of matching, and for a SNOMED CT id whose check digit is wrong.
    """
    codes = Codes()
    with (folder / "systems.toml").open("rb") as file:
        for short, table in tomli.load(file).items():
            where = f"codes/systems.toml: {short}"
            only_keys(table, ("uri", "aliases", "read_as", "source", "note"), where)
            for uri in (*texts_of(table, "uri", where), *texts_of(table, "aliases", where)):
                codes.systems[uri] = codes.systems[uri.rstrip("/").lower()] = str(table.get("read_as", short))
                codes.either_icd10 |= {uri, uri.rstrip("/").lower()} if short == "icd10" else set()
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                add_code(codes, path.stem, row, f"codes/{path.name} line {number}")
    codes.phrases = _phrasebook(folder / "words.toml")
    codes.routes_in_words = _phrasebook(folder / "route-words.toml")
    codes.routes_of_products = _routes_of_products(folder / "product-routes.toml")
    return codes


def _phrasebook(path: Path) -> Phrasebook:
    """A list of phrases for each name, or one for each name and language."""
    with path.open("rb") as file:
        tables = tomli.load(file)
    phrases = {}
    for name, table in tables.items():
        where = f"codes/{path.name}: {name}"
        by_language = table if isinstance(table, Mapping) else {name: table}
        phrases[name] = [phrase for language in by_language for phrase in texts_of(by_language, language, where)]
    return Phrasebook(phrases)


def _routes_of_products(path: Path) -> dict[str, Phrasebook]:
    """For each medicine, the words in a product's name that tell a route."""
    with path.open("rb") as file:
        tables = tomli.load(file)
    where = f"codes/{path.name}"
    return {
        medicine: Phrasebook({route: texts_of(table, route, f"{where}: {medicine}") for route in table})
        for medicine, table in tables.items()
    }


def add_code(codes: Codes, name: str, row: Mapping[str, str], where: str) -> None:
    """Add one row of a code list. Raises KnowledgeFault."""
    system = row["system"]
    if system not in codes.systems.values():
        fail(where, f'the system "{system}" is not in systems.toml.', "Add it there with its URI, or correct it here.")
    code = normal(system, row["code"])
    if system == _SNOMED and not has_valid_check_digit(code):
        fail(where, f"{code} fails the SNOMED CT check digit.", "Look the code up again in its source.")
    if row.get("status", "verified") != "verified":
        return
    if name == "routes":
        codes.routes[system, code] = row["route"]
        return
    codes.names.add(name)
    listed = Listed(name, row.get("state", ""))
    match row["match"]:
        case "exact":
            codes.exact.setdefault((system, code), []).append(listed)
        case "prefix":
            codes.prefix.setdefault((system, code), []).append(listed)
        case "range":
            first, _, last = code.partition("-")
            codes.ranges.append(_Range(system, first, last, listed))
        case other:
            fail(where, f'match "{other}" is not known.', "Use exact, prefix or range.")


def has_valid_check_digit(sctid: str) -> bool:
    """Whether a SNOMED CT id passes the Verhoeff check (SNOMED CT Release File Specification, SCTID check-digit)."""
    if not sctid.isdigit():
        return False
    check = 0
    for position, digit in enumerate(reversed(sctid)):
        check = _MULTIPLY[check][_PERMUTE[position % 8][int(digit)]]
    return check == 0


_MULTIPLY = (
    *((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6)),
    *((3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1)),
    *((6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4)),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_PERMUTE = (
    *((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2)),
    *((8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1)),
    *((2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8)),
)
