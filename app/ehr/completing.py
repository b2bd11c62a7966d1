"""A call completed: what its scope asks for, and prefetch left out, is fetched before the call is judged."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from app.clients.terms import Terms
from app.consult import scoped
from app.ehr.medicines import referred
from app.journal.trail import Trail
from app.limits.apart import apart, mark_large
from app.limits.load import LARGE
from app.settings.client import Client
from app.told import Prefetch
from cds_hooks.requests import Request

if TYPE_CHECKING:
    from app.ehr.servers import Servers


async def completed(request: Request, terms: Terms, servers: "Servers | None", trail: Trail) -> Request:
    """The request with what could be fetched in its prefetch; the trail is told what came of each key.

    Nothing is fetched for an order no rule speaks about, but the medicine itself where the order only refers to it; nor for
    rules that are off for this client, nor where it has no FHIR server registered. All of it has one time.
    """
    client = terms.client
    if client is None or servers is None or not client.fhir or request.fhir_server is None:
        return request
    call = _Fetching(client, servers, trail)
    request = await call.medicines(request, {"orders": request.context.orders})
    lists = await apart(lambda: _lists(request, terms))
    lacking = await apart(lambda: Prefetch(request.prefetch).lacking(lists))
    request = await call.add(request, lacking)
    return await call.medicines(request, request.prefetch) if "medications" in lists else request


def _lists(request: Request, terms: Terms) -> frozenset[str]:
    """The lists that the rules which are heard are read from. What only rules lack that refuse no call is not worth a
    request to the record: it is named as a gap. Where no other rule is heard, it is all there is to fetch."""
    _, scope = scoped(request, Prefetch(request.prefetch), terms.library)
    rules = terms.library.by_id
    heard = {rule for rule in scope.rules if rule not in terms.off}
    heard |= {other for rule in heard for other in rules[rule].rests_on}
    worth = {rule for rule in heard if rules[rule].needed} or heard
    return frozenset({"patient"}.union(*(rules[rule].needs for rule in worth))) if worth else frozenset()


class _Fetching:
    """What is fetched for one call, within one time."""

    def __init__(self, client: Client, servers: "Servers", trail: Trail) -> None:
        self._client, self._servers, self._trail = client, servers, trail
        self._until = asyncio.get_running_loop().time() + client.fetch_ms / 1000

    async def medicines(self, request: Request, among: Mapping[str, object]) -> Request:
        """The request with the medicines that resources in `among` only refer to."""
        sent = {**request.prefetch, "orders": request.context.orders}
        base = (request.fhir_server or "").rstrip("/")
        wanted = await apart(lambda: referred(among, sent, base))
        return await self.add(request, dict.fromkeys(wanted))

    async def add(self, request: Request, wanted: Mapping[str, str | None]) -> Request:
        """The request with what of these keys could be fetched."""
        if not wanted:
            return request
        fetched = await self._servers.fetch(self._client, request, wanted, self._until)
        if fetched.size > LARGE:
            mark_large()  # what is judged now is as large as a large request
        self._trail.fetched = {**self._trail.fetched, **fetched.outcomes}
        return replace(request, prefetch={**request.prefetch, **fetched.values})
