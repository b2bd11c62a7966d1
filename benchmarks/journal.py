"""What the journal costs: the same service with it and without it, in turns, under the same calls.

    python -m benchmarks.journal [--slice 0.2] [--rounds 100] [--connections 8] [--database-url postgresql://…]

CPU time per request (user and system, all threads of the server) is taken in short slices, now of the one and now of
the other, so that whatever else the machine does falls on both alike; printed are the quartiles of each and of the
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
from app.settings import read_settings
from cds_hooks.cards import Card

BODY = Path(__file__).parents[1] / "tests" / "conversations" / "a-02-reason-is-alcohol-dependence.json"


class NoJournal(Journal):
    """Records nothing."""

    def open(self) -> None:
        pass

    async def record(self, call: Call) -> tuple[Card, ...]:
        return tuple(call.cards)

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
        threads = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


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
    options.add_argument("--slice", type=float, default=0.2, help="seconds")
    options.add_argument("--rounds", type=int, default=100)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--database-url")
    options.add_argument("--body", type=Path, default=BODY, help="a CDS Hooks request for order-select")
    chosen = options.parse_args()
    body = chosen.body.read_bytes()
    if chosen.body == BODY:
        body = json.dumps(json.loads(body)["request"]["body"]).encode()
    with tempfile.TemporaryDirectory() as folder:
        servers = [
            Server("app.main:create_app", folder, chosen.database_url),
            Server("benchmarks.journal:without", folder, None),
        ]
        try:
            for server in servers:
                load(server.port, body, 2, chosen.connections)
            rounds = [
                [_cost_us(server, body, chosen.slice, chosen.connections) for server in servers]
                for _ in range(chosen.rounds)
            ]
        finally:
            for server in servers:
                server.process.terminate()
                server.process.wait()
    print(f"{len(body)} bytes, {chosen.connections} connections; µs of CPU per request: quartiles")
    for name, costs in (
        ("with", [with_it for with_it, _ in rounds]),
        ("without", [without_it for _, without_it in rounds]),
        ("journal", [with_it - without_it for with_it, without_it in rounds]),
    ):
        print(f"{name:8}", *(f"{quartile:6.0f}" for quartile in statistics.quantiles(costs, n=4)))
    print(f"ratio    {statistics.median(with_it / without_it for with_it, without_it in rounds):.2f}")


def _cost_us(server: Server, body: bytes, seconds: float, connections: int) -> float:
    before = server.cpu_s()
    answers = load(server.port, body, seconds, connections)
    return (server.cpu_s() - before) / answers * 1e6


if __name__ == "__main__":
    main()
