"""Pages for people: start, API documentation, evidence. Everything they load is served from here."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import tomli
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from app.errors import Issue, UnknownService
from app.routes.answer import json_response
from app.routes.language import language_of
from app.settings import Settings
from knowledge.claim import Document, Newer
from knowledge.coverage import Coverage, Place, load_coverage
from knowledge.library import Library
from knowledge.rule import Rule
from knowledge.texts import LANGUAGES

if TYPE_CHECKING:
    from jinja2 import Environment

_PAGES = Path(__file__).parents[1] / "pages"


def page_routes(library: Library, settings: Settings) -> APIRouter:
    """The pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def start(lang: str | None = Query(None), accept_language: str | None = Header(None)) -> Response:
        language = _language(lang, accept_language, settings)
        rules = [
            (rule, library.texts[rule.id].title[language]) for rule in sorted(library.rules, key=lambda r: r.priority)
        ]
        return _page("start.html", language, rules=rules, knowledge=library.version)

    @router.get("/evidence")
    async def documents(lang: str | None = Query(None), accept_language: str | None = Header(None)) -> Response:
        language = _language(lang, accept_language, settings)
        rules = [(rule, library.texts[rule.id].title[language]) for rule in library.rules]
        return _page("documents.html", language, documents=library.documents, rules=rules, knowledge=library.version)

    @router.get("/evidence/documents/{document_id}")
    async def document(
        document_id: str, lang: str | None = Query(None), accept_language: str | None = Header(None)
    ) -> Response:
        found = next((document for document in library.documents if document.id == document_id), None)
        if found is None:
            raise UnknownService(Issue("not-found", "There is no such document. /evidence lists the documents."))
        language = _language(lang, accept_language, settings)
        entries = _coverage(library).entries
        return _page(
            "document.html", language, document=found, claims=[(claim, entries[claim.id]) for claim in found.claims],
            places={place: _words()[language][f"place_{place}"] for place in Place}, rules=library.by_id,
            knowledge=library.version,
        )  # fmt: skip

    @router.get("/evidence/{rule_id}")
    async def evidence(
        rule_id: str, lang: str | None = Query(None), accept_language: str | None = Header(None)
    ) -> Response:
        rule = library.by_id.get(rule_id)
        if rule is None:
            raise UnknownService(Issue("not-found", "There is no such rule. The start page lists the rules."))
        language = _language(lang, accept_language, settings)
        texts = library.texts[rule.id]
        says = [(block, texts.says[language, block.name]) for block in rule.speak]
        notes = [(block, texts.notes[language, block.name]) for block in rule.notes]
        claims = [(claim, document) for claim, document in library.claims_of(rule)]
        newer = _newer(library, rule)
        return _page(
            "evidence.html", language, rule=rule, title=texts.title[language], says=says, notes=notes, claims=claims,
            cases=library.cases[rule.id], newer=newer, knowledge=library.version,
        )  # fmt: skip

    @router.get("/openapi.json")
    async def openapi(request: Request) -> Response:
        app = request.app
        assert isinstance(app, FastAPI)  # noqa: S101 - these routes are only ever included in one
        return json_response(app.openapi())

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Wane: try the API",
            swagger_js_url="/static/swagger/swagger-ui-bundle.js",
            swagger_css_url="/static/swagger/swagger-ui.css",
            swagger_favicon_url="/static/favicon.svg",
            swagger_ui_parameters={"tryItOutEnabled": True, "defaultModelsExpandDepth": 0},
        )

    return router


def _newer(library: Library, rule: Rule) -> list[Newer]:
    """What has appeared since about the statements a rule rests on."""
    claims = set(rule.claims)
    return [item for document in library.documents for item in document.newer if claims & set(item.claims)]


@cache
def _coverage_of(documents: tuple[Document, ...]) -> Coverage:
    return load_coverage(documents)


def _coverage(library: Library) -> Coverage:
    """Where each claim went: read when the first document is looked at."""
    return _coverage_of(library.documents)


def _language(wanted: str | None, accept: str | None, settings: Settings) -> str:
    return wanted if wanted in LANGUAGES else language_of(accept, settings.language)


def _page(template: str, language: str, **values: object) -> HTMLResponse:
    html = (
        _templates()
        .get_template(template)
        .render(lang=language, languages=LANGUAGES, words=_words()[language], **values)
    )
    return HTMLResponse(html, headers={"Content-Language": language, "Vary": "Accept-Language"})


@cache
def _templates() -> "Environment":
    """The templates, loaded when the first page is asked for: a service that only answers hooks never needs them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomli.loads((_PAGES / "words.toml").read_text(encoding="utf-8"))
