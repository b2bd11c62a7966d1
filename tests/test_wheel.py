"""The wheel, alone in an empty environment: its data travels with it."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def test_every_data_file_is_in_the_wheel(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("knowledge", "app/pages"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert path.relative_to(ROOT).as_posix() in packed


def test_the_installed_wheel_passes_its_own_check(wheel: Path, tmp_path: Path) -> None:
    """The packages of the lock are borrowed from this environment; Wane itself is only in the new one."""
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    packages = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    lent = tmp_path / "lent"
    lent.mkdir()
    for package in packages.iterdir():
        if not package.name.startswith(("wane", "_wane", "__editable__", "_editable")):
            (lent / package.name).symlink_to(package)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(lent)}
    checked = subprocess.run(
        [tmp_path / "venv" / "bin" / "wane", "knowledge", "check"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    assert "No fault found" in checked.stdout
