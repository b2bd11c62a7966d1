"""What a FHIR client wants to get (https://hl7.org/fhir/R4/http.html#mime-type): R4 as JSON is all there is."""

import re

from fastapi import Request

from app.errors import Issue, NotAcceptable

_JSON = ("application/fhir+json", "application/json", "application/json+fhir", "text/json", "json")
_ANY = ("*/*", "application/*")
_NEVER = re.compile(r"0(\.0*)?")  # the weight of what is not acceptable (RFC 9110 §12.4.2)


async def only_json(request: Request) -> None:
    """Return where JSON will do; `_format` goes before Accept. Raises NotAcceptable (406)."""
    wanted = request.query_params.get("_format")
    if wanted is not None:
        if wanted.partition(";")[0].strip().replace(" ", "+").lower() not in _JSON:
            raise _refused("http._format")
        return
    accept = request.headers.get("accept", "").strip()
    if accept and not any(_will_do(each) for each in accept.split(",")):
        raise _refused("http.Accept")


def _will_do(media: str) -> bool:
    kind, *parameters = (part.strip().lower() for part in media.split(";"))
    told = dict(part.partition("=")[::2] for part in parameters)
    version = told.get("fhirversion", "4.0").strip('"')
    return kind in (*_JSON, *_ANY) and not _NEVER.fullmatch(told.get("q", "1")) and version in ("4.0", "4.0.1")


def _refused(where: str) -> NotAcceptable:
    return NotAcceptable(Issue("not-supported", "Only FHIR R4 as JSON is answered: application/fhir+json.", where))
