"""Wane as a process of its own, started with `wane serve`, and clients that count what was answered."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.journal.until import until

ROOT = Path(__file__).parents[2]
WANE = [sys.executable, "-c", "from app.cli import main; main()"]


class RunningWane:
    """One `wane serve`. What it writes to its log is kept in `log`."""

    def __init__(
        self, environment: Mapping[str, str], log: Path, *, before: tuple[str, ...] = (), workers: int = 1
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*before, *WANE, "serve", "--port", str(self.port), "--workers", str(workers)],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=output,
                stderr=output,
            )
        until(lambda: self.get("/health/live") == 200, "Wane answers")

    def get(self, path: str) -> int | None:
        """The status, or None where nobody answers."""
        return self._call("GET", path)

    def is_ready(self) -> bool:
        return self.get("/health/ready") == 200

    def post(self, body: Any) -> int | None:
        """The status, when all of the answer arrived; None where it did not."""
        return self._call("POST", f"/cds-services/{body['hook']}", json.dumps(body))

    def send(self, path: str, body: Any) -> int | None:
        """The same for another address."""
        return self._call("POST", path, json.dumps(body))

    def _call(self, method: str, path: str, body: str | None = None) -> int | None:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            try:
                connection.request(method, path, body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                response.read()
            except (OSError, HTTPException):
                return None
            return response.status

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[int]:
        """The processes that answer, where there are several."""
        started = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(each) for each in started if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]

    def stop(self) -> None:
        """As an orchestrator stops it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)


class Clients:
    """So many callers at once, each with one call after the other; `answered` are the hookInstances answered with 200."""

    def __init__(self, wane: RunningWane, body: Mapping[str, Any], callers: int = 8) -> None:
        self._wane, self._body = wane, body
        self._stopping = threading.Event()
        self.answered: list[str] = []
        self.refused: list[int] = []
        self._threads = [threading.Thread(target=self._call) for _ in range(callers)]
        for thread in self._threads:
            thread.start()

    def _call(self) -> None:
        while not self._stopping.is_set():
            hook_instance = str(uuid4())
            status = self._wane.post({**self._body, "hookInstance": hook_instance})
            if status == 200:
                self.answered.append(hook_instance)
            elif status is None:
                return
            else:
                self.refused.append(status)

    def until_answered(self, more: int) -> None:
        """Wait until so many more calls were answered."""
        wanted = len(self.answered) + more
        until(lambda: len(self.answered) >= wanted, f"{more} more answers")

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()
