"""A page for people: its language, its words, and the frame around what it shows."""

from collections.abc import Mapping
from functools import cache

import tomli
from fastapi.responses import HTMLResponse

from app.render.templates import PAGES, filled
from app.routes.language import language_of
from knowledge.texts import LANGUAGES


def page_language(wanted: str | None, accept: str | None, default: str) -> str:
    """What the address asks for, else the best of Accept-Language, else the default."""
    return wanted if wanted in LANGUAGES else language_of(accept, default)


def page(template: str, language: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page in this language."""
    html = filled(template, lang=language, languages=LANGUAGES, words=page_words()[language], **values)
    return HTMLResponse(html, status, headers={"Content-Language": language, "Vary": "Accept-Language"})


@cache
def page_words(name: str = "words") -> Mapping[str, Mapping[str, str]]:
    """The words of pages by language: those all of them share, or those of one page."""
    table: dict[str, dict[str, str]] = tomli.loads((PAGES / f"{name}.toml").read_text(encoding="utf-8"))
    return table
