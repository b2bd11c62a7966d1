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
    """`values` are as prefetch would have held them; `outcomes` say for every list asked for what came of it, in a word of
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

    async def fetch(self, client: Client, request: Request, wanted: Mapping[str, str | None], until: float) -> Fetched:
        """Fetch these keys for one call; each has the address to go on from, or None to begin with its template. A key
        `Type/id` is that resource. `until` is when to stop, on the clock of the event loop.

        Never raises: what cannot be fetched is not there, and `outcomes` says why.
        """
        base, contact = (request.fhir_server or "").rstrip("/"), self._contacts.get(client.name)
        why = _refused(client, request, base, contact)
        if "encounter" in wanted and not _FHIR_ID.fullmatch(bare_id(request.context.encounter_id or "")):
            wanted = {key: rest for key, rest in wanted.items() if key != "encounter"}
        lists = dict.fromkeys(map(_list_of, wanted), why or "not-registered")
        if why or contact is None or not wanted:
            return Fetched({}, lists)
        origin = contact.origin(base) or ""
        breakers = self._breakers.setdefault((client.name, origin), Breakers())
        allowed = set(breakers.allowed(lists))
        pulls = {
            key: self._pull(key, rest, base, origin, request)
            for key, rest in wanted.items()
            if _list_of(key) in allowed
        }
        headers = {"Accept": "application/fhir+json, application/json"}
        if request.authorization:
            headers["Authorization"] = f"Bearer {request.authorization.access_token}"
        try:
            async with asyncio.timeout_at(until):
                await asyncio.gather(*(pull.run(contact, headers) for pull in pulls.values()))
        except TimeoutError:
            pass  # each pull has kept what came, and says of itself that it was late
        values = {key: value for key, pull in pulls.items() if (value := pull.value) is not None}
        outcomes = {**dict.fromkeys(lists, "left-alone"), **_told(breakers, pulls)}
        return Fetched(values, outcomes, sum(pull.size for pull in pulls.values()))

    async def close(self) -> None:
        """Close every connection."""
        for contact in self._contacts.values():
            await contact.close()

    def _pull(self, key: str, rest: str | None, base: str, origin: str, request: Request) -> Pull:
        patient_id = request.context.patient_id
        template = TEMPLATES.get(key, key).replace("{{context.patientId}}", quote(patient_id))
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


def _list_of(key: str) -> str:
    """What a key counts as: single medicines are one list."""
    return "medicines" if "/" in key else key


def _told(breakers: Breakers, pulls: Mapping[str, Pull]) -> dict[str, str]:
    """What came of each list; the breakers are told. A list is whole where all of it is, and failing where none came."""
    together: dict[str, list[Pull]] = {}
    for key, pull in pulls.items():
        together.setdefault(_list_of(key), []).append(pull)
    failed = {name: all(_FAILING.fullmatch(one.outcome) for one in those) for name, those in together.items()}
    asked = [one.retry_after or "" for name, those in together.items() if failed[name] for one in those]
    if failed:
        breakers.tell(failed, max((int(each) for each in asked if _SECONDS.fullmatch(each)), default=None))
    return {
        name: next((one.outcome for one in those if one.outcome != "whole"), "whole")
        for name, those in together.items()
    }
