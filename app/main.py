"""The service put together: routes, the error table, and what is loaded once at start."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from app.access import Access, access_of
from app.calls import note_fault
from app.clients.terms import terms_of
from app.errors import ServiceFault, answer_to, answer_to_status
from app.journal.journal import Journal
from app.knowledge_fhir.shelf import Shelf
from app.limits.gate import Gate
from app.metrics import Metrics
from app.readiness import Readiness, drained_on_sigterm
from app.routes.answer import error_response, is_fhir
from app.routes.banner import Banner
from app.routes.described import describe
from app.routes.described_feedback import FEEDBACK_SCHEMAS
from app.routes.described_fhir import FHIR_SCHEMAS
from app.routes.described_taper import TAPER_SCHEMAS
from app.routes.feedback import feedback_routes
from app.routes.fhir import fhir_routes
from app.routes.fhir_advise import advise_routes
from app.routes.fhir_knowledge import knowledge_routes
from app.routes.hooks import House, hook_routes, straight
from app.routes.last_resort import LastResort
from app.routes.operations import operation_routes
from app.routes.pages import page_routes
from app.routes.planner_page import planner_routes
from app.routes.straightaway import Straightaway
from app.routes.taper import taper_routes
from app.settings import Settings, read_settings
from app.site_knowledge import site_library
from app.watch import Watch
from cds_hooks.faults import RequestFault
from knowledge.library import Library

if TYPE_CHECKING:
    from app.clients.door import Trust
    from app.ehr.servers import Servers

_RARELY = 20_000  # objects more than before: a call makes a few thousand and next to no circle of them
STATIC = Path(__file__).parent / "pages" / "static"


def create_app(
    settings: Settings | None = None,
    library: Library | None = None,
    today: Callable[[], date] | None = None,
    journal: Journal | None = None,
) -> FastAPI:
    """The application. The day is passed in so that an answer can be repeated; without it, it is the site's own day.

    Raises KnowledgeFault or SettingsFault at once where the knowledge base or a setting cannot be used.
    """
    settings = settings or read_settings()
    library = library or site_library(settings.site)
    journal = journal or Journal(settings)
    today = today or (lambda: datetime.now(settings.timezone).date())
    readiness, metrics = Readiness(), Metrics(library)
    trust, servers = _for_clients(settings)
    house = House(library, settings, today, journal, servers, terms_of(library, settings.clients))
    readiness.add("journal", journal.ready)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(journal.open)
        gc.freeze()
        gc.set_threshold(_RARELY)
        gc.enable()
        with drained_on_sigterm(readiness, settings.drain_seconds):
            yield
        for way_out in (servers, trust):
            if way_out:
                await way_out.close()
        await asyncio.to_thread(journal.close)

    app = FastAPI(
        title="Wane",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        redirect_slashes=False,  # a redirect would lead to whatever host the request named
    )
    app.include_router(hook_routes(house))
    app.include_router(feedback_routes(house))
    app.include_router(fhir_routes(library, settings))
    app.include_router(advise_routes(house))
    app.include_router(knowledge_routes(Shelf(library, settings.public_url), settings, today))
    app.include_router(taper_routes(house))
    app.include_router(operation_routes(library, readiness, metrics))
    app.include_router(planner_routes(house))
    app.include_router(page_routes(library, settings))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for kind in (ServiceFault, RequestFault):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(HTTPException, _answer_status)
    app.add_exception_handler(RequestValidationError, _answer_parameter)
    app.add_middleware(Straightaway, answers=straight(house))
    if access_of(settings) is Access.OPEN:
        app.add_middleware(Banner, language=settings.language)
    if trust:
        from app.clients.door import Door  # noqa: PLC0415 - see `_for_clients`

        app.add_middleware(Door, trust=trust)
    app.add_middleware(LastResort)  # each of these stands around the one before
    app.add_middleware(Gate, settings=settings)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "accept", "accept-language", "prefer"],
        max_age=600,
    )
    app.add_middleware(Watch, metrics=metrics)
    describe(app, {**FEEDBACK_SCHEMAS, **FHIR_SCHEMAS, **TAPER_SCHEMAS})
    return app


def _for_clients(settings: Settings) -> "tuple[Trust | None, Servers | None]":
    """What only registered clients need: a service without any is ready sooner."""
    if not settings.clients:
        return None, None
    from app.clients.door import Trust  # noqa: PLC0415 - brings an HTTP client and cryptography with it
    from app.ehr.servers import Servers  # noqa: PLC0415

    return Trust(settings), Servers(settings)


async def _answer(request: Request, error: Exception) -> Response:
    note_fault(error)
    return error_response(answer_to(error), request.scope["path"])


async def _answer_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    path = request.scope["path"]
    response = error_response(answer_to_status(error.status_code, fhir=is_fhir(path)), path)
    response.headers.update(error.headers or {})
    return response


async def _answer_parameter(request: Request, _error: Exception) -> Response:
    return error_response(answer_to_status(400), request.scope["path"])
