"""A FHIR server in a process of its own: it serves what it is told to, with the faults it is told to have.

PUT /_told sets {"data": {Type: [resources]}, "fault": {Type: fault}, "page": entries on a page, "token": the one it wants}
and forgets what it was asked; GET /_asked tells what it was asked: [path, Authorization, Cookie].
"""

import gzip
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

STATE: dict[str, Any] = {}
ASKED: list[list[str | None]] = []
GOING_ON = threading.Event()


class Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        STATE.clear()
        STATE.update({"data": {}, "fault": {}, "page": 50, "token": None, **json.loads(content)})
        ASKED.clear()
        self._send(200, {})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/_asked":
            self._send(200, ASKED)
            return
        ASKED.append([self.path, self.headers.get("Authorization"), self.headers.get("Cookie")])
        kind, _, identity = parts.path.removeprefix("/fhir/").partition("/")
        fault = STATE["fault"].get(kind)
        if STATE["token"] and self.headers.get("Authorization") != f"Bearer {STATE['token']}":
            self._send(401, _outcome())
        elif fault:
            self._fail(fault, kind, parts.query)
        elif identity:
            found = [each for each in STATE["data"].get(kind, []) if each.get("id") == identity]
            self._send(200 if found else 404, found[0] if found else _outcome())
        else:
            self._send(200, self._page(kind, parts.query))

    def _page(self, kind: str, query: str) -> dict[str, Any]:
        asked = parse_qs(query)
        start, size = int(asked.get("_start", ["0"])[0]), STATE["page"]
        found = STATE["data"].get(kind, [])
        entries = [{"resource": each, "search": {"mode": "match"}} for each in found[start : start + size]]
        more = [{"relation": "next", "url": self._url(kind, start + size)}] if start + size < len(found) else []
        return {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": more, "entry": entries}

    def _url(self, kind: str, start: int) -> str:
        return f"http://{self.headers['Host']}/fhir/{kind}?patient=1&_start={start}"

    def _fail(self, fault: str, kind: str, query: str) -> None:
        name, _, value = fault.partition(" ")
        match name:
            case "status":
                self._send(int(value), _outcome(), **({"Retry-After": "30"} if value in ("429", "503") else {}))
            case "redirect":
                self._send(302, {}, Location=value)
            case "body":
                self._raw(200, value.encode())
            case "next":
                page = self._page(kind, query)
                self._send(200, {**page, "link": [{"relation": "next", "url": value}]})
            case "endless":
                start = int(parse_qs(query).get("_start", ["0"])[0])
                page = {"resourceType": "Bundle", "type": "searchset", "entry": []}
                self._send(200, {**page, "link": [{"relation": "next", "url": self._url(kind, start + 1)}]})
            case "half":
                content = json.dumps(self._page(kind, query)).encode()
                self._raw(200, content[: len(content) // 2], length=len(content))
                self.close_connection = True
            case "half-chunked":
                content = json.dumps(self._page(kind, query)).encode()
                self._raw(200, content[: len(content) // 2])
            case "drip":
                content = json.dumps(self._page(kind, query)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.05)  # what the fault is: a byte now and then
            case "silent":
                GOING_ON.wait(30)
            case _:
                self._overdo(name, value, kind, query)

    def _overdo(self, name: str, value: str, kind: str, query: str) -> None:
        match name:
            case "gzip":  # a few kilobytes that stand for fifty megabytes
                self._raw(200, gzip.compress(b" " * 50_000_000, 9), Content_Encoding="gzip")
            case "secretly":  # compressed, and nothing says so
                self._raw(200, gzip.compress(json.dumps(self._page(kind, query)).encode()))
            case "huge":
                self._raw(200, b'{"resourceType": "Bundle", "type": "searchset", "x": "' + b"x" * int(value) + b'"}')
            case "endless-body":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                while True:  # until whoever asked goes away
                    self.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            case "headers":
                self._raw(200, b"{}", None, **{f"X-{number}": "x" * 1000 for number in range(int(value))})
            case "typed":
                self._raw(200, json.dumps(self._page(kind, query)).encode(), None, Content_Type=value)
            case "marked":
                self._raw(200, b"\xef\xbb\xbf" + json.dumps(self._page(kind, query)).encode())
            case "deep":
                nested = b'{"extension": [' * int(value) + b"{}" + b"]}" * int(value)
                self._raw(200, b'{"resourceType": "Bundle", "type": "searchset", "entry": [' + nested + b"]}")
            case "rest":
                self._send(429, _outcome(), Retry_After=value)

    def _send(self, status: int, body: object, **headers: str) -> None:
        self._raw(status, json.dumps(body).encode(), None, **headers)

    def _raw(self, status: int, content: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        told = {
            "Content-Type": "application/fhir+json",
            "Content-Length": str(len(content) if length is None else length),
            "Set-Cookie": "session=1",
        }
        for header, value in {**told, **{name.replace("_", "-"): each for name, each in headers.items()}}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True  # whoever asked has gone


def _outcome() -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
