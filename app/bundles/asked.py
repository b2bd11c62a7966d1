"""What a caller of $advise asks: a Bundle, and how it is to be judged, as Parameters or in the address.

A parameter nobody knows is refused: a misspelt one would change the answer without a word.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.bundles.options import ORDERS, REVIEW, Options
from app.errors import BrokenJson, Issue
from app.intake.elements import Json, day, element, elements, text
from app.told import TEMPLATES
from knowledge.texts import LANGUAGES

OPTIONS = ("judge", "order", "complete", "date", "language", "country")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_VALUES = ("valueCode", "valueString", "valueDate", "valueDateTime", "valueUri", "valueId")
_LISTS = tuple(key for key in TEMPLATES if key != "patient")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """The Bundle, where it lies, and the options."""

    bundle: Json
    path: str
    options: Options


@dataclass(frozen=True, slots=True)
class _Told:
    """One option as it was given, and where."""

    name: str
    value: str
    where: str


def read_asked(body: object, query: Iterable[tuple[str, str]]) -> Asked:
    """Read a request. What Parameters say goes before what the address says.

    Raises BrokenJson (400), naming the place, for anything but a Bundle or Parameters that hold one, for an unknown
    parameter and for a value it cannot have.
    """
    in_address = [_Told(name, value, f"http.{name}") for name, value in query if not name.startswith("_")]
    resource = element(body)
    if resource.get("resourceType") == "Bundle":
        bundle, path, told = resource, "Bundle", in_address
    elif resource.get("resourceType") == "Parameters":
        bundle, path, in_body = _parameters(resource)
        given = {each.name for each in in_body}
        told = in_body + [each for each in in_address if each.name not in given]
    else:
        raise _refused(
            "The body is no Bundle. Send a FHIR R4 Bundle, or Parameters with it as `bundle`.", "resourceType"
        )
    entries = bundle.get("entry")
    if entries is not None and not isinstance(entries, list | dict):
        raise _refused("The entries of a Bundle are a list.", f"{path}.entry")
    return Asked(bundle, path, _options(told))


def _parameters(resource: Json) -> tuple[Json, str, list[_Told]]:
    sent = resource.get("parameter")
    found, told = [], []
    for index, parameter in enumerate(sent if isinstance(sent, list) else elements(sent)):
        where = f"Parameters.parameter[{index}]"
        name = text(element(parameter).get("name"))
        if name in ("bundle", "resource"):
            found.append((f"{where}.resource", element(element(parameter).get("resource"))))
            continue
        told.append(_Told(name, _value(element(parameter), where), where))
    if len(found) != 1:
        raise _refused("The parameter bundle must be there once.", "Parameters.parameter")
    path, bundle = found[0]
    if bundle.get("resourceType") != "Bundle":
        raise _refused("This parameter holds no Bundle.", path)
    return bundle, path, told


def _value(parameter: Json, where: str) -> str:
    reference = element(parameter.get("valueReference")).get("reference")
    values = [parameter.get(name) for name in _VALUES] + [reference]
    given = [value for value in values if value is not None]
    if len(given) != 1 or not isinstance(given[0], str) or not given[0].strip():
        raise _refused("This parameter has no value that can be read.", where)
    return given[0].strip()


def _options(told: Sequence[_Told]) -> Options:
    for each in told:
        if each.name not in OPTIONS:
            raise _refused(f"There is no such parameter. Use: bundle, {', '.join(OPTIONS)}.", each.where)
    complete = [
        _one_of(each, value, (*_LISTS, ALL)) for each in _named(told, "complete") for value in _split(each.value)
    ]
    language = _only(told, "language")
    judge = _only(told, "judge")
    country = _only(told, "country")
    if country and not re.fullmatch(r"[A-Za-z]{2}", country.value):
        raise _refused("A country is two letters (ISO 3166-1), such as BE.", country.where)
    return Options(
        judge=_one_of(judge, judge.value, (ORDERS, REVIEW)) if judge else None,
        orders=frozenset(value for each in _named(told, "order") for value in _split(each.value)),
        complete=(frozenset(_LISTS) if ALL in complete else frozenset(complete)) if complete else None,
        today=_today(_only(told, "date")),
        language=_one_of(language, language.value.lower().partition("-")[0], LANGUAGES) if language else None,
        country=country.value.upper() if country else None,
    )


def _named(told: Iterable[_Told], name: str) -> list[_Told]:
    return [each for each in told if each.name == name]


def _only(told: Iterable[_Told], name: str) -> _Told | None:
    found = _named(told, name)
    if len(found) > 1:
        raise _refused("This parameter may be there only once.", found[1].where)
    return found[0] if found else None


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _one_of(told: _Told, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise _refused(f"This parameter is one of: {', '.join(allowed)}.", told.where)
    return value


def _today(told: _Told | None) -> date | None:
    if told is None:
        return None
    found = day(told.value) if _DAY.match(told.value) else None
    if found is None:
        raise _refused("This is no day. Write it like 2026-11-21.", told.where)
    return found


def _refused(what: str, where: str) -> BrokenJson:
    return BrokenJson(Issue("invalid", what, where))
