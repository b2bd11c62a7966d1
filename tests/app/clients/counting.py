"""What goes out of this process: every connection and every look-up of a name, counted; and a server that answers."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class _Outward:
    """One audit hook for the whole run, since one cannot be taken away again."""

    def __init__(self) -> None:
        self.listening: list[list[tuple[str, object]]] = []
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.listening and event in ("socket.connect", "socket.getaddrinfo"):
            where = arguments[1] if event == "socket.connect" else arguments[:2]
            for heard in self.listening:
                heard.append((event, where))


_OUTWARD = _Outward()


@contextmanager
def outward() -> Iterator[list[tuple[str, object]]]:
    """What this process connects to, or asks the address of, while this lasts."""
    heard: list[tuple[str, object]] = []
    _OUTWARD.listening.append(heard)
    try:
        yield heard
    finally:
        _OUTWARD.listening.remove(heard)


Answering = Callable[[str, dict[str, str]], tuple[int, dict[str, str], bytes]]


class Counted:
    """An HTTP server on loopback: what it was asked, and with which headers. `answer` says what it answers to a path."""

    def __init__(self, answer: Answering, address: str = "127.0.0.1") -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.headers.append(dict(self.headers.items()))
                status, headers, body = server.answer(self.path, server.headers[-1])
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Listening(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
            request_queue_size = 200

        self._server = Listening((address, 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.origin = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
