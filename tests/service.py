"""Wane in this process, on a fixed day: the same application a hospital runs, without a socket."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from app.main import create_app
from app.settings import Settings

BASE_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: httpx.Headers
    content: bytes

    def json(self) -> Any:
        """The body, read strictly: what RFC 8259 does not know (NaN) is refused."""
        return json.loads(self.content, parse_constant=refuse)


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


class Service:
    """One application and one event loop; calls are made one after the other."""

    def __init__(self, runner: asyncio.Runner, client: httpx.AsyncClient) -> None:
        self._runner = runner
        self._client = client

    def call(
        self, method: str, path: str, *, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer:
        response = self._runner.run(self._client.request(method, path, content=content, headers=headers))
        return Answer(response.status_code, response.headers, response.content)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        sent = {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.call("POST", path, content=json.dumps(body).encode(), headers=sent)


@contextmanager
def service_on(day: date, settings: Settings | None = None) -> Iterator[Service]:
    """Wane started, and stopped again at the end; for it, today is `day`. Its journal goes with it, unless one is given."""
    with asyncio.Runner() as runner, TemporaryDirectory() as folder:
        settings = settings or Settings()
        if settings.journal == Settings().journal:
            settings = replace(settings, journal=Path(folder, "journal.sqlite"))
        app = create_app(settings, today=lambda: day)
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        # An exception in the service is an answer here, as it is to a client.
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=BASE_URL)
        try:
            yield Service(runner, client)
        finally:
            runner.run(client.aclose())
            runner.run(lifespan.__aexit__(None, None, None))
