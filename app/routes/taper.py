"""Plans of tapers: plain JSON in and out, and the same as a FHIR operation."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from app.clients.terms import Terms
from app.errors import Issue, UnusableFields
from app.planning.asked import asked
from app.planning.fields import Fault
from app.planning.making import planned
from app.render.plan_json import plan_json, refusal_json
from app.render.plan_words import PlanWords
from app.routes.answer import json_response
from app.routes.body import read_json
from app.routes.described_taper import plan_described
from app.routes.hooks import House
from app.routes.language import language_of
from knowledge.taper import Plan, Refusal


def taper_routes(house: House) -> APIRouter:
    """POST /taper/plan."""
    router = APIRouter(tags=["Taper plans"])

    @router.post("/taper/plan", **plan_described())
    async def plan(
        request: Request, accept_language: Annotated[str | None, Header(description="nl, fr, en or de")] = None
    ) -> Response:
        body = await read_json(request, house.settings)
        if not isinstance(body, Mapping):
            raise UnusableFields(Issue("structure", "The body is no object. Send the fields of a plan.", "$this"))
        terms = house.terms_for(request)
        language = language_of(accept_language, terms.language(house.settings.language))
        made, products_from = plan_of(body, terms, house.today())
        words = PlanWords(terms.library, language)
        if isinstance(made, Refusal):
            return json_response({"outcome": "refused", "refusal": refusal_json(made, words)}, language=language)
        told = {"outcome": "planned", "products_from": products_from, "plan": plan_json(made, words)}
        return json_response({**told, "reviewed": False}, language=language)

    return router


def plan_of(fields: Mapping[str, object], terms: Terms, today: date) -> tuple[Plan | Refusal, str]:
    """The plan or the refusal for these fields, and whose products it counts on.

    Raises UnusableFields (400) that names every field which cannot be read.
    """
    request = asked(fields, terms.library, today, terms.country)
    if isinstance(request, tuple):
        raise unusable(*request)
    made = planned(request)
    if isinstance(made, Fault):
        raise unusable(made)
    return made, request.products_from


def unusable(*faults: Fault) -> UnusableFields:
    """The answer that names these fields."""
    return UnusableFields(*(Issue("invalid", fault.text, fault.path) for fault in faults))
