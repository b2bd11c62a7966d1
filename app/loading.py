"""The service loaded without collecting garbage meanwhile: what is loaded at start stays, and looking through it again and
again is a seventh of the time until it is ready. `app.main` collects again once it is."""

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI


def application() -> "FastAPI":
    """The application, in the process that is to serve it. Raises as `create_app` does."""
    gc.disable()
    from app import main  # noqa: PLC0415

    return main.create_app()
