"""One application whose every message in and out a test holds in its hand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.main import create_app
from app.settings import Settings
from knowledge.library import Library, read_library

SELECT = "/cds-services/order-select"


@dataclass
class Exchange:
    """One request: what is sent is put into `sent`, what comes back is in `status`, `headers` and `body`."""

    sent: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    asked: int = 0  # how often the application asked for a message
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    done: bool = False

    def send(self, body: bytes, more: bool = False) -> None:
        self.sent.put_nowait({"type": "http.request", "body": body, "more_body": more})

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        return await self.sent.get()

    async def take(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
            self.done = not message.get("more_body", False)

    @property
    def outcome(self) -> Any:
        return orjson.loads(self.body)


class Caller:
    """Calls an application as a server would."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def call(
        self,
        exchange: Exchange | None = None,
        *,
        path: str = SELECT,
        method: str = "POST",
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        client: str | None = "127.0.0.1",
    ) -> Exchange:
        exchange = exchange or Exchange()
        sent = {"content-type": "application/json"}
        if body is not None:
            exchange.send(body)
            sent["content-length"] = str(len(body))
        sent |= headers or {}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "client": (client, 50_000) if client else None,
            "server": ("127.0.0.1", 8000),
        }
        await self.app(scope, exchange.receive, exchange.take)
        return exchange


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture
def caller(library: Library, tmp_path: Path) -> Callable[..., Caller]:
    """An application with these settings."""

    def build(**settings: Any) -> Caller:
        return Caller(
            create_app(
                Settings(journal=tmp_path / "journal.sqlite", **settings), library, today=lambda: date(2026, 11, 21)
            )
        )

    return build
