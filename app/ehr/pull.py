"""One list pulled from a FHIR server: its pages, one after the other, until there are no more.

What has come is kept when something goes wrong after it: a part of a list, which is told as a part.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urljoin

import orjson

from app.clients.contact import Contact, NotReached
from app.intake.whose import Whose
from app.limits.load import LARGE
from app.limits.nesting import too_deep
from cds_hooks.prefetch import has_next, next_of

MOST_PAGES = 100
_LONGEST_URL = 4_096
_BOM = b"\xef\xbb\xbf"  # some servers begin UTF-8 with it (RFC 8259 §8.1: it may be ignored)

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one list, over all its pages: bytes, entries, and how deep its JSON may be nested."""

    most_bytes: int
    most_entries: int
    max_depth: int


class Pull:
    """What `query` asks for (a search, or one resource by its id), from `address` on, which is at `origin`. `before` are the
    entries of the page that the address follows."""

    def __init__(
        self, query: str, address: str, origin: str | None, patient_id: str, before: list[object], limits: Limits
    ) -> None:
        self._one = None if "?" in query else query  # Type/id
        self._next, self._origin, self._whose = address, origin, Whose(patient_id, {})
        self._entries, self._limits = before, limits
        self._seen: set[str] = set()
        self._read: Json | None = None
        self._total: Json = {}
        self._found = bool(before)
        self.size = 0  # bytes that have come
        self.outcome = "timeout"  # until it is told otherwise
        self.retry_after: str | None = None

    async def run(self, contact: Contact, headers: Mapping[str, str]) -> None:
        """Pull. What comes of it stands in `outcome`: "whole", or why not."""
        try:
            while self._next:
                await self._page(contact, headers)
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

    async def _page(self, contact: Contact, headers: Mapping[str, str]) -> None:
        url = self._next
        if contact.origin(url) not in (None, self._origin):
            raise NotReached("other-origin")  # registered too, but the token is not for it
        if url in self._seen or len(self._seen) >= MOST_PAGES or len(url) > _LONGEST_URL:
            raise NotReached("too-many-pages")
        self._seen.add(url)
        reply = await contact.get(url, headers, self._limits.most_bytes - self.size)
        self.size += len(reply.body)
        if reply.status != 200:
            self.retry_after = reply.retry_after
            raise NotReached(f"status-{reply.status}")
        read = partial(_read, reply.body, self._limits.max_depth)
        resource = read() if len(reply.body) <= LARGE else await asyncio.to_thread(read)
        self._take(resource)
        following = None if self._one else next_of(resource)
        if not self._one and has_next(resource) and following is None:
            raise NotReached("next-not-told")
        self._next = joined(url, following) if following else ""

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
        if not _is_searchset(resource) or not isinstance(entries, list):
            raise NotReached("not-fhir")
        held = [entry.get("resource") for entry in entries if isinstance(entry, Mapping)]
        if not all(self._whose.is_of_patient(each) for each in held if isinstance(each, Mapping)):
            raise NotReached("other-patient")
        if len(self._entries) + len(entries) > self._limits.most_entries:
            raise NotReached("too-many-entries")
        self._entries, self._found = [*self._entries, *entries], True
        total = resource.get("total")
        self._total = {"total": total} if isinstance(total, int) else self._total


def joined(base: str, link: str) -> str:
    """Where `link` leads from `base`; the link itself where that is nowhere."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _read(body: bytes, max_depth: int) -> Json:
    if too_deep(body, max_depth):
        raise NotReached("too-deep")
    try:
        resource = orjson.loads(body.removeprefix(_BOM))
    except orjson.JSONDecodeError:
        raise NotReached("not-json") from None
    if not isinstance(resource, Mapping):
        raise NotReached("not-fhir")
    return resource


def _is_searchset(resource: Json) -> bool:
    """Whether this answers a search. A Bundle that says nothing of itself and holds nothing is no answer: "none" must be
    told."""
    kind = resource.get("type", "searchset" if resource.get("entry") else None)
    return resource.get("resourceType") == "Bundle" and kind == "searchset"
