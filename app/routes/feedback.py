"""What clinicians did with cards: taken in from EHRs, and counted for whoever looks after the advice."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from app.calls import note_feedback
from app.errors import Issue, JournalUnavailable
from app.feedback import report as reporting
from app.feedback.commands import days
from app.feedback.kept import Given
from app.journal.database import DatabaseAway, engine_for
from app.limits.deadline import in_time
from app.metrics import NO_REASON, OTHER
from app.routes import described_feedback as described
from app.routes.answer import json_response
from app.routes.body import read_json
from app.routes.hooks import House, unknown_service
from app.settings import Settings
from cds_hooks.feedback import OVERRIDDEN, Feedback, read_feedback
from knowledge.overrides import OverrideReason, recognised


def feedback_routes(house: House) -> APIRouter:
    """Feedback in, and its summary."""
    router = APIRouter()

    @router.post("/cds-services/{service}/feedback", tags=["CDS Hooks"], **described.feedback())
    async def take(request: Request, service: Annotated[str, described.SERVICE]) -> Response:
        terms = house.terms_for(request)
        if service not in terms.hooks:
            raise unknown_service(terms.hooks)
        items = read_feedback(await read_json(request, house.settings))
        reasons = house.library.override_reasons
        if items:
            await house.journal.keep(Given(terms.name, service, items, reasons))
        note_feedback((item.outcome, _reason(item, reasons)) for item in items)
        return Response(status_code=200, headers={"Cache-Control": "no-store"})

    @router.get("/feedback/summary", tags=["Operations"], **described.summary())
    async def summary(
        request: Request,
        since: Annotated[date | None, Query(description="The first day; else 90 days before the last.")] = None,
        until: Annotated[date | None, Query(description="The last day (UTC); else today.")] = None,
        form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
    ) -> Response:
        """A registered client is told of its own calls; where nobody is registered, all are told."""
        client = getattr(request.state, "client", None)
        first, last = days(since, until)
        told = await asyncio.to_thread(_counted, house.settings, first, last, client.name if client else None)
        if form == "json":
            return json_response(reporting.as_json(told))
        text = reporting.as_csv(told, list(house.library.override_reasons))
        return Response(text, media_type="text/csv", headers={"Cache-Control": "no-store"})

    return router


def _reason(item: Feedback, reasons: Mapping[str, OverrideReason]) -> str:
    if item.outcome != OVERRIDDEN or item.reason is None or item.reason.code is None:
        return NO_REASON
    return recognised(reasons, item.reason.code, item.reason.system) or OTHER


def _counted(settings: Settings, first: date, last: date, client: str | None) -> reporting.Report:
    try:
        with engine_for(settings, reads=True).connect() as connection:
            return reporting.report(connection, first, last, client, in_time)
    except (SQLAlchemyError, DatabaseAway, OSError):
        raise JournalUnavailable(
            Issue("transient", "The journal cannot be read now. Ask again in a few seconds.")
        ) from None
