"""A call completed: what its scope asks for, and prefetch left out, is fetched before the call is judged."""

from dataclasses import replace

from app.consult import scoped
from app.ehr.servers import Servers
from app.journal.trail import Trail
from app.limits.apart import apart
from app.settings.client import Client
from app.told import Prefetch
from cds_hooks.requests import Request
from knowledge.library import Library


async def completed(
    request: Request, library: Library, client: Client | None, servers: Servers | None, trail: Trail
) -> Request:
    """The request with what could be fetched in its prefetch; the trail is told what came of each key.

    Nothing is fetched for an order no rule speaks about, nor where the client has no FHIR server registered.
    """
    if client is None or servers is None or not client.fhir or request.fhir_server is None:
        return request
    lacking = await apart(lambda: _lacking(request, library))
    if not lacking:
        return request
    fetched = await servers.fetch(client, request, lacking)
    trail.fetched = fetched.outcomes
    return replace(request, prefetch={**request.prefetch, **fetched.values})


def _lacking(request: Request, library: Library) -> dict[str, str | None]:
    prefetch = Prefetch(request.prefetch)
    _, scope = scoped(request, prefetch, library)
    return prefetch.lacking(scope.lists)
