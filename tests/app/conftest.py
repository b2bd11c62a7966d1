"""Wane as processes: started on a free port of this machine, and stopped by the id it was started with."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "serve"]


@dataclass(frozen=True, slots=True)
class Server:
    """A started Wane: where it answers, its process, and the files its output goes to."""

    address: str
    port: int
    process: "subprocess.Popen[bytes]"
    out: Path
    log: Path

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start Wane with these arguments and variables; when this returns it answers."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str, **variables: str) -> Server:
        port = free_port()
        out, log = tmp_path / f"{port}.out", tmp_path / f"{port}.log"
        command = [*COMMAND, "--port", str(port), *arguments]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("WANE_")}
        environment = {**inherited, "WANE_DRAIN_SECONDS": "0", **variables, "PYTHONPATH": str(ROOT)}
        with out.open("wb") as output, log.open("wb") as errors:
            process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=output, stderr=errors)
        started.append(process)
        server = Server(f"http://127.0.0.1:{port}", port, process, out, log)
        wait_until_it_answers(server)
        return server

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool]) -> None:
    """Look until it holds: for what another process does in its own time."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if condition():
                return
        time.sleep(0.02)  # between two looks, not instead of looking
    pytest.fail("it never came to hold")


def wait_until_it_answers(server: Server) -> None:
    def answers() -> bool:
        assert server.process.poll() is None, server.log.read_text(encoding="utf-8")
        return httpx.get(f"{server.address}/health/live", timeout=5).status_code == 200

    wait_for(answers)
