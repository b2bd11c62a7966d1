"""CDS Hooks: discovery and the services."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from app.calls import note_answer
from app.consult import Reader
from app.errors import Issue, UnknownService
from app.journal.answering import answered
from app.journal.journal import Journal
from app.render.as_sent import numbers_as_sent
from app.routes import described
from app.routes.answer import json_response
from app.routes.body import read_json
from app.routes.language import language_of
from app.settings import Settings
from app.told import asked_for
from cds_hooks.cards import response
from cds_hooks.discovery import Service, discovery
from cds_hooks.hooks import HOOKS, Hook
from cds_hooks.requests import read_request
from knowledge.library import Library

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


def services(library: Library) -> list[Service]:
    """One service for each hook, with the hook's name as its id."""
    return [
        Service(hook, hook, title, _DESCRIPTION, asked_for(library, hook), _USAGE) for hook, title in _TITLES.items()
    ]


def hook_routes(library: Library, settings: Settings, today: Callable[[], date], journal: Journal) -> APIRouter:
    """The routes of CDS Hooks."""
    router = APIRouter(prefix="/cds-services", tags=["CDS Hooks"])

    @router.get("", **described.discovery())
    async def discover() -> Response:
        """Discovery: the services, their hooks, and the prefetch each asks for."""
        return json_response(discovery(services(library)))

    for name in _TITLES:
        _add_service(router, HOOKS[name], library, settings, today, journal)

    @router.post("/{service}", include_in_schema=False)
    async def unknown(service: str) -> Response:  # noqa: ARG001 - the name is not repeated to whoever sent it
        raise UnknownService(Issue("not-found", f"There is no such service. Use one of: {', '.join(_TITLES)}."))

    return router


def _add_service(
    router: APIRouter, hook: Hook, library: Library, settings: Settings, today: Callable[[], date], journal: Journal
) -> None:
    @router.post(f"/{hook.name}", **described.service(hook.name))
    async def service(
        request: Request,
        explain: Annotated[bool, Query(description="Add every rule's criteria and what they rest on.")] = False,
        accept_language: Annotated[str | None, Header(description="nl, fr, en or de")] = None,
    ) -> Response:
        body = await read_json(request, settings)
        asked = read_request(body, hook)
        reader = Reader(language_of(accept_language, settings.language), settings.public_url, explain)
        answer = await answered(asked, library, today(), reader, journal)
        note_answer(answer)
        numbers_as_sent(answer.cards, request.state.sent)
        return json_response(response(answer.cards, answer.extension), language=reader.language)
