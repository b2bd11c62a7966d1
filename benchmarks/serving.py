"""What answering costs: `wane serve` with and without its journal, next to a bare endpoint, under the same calls.

    python -m benchmarks.serving [--slice 0.25] [--rounds 30] [--starts 4] [--connections 8] [--no-lookups]
        [--database-url postgresql://…]

The bare endpoint is FastAPI too: it parses the same body and answers a fixed card. CPU time per request (user and
system, all threads of the server) is taken in short slices, one of each server in every round and in changing order, so
that whatever else the machine does falls on all alike; and from several starts, since where a process happens to lie in
memory makes it faster or slower for good. Printed is the median, and of what the journal costs, round by round, the
median with its 95 % interval (by order statistics: nothing is assumed of how the figures are spread). Also: how long
until the first `ready`, how much memory a worker holds, and the bars of the design. Nothing in the service can switch the
journal off: `without` is an application that this file makes. It looks earlier overrides up as the other does, which it
does less well: calls that wait for one commit come together, and are looked up together. `--no-lookups` takes that out
of both.
"""

import argparse
import math
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Self
from uuid import uuid4

import orjson
import uvicorn
from fastapi import FastAPI, Request, Response

import app.main
from app.feedback.lookup import OverrideLookup
from app.journal.journal import Journal
from app.journal.record import Call
from app.serving import run
from app.settings import read_settings
from benchmarks.calls import bodies, load
from knowledge.withholding import Overridden

SERVERS = ("bare", "without", "journal")
BARS = {3.5: 3.0, 60: 2.0}  # KB → times the bare endpoint
JOURNAL_US = 100
READY_S, WORKER_MB = 1.0, 150
Round = dict[str, float]  # server → µs of CPU per request


class NoJournal(Journal):
    """Records nothing."""

    def open(self) -> None:
        pass

    async def record(self, call: Call) -> tuple[str, ...]:
        return tuple(str(uuid4()) for _ in call.cards)

    async def ready(self) -> str | None:
        return None


def bare() -> FastAPI:
    """The same body parsed, and a card that is always the same."""
    service = FastAPI()
    card = {"summary": "A fixed card", "indicator": "info", "source": {"label": "benchmark"}}

    @service.post("/cds-services/order-select")
    async def hook(call: Request) -> Response:
        orjson.loads(await call.body())
        return Response(orjson.dumps({"cards": [card]}), media_type="application/json")

    @service.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    return service


def serve(which: str, port: int, *, lookups: bool = True) -> None:
    """Be one of the servers."""
    if not lookups:
        OverrideLookup.of = _nothing  # type: ignore[method-assign]
    if which == "bare":
        uvicorn.run(bare(), port=port, access_log=False, log_config=None)
        return
    if which == "without":
        create = app.main.create_app
        app.main.create_app = lambda: create(journal=NoJournal(read_settings()))  # type: ignore[misc,assignment]
    run("127.0.0.1", port, 1)


async def _nothing(*_: object) -> Sequence[Overridden]:
    return ()


class Server:
    """One of them as a process of its own, ready."""

    def __init__(self, which: str, folder: str, database_url: str | None = None, *, lookups: bool = True) -> None:
        self._lookups = lookups
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # As it is installed: with its modules compiled (the first of the servers sees to that).
        environment = {**os.environ, "WANE_JOURNAL": f"{folder}/{which}.sqlite", "PYTHONDONTWRITEBYTECODE": ""}
        if database_url:
            environment["WANE_DATABASE_URL"] = database_url
        self.process = subprocess.Popen(
            self._command(which),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._is_ready():
            time.sleep(0.005)
        self.ready_cpu_s = self.cpu_s()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()

    def _command(self, which: str) -> list[str]:
        more = [] if self._lookups else ["--no-lookups"]
        return [sys.executable, "-m", "benchmarks.serving", "--be", which, "--port", str(self.port), *more]

    def _is_ready(self) -> bool:
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

    def memory_mb(self) -> float:
        """What is resident."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def cost_us(self, body: bytes, seconds: float, connections: int) -> float:
        """CPU time per request under load."""
        before = self.cpu_s()
        answers = load(self.port, body, seconds, connections)
        return (self.cpu_s() - before) / answers * 1e6


def main() -> int:
    """Measure, and print a table."""
    options = argparse.ArgumentParser()
    options.add_argument("--slice", type=float, default=0.25, help="seconds")
    options.add_argument("--rounds", type=int, default=30, help="for each start and size")
    options.add_argument("--starts", type=int, default=4, help="of each server")
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--no-lookups", dest="lookups", action="store_false", help="of earlier overrides")
    options.add_argument("--database-url", help="for the journal")
    options.add_argument("--be", choices=SERVERS, help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.be:
        serve(chosen.be, chosen.port, lookups=chosen.lookups)
        return 0
    rounds: dict[float, list[Round]] = {size: [] for size in bodies()}
    starts = [_measured(chosen, rounds) for _ in range(chosen.starts)]
    ready_s, memory_mb = min(seconds for seconds, _ in starts), max(held for _, held in starts)
    holds = _table(chosen, rounds)
    print(f"ready after {ready_s:.2f} s of CPU (bar {READY_S} s)")
    print(f"memory of a worker {memory_mb:.0f} MB (bar {WORKER_MB} MB)")
    return 0 if holds and ready_s <= READY_S and memory_mb <= WORKER_MB else 1


def _measured(chosen: argparse.Namespace, rounds: dict[float, list[Round]]) -> tuple[float, float]:
    """Start the servers, add what their rounds cost; seconds of CPU until ready, and MB held at the end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server("bare", folder) as plain,
        Server("without", folder, lookups=chosen.lookups) as without,
        Server("journal", folder, chosen.database_url, lookups=chosen.lookups) as journal,
    ):
        servers = {"bare": plain, "without": without, "journal": journal}
        for size, body in bodies().items():
            for server in servers.values():
                load(server.port, body, 1, chosen.connections)
            for turn in range(chosen.rounds):
                order = sorted(servers, key=lambda name: (SERVERS.index(name) + turn) % len(SERVERS))
                cost = {name: servers[name].cost_us(body, chosen.slice, chosen.connections) for name in order}
                rounds[size].append(cost)
        return journal.ready_cpu_s, journal.memory_mb()


def _table(chosen: argparse.Namespace, rounds: dict[float, list[Round]]) -> bool:
    many = chosen.rounds * chosen.starts
    print(f"CPU per request at {chosen.connections} connections, µs, median of {many} slices of {chosen.starts} starts")
    print("   body    bare  without  journal | journal costs (95 %)           times bare")
    holds = True
    for size, body in bodies().items():
        told = rounds[size]
        cost = {name: statistics.median(each[name] for each in told) for name in SERVERS}
        costs = sorted(each["journal"] - each["without"] for each in told)
        middle, (low, high) = statistics.median(costs), interval(costs)
        times = statistics.median(each["journal"] / each["bare"] for each in told)
        holds = holds and middle <= JOURNAL_US and times <= BARS[size]
        print(
            f"{len(body) / 1000:4.1f} KB {cost['bare']:7.0f}  {cost['without']:7.0f}  {cost['journal']:7.0f} | "
            f"{middle:4.0f} ({low:.0f} to {high:.0f}; bar {JOURNAL_US})".ljust(66)
            + f"{times:4.1f} (bar {BARS[size]:.0f})"
        )
    return holds


def interval(ordered: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the median of figures in ascending order, by the binomial distribution in its normal form."""
    half = 0.98 * math.sqrt(len(ordered))  # 1.96 times the standard deviation of how many lie below the median
    low, high = math.floor(len(ordered) / 2 - half), math.ceil(len(ordered) / 2 + half)
    return ordered[max(low, 0)], ordered[min(high, len(ordered) - 1)]


if __name__ == "__main__":
    sys.exit(main())
