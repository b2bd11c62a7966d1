"""A body out: JSON bytes, never cached, since requests and answers are about a patient."""

import orjson
from fastapi import Response

from app.errors import ErrorAnswer


def json_response(
    body: object, status: int = 200, language: str | None = None, media: str = "application/json"
) -> Response:
    """JSON with `Cache-Control: no-store` (checklist W4)."""
    headers = {"Cache-Control": "no-store"}
    if language:
        headers |= {"Content-Language": language, "Vary": "Accept-Language"}
    return Response(orjson.dumps(body), status, headers, f"{media}; charset=utf-8" if "fhir" in media else media)


def error_response(answer: ErrorAnswer, media: str = "application/json") -> Response:
    """An OperationOutcome as the body itself."""
    response = json_response(answer.body, answer.status, media=media)
    response.headers.update(answer.headers)
    return response
