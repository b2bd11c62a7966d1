"""Addresses that entries are known and referred to by."""

import re
from urllib.parse import parse_qs

from app.intake.elements import Json

_SERVER = re.compile(r"(https?://.+)/[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
_UUID = len("urn:uuid:") + 36


def plain(address: str) -> str:
    """As it is compared: without a version; a UUID (RFC 4122 §3) and a server's name (RFC 3986 §6.2.2.1) in small letters."""
    address = address.strip().partition("/_history/")[0].rstrip("/")
    scheme, sign, rest = address.partition("://")
    if sign:
        host, slash, path = rest.partition("/")
        return f"{scheme.lower()}://{host.lower()}{slash}{path}"
    if len(address) == _UUID and address[:9].lower() == "urn:uuid:":
        return address.lower()
    return address


def server_of(address: str) -> str:
    """The server a resource at this address comes from; empty where the address does not tell."""
    if not address.startswith("http"):
        return ""
    found = _SERVER.fullmatch(address)
    return found[1] if found else ""


def sought(reference: str) -> tuple[str, list[Json]]:
    """Of a conditional reference (https://hl7.org/fhir/R4/http.html#trules) the type, and the identifiers it asks for."""
    path, _, query = reference.partition("?")
    asked = [value.partition("|") for value in parse_qs(query).get("identifier", ())]
    return path.rpartition("/")[2], [{"system": system, "value": value} for system, _, value in asked if value]
