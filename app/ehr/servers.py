"""What prefetch left out, fetched from the client's FHIR server: all lists at once, within one time for all of them.

CDS Hooks 2.0.1 "FHIR Resource Access"; checklist F6, A1 to A4. A server is contacted only where its origin is registered for
the client that calls, with the token of this call and of no other.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from app.clients.contact import Contact
from app.ehr.breaker import Breakers
from app.ehr.pull import Json, Limits, Pull, joined
from app.settings import Settings
from app.settings.client import Client
from app.told import TEMPLATES
from cds_hooks.prefetch import unwrapped
from cds_hooks.requests import Request, bare_id

_FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
# What says that the server, and not the question, is at fault.
_FAILING = re.compile(r"timeout|not-reached|no-address|not-json|status-(429|5\d\d)")
_SECONDS = re.compile(r"[0-9]{1,9}")  # of Retry-After (RFC 9110 §10.2.3)
_SHARE = 4  # a list may be as large as this part of a whole request


@dataclass(frozen=True, slots=True)
class Fetched:
    """`values` are as prefetch would have held them; `outcomes` say for every key asked for what came of it, in a word of
    Wane's own: "whole", or why not; `size` is how many bytes came."""

    values: Mapping[str, Json] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    size: int = 0


class Servers:
    """The FHIR servers of all clients."""

    def __init__(self, settings: Settings) -> None:
        self._contacts = {c.name: Contact(c.fhir, c.networks) for c in settings.clients if c.fhir}
        self._breakers: dict[tuple[str, str], Breakers] = {}
        self._limits = Limits(settings.max_body_bytes // _SHARE, settings.max_resources, settings.max_depth)

    async def fetch(self, client: Client, request: Request, lacking: Mapping[str, str | None]) -> Fetched:
        """Fetch these keys for one call; each has the address to go on from, or None to begin with its template.

        Never raises: what cannot be fetched is not there, and `outcomes` says why.
        """
        base, contact = (request.fhir_server or "").rstrip("/"), self._contacts.get(client.name)
        why = _refused(client, request, base, contact)
        if "encounter" in lacking and not _FHIR_ID.fullmatch(bare_id(request.context.encounter_id or "")):
            lacking = {key: rest for key, rest in lacking.items() if key != "encounter"}
        if why or contact is None or not lacking:
            return Fetched({}, dict.fromkeys(lacking, why or "not-registered"))
        origin = contact.origin(base) or ""
        breakers = self._breakers.setdefault((client.name, origin), Breakers())
        pulls = {key: self._pull(key, lacking[key], base, origin, request) for key in breakers.allowed(lacking)}
        headers = {"Accept": "application/fhir+json, application/json"}
        if request.authorization:
            headers["Authorization"] = f"Bearer {request.authorization.access_token}"
        try:
            async with asyncio.timeout(client.fetch_ms / 1000):
                await asyncio.gather(*(pull.run(contact, headers) for pull in pulls.values()))
        except TimeoutError:
            pass  # each pull has kept what came, and says of itself that it was late
        if pulls:
            _tell(breakers, pulls)
        values = {key: value for key, pull in pulls.items() if (value := pull.value) is not None}
        outcomes = {key: pulls[key].outcome if key in pulls else "left-alone" for key in lacking}
        return Fetched(values, outcomes, sum(pull.size for pull in pulls.values()))

    async def close(self) -> None:
        """Close every connection."""
        for contact in self._contacts.values():
            await contact.close()

    def _pull(self, key: str, rest: str | None, base: str, origin: str, request: Request) -> Pull:
        patient_id = request.context.patient_id
        template = TEMPLATES[key].replace("{{context.patientId}}", quote(patient_id))
        template = template.replace(
            "{{context.encounterId}}", quote(bare_id(request.context.encounter_id or ""), safe="")
        )
        before = unwrapped(request.prefetch.get(key)) if rest else None
        entries = before.get("entry") if isinstance(before, Mapping) else None
        page = list(entries) if isinstance(entries, list) else []
        return Pull(template, joined(f"{base}/", rest or template), origin, patient_id, page, self._limits)


def _refused(client: Client, request: Request, base: str, contact: Contact | None) -> str | None:
    authorization = request.authorization
    if not base:
        return "no-server"
    if contact is None or contact.origin(base) is None or "?" in base or "#" in base:
        return "not-registered"
    if not authorization and not client.fhir_without_token:
        return "no-token"
    if authorization and authorization.expires_in is not None and authorization.expires_in <= 0:
        return "token-expired"
    if authorization and authorization.patient not in (None, request.context.patient_id):
        return "other-patient"
    return None if _FHIR_ID.fullmatch(request.context.patient_id) else "no-fhir-id"


def _tell(breakers: Breakers, pulls: Mapping[str, Pull]) -> None:
    failed = {key: bool(_FAILING.fullmatch(pull.outcome)) for key, pull in pulls.items()}
    asked = [pull.retry_after or "" for key, pull in pulls.items() if failed[key]]
    breakers.tell(failed, max((int(each) for each in asked if _SECONDS.fullmatch(each)), default=None))
