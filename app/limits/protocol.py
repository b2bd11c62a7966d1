"""HTTP on one connection, with what uvicorn leaves unlimited: how long headers may take, and how large they may be."""

import asyncio
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import Issue, outcome

HEADER_SECONDS = 10
_HEADER_BYTES = 64 * 1024
_LINGER_SECONDS = 2.0
_LINES = {
    400: ("Bad Request", Issue("structure", "This is not HTTP as RFC 9112 has it. Send it again.")),
    408: ("Request Timeout", Issue("timeout", f"The headers did not arrive within {HEADER_SECONDS} s.")),
    431: ("Request Header Fields Too Large", Issue("too-long", f"The headers are larger than {_HEADER_BYTES} bytes.")),
}


class BoundedProtocol(HttpToolsProtocol):
    """Waits for whole headers from the moment a connection is made, and from the first byte of every further request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._header_bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._in_headers = True
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        self._headers_are_there()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        if self._in_headers:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._in_headers and self._header_bytes > _HEADER_BYTES:
            self._refuse(431)

    def on_message_begin(self) -> None:
        if self._timer is None:
            self._wait_for_headers()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._headers_are_there()
        self._in_headers = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_headers, self._header_bytes = True, 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words are no OperationOutcome
        self._refuse(400)

    def _wait_for_headers(self) -> None:
        self._timer = self.loop.call_later(HEADER_SECONDS, self._too_slow)

    def _headers_are_there(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_for_headers()  # of the next request, while the one before is still being answered
        elif self._header_bytes or self.cycle is not None:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """Say why, unless an answer has begun, and close: in a while, since who is cut off while sending reads nothing."""
        self._headers_are_there()
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            phrase, issue = _LINES[status]
            body = orjson.dumps(outcome([issue]))
            head = f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
            self.transport.write(f"{head}connection: close\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self.transport.close)
