"""Pages for people: start and API documentation. Everything they load is served from here."""

from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from app.routes.answer import json_response
from app.routes.evidence import evidence_routes
from app.routes.page import page, page_language
from app.settings import Settings
from knowledge.library import Library


def page_routes(library: Library, settings: Settings) -> APIRouter:
    """The pages."""
    router = APIRouter(include_in_schema=False)
    router.include_router(evidence_routes(library, settings))

    @router.get("/")
    async def start(lang: str | None = Query(None), accept_language: str | None = Header(None)) -> Response:
        language = page_language(lang, accept_language, settings.language)
        rules = [
            (rule, library.texts[rule.id].title[language]) for rule in sorted(library.rules, key=lambda r: r.priority)
        ]
        return page("start.html", language, rules=rules, knowledge=library.version)

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
