"""The knowledge base as FHIR, read-only: read, search, `$expand`, `$validate-code`, and the CapabilityStatement."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from app.errors import BrokenJson, Issue, NotStrict, UnknownService
from app.intake.elements import Json, element, elements, text
from app.knowledge_fhir.asking import codings_of, expanded, validated
from app.knowledge_fhir.capability import KINDS, OF_VALUE_SETS, SEARCHED_BY, capability_statement
from app.knowledge_fhir.shelf import Shelf
from app.routes.answer import json_response
from app.routes.body import read_json
from app.routes.described_fhir import FHIR_JSON, asked, metadata, read, searched
from app.routes.negotiation import only_json
from app.settings import Settings
from app.strict.validation import is_strict

_PAGE, _MOST = 50, 500
_EVERYTHING = 999_999_999
_OF_PAGES = ("_count", "_offset", "_format")
_NOT_ANSWERED = ("valueSet", "context", "contextDirection")


def knowledge_routes(shelf: Shelf, settings: Settings, today: Callable[[], date]) -> APIRouter:
    """The routes under /fhir that read."""
    router = APIRouter(prefix="/fhir", tags=["FHIR"], dependencies=[Depends(only_json)])

    @router.get("/metadata", **metadata())
    async def tell_capability(request: Request) -> Response:
        told = capability_statement(shelf.library, settings.public_url, shelf.changed.isoformat())
        return _fresh(request, told, shelf.library.version, shelf.changed)

    for name in OF_VALUE_SETS:
        _add_operation(router, name, shelf, settings, today)
    for kind in KINDS:
        _add_kind(router, kind, shelf, settings)
    return router


def _add_operation(router: APIRouter, name: str, shelf: Shelf, settings: Settings, today: Callable[[], date]) -> None:
    async def answer(request: Request) -> Response:
        told = await _parameters(request, settings)
        found = _value_set(shelf, request.path_params.get("identity"), told)
        if name == "validate-code":
            return json_response(validated(shelf, found, codings_of(told)), media=FHIR_JSON)
        offset, count = _number(told, "offset", 0), _number(told, "count", _EVERYTHING)
        return json_response(
            expanded(shelf, found, str(told.get("filter") or ""), offset, count, today()), media=FHIR_JSON
        )

    for method in ("GET", "POST"):
        for path, where in ((f"/ValueSet/${name}", "type"), (f"/ValueSet/{{identity}}/${name}", "instance")):
            described = asked(name, where, method)
            router.add_api_route(path, answer, methods=[method], **described)


def _add_kind(router: APIRouter, kind: str, shelf: Shelf, settings: Settings) -> None:
    @router.get(f"/{kind}", **searched(kind))
    async def search(request: Request) -> Response:
        return json_response(_searchset(request, kind, shelf, settings), media=FHIR_JSON)

    @router.get(f"/{kind}/{{identity}}", **read(kind))
    async def one(request: Request, identity: str) -> Response:
        found = shelf.read(kind, identity)
        if found is None:
            raise UnknownService(Issue("not-found", f"There is no such {kind}. GET /fhir/{kind} lists them."))
        return _fresh(request, found, text(element(found.get("meta")).get("versionId")), shelf.changed)


def _fresh(request: Request, resource: Mapping[str, object], version: str, changed: datetime) -> Response:
    """The resource with ETag and Last-Modified; 304 without a body where the client has it (RFC 9110 §13)."""
    tag = f'W/"{version}"'
    headers = {
        "ETag": tag,
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Accept",
    }
    known = request.headers.get("if-none-match")
    if known is not None:
        has_it = bool({each.strip() for each in known.split(",")} & {tag, tag.removeprefix("W/"), "*"})
    else:
        has_it = _since(request.headers.get("if-modified-since"), changed)
    if has_it:
        return Response(status_code=304, headers=headers)
    response = json_response(resource, media=FHIR_JSON)
    response.headers.update(headers)
    return response


def _since(header: str | None, changed: datetime) -> bool:
    try:
        return header is not None and changed <= parsedate_to_datetime(header)
    except (TypeError, ValueError):
        return False


def _searchset(request: Request, kind: str, shelf: Shelf, settings: Settings) -> Json:
    """A page of what is found, with links to itself and to the next."""
    query = request.query_params
    unknown = sorted(set(query) - {name for name, _ in SEARCHED_BY} - set(_OF_PAGES))
    if unknown and is_strict(request.headers.get("prefer")):
        text = f"Not searched by that. Search by {' or '.join(name for name, _ in SEARCHED_BY)}, or leave it out."
        raise NotStrict(Issue("not-supported", text, "http.query"))
    sought = {name: [part for each in query.getlist(name) for part in each.split(",")] for name, _ in SEARCHED_BY}
    found = shelf.search(kind, sought["_id"] or None, sought["url"] or None)
    told = dict(query)
    count, offset = min(_number(told, "_count", _PAGE), _MOST), _number(told, "_offset", 0)
    kept = [(name, value) for name, values in sought.items() for value in values]
    base = f"{settings.public_url}/fhir/{kind}"
    links = [{"relation": "self", "url": _address(base, kept, count, offset)}]
    if count and offset + count < len(found):
        links.append({"relation": "next", "url": _address(base, kept, count, offset + count)})
    entries = [
        {"fullUrl": f"{base}/{each['id']}", "resource": each, "search": {"mode": "match"}}
        for each in found[offset : offset + count]
    ]
    page: dict[str, object] = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links}
    return page | ({"entry": entries} if entries else {})


def _address(base: str, kept: list[tuple[str, str]], count: int, offset: int) -> str:
    query = [*kept, ("_count", str(count)), *([("_offset", str(offset))] if offset else [])]
    return f"{base}?{urlencode(query)}"


async def _parameters(request: Request, settings: Settings) -> dict[str, object]:
    """What an operation is asked, in the address and in Parameters. Raises BrokenJson (400)."""
    told: dict[str, object] = dict(request.query_params)
    if request.method == "POST":
        body = element(await read_json(request, settings))
        if body.get("resourceType") != "Parameters":
            raise BrokenJson(Issue("invalid", "The body is no Parameters. Send FHIR R4 Parameters.", "resourceType"))
        for parameter in elements(body.get("parameter")):
            values = [value for name, value in parameter.items() if name.startswith("value") or name == "resource"]
            told[text(parameter.get("name"))] = values[0] if values else ""
    for name in _NOT_ANSWERED:
        if name in told:
            raise BrokenJson(Issue("not-supported", f"{name} is not answered. Name the ValueSet by its url.", name))
    return told


def _value_set(shelf: Shelf, identity: str | None, told: Mapping[str, object]) -> Mapping[str, object]:
    if identity is None and not isinstance(told.get("url"), str):
        raise BrokenJson(Issue("required", "Send the `url` of the ValueSet.", "url"))
    ids, urls = ([identity], None) if identity is not None else (None, [str(told["url"])])
    found = shelf.search("ValueSet", ids, urls)
    if not found:
        raise UnknownService(Issue("not-found", "There is no such ValueSet. GET /fhir/ValueSet lists them."))
    return found[0]


def _number(told: Mapping[str, object], name: str, default: int) -> int:
    written = str(told.get(name, default))
    if not written.isdecimal() or len(written) > 9:
        raise BrokenJson(Issue("value", "This is no whole number from 0 on.", name))
    return int(written)
