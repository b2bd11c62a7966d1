"""What the journal costs: the same service with it and without it, in turns, under the same calls.

    python -m benchmarks.journal [--seconds 4] [--rounds 5] [--connections 8] [--database-url postgresql://…]

Prints, for each, CPU time per request (user and system, all threads of the server) and the median of the rounds'
differences. Nothing in the service can switch the journal off: `without` is an application that this file makes.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

from fastapi import FastAPI

from app.journal.journal import Journal
from app.journal.record import Call
from app.main import create_app
from app.serving import _ORDER
from app.settings import read_settings

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


class NoJournal(Journal):
    """Records nothing."""

    def open(self) -> None:
        pass

    def identity(self) -> str:
        return "00000000-0000-8000-8000-000000000000"

    async def record(self, identity: str, call: Call) -> None:
        pass

    async def ready(self) -> str | None:
        return None


def without() -> FastAPI:
    """The application that is measured against."""
    return create_app(journal=NoJournal(read_settings()))


class Server:
    """One service as a process of its own."""

    def __init__(self, factory: str, folder: str, database_url: str | None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {**os.environ, "WANE_JOURNAL": f"{folder}/{factory.rsplit(':', maxsplit=1)[-1]}.sqlite"}
        if database_url:
            environment["WANE_DATABASE_URL"] = database_url
        command = [sys.executable, "-m", "uvicorn", factory, "--factory", "--port", str(self.port)]
        quiet = ["--log-level", "warning", "--no-access-log"]
        self.process = subprocess.Popen([*command, *quiet], env=environment)
        while not self._answers():
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            connection = HTTPConnection("127.0.0.1", self.port)
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def cpu_s(self) -> float:
        """User and system time of all its threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * _TICK_S


def load(port: int, body: bytes, seconds: float, connections: int) -> int:
    """Keep so many connections busy; the number of answers."""
    counts = []
    end = time.monotonic() + seconds
    head = b"POST /cds-services/order-select HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body

    def one() -> None:
        answered = 0
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.monotonic() < end:
                wire.sendall(request)
                got = wire.recv(65536)
                head, _, rest = got.partition(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 200"), head[:80]
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                while len(rest) < length:
                    rest += wire.recv(65536)
                answered += 1
        counts.append(answered)

    threads = [threading.Thread(target=one) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def main() -> None:
    """Measure, and print a table."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=4)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--database-url")
    options.add_argument("--body", type=Path, help="A CDS Hooks request for order-select.")
    chosen = options.parse_args()
    body = chosen.body.read_bytes() if chosen.body else json.dumps(_ORDER).encode()
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "with": Server("app.main:create_app", folder, chosen.database_url),
            "without": Server("benchmarks.journal:without", folder, None),
        }
        costs: dict[str, list[float]] = {name: [] for name in servers}
        try:
            for server in servers.values():
                load(server.port, body, 1, chosen.connections)
            for _ in range(chosen.rounds):
                for name, server in servers.items():
                    before = server.cpu_s()
                    answers = load(server.port, body, chosen.seconds, chosen.connections)
                    cost = (server.cpu_s() - before) / answers * 1e6
                    costs[name].append(cost)
                    print(f"{name:8} {cost:7.0f} µs CPU per request, {answers / chosen.seconds:6.0f} requests/s")
        finally:
            for server in servers.values():
                server.process.terminate()
                server.process.wait()
    more = statistics.median(a - b for a, b in zip(costs["with"], costs["without"], strict=True))
    ratio = statistics.median(a / b for a, b in zip(costs["with"], costs["without"], strict=True))
    print(f"journal: {more:.0f} µs CPU per request, {ratio:.2f} times the service without it")


if __name__ == "__main__":
    main()
