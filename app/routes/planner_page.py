"""The planner page and what can be saved from it: one address, without a name in it, for each plan."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.planning.asked import Asked, asked
from app.planning.fields import Fault
from app.planning.form import Form, held_to_known, read_form
from app.planning.making import planned
from app.render.plan.calendar import MEDIA_TYPE, calendar_ics
from app.render.plan.curve import curve_svg
from app.render.plan.fhir import plan_bundle
from app.render.plan.form_page import form_values
from app.render.plan.page import plan_values, refusal_values
from app.render.plan.papers import Papers
from app.render.plan.printed import leaflet_html, letter_html
from app.render.plan_json import plan_json
from app.render.plan_words import PlanWords
from app.routes.answer import FHIR_JSON, bytes_response, json_response
from app.routes.hooks import House
from app.routes.page import page, page_language, page_words
from app.routes.taper import NO_SUBJECT, refused, unusable
from knowledge.taper import Plan, Refusal

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
Lang = Annotated[str | None, Query()]
Accept = Annotated[str | None, Header()]


def planner_routes(house: House) -> APIRouter:
    """GET /taper and, for the same query string, its leaflet, letter, calendar, curve and data.

    None of them waits for anything, and a plan takes its time: they run beside the event loop, which answers hooks.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/taper")
    def planner(request: Request, lang: Lang = None, accept_language: Accept = None) -> HTMLResponse:
        reader = _Reader(house, request, lang, accept_language)
        response = page("planner.html", reader.language, status=reader.status, **reader.values())
        response.headers.update(PRIVATE)
        return response

    @router.get("/taper/leaflet")
    def leaflet(request: Request, lang: Lang = None, accept_language: Accept = None) -> Response:
        reader = _Reader(house, request, lang, accept_language)
        return reader.html(leaflet_html(reader.plan(), reader.words, house.library))

    @router.get("/taper/letter")
    def letter(request: Request, lang: Lang = None, accept_language: Accept = None) -> Response:
        reader = _Reader(house, request, lang, accept_language)
        return reader.html(letter_html(reader.plan(), reader.words))

    @router.get("/taper/plan.ics")
    def calendar(request: Request, lang: Lang = None, accept_language: Accept = None) -> Response:
        reader = _Reader(house, request, lang, accept_language)
        return reader.file(calendar_ics(reader.plan(), reader.words), MEDIA_TYPE, "ics")

    @router.get("/taper/plan.svg")
    def curve(request: Request, lang: Lang = None, accept_language: Accept = None) -> Response:
        reader = _Reader(house, request, lang, accept_language)
        return reader.file(curve_svg(reader.plan(), reader.words).encode(), "image/svg+xml", "svg")

    @router.get("/taper/plan.json")
    def data(request: Request, lang: Lang = None, accept_language: Accept = None) -> Response:
        reader = _Reader(house, request, lang, accept_language)
        response = json_response(plan_json(reader.plan(), reader.words), language=reader.language)
        response.headers.update(PRIVATE | _saved_as("json"))
        return response

    @router.get("/taper/plan.fhir.json")
    def bundle(request: Request, lang: Lang = None, accept_language: Accept = None) -> Response:
        reader = _Reader(house, request, lang, accept_language)
        papers = Papers(reader.plan(), reader.words, NO_SUBJECT, reader.today)
        response = json_response(plan_bundle(papers), language=reader.language, media=FHIR_JSON)
        response.headers.update(PRIVATE | _saved_as("fhir.json"))
        return response

    return router


class _Reader:
    """Who reads, in which language, and what they asked for."""

    def __init__(self, house: House, request: Request, lang: str | None, accept: str | None) -> None:
        terms = house.terms_for(request)
        self.language = page_language(lang, accept, terms.language(house.settings.language))
        self.today: date = house.today()
        self.words = PlanWords(terms.library, self.language)
        self.form: Form = read_form(request.query_params.multi_items())
        self.faults: list[Fault] = []
        self.asked: Asked | None = None
        self.made: Plan | Refusal | None = None
        if self.form.address:
            self._make(terms.country)

    def _make(self, country: str | None) -> None:
        self.faults = [Fault(name, "An address says nothing about a person.") for name in self.form.personal]
        found = asked(self.form.fields(), self.words.library, self.today, country)
        if isinstance(found, tuple):
            self.faults += found
        elif not self.faults:
            self.asked = replace(found, request=held_to_known(found.request, self.words.library))
            made = planned(self.asked)
            if isinstance(made, Fault):
                self.faults.append(made)
            else:
                self.made = made

    @property
    def status(self) -> int:
        """400 where a field cannot be read; a refusal is an answer."""
        return 400 if self.faults else 200

    def plan(self) -> Plan:
        """The plan. Raises UnusableFields (400) or PlanRefused (422)."""
        if isinstance(self.made, Plan):
            return self.made
        if isinstance(self.made, Refusal):
            raise refused(self.made, self.words)
        raise unusable(*(self.faults or [Fault("medicine", "This field must be there: name the medicine.")]))

    def values(self) -> dict[str, object]:
        """What the page shows."""
        labels = page_words("planner")[self.language]
        notes = [labels["replaced"]] if self.form.replaced else []
        if self.form.unknown:
            notes.append(labels["unknown_fields"].format(names=", ".join(self.form.unknown)))
        values = form_values(self.form, self.words, labels, self.today, self.asked, self.faults)
        values |= {"t": labels, "say": self.words, "page_notes": notes, "knowledge": self.words.library.version}
        if self.asked and isinstance(self.made, Plan):
            return values | plan_values(self.made, self.asked, self.form, self.words, labels, self.today)
        if self.asked and isinstance(self.made, Refusal):
            return values | refusal_values(self.made, self.asked, self.form, self.words)
        return values | {"plan": None, "refused": None, "alternatives": [], "about": None}

    def html(self, text: str) -> HTMLResponse:
        """A page to print."""
        return HTMLResponse(text, headers=PRIVATE | {"Content-Language": self.language, "Vary": "Accept-Language"})

    def file(self, body: bytes, media: str, ending: str) -> Response:
        """A file to keep; its name says nothing."""
        response = bytes_response(body, media, self.language)
        response.headers.update(PRIVATE | _saved_as(ending))
        return response


def _saved_as(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="plan.{ending}"'}
