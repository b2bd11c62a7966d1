"""CDS Hooks: discovery and the services."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from app.calls import note_answer
from app.clients.terms import OPEN, Terms
from app.consult import Reader
from app.errors import Issue, UnknownService
from app.journal.answering import answered
from app.journal.journal import Journal
from app.render.as_sent import numbers_as_sent
from app.render.system_actions import issues_for_the_record
from app.routes import described
from app.routes.answer import json_response, tagged
from app.routes.body import read_json
from app.routes.language import language_of
from app.routes.straightaway import Straight
from app.routes.strict import refuse_breaks
from app.settings import Settings
from app.settings.client import Client
from app.strict.validation import APPLIED, is_strict
from app.told import asked_for
from cds_hooks.cards import response
from cds_hooks.discovery import Service, discovery
from cds_hooks.hooks import HOOKS, Hook
from cds_hooks.requests import Request as Asked
from cds_hooks.requests import read_request
from knowledge.library import Library

if TYPE_CHECKING:
    from app.ehr.servers import Servers

_TITLES = {
    "patient-view": "Wane: baclofen for alcohol, and long-term benzodiazepines, when a record is opened",
    "order-select": "Wane: baclofen for alcohol, and benzodiazepines, while an order is being written",
    "order-sign": "Wane: baclofen for alcohol, and benzodiazepines, before an order is signed",
    "medication-refill": "Wane: baclofen for alcohol, and benzodiazepines, when a refill is asked for",
    "encounter-discharge": "Wane: benzodiazepines and baclofen pumps, when a patient goes home",
}
_DESCRIPTION = (
    "Advises against baclofen for relapse prevention in alcohol dependence, and proposes tapering of benzodiazepines and "
    "Z-drugs in long-term use. Decision support, not a certified device; its content has not been clinically reviewed."
)
_USAGE = (
    "Send `conditions` and `medications` whole, without a status filter, or null where there are none. A list that a rule "
    "needs and that was not sent gets 412, never an empty answer. The other lists make the advice better; what could not be "
    "judged without one is named in the answer."
)


def services(library: Library, hooks: Iterable[str]) -> list[Service]:
    """One service for each of these hooks, with the hook's name as its id."""
    return [
        Service(hook, hook, _TITLES[hook], _DESCRIPTION, asked_for(library, hook), _USAGE)
        for hook in _TITLES
        if hook in set(hooks)
    ]


@dataclass(frozen=True, slots=True)
class House:
    """What every hook call is answered with."""

    library: Library
    settings: Settings
    today: Callable[[], date]
    journal: Journal
    servers: "Servers | None"
    terms: Mapping[str, Terms]  # by client

    def terms_for(self, request: Request) -> Terms:
        """Those of the client that calls."""
        client: Client | None = getattr(request.state, "client", None)
        return self.terms[client.name if client else OPEN]


def hook_routes(house: House) -> APIRouter:
    """The routes of CDS Hooks."""
    router = APIRouter(prefix="/cds-services", tags=["CDS Hooks"])

    @router.get("", **described.discovery())
    async def discover(request: Request) -> Response:
        """Discovery: the services, their hooks, and the prefetch each asks for."""
        terms = house.terms_for(request)
        return tagged(request, json_response(discovery(services(terms.library, terms.hooks), terms.version)))

    for name in _TITLES:
        _add_service(router, HOOKS[name], house)

    @router.post("/{service}", include_in_schema=False)
    async def unknown(service: str) -> Response:  # noqa: ARG001 - the name is not repeated to whoever sent it
        raise unknown_service(_TITLES)

    return router


def _add_service(router: APIRouter, hook: Hook, house: House) -> None:
    @router.post(f"/{hook.name}", **described.service(hook.name))
    async def service(
        request: Request,
        explain: Annotated[bool, Query(description="Add every rule's criteria and what they rest on.")] = False,
        accept_language: Annotated[str | None, Header(description="nl, fr, en or de")] = None,
    ) -> Response:
        return await _called(house, hook, request, accept_language, explain=explain)


def straight(house: House) -> Straight:
    """The services without a query, by their paths: see `Straightaway`."""

    def plainly(hook: Hook) -> Callable[[Request], Awaitable[Response]]:
        return lambda request: _called(house, hook, request, request.headers.get("accept-language"))

    return {f"/cds-services/{name}": plainly(HOOKS[name]) for name in _TITLES}


async def _called(
    house: House, hook: Hook, request: Request, accept_language: str | None, *, explain: bool = False
) -> Response:
    terms, settings = house.terms_for(request), house.settings
    if hook.name not in terms.hooks:
        raise unknown_service(terms.hooks)
    strict = is_strict(request.headers.get("prefer"))
    asked = await _asked(request, settings, hook, strict=strict)
    patient_id = asked.context.patient_id
    reader = Reader(
        language=language_of(accept_language, terms.language(settings.language)),
        public_url=settings.public_url,
        explain=explain,
        country=terms.country,
        missing_as_card=terms.missing_as_card,
        off=terms.off,
        shadow=terms.shadow,
        taper=terms.taper,
    )
    answering = answered(asked, terms, house.today(), reader, house.journal, house.servers)
    del asked  # it is let go of as soon as it is answered: see there
    answer = await answering
    note_answer(answer)
    numbers_as_sent(answer.cards, request.state.sent)
    agreed = issues_for_the_record(answer.cards, answer.uuids, patient_id) if terms.takes_system_actions else ()
    body = response(answer.cards, answer.uuids, answer.extension, terms.version, agreed)
    answered_with = json_response(body, language=reader.language)
    if strict:
        answered_with.headers.update(APPLIED)
    return answered_with


async def _asked(request: Request, settings: Settings, hook: Hook, *, strict: bool) -> Asked:
    sent = await read_json(request, settings)
    asked = read_request(sent, hook)
    if strict:
        await asyncio.to_thread(refuse_breaks, request.state.sent, sent, hook)
    return asked


def unknown_service(known: Iterable[str]) -> UnknownService:
    """The fault of a call to a service this client does not see, and these it does."""
    return UnknownService(Issue("not-found", f"There is no such service. Use one of: {', '.join(known)}."))
