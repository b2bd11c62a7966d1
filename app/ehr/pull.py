"""One list pulled from a FHIR server: its pages, one after the other, until there are no more.

What has come is kept when something goes wrong after it: a part of a list, which is told as a part.
"""

from collections.abc import Mapping
from urllib.parse import urljoin

import orjson

from app.clients.contact import Contact, NotReached
from app.intake.whose import Whose
from cds_hooks.prefetch import next_of

MOST_PAGES = 20
_LONGEST_URL = 4_096

Json = Mapping[str, object]


class Pull:
    """What `query` asks for (a search, or one resource by its id), from `address` on. `before` are the entries of the page
    that the address follows."""

    def __init__(self, query: str, address: str, patient_id: str, before: list[object], most_entries: int) -> None:
        self._one = None if "?" in query else query  # Type/id
        self._next, self._whose = address, Whose(patient_id, {})
        self._entries, self._most_entries = before, most_entries
        self._seen: set[str] = set()
        self._read: Json | None = None
        self._total: Json = {}
        self._found = bool(before)
        self.outcome = "timeout"  # until it is told otherwise
        self.retry_after: str | None = None

    async def run(self, contact: Contact, headers: Mapping[str, str], most_bytes: int) -> None:
        """Pull. What comes of it stands in `outcome`: "whole", or why not."""
        try:
            while self._next:
                await self._page(contact, headers, most_bytes)
        except NotReached as error:
            self.outcome = error.why
        else:
            self.outcome = "whole"

    @property
    def value(self) -> Json | None:
        """What prefetch would have held: the resource, or a Bundle that says if more is behind it. None: nothing came."""
        if self.outcome == "other-patient" or not self._found:
            return None
        if self._one:
            return self._read
        more = [{"relation": "next", "url": self._next}] if self.outcome != "whole" else []
        return {"resourceType": "Bundle", "type": "searchset", "link": more, "entry": self._entries, **self._total}

    async def _page(self, contact: Contact, headers: Mapping[str, str], most_bytes: int) -> None:
        url = self._next
        if url in self._seen or len(self._seen) >= MOST_PAGES or len(url) > _LONGEST_URL:
            raise NotReached("too-many-pages")
        self._seen.add(url)
        reply = await contact.get(url, headers, most_bytes)
        if reply.status != 200:
            self.retry_after = reply.retry_after
            raise NotReached(f"status-{reply.status}")
        try:
            resource = orjson.loads(reply.body)
        except orjson.JSONDecodeError:
            raise NotReached("not-json") from None
        if not isinstance(resource, Mapping):
            raise NotReached("not-fhir")
        self._take(resource)
        following = next_of(resource) if resource.get("resourceType") == "Bundle" else None
        self._next = urljoin(url, following) if following else ""

    def _take(self, resource: Json) -> None:
        """Keep what the page holds. Raises NotReached where it is something else, or of another patient."""
        if self._one:
            if f"{resource.get('resourceType')}/{resource.get('id')}" != self._one:
                raise NotReached("other-patient" if resource.get("resourceType") == "Patient" else "not-fhir")
            if not self._whose.is_of_patient(resource):
                raise NotReached("other-patient")
            self._read, self._found = resource, True
            return
        entries = resource.get("entry", [])
        if resource.get("resourceType") != "Bundle" or not isinstance(entries, list):
            raise NotReached("not-fhir")
        held = [entry.get("resource") for entry in entries if isinstance(entry, Mapping)]
        if not all(self._whose.is_of_patient(each) for each in held if isinstance(each, Mapping)):
            raise NotReached("other-patient")
        if len(self._entries) + len(entries) > self._most_entries:
            raise NotReached("too-many-entries")
        self._entries, self._found = [*self._entries, *entries], True
        total = resource.get("total")
        self._total = {"total": total} if isinstance(total, int) else self._total
