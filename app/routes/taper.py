"""Plans of tapers: plain JSON in and out, and the same as a FHIR operation."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from app.clients.terms import Terms
from app.errors import Issue, PlanRefused, UnusableFields
from app.planning.asked import FIELDS, asked
from app.planning.fields import Fault
from app.planning.making import planned
from app.planning.parameters import read_parameters
from app.render.plan.fhir import plan_bundle
from app.render.plan.papers import Papers
from app.render.plan_json import plan_json, refusal_json
from app.render.plan_words import PlanWords
from app.routes.answer import FHIR_JSON, json_response
from app.routes.body import read_json
from app.routes.described_taper import plan_described, plan_taper
from app.routes.hooks import House
from app.routes.language import language_of
from app.routes.negotiation import only_json
from knowledge.taper import Plan, Refusal


def taper_routes(house: House) -> APIRouter:
    """POST /taper/plan and POST /fhir/$plan-taper."""
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

    @router.post("/fhir/$plan-taper", dependencies=[Depends(only_json)], **plan_taper())
    async def plan_taper_operation(
        request: Request, accept_language: Annotated[str | None, Header(description="nl, fr, en or de")] = None
    ) -> Response:
        body, terms, today = await read_json(request, house.settings), house.terms_for(request), house.today()
        parameters = read_parameters(body, terms.library, today)
        if isinstance(parameters, Fault):
            raise unusable(parameters)
        try:
            made, _ = plan_of(parameters.fields, terms, today)
        except UnusableFields as fault:
            raise UnusableFields(*map(_in_parameters, fault.issues)) from None
        words = PlanWords(terms.library, language_of(accept_language, terms.language(house.settings.language)))
        if isinstance(made, Refusal):
            raise refused(made, words)
        papers = Papers(made, words, parameters.subject or NO_SUBJECT, today)
        bundle = plan_bundle(papers, sequence=parameters.sequence)
        return json_response(bundle, language=words.language, media=FHIR_JSON)

    return router


NO_SUBJECT: dict[str, object] = {"type": "Patient", "display": "not told"}
REASONS = "https://wane.example/fhir/CodeSystem/taper-reasons"


def refused(refusal: Refusal, words: PlanWords) -> PlanRefused:
    """The answer of the FHIR operation where there is no plan: each reason, and what would help."""
    reasons = [
        Issue("business-rule", text, coding=(REASONS, note.code))
        for note, text in zip(refusal.because, words.because(refusal), strict=True)
    ]
    help_ = [
        Issue("informational", text, severity="information", coding=(REASONS, note.code))
        for note, text in zip(refusal.alternatives, words.alternatives(refusal), strict=True)
    ]
    return PlanRefused(*reasons, *help_)


def _in_parameters(issue: Issue) -> Issue:
    field = re.split(r"[.\[]", issue.expression or "")[0]
    where = f"Parameters.parameter.where(name='{field}')" if field in FIELDS else "Parameters.parameter"
    return replace(issue, expression=where)


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
