"""JWTs that were used: remembered for all processes, on each kind of database, and while it is away."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.errors import JournalUnavailable
from app.journal.database import engine_for
from app.journal.journal import prepare
from app.journal.seen import SeenTokens
from app.settings import Settings


def test_of_many_at_once_with_one_token_one_is_let_in(settings: Settings) -> None:
    assert prepare(settings) is None

    async def rush() -> list[bool]:
        workers = [SeenTokens(settings) for _ in range(4)]
        until = time.time() + 300
        found = await asyncio.gather(*(each.is_new("a" * 32, until) for each in workers for _ in range(5)))
        for each in workers:
            each.close()
        return list(found)

    assert sorted(asyncio.run(rush())) == [False] * 19 + [True]


def test_a_second_connection_of_a_process_leaves_the_log_of_the_first_where_it_is(on_sqlite: Settings) -> None:
    """A process that opens and closes the file, as a command or another worker does, must not take itself for the last."""
    assert prepare(on_sqlite) is None
    first, second = engine_for(on_sqlite).connect(), engine_for(on_sqlite).connect()
    with first.begin():
        first.execute(text("INSERT INTO seen_jwt VALUES ('a', 1)"))
    with second.begin():
        second.execute(text("SELECT count(*) FROM seen_jwt"))
    written = on_sqlite.journal.with_name(f"{on_sqlite.journal.name}-wal")
    before = written.stat().st_ino
    _count_in_another_process(on_sqlite)
    assert written.stat().st_ino == before
    with first.begin():
        first.execute(text("INSERT INTO seen_jwt VALUES ('b', 1)"))
    assert _count_in_another_process(on_sqlite) == 2
    first.close()
    second.close()


def _count_in_another_process(settings: Settings) -> int:
    asking = (
        "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM seen_jwt').fetchone())"
    )
    return int(subprocess.check_output([sys.executable, "-c", asking, str(settings.journal)]))


def test_many_tokens_at_once_are_all_new_once(settings: Settings, rows: Callable[..., list[Any]]) -> None:
    assert prepare(settings) is None

    async def rush() -> list[bool]:
        seen = SeenTokens(settings)
        until = time.time() + 300
        found = await asyncio.gather(*(seen.is_new(f"{number:032}", until) for number in range(100)))
        seen.close()
        return list(found)

    assert asyncio.run(rush()) == [True] * 100
    assert rows(settings, "SELECT count(*) FROM seen_jwt") == [(100,)]


def test_while_the_database_is_away_a_token_is_good_once_on_this_host(away: Settings) -> None:
    async def ask() -> list[bool]:
        one, other = SeenTokens(away), SeenTokens(away)
        until = time.time() + 300
        return [await one.is_new("a", until), await other.is_new("a", until), await other.is_new("b", until)]

    assert asyncio.run(ask()) == [True, False, True]


def test_a_token_that_could_be_remembered_nowhere_may_be_sent_again(away: Settings, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder of the spool belongs")

    async def ask() -> tuple[bool, bool]:
        seen, until = SeenTokens(replace(away, spool=blocked)), time.time() + 300
        with pytest.raises(JournalUnavailable):
            await seen.is_new("a", until)
        blocked.unlink()
        return await seen.is_new("a", until), await seen.is_new("a", until)

    assert asyncio.run(ask()) == (True, False)


def test_while_another_process_writes_for_long_a_token_used_before_is_not_believed(
    on_sqlite: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert prepare(on_sqlite) is None
    monkeypatch.setattr("app.journal.seen._PATIENCE_MS", 10)

    async def ask() -> list[bool]:
        until = time.time() + 300
        first = await SeenTokens(on_sqlite).is_new("a", until)
        with sqlite3.connect(on_sqlite.journal, isolation_level=None) as writing:
            writing.execute("BEGIN IMMEDIATE")
            other = SeenTokens(on_sqlite)
            return [first, await other.is_new("a", until), await other.is_new("b", until)]

    assert asyncio.run(ask()) == [True, False, True]


def test_what_has_expired_is_forgotten(settings: Settings, rows: Callable[..., list[Any]]) -> None:
    assert prepare(settings) is None
    now = time.time()
    moments = iter([now, now, now + 1000, now + 1000])

    async def ask() -> list[bool]:
        seen = SeenTokens(settings, lambda: next(moments))
        found = [await seen.is_new("a", now + 10), await seen.is_new("b", now + 1300)]
        seen.close()
        return found

    assert asyncio.run(ask()) == [True, True]
    assert rows(settings, "SELECT id FROM seen_jwt") == [("b",)]
