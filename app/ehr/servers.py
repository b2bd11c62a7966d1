"""What prefetch left out, fetched from the client's FHIR server: all lists at once, within one time for all of them.

CDS Hooks 2.0.1 "FHIR Resource Access"; checklist F6, A1 to A4. A server is contacted only where its origin is registered for
the client that calls, with the token of this call and of no other.
"""

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from app.clients.contact import Contact
from app.ehr.breaker import Breaker
from app.ehr.pull import Json, Pull
from app.settings.client import Client
from app.settings.client_kinds import origin_of
from app.told import TEMPLATES
from cds_hooks.prefetch import unwrapped
from cds_hooks.requests import Request, bare_id

_FHIR_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
# What says that the server, and not the question, is at fault.
_FAILING = re.compile(r"timeout|not-reached|no-address|not-json|status-(429|5\d\d)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """`values` are as prefetch would have held them; `outcomes` say for every key asked for what came of it, in a word of
    Wane's own: "whole", or why not."""

    values: Mapping[str, Json] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)


class Servers:
    """The FHIR servers of all clients. `most_bytes` limits a page, `most_entries` a list."""

    def __init__(self, clients: Iterable[Client], most_bytes: int, most_entries: int) -> None:
        self._contacts = {client.name: Contact(client.fhir, client.networks) for client in clients if client.fhir}
        self._breakers: dict[tuple[str, str], Breaker] = {}
        self._most_bytes, self._most_entries = most_bytes, most_entries

    async def fetch(self, client: Client, request: Request, lacking: Mapping[str, str | None]) -> Fetched:
        """Fetch these keys for one call; each has the address to go on from, or None to begin with its template.

        Never raises: what cannot be fetched is not there, and `outcomes` says why.
        """
        base, contact = (request.fhir_server or "").rstrip("/"), self._contacts.get(client.name)
        why = self._refused(client, request, base, contact)
        if "encounter" in lacking and not _FHIR_ID.fullmatch(bare_id(request.context.encounter_id or "")):
            lacking = {key: rest for key, rest in lacking.items() if key != "encounter"}
        if why or contact is None or not lacking:
            return Fetched({}, dict.fromkeys(lacking, why or "not-registered"))
        breaker = self._breakers.setdefault((client.name, _origin(base)), Breaker())
        if not breaker.allows():
            return Fetched({}, dict.fromkeys(lacking, "left-alone"))
        pulls = {key: self._pull(key, rest, base, request) for key, rest in lacking.items()}
        headers = {"Accept": "application/fhir+json, application/json"}
        if request.authorization:
            headers["Authorization"] = f"Bearer {request.authorization.access_token}"
        try:
            async with asyncio.timeout(client.fetch_ms / 1000):
                await asyncio.gather(*(pull.run(contact, headers, self._most_bytes) for pull in pulls.values()))
        except TimeoutError:
            pass  # each pull has kept what came, and says of itself that it was late
        _tell(breaker, pulls.values())
        values = {key: value for key, pull in pulls.items() if (value := pull.value) is not None}
        return Fetched(values, {key: pull.outcome for key, pull in pulls.items()})

    async def close(self) -> None:
        """Close every connection."""
        for contact in self._contacts.values():
            await contact.close()

    def _refused(self, client: Client, request: Request, base: str, contact: Contact | None) -> str | None:
        authorization = request.authorization
        if not base:
            return "no-server"
        if contact is None or not contact.leads_to(base) or "?" in base or "#" in base:
            return "not-registered"
        if not authorization and not client.fhir_without_token:
            return "no-token"
        if authorization and authorization.expires_in is not None and authorization.expires_in <= 0:
            return "token-expired"
        if authorization and authorization.patient not in (None, request.context.patient_id):
            return "other-patient"
        return None if _FHIR_ID.fullmatch(request.context.patient_id) else "no-fhir-id"

    def _pull(self, key: str, rest: str | None, base: str, request: Request) -> Pull:
        patient_id = request.context.patient_id
        template = TEMPLATES[key].replace("{{context.patientId}}", quote(patient_id))
        template = template.replace(
            "{{context.encounterId}}", quote(bare_id(request.context.encounter_id or ""), safe="")
        )
        before = unwrapped(request.prefetch.get(key)) if rest else None
        entries = before.get("entry") if isinstance(before, Mapping) else None
        page = list(entries) if isinstance(entries, list) else []
        return Pull(template, urljoin(f"{base}/", rest or template), patient_id, page, self._most_entries)


def _origin(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return origin_of(f"{scheme}://{rest.split('/', 1)[0]}")


def _tell(breaker: Breaker, pulls: Iterable[Pull]) -> None:
    failing = [pull for pull in pulls if _FAILING.fullmatch(pull.outcome)]
    if not failing:
        breaker.succeeded()
        return
    asked = [int(pull.retry_after) for pull in failing if pull.retry_after and pull.retry_after.isdecimal()]
    breaker.failed(max(asked, default=None))
