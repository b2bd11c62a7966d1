"""For whoever runs Wane: is it alive, can it answer."""

from fastapi import APIRouter, Response

from app.journal.journal import Journal
from app.routes.answer import json_response
from knowledge.library import Library


def operation_routes(library: Library, journal: Journal) -> APIRouter:
    """Liveness and readiness."""
    router = APIRouter(prefix="/health", tags=["Operations"])

    @router.get("/live", summary="The process answers")
    async def live() -> Response:
        return json_response({"status": "live"})

    @router.get("/ready", summary="The knowledge base is loaded, and the journal can be written")
    async def ready() -> Response:
        if why := await journal.ready():
            return json_response({"status": "not ready", "journal": why}, 503)
        return json_response({"status": "ready", "knowledge": library.version, "rules": len(library.rules)})

    return router
