import ast
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.logs import FIELDS, JsonLines

ROOT = Path(__file__).parents[2]
LEVELS = {f"log.{level}" for level in ("debug", "info", "warning", "error", "exception", "critical", "log")}


def told(name: str, text: str, *values: object, **fields: object) -> dict[str, Any]:
    record = logging.getLogger(name).makeRecord(name, logging.WARNING, "x.py", 7, text, values, None, extra=fields)
    line: dict[str, Any] = orjson.loads(JsonLines().format(record))
    return line


def log_calls() -> Iterator[tuple[str, ast.Call]]:
    for package in ("app", "cds_hooks", "knowledge"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in LEVELS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_every_line_of_the_log_has_a_fixed_text_and_no_traceback() -> None:
    """A text with something filled in, or a traceback, could hold a value out of a record."""
    calls = list(log_calls())
    assert len(calls) >= 5
    for place, call in calls:
        assert isinstance(call.func, ast.Attribute)
        texts = call.args[1:] if call.func.attr == "log" else call.args
        assert len(texts) == 1, place
        assert isinstance(texts[0], ast.Constant), place
        assert call.func.attr != "exception", place
        assert {keyword.arg for keyword in call.keywords} <= {"extra"}, place


def test_every_field_of_the_log_is_listed() -> None:
    for place, call in log_calls():
        for keyword in call.keywords:
            if isinstance(keyword.value, ast.Dict):
                names = {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
                assert names <= FIELDS, f"{place}: list the field in app/logs.py, and only if it can hold no value"


def test_a_line_says_when_where_and_what() -> None:
    line = told(
        "app.intake.record", "resource not readable", error="KeyError", path="prefetch.conditions.entry[3].resource"
    )
    assert line["event"] == "resource not readable"
    assert (line["level"], line["error"]) == ("warning", "KeyError")
    assert line["path"] == "prefetch.conditions.entry[3].resource"
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("prefetch.jansen.entry[3].resource", "prefetch"),
        ("prefetch.conditions", "prefetch.conditions"),
        ("prefetch.conditionsjansen", "prefetch"),
        ("context.draftOrders.entry[0].resource", "context.draftOrders.entry[0].resource"),
    ],
)
def test_a_place_is_told_without_a_key_the_client_chose(path: str, shown: str) -> None:
    assert told("app.x", "order not readable", path=path)["path"] == shown


def test_a_field_nobody_listed_is_left_out() -> None:
    assert "patient" not in told("app.x", "call", patient="Jansen")


def test_what_a_library_says_is_not_repeated() -> None:
    line = told("httpx", "GET %s", "https://ehr.example/Patient/jansen")
    assert "jansen" not in str(line)
    assert (line["event"], line["logger"], line["place"]) == ("library", "httpx", "x:7")


def test_of_the_web_server_texts_and_numbers_are_told_but_no_strings() -> None:
    assert told("uvicorn.error", "Started server process [%d]", 12)["event"] == "Started server process [12]"
    assert told("uvicorn.error", '%s - "WebSocket %s"', "10.0.0.1", "/jansen")["event"] == '%s - "WebSocket %s"'


def test_a_traceback_shrinks_to_the_kind_of_failure() -> None:
    failure = ValueError("jansen")
    record = logging.makeLogRecord(
        {"name": "asyncio", "msg": "never retrieved jansen", "exc_info": (ValueError, failure, None)}
    )
    line = JsonLines().format(record)
    assert '"error":"ValueError"' in line
    assert "jansen" not in line
