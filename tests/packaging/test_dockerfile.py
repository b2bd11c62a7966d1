"""The image as it is written; no container engine is needed to hold these."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings.table import SETTINGS
from tests.packaging.dockerfile import ROOT, read_dockerfile

BUILD, FINAL = read_dockerfile()
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    linted = subprocess.run(
        [hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False, timeout=60
    )
    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_image_installs_the_hashed_lock_and_then_wane_alone() -> None:
    installs = [command for command in BUILD.all("RUN") if "pip install" in command]
    assert any("--require-hashes -r requirements.lock" in command for command in installs)
    assert any("--no-deps --no-index" in command for command in installs)


def test_the_knowledge_is_checked_at_build_where_the_sources_are_not() -> None:
    names = [f"{name} {rest}" for name, rest in BUILD.instructions]
    assert names[-2:] == ["WORKDIR /", "RUN /opt/wane/bin/wane knowledge check"]


def test_the_image_runs_as_a_user_of_its_own_with_only_what_was_built() -> None:
    assert FINAL.all("USER") == ["10001:10001"]
    assert FINAL.all("COPY") == ["--from=build /opt/wane /opt/wane"]


def test_what_the_image_runs_is_what_the_command_line_knows() -> None:
    assert FINAL.command == ["wane", "serve", "--host", "0.0.0.0"]  # noqa: S104
    assert "/health/live" in FINAL.health[-1]
    known = {setting.variable for setting in SETTINGS}
    assert {name for name in FINAL.environment if name.startswith("WANE_")} <= known
    assert "WANE_OPEN" not in FINAL.environment


def test_no_address_of_a_registry_or_index_stands_in_what_is_shipped() -> None:
    assert {BUILD.image, FINAL.image} == {"python:3.11-slim"}
    for name in ("Dockerfile", "compose.yaml", ".dockerignore"):
        addresses = re.findall(r"https?://([^/'\" ]+)", (ROOT / name).read_text(encoding="utf-8"))
        assert set(addresses) <= {"127.0.0.1:8000"}, name


def test_the_build_context_holds_what_is_copied_and_nothing_else() -> None:
    kept = {
        line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")
    }
    copied = {source for rest in BUILD.all("COPY") for source in rest.split()[:-1]}
    assert kept == copied
    assert all((ROOT / source).exists() for source in copied)
