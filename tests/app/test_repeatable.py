"""The same facts give the same answer, byte for byte, in every process (DESIGN, invariant 5)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import json, re
from datetime import date
from pathlib import Path
from tests.service import service_on

UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
with service_on(date(2026, 11, 21)) as wane:
    for path in sorted(Path("tests/conversations").glob("*.json")):
        body = json.loads(path.read_bytes())["request"].get("body")
        if isinstance(body, dict) and "hook" in body:
            answer = wane.post(f"/cds-services/{body['hook']}?explain=true", body)
            print(path.stem, answer.status, UUID.sub(b"UUID", answer.content).decode())
"""


def answers(hash_seed: str) -> list[str]:
    """What Wane answers to every conversation, in a process whose sets have that order."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def in_one_process() -> list[str]:
    return answers("0")


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_order_of_sets_in_a_process_does_not_show_in_an_answer(seed: str, in_one_process: list[str]) -> None:
    assert len(in_one_process) > 100
    assert answers(seed) == in_one_process
