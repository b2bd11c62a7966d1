"""A request's body: read within its limits, and parsed strictly."""

from codecs import BOM_UTF8
from urllib.parse import parse_qsl

import orjson
from fastapi import Request
from starlette.requests import ClientDisconnect

from app.errors import BodyTooLarge, BrokenJson, Issue, WrongMediaType
from app.limits.apart import apart
from app.limits.nesting import place_too_deep, too_deep
from app.settings import Settings

_FORM = "application/x-www-form-urlencoded"
_RESOURCE = b'"resourceType"'


async def read_json(request: Request, settings: Settings) -> object:
    """The parsed body. As it was sent it stays at `request.state.sent`, but for a byte order mark: some engines send one, and
    RFC 8259 §8.1 allows to ignore it.

    Raises WrongMediaType (415), BodyTooLarge (413) as soon as the limit is passed or for more than `max_resources`
    resources, and BrokenJson (400) for what is no UTF-8 JSON (RFC 8259; checklist J1) or is nested deeper than
    `max_depth`.
    """
    _check_media_type(request.headers.get("content-type", ""))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise WrongMediaType(Issue("not-supported", "Send the body as it is, without Content-Encoding."))
    body = request.state.sent = (await _within(request, settings.max_body_bytes)).removeprefix(BOM_UTF8)
    return await apart(lambda: _parsed(body, settings))


async def read_form(request: Request, settings: Settings) -> list[tuple[str, str]]:
    """What a form in the body tells, in its order; nothing of a GET. Raises WrongMediaType (415) and BodyTooLarge (413)."""
    if request.method == "GET":
        return []
    kind = request.headers.get("content-type", _FORM).partition(";")[0].strip().lower()
    if kind != _FORM or request.headers.get("content-encoding", "identity").lower() != "identity":
        raise WrongMediaType(Issue("not-supported", f"Send the body as {_FORM}, without Content-Encoding."))
    body = await _within(request, settings.max_body_bytes)
    return parse_qsl(body.decode("utf-8", "replace"))


def _parsed(body: bytes, settings: Settings) -> object:
    if too_deep(body, settings.max_depth):
        where = place_too_deep(body, settings.max_depth)
        text = f"The body is nested deeper than {settings.max_depth} levels, from {where} on. Send less of it."
        raise BrokenJson(Issue("structure", text))
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        text = f"The body is not JSON (UTF-8, RFC 8259): it breaks at {where}. Mend it there and send it again."
        raise BrokenJson(Issue("structure", text)) from None
    if _resources(body, parsed, settings.max_resources) > settings.max_resources:
        raise BodyTooLarge(
            Issue("too-costly", f"There are more than {settings.max_resources} resources in the request. Send fewer.")
        )
    return parsed


def _resources(body: bytes, parsed: object, limit: int) -> int:
    """How many resources there are: counted in the text, and written anew where escapes (\\u0072) might hide some."""
    found = body.count(_RESOURCE)
    hidden = body.count(b"\\u00") if b"\\" in body else 0
    return found if found + hidden <= limit else orjson.dumps(parsed).count(_RESOURCE)


def _check_media_type(header: str) -> None:
    kind = header.partition(";")[0].strip().lower()
    if kind and kind not in ("application/json", "application/fhir+json", "application/json+fhir"):
        raise WrongMediaType(Issue("not-supported", "Send the body as application/json."))


async def _within(request: Request, limit: int) -> bytes:
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(
                    Issue("too-long", f"The body is larger than {limit} bytes. Send only what was asked for.")
                )
            chunks.append(chunk)
    except ClientDisconnect:
        raise BrokenJson(Issue("incomplete", "The body broke off before its end. Send it again.")) from None
    return b"".join(chunks)
