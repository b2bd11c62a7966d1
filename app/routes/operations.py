"""For whoever runs Wane: is it alive, can it answer, what has it done."""

from fastapi import APIRouter, Response

from app.errors import Issue, NotReady
from app.metrics import MEDIA_TYPE, Metrics
from app.readiness import Readiness
from app.routes.answer import json_response
from knowledge.library import Library


def operation_routes(library: Library, readiness: Readiness, metrics: Metrics) -> APIRouter:
    """Liveness, readiness and metrics."""
    router = APIRouter(tags=["Operations"])

    @router.get("/health/live", summary="The process answers")
    async def live() -> Response:
        return json_response({"status": "live"})

    @router.get("/health/ready", summary="The knowledge base is loaded, and the journal can be written")
    async def ready() -> Response:
        reasons = await readiness.reasons()
        if reasons:
            raise NotReady(*(Issue("transient", reason) for reason in reasons.values()))
        return json_response({"status": "ready", "knowledge": library.version, "rules": len(library.rules)})

    @router.get("/metrics", include_in_schema=False)
    async def figures() -> Response:
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    return router
