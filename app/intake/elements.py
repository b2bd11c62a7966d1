"""The FHIR data types Wane reads, taken from JSON that may be anything: a wrong shape reads as absent."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

Json = Mapping[str, object]
_EMPTY: dict[str, object] = {}
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_YEARS = range(1850, 2200)


class Coded(NamedTuple):
    system: str
    code: str
    display: str


def element(value: object) -> Json:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else _EMPTY


def elements(value: object) -> list[Json]:
    """The objects of a list; a single object counts as a list of one (R4 clients mix them up)."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    return [value] if isinstance(value, dict) else []


def text(value: object) -> str:
    """The string, or an empty one."""
    return value if isinstance(value, str) else ""


def codings(concept: object) -> Iterator[Coded]:
    """The codings of a CodeableConcept (or of a bare Coding)."""
    table = element(concept)
    for coding in elements(table.get("coding")) or ([table] if "code" in table else ()):
        yield Coded(text(coding.get("system")).strip(), text(coding.get("code")).strip(), text(coding.get("display")))


def code_of(concept: object) -> str:
    """The first code of a concept, or the string itself where a code stood before R4."""
    if isinstance(concept, str):
        return concept
    return next((c.code for c in codings(concept) if c.code), "") if concept else ""


def words_of(concept: object) -> list[str]:
    """Everything a person could read in a concept: its text, then its displays."""
    shown = [text(element(concept).get("text")), *(coding.display for coding in codings(concept))]
    return [item for item in dict.fromkeys(shown) if item.strip()]


def reference_of(value: object) -> str:
    """`Type/id`, `#id` or `urn:…` of a Reference, without server address and version."""
    if not value:
        return ""
    reference = (text(element(value).get("reference")) or text(value)).strip()
    if reference.startswith(("#", "urn:")):
        return reference
    parts = reference.split("/_history/")[0].rstrip("/").split("/")
    return "/".join(parts[-2:])


def is_id(value: object) -> bool:
    """Whether this can be the id of a resource (https://hl7.org/fhir/R4/datatypes.html#id)."""
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def named(resource: Json) -> str:
    """`Type/id` of a resource; empty where it has no id, or one that cannot stand in a reference."""
    kind, identity = text(resource.get("resourceType")), resource.get("id")
    return f"{kind}/{identity}" if kind and is_id(identity) else ""


def day(value: object) -> date | None:
    """The day of a date or dateTime; the first day of a month or a year given alone; None for anything else, such as
    the year 0001 or 9999 that stands for "not known" in some systems."""
    return _day(value[:10]) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _day(value: str) -> date | None:
    found = _DATE.match(value)
    if not found:
        return None
    year, month, day_of_month = (int(part) if part else 1 for part in found.groups())
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None


def is_date(value: object) -> bool:
    """Whether this is a date or dateTime, were it one that stands for "not known"."""
    return isinstance(value, str) and bool(_DATE.match(value))


def last_day_of(value: object) -> date | None:
    """The last day a date or dateTime stands for: of a month or a year given alone, its last one."""
    first = day(value)
    if first is None or precision(value) == "day":
        return first
    month = 12 if precision(value) == "year" else first.month
    return date(first.year, month, monthrange(first.year, month)[1])


def precision(value: object) -> str:
    """ "day", "month" or "year": how exact a date is."""
    found = _DATE.match(text(value))
    given = sum(part is not None for part in found.groups()) if found else 0
    return {1: "year", 2: "month"}.get(given, "day")
