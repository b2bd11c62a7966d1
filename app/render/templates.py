"""The templates of pages and printed texts, loaded when the first one is asked for."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

PAGES = Path(__file__).parents[1] / "pages"


def filled(template: str, **values: object) -> str:
    """The template with these values, each escaped. `marked` shows a card's `**bold**`.

    Raises jinja2.UndefinedError for a value that is missing.
    """
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> "Environment":
    """Made late: a service that only answers hooks never needs it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["marked"] = _marked
    return environment


def _marked(text: str) -> "Markup":
    """The text of a card, escaped; what stands between `**` is bold."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    parts = text.split("**")
    return Markup("").join(Markup("<strong>{}</strong>").format(p) if n % 2 else escape(p) for n, p in enumerate(parts))
