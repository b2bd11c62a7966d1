"""The knowledge base as FHIR, read-only: read, search, `$expand`, `$validate-code`, and the CapabilityStatement."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import APIRouter, Depends, Request, Response

from app.errors import BrokenJson, Issue, UnknownService
from app.intake.elements import element, elements, text
from app.knowledge_fhir.asking import codings_of, expanded, validated
from app.knowledge_fhir.capability import KINDS, OF_VALUE_SETS, capability_statement
from app.knowledge_fhir.shelf import Shelf
from app.routes.answer import FHIR_JSON, json_response
from app.routes.body import read_form, read_json
from app.routes.described_fhir import asked, metadata, read, searched
from app.routes.fhir_search import searchset, whole_number
from app.routes.negotiation import only_json
from app.settings import Settings
from app.strict.validation import is_strict

_EVERYTHING = 999_999_999
_WORDS = ("url", "valueSetVersion", "filter", "system", "code", "display")
_NOT_ANSWERED = ("valueSet", "context", "contextDirection", "exclude-system")  # without them, something else is told


def knowledge_routes(shelf: Shelf, settings: Settings, today: Callable[[], date]) -> APIRouter:
    """The routes under /fhir that read."""
    router = APIRouter(prefix="/fhir", tags=["FHIR"], dependencies=[Depends(only_json)])

    @router.get("/metadata", **metadata())
    async def tell_capability(request: Request) -> Response:
        return _fresh(request, capability_statement(shelf, settings.public_url), shelf.changed)

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
        offset, count = whole_number(told, "offset", 0), whole_number(told, "count", _EVERYTHING)
        return json_response(
            expanded(shelf, found, str(told.get("filter") or ""), offset, count, today()), media=FHIR_JSON
        )

    for method in ("GET", "POST"):
        for path, where in ((f"/ValueSet/${name}", "type"), (f"/ValueSet/{{identity}}/${name}", "instance")):
            described = asked(name, where, method)
            router.add_api_route(path, answer, methods=[method], **described)


def _add_kind(router: APIRouter, kind: str, shelf: Shelf, settings: Settings) -> None:
    async def search(request: Request) -> Response:
        query = [*request.query_params.multi_items(), *(await read_form(request, settings))]
        strict = is_strict(request.headers.get("prefer"))
        page = searchset(query, kind, shelf, f"{settings.public_url}/fhir/{kind}", strict=strict)
        return json_response(page, media=FHIR_JSON)

    router.add_api_route(f"/{kind}", search, methods=["GET"], **searched(kind, "GET"))
    router.add_api_route(f"/{kind}/_search", search, methods=["POST"], **searched(kind, "POST"))

    @router.get(f"/{kind}/{{identity}}", **read(kind))
    async def one(request: Request, identity: str) -> Response:
        found = shelf.read(kind, identity)
        if found is None:
            raise UnknownService(Issue("not-found", f"There is no such {kind}. GET /fhir/{kind} lists them."))
        return _fresh(request, found, shelf.changed)


def _fresh(request: Request, resource: Mapping[str, object], changed: datetime) -> Response:
    """The resource with ETag and Last-Modified; 304 without a body where the client has it (RFC 9110 §13)."""
    tag = f'W/"{text(element(resource.get("meta")).get("versionId"))}"'
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


async def _parameters(request: Request, settings: Settings) -> dict[str, object]:
    """What an operation is asked, in the address and in Parameters. Raises BrokenJson (400)."""
    told: dict[str, object] = dict(request.query_params)
    if request.method == "POST":
        body = element(await read_json(request, settings))
        if body.get("resourceType") != "Parameters":
            raise BrokenJson(Issue("invalid", "The body is no Parameters. Send FHIR R4 Parameters.", "resourceType"))
        for place, parameter in enumerate(elements(body.get("parameter"))):
            values = [value for name, value in parameter.items() if name.startswith("value") or name == "resource"]
            name, value = text(parameter.get("name")), values[0] if values else ""
            if name in _WORDS and not isinstance(value, str):
                raise BrokenJson(Issue("value", "This is no text.", f"Parameters.parameter[{place}]"))
            told[name] = value
    for name in _NOT_ANSWERED:
        if name in told:
            raise BrokenJson(Issue("not-supported", f"{name} is not answered. Name the ValueSet by its url.", name))
    return told


def _value_set(shelf: Shelf, identity: str | None, told: Mapping[str, object]) -> Mapping[str, object]:
    if identity is None and not isinstance(told.get("url"), str):
        raise BrokenJson(Issue("required", "Send the `url` of the ValueSet.", "url"))
    sought = ("_id", [identity]) if identity is not None else ("url", [str(told["url"])])
    found = shelf.search("ValueSet", [sought])
    if not found:
        where = "url" if identity is None else None
        raise UnknownService(Issue("not-found", "There is no such ValueSet. GET /fhir/ValueSet lists them.", where))
    if told.get("valueSetVersion") not in (None, "", found[0]["version"]):
        text = "The ValueSet is not kept in this version, only in that of now."
        raise UnknownService(Issue("not-found", text, "valueSetVersion"))
    return found[0]
