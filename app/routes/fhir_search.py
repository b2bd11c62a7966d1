"""A search of the knowledge (https://hl7.org/fhir/R4/search.html): what is asked for, and the pages of what is found."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from app.errors import BrokenJson, Issue, NotStrict
from app.knowledge_fhir.capability import searched_by
from app.knowledge_fhir.parts import Json
from app.knowledge_fhir.shelf import Shelf

_PAGE, _MOST = 50, 500
_OF_PAGES = ("_count", "_offset", "_format")
_COMMA = re.compile(r"(?<!\\),")
_ESCAPED = re.compile(r"\\([\\,$|])")


def searchset(query: Iterable[tuple[str, str]], kind: str, shelf: Shelf, base: str, *, strict: bool) -> Json:
    """A page of what is found at `base`, with links to itself and to the next. What a type is not searched by is left out, and
    out of the links. Raises NotStrict (400) instead where `strict`, and BrokenJson (400) for a modifier and a bad number."""
    asked = [(name, value) for name, value in query if value]
    kept = [(name, value) for name, value in asked if _is_known(name, kind, strict=strict)]
    found = shelf.search(kind, [(name, [_plain(part) for part in _COMMA.split(value)]) for name, value in kept])
    told = dict(asked)
    count, offset = min(whole_number(told, "_count", _PAGE), _MOST), whole_number(told, "_offset", 0)
    links = [{"relation": "self", "url": _address(base, kept, count, offset)}]
    if count and offset + count < len(found):
        links.append({"relation": "next", "url": _address(base, kept, count, offset + count)})
    entries = [
        {"fullUrl": f"{base}/{each['id']}", "resource": each, "search": {"mode": "match"}}
        for each in found[offset : offset + count]
    ]
    page: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links}
    return page | ({"entry": entries} if entries else {})


def _is_known(name: str, kind: str, *, strict: bool) -> bool:
    """Whether it is searched by. A modifier nobody knows is always refused: without it, something else would be found."""
    names = [each for each, _ in searched_by(kind)]
    plain, _, modifier = name.partition(":")
    if plain in names and modifier:
        raise BrokenJson(Issue("not-supported", f"{plain} has no modifiers here. Leave it out.", f"http.{plain}"))
    if strict and name not in (*names, *_OF_PAGES):
        text = f"Not searched by that. Search by {' or '.join(names)}, or leave it out."
        raise NotStrict(Issue("not-supported", text, "http.query"))
    return name in names


def _plain(value: str) -> str:
    return _ESCAPED.sub(r"\1", value)


def _address(base: str, kept: list[tuple[str, str]], count: int, offset: int) -> str:
    query = [*kept, ("_count", str(count)), *([("_offset", str(offset))] if offset else [])]
    return f"{base}?{urlencode(query)}"


def whole_number(told: Mapping[str, object], name: str, default: int) -> int:
    """A number from 0 on that was asked for by this name. Raises BrokenJson (400)."""
    written = str(told.get(name, default))
    if not (written.isascii() and written.isdecimal()) or len(written) > 9:
        raise BrokenJson(Issue("value", "This is no whole number from 0 on.", name))
    return int(written)
