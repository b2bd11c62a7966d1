"""A body out: JSON bytes, never cached, since requests and answers are about a patient."""

from hashlib import sha256

import orjson
from fastapi import Request, Response

from app.errors import ErrorAnswer


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


def error_response(answer: ErrorAnswer, media: str = "application/json") -> Response:
    """An OperationOutcome as the body itself."""
    response = json_response(answer.body, answer.status, media=media)
    response.headers.update(answer.headers)
    return response
