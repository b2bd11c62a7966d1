"""A call completed: what its scope asks for, and prefetch left out, is fetched before the call is judged."""

from dataclasses import replace

from app.clients.terms import Terms
from app.consult import scoped
from app.ehr.servers import Servers
from app.journal.trail import Trail
from app.limits.apart import apart, mark_large
from app.limits.load import LARGE
from app.told import Prefetch
from cds_hooks.requests import Request


async def completed(request: Request, terms: Terms, servers: Servers | None, trail: Trail) -> Request:
    """The request with what could be fetched in its prefetch; the trail is told what came of each key.

    Nothing is fetched for an order no rule speaks about, for rules that are off for this client, nor where it has no FHIR
    server registered.
    """
    client = terms.client
    if client is None or servers is None or not client.fhir or request.fhir_server is None:
        return request
    lacking = await apart(lambda: _lacking(request, terms))
    if not lacking:
        return request
    fetched = await servers.fetch(client, request, lacking)
    if fetched.size > LARGE:
        mark_large()  # what is judged now is as large as a large request
    trail.fetched = fetched.outcomes
    return replace(request, prefetch={**request.prefetch, **fetched.values})


def _lacking(request: Request, terms: Terms) -> dict[str, str | None]:
    prefetch = Prefetch(request.prefetch)
    _, scope = scoped(request, prefetch, terms.library)
    rules = terms.library.by_id
    heard = {rule for rule in scope.rules if rule not in terms.off}
    heard |= {other for rule in heard for other in rules[rule].rests_on}
    return prefetch.lacking({"patient"}.union(*(rules[rule].needs for rule in heard))) if heard else {}
