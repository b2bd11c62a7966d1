"""One knowledge base for all, and a day that does not move."""

from collections.abc import Callable
from datetime import date

import pytest

from app.planning.asked import Asked, asked
from app.planning.fields import Fault
from knowledge.library import Library, read_library

TODAY = date(2026, 11, 29)
Ask = Callable[..., Asked | tuple[Fault, ...]]


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture
def ask(library: Library) -> Ask:
    return lambda of_client=None, **fields: asked(fields, library, TODAY, of_client)
