"""What answering costs in instructions, which other load on the machine does not change: needs valgrind.

    python -m benchmarks.instructions [--calls 160] [--connections 8]

The servers of `benchmarks.serving` run under callgrind, which counts what each executes (all its threads, without the
kernel) from the first of the calls to the last. They are some fifty times slower there, so a record waits for the others
of its batch as much longer.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from app.journal import gathering
from benchmarks.calls import bodies, send
from benchmarks.serving import SERVERS, Server, serve

WARM = 48  # calls before it is counted
_TOTALS = re.compile(r"^totals: (\d+)", re.MULTILINE)


class Counted(Server):
    """A server whose instructions are counted."""

    def __init__(self, which: str, folder: str) -> None:
        self._out = Path(folder) / f"{which}.callgrind"
        super().__init__(which, folder)

    def _command(self, which: str) -> list[str]:
        callgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={self._out}"]
        return [*callgrind, sys.executable, "-m", "benchmarks.instructions", "--be", which, "--port", str(self.port)]

    def count(self, body: bytes, calls: int, connections: int) -> float:
        """Instructions for each of these calls."""
        before = set(self._out.parent.glob(f"{self._out.name}.*"))
        self._tell("-i", "on")
        send(self.port, body, calls, connections)
        self._tell("-i", "off")
        self._tell("-d")
        written = set(self._out.parent.glob(f"{self._out.name}.*")) - before
        return sum(int(found) for each in written for found in _TOTALS.findall(each.read_text())) / calls

    def _tell(self, *words: str) -> None:
        subprocess.run(["callgrind_control", *words, str(self.process.pid)], check=True, capture_output=True)


def main() -> int:
    """Count, and print a table."""
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=160)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--be", choices=SERVERS, help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.be:
        gathering.LONGEST_S = 60
        serve(chosen.be, chosen.port)
        return 0
    if not shutil.which("valgrind"):
        print("valgrind is not installed. It counts the instructions; the package of your system is called valgrind.")
        return 2
    counted: dict[str, dict[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for which in SERVERS:
            with Counted(which, folder) as server:
                for size, body in bodies().items():
                    send(server.port, body, WARM, chosen.connections)
                    counted.setdefault(which, {})[size] = server.count(body, chosen.calls, chosen.connections)
    print(f"thousands of instructions a call, {chosen.connections} connections")
    print("   body    bare  without  journal | journal adds")
    for size, body in bodies().items():
        bare, without, journal = (counted[which][size] / 1000 for which in SERVERS)
        added = journal - without
        print(
            f"{len(body) / 1000:4.1f} KB {bare:7.0f}  {without:7.0f}  {journal:7.0f} | {added:5.0f} ({added / without:.1%})"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
