"""The house: which package may know which, and that every room is there (DESIGN §1)."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "cds_hooks", "knowledge", "tests")
ROOMS = (
    "app/routes",
    "app/clients",
    "app/ehr",
    "app/intake",
    "app/render",
    "app/pages",
    "knowledge/rules",
    "knowledge/medicines",
    "knowledge/codes",
)
WEB_AND_DATABASE = {"fastapi", "starlette", "uvicorn", "httpx", "sqlmodel", "sqlalchemy", "alembic", "jinja2", "typer"}
MAY_NOT_IMPORT = {
    "cds_hooks": {"app", "knowledge", "tests", "fhir", *WEB_AND_DATABASE},
    "knowledge": {"app", "cds_hooks", "tests", "fhir", *WEB_AND_DATABASE},
    "app": {"tests"},
}
# Rooms of app that the others stand on, and so may not look up.
ROOMS_MAY_NOT_IMPORT = {
    "app/intake": ("app.render", "app.routes", "app.consult", "app.main", "fastapi"),
    "app/render": ("app.routes", "app.consult", "app.main", "fastapi"),
}
CLOCKS = {"datetime.now", "datetime.today", "date.today", "time.time", "random", "uuid4", "utcnow"}


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by full name, so that the arrows can be read"
            yield node.module or ""


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_of_the_house_is_there(package: str) -> None:
    assert (ROOT / package / "__init__.py").is_file(), f"the package {package} is missing"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_there_and_not_empty(room: str) -> None:
    assert any((ROOT / room).iterdir()), f"the room {room} is missing or empty"


@pytest.mark.parametrize("package", MAY_NOT_IMPORT)
def test_no_arrow_points_the_wrong_way(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOT / package)
        for name in imports_of(path)
        if name.split(".")[0] in MAY_NOT_IMPORT[package]
    }
    assert not wrong


@pytest.mark.parametrize("room", ROOMS_MAY_NOT_IMPORT)
def test_a_room_does_not_look_up_to_those_who_use_it(room: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(ROOT / room)
        for name in imports_of(path)
        if name.startswith(ROOMS_MAY_NOT_IMPORT[room])
    }
    assert not wrong


def test_a_wrong_arrow_would_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text("from app.main import create_app\nimport sqlmodel.main\n")
    assert {name.split(".")[0] for name in imports_of(path)} & MAY_NOT_IMPORT["knowledge"] == {"app", "sqlmodel"}


def test_there_is_one_way_out() -> None:
    """Whatever leaves Wane leaves through app/clients/contact.py, which looks at where it goes."""
    ways = {"httpx", "httpcore", "requests", "urllib", "http", "aiohttp", "socket"}
    found = {
        path.relative_to(ROOT).as_posix()
        for path in modules(ROOT / "app")
        if ways & {name.split(".")[0] for name in imports_of(path) if name not in ("urllib.parse", "http.cookiejar")}
    }
    assert found == {"app/clients/contact.py", "app/journal/database.py"}, "the journal cuts off its own connection"


def test_knowledge_has_no_clock_and_no_dice() -> None:
    calls = {
        f"{path.relative_to(ROOT)}: {call}"
        for path in modules(ROOT / "knowledge")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and (call := ast.unparse(node.func)).split("(")[0] in CLOCKS
    }
    assert not calls


def test_the_story_of_a_call_fits_on_one_screen() -> None:
    tree = ast.parse((ROOT / "app" / "consult.py").read_text(encoding="utf-8"))
    story = next(node for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.name == "consult")
    assert story.end_lineno is not None
    assert story.end_lineno - story.lineno < 40


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "base", "common", "misc", "tools"}
    assert not {path.name for package in PACKAGES for path in modules(ROOT / package) if path.stem in drawers}


def test_the_locks_hold_names_versions_and_hashes_only() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert "--hash=sha256:" in text


def test_every_dependency_is_in_the_lock() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    for dependency in wanted:
        name = dependency.split(";")[0].split("[")[0].strip().lower().replace(".", "-")
        assert f"\n{name}==" in f"\n{locked}", f"{name} is not in requirements.lock: run make lock"
