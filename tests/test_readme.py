"""The README's commands, run as a new user would."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.serving import first_call
from app.settings import Settings
from app.settings.table import SETTINGS
from tests.service import service_on

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.split("#")[0].strip() for kind, text in BLOCKS if kind == "sh" for line in text.splitlines() if "wane " in line
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sh(command: str) -> str:
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """`make serve` on a free port: its address, and what it printed."""
    port = free_port()
    log = tmp_path_factory.mktemp("serve") / "out.txt"
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with log.open("wb") as out:
        server = subprocess.Popen(
            ["make", "serve", f"PORT={port}"], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=environment,
            start_new_session=True,
        )  # fmt: skip
        try:
            wait_for(port, server, log)
            yield f"http://127.0.0.1:{port}", log.read_text(encoding="utf-8")
        finally:
            os.killpg(server.pid, 15)
            server.wait(timeout=20)


def wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # between two looks at the port, not instead of looking
    pytest.fail(f"nothing answers on port {port}: {log.read_text(encoding='utf-8')}")


def contains(answer: Any, shown: Any) -> bool:
    """Whether everything that is shown (shortened) stands in the answer."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(key in answer and contains(answer[key], shown[key]) for key in shown)
    if isinstance(shown, list):
        return isinstance(answer, list) and len(answer) == len(shown) and all(map(contains, answer, shown))
    return bool(answer == shown)


def test_make_serve_prints_its_address_and_a_call_that_returns_a_card(served: tuple[str, str]) -> None:
    address, printed = served
    assert address in printed
    assert first_call(address) in printed
    assert json.loads(sh(first_call(address)))["cards"][0]["indicator"] == "warning"


def test_the_sample_call_gives_the_sample_answer(served: tuple[str, str]) -> None:
    address, _ = served
    call = next(text for kind, text in BLOCKS if kind == "sh" and text.startswith("curl"))
    shown = next(json.loads(text) for kind, text in BLOCKS if kind == "json")
    assert contains(json.loads(sh(call.replace("http://127.0.0.1:8000", address))), shown)


def test_the_bundle_that_is_shown_gives_what_is_shown(served: tuple[str, str]) -> None:
    address, _ = served
    call = next(text for kind, text in BLOCKS if kind == "sh" and "/fhir/$advise" in text)
    shown = [json.loads(text) for kind, text in BLOCKS if kind == "json"][1]
    answer = json.loads(sh(call.replace("http://127.0.0.1:8000", address)))
    assert any(contains(entry["resource"], shown) for entry in answer["entry"])
    assert "unreadable" in answer["entry"][0]["resource"]["issue"][0]["details"]["text"]
    kinds = {entry["resource"]["resourceType"] for entry in answer["entry"]}
    assert f"here with {['five', 'six', 'seven'][len(kinds) - 5]} kinds of resources" in README


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A journal with one call in it, and the uuid of its card."""
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    body = json.loads(shlex.split(first_call(""))[-2])
    with service_on(date(2026, 11, 21), Settings(journal=path)) as wane:
        [card] = wane.post(f"/cds-services/{body['hook']}", body).json()["cards"]
    return path, card["uuid"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command: str, journal: tuple[Path, str]) -> None:
    path, card = journal
    words = shlex.split(command.replace("CARD-UUID", card))
    assert words[0] == ".venv/bin/wane"
    wane = Path(sys.executable).parent / "wane"
    environment = {**os.environ, "WANE_JOURNAL": str(path)}
    subprocess.run([wane, *words[1:]], cwd=ROOT, check=True, capture_output=True, timeout=60, env=environment)


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", README, re.MULTILINE))
def test_a_make_target_of_the_readme_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_room_on_the_map_is_there() -> None:
    for room in re.findall(r"^\| `([\w/.]+)`", README.split("## Map of the house")[1].split("## How")[0], re.MULTILINE):
        assert (ROOT / room).exists(), room


def test_every_setting_is_in_the_table() -> None:
    known = {setting.variable for setting in SETTINGS}
    assert set(re.findall(r"`(WANE_[A-Z_]+)`", README)) == known


def test_the_readme_says_what_it_must() -> None:
    for promise in ("not a certified medical device", "Nobody has reviewed its\ncontent clinically", "412"):
        assert promise in README
