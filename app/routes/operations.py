"""For whoever runs Wane: is it alive, can it answer."""

from fastapi import APIRouter, Response

from app.routes.answer import json_response
from knowledge.library import Library


def operation_routes(library: Library) -> APIRouter:
    """Liveness and readiness."""
    router = APIRouter(prefix="/health", tags=["Operations"])

    @router.get("/live", summary="The process answers")
    async def live() -> Response:
        return json_response({"status": "live"})

    @router.get("/ready", summary="The knowledge base is loaded")
    async def ready() -> Response:
        return json_response({"status": "ready", "knowledge": library.version, "rules": len(library.rules)})

    return router
