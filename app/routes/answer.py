"""A body out: JSON bytes, never cached, since requests and answers are about a patient."""

from hashlib import sha256

import orjson
from fastapi import Request, Response

from app.errors import ErrorAnswer

FHIR_JSON = "application/fhir+json"


def is_fhir(path: str) -> bool:
    """Whether this is an address of the FHIR server."""
    return path == "/fhir" or path.startswith("/fhir/")


def json_response(
    body: object, status: int = 200, language: str | None = None, media: str = "application/json"
) -> Response:
    """JSON with `Cache-Control: no-store` (checklist W4)."""
    return bytes_response(orjson.dumps(body), media, language, status)


def bytes_response(body: bytes, media: str, language: str | None = None, status: int = 200) -> Response:
    """The same for JSON that is written already."""
    headers = {"Cache-Control": "no-store"}
    if language:
        headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(body, status, headers, f"{media}; charset=utf-8" if "fhir" in media else media)


def tagged(request: Request, response: Response) -> Response:
    """The same with an ETag, to be asked again each time; 304 without a body where the client has it (RFC 9110 §13.1.2)."""
    tag = f'"{sha256(response.body).hexdigest()[:32]}"'
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def error_response(answer: ErrorAnswer, path: str) -> Response:
    """An OperationOutcome as the body itself, as FHIR where the address is one of FHIR."""
    response = json_response(answer.body, answer.status, media=FHIR_JSON if is_fhir(path) else "application/json")
    response.headers.update(answer.headers)
    return response
