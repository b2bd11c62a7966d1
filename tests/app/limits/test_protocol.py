"""Headers that come too slowly, on a server in this process."""

import asyncio
import re
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from app.limits import protocol
from app.limits.protocol import BoundedProtocol


async def _answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["path"] == "/slow":
        await asyncio.sleep(0.3)  # longer than headers may take
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def _exchange(*parts: bytes) -> bytes:
    config = Config(_answer, log_config=None, access_log=False, timeout_keep_alive=1)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: BoundedProtocol(config, ServerState(), {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for part in parts:
        writer.write(part)
        await writer.drain()
    answered = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    server.close()
    return answered


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.1)


def test_headers_that_do_not_end_are_cut_off_with_408() -> None:
    answered = asyncio.run(_exchange(b"GET / HTTP/1.1\r\n", b"Host: wane\r\n"))
    assert answered.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b'"OperationOutcome"' in answered


def test_a_connection_on_which_nothing_is_sent_is_closed_without_a_word() -> None:
    assert asyncio.run(_exchange()) == b""


def test_headers_of_a_second_request_have_their_own_time() -> None:
    whole = b"GET / HTTP/1.1\r\nHost: wane\r\n\r\n"
    answered = asyncio.run(_exchange(whole, b"GET / HTTP/1.1\r\n"))
    assert re.findall(rb"HTTP/1.1 (\d+)", answered) == [b"200", b"408"]


def test_an_answer_that_takes_longer_is_not_broken_into_by_half_a_further_request() -> None:
    slow = b"GET /slow HTTP/1.1\r\nHost: wane\r\n\r\n"
    answered = asyncio.run(_exchange(slow, b"GET / HTTP/1.1\r\n"))
    assert answered.startswith(b"HTTP/1.1 200 OK")
