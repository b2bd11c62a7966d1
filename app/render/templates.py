"""The templates of pages and printed texts, loaded when the first one is asked for."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

PAGES = Path(__file__).parents[1] / "pages"


def filled(template: str, **values: object) -> str:
    """The template with these values, each escaped. Raises jinja2.UndefinedError for a value that is missing."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> "Environment":
    """Made late: a service that only answers hooks never needs it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    return Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
