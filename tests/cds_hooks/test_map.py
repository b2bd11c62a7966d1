"""cds_hooks/README.md says where each point of the checklist is built and tested: it names nothing that is not there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from cds_hooks.hooks import HOOKS
from tests.given import given

ROOT = Path(__file__).parents[2]
README = (ROOT / "cds_hooks" / "README.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in README.splitlines()
    if re.match(r"\| [A-Z]\d+ \|", line)
]
# How many points each letter of the checklist has.
POINTS = {
    "J": 6,
    "D": 12,
    "P": 7,
    "Q": 12,
    "F": 9,
    "A": 4,
    "R": 6,
    "C": 9,
    "G": 5,
    "X": 6,
    "L": 3,
    "B": 9,
    "T": 9,
    "W": 4,
}
POINTS |= {"Z": 3, "E": 4}


@cache
def defined_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_point_has_its_row_and_no_other() -> None:
    numbers = [row[0] for row in ROWS]
    assert numbers == [f"{letter}{number}" for letter, most in POINTS.items() for number in range(1, most + 1)]


def test_the_checklist_has_no_point_beyond() -> None:
    text = given("cds-hooks", "checklist.md").read_text(encoding="utf-8")
    found = set(
        re.findall(r"(?:^|; )([A-Z]\d+) (?:SHALL|SHOULD|MAY|COND|STU|DER|exceptions|inv|best|·|\()", text, re.MULTILINE)
    )
    assert {row[0] for row in ROWS} >= found
    assert len(found) > 80


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_a_module_and_a_test_or_says_why_not(row: list[str]) -> None:
    number, what, module, test = row
    assert what, number
    if module == "–":
        assert test.startswith(("not done: ", "not for a service")), number
        return
    assert (ROOT / module.strip("`")).is_file(), f"{number}: there is no {module}"
    path, _, name = test.strip("`").partition("::")
    assert name in defined_in(ROOT / path), f"{number}: there is no {test}"


@pytest.mark.parametrize("hook", HOOKS.values(), ids=lambda hook: hook.name)
def test_the_table_of_hooks_is_theirs(hook: object) -> None:
    name, required, optional, orders = (getattr(hook, each) for each in ("name", "required", "optional", "orders"))
    assert f"| `{name}` | {', '.join(required)} | {', '.join(optional)} | {orders or ''}".rstrip() in README
