"""What is recorded of a call, and when."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from weakref import ref

import psycopg
import pytest

from app.clients.terms import OPEN, terms_of
from app.consult import Reader
from app.errors import JournalUnavailable
from app.journal.answering import answered
from app.journal.database import Database, DatabaseAway, engine_for
from app.journal.identity import Identities, call_of, card_of, number_of
from app.journal.journal import Journal
from app.journal.keys import read_keys
from app.journal.reasoning import Reasoning
from app.journal.record import Call, Filed, Record, Recorder
from app.settings import Settings
from app.site_knowledge import site_library
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from tests.journal.conftest import DAY, NOW, Rows, subjects
from tests.journal.until import until
from tests.service import Service, service_on


@pytest.fixture
def recorded(settings: Settings, a_call: Call) -> Callable[[int], list[Record]]:
    """Makes records, as one process would."""
    recorder, identities = Recorder(read_keys(settings).current), Identities()
    return lambda count: [recorder.record(Filed(identities.next(), NOW, a_call)) for _ in range(count)]


@pytest.fixture
def recorded_on_sqlite(on_sqlite: Settings, a_call: Call) -> Callable[[], Record]:
    """Makes one record more."""
    recorder, identities = Recorder(read_keys(on_sqlite).current), Identities()
    return lambda: recorder.record(Filed(identities.next(), NOW, a_call))


def test_an_answer_is_recorded_with_its_cards_and_what_every_rule_made_of_it(
    wane: Service, settings: Settings, rows: Rows, body: Any
) -> None:
    answer = wane.post("/cds-services/order-select", body).json()

    [call] = rows(settings, "SELECT id, hook, hook_instance, client, status, knowledge, language FROM call")
    assert call[1:5] == ("order-select", body["hookInstance"], "open", 200)
    [card] = answer["cards"]
    [subject] = subjects(rows(settings, "SELECT subjects FROM call"))
    assert (subject.medicine, subject.rule, subject.indicator) == ("baclofen", "baclofen-alcohol", "warning")
    assert card["uuid"] == card_of(call[0], subject.place)
    assert call_of(card["uuid"]) == call[0]
    outcomes = {row[0]: row[1:] for row in rows(settings, "SELECT rule, outcome, say, content FROM reasoning")}
    assert outcomes["baclofen-alcohol"][:2] == ("advise", "against")
    assert outcomes["baclofen-taper"][:2] == ("stay-quiet", None)


def test_a_refusal_is_recorded_with_what_could_not_be_told(
    wane: Service, settings: Settings, rows: Rows, body: Any
) -> None:
    del body["context"]["draftOrders"]["entry"][0]["resource"]["reasonCode"]
    body["prefetch"] = {}
    assert wane.post("/cds-services/order-select", body).status == 412
    assert rows(settings, "SELECT status FROM call") == [(412,)]
    assert ("baclofen-alcohol", "cannot-tell") in rows(settings, "SELECT rule, outcome FROM reasoning")


def test_an_order_out_of_scope_is_one_row(wane: Service, settings: Settings, rows: Rows, body: Any) -> None:
    medicine = {"text": "amoxicilline 500 mg"}
    body["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"] = medicine
    assert wane.post("/cds-services/order-select", body).json()["cards"] == []
    assert rows(settings, "SELECT status FROM call") == [(200,)]
    assert subjects(rows(settings, "SELECT subjects FROM call")) == []


def test_a_call_that_fails_is_recorded_as_failed(
    wane: Service, settings: Settings, rows: Rows, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.consult.read_record", lambda *_: 1 / 0)
    assert wane.post("/cds-services/order-select", body).status == 500
    assert rows(settings, "SELECT status FROM call") == [(500,)]


def test_a_body_that_is_no_call_is_not_recorded(wane: Service, settings: Settings, rows: Rows) -> None:
    assert wane.post("/cds-services/order-select", {"hook": "order-select"}).status == 400
    assert rows(settings, "SELECT * FROM call") == []


def test_every_sqlite_connection_syncs_fully_and_keeps_a_write_ahead_log(on_sqlite: Settings) -> None:
    for reads in (False, True):
        with engine_for(on_sqlite, reads=reads).connect() as connection:
            told = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")
            }
        assert told == {"synchronous": 2, "journal_mode": "wal"}


def test_the_connection_that_writes_syncs_fully(on_sqlite: Settings) -> None:
    database = Database(on_sqlite)
    database.connect()
    with database._transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    database.close()


def test_every_postgres_connection_commits_synchronously(on_postgres: Settings) -> None:
    told_otherwise = f"{on_postgres.database_url}?options=-csynchronous_commit%3Doff"
    with engine_for(Settings(database_url=told_otherwise)).connect() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


def test_calls_that_come_together_share_a_transaction(
    settings: Settings, a_call: Call, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions = count()
    insert = Database.insert

    def counting(*args: Any) -> None:
        next(transactions)
        insert(*args)

    monkeypatch.setattr(Database, "insert", counting)
    journal = Journal(settings)
    journal.open()

    async def all_at_once() -> None:
        await asyncio.gather(*(journal.record(a_call) for _ in range(200)))

    asyncio.run(all_at_once())
    assert 1 <= next(transactions) <= 5
    journal.close()
    assert rows(settings, "SELECT count(*) FROM call") == [(200,)]


def test_a_record_that_comes_twice_is_stored_once(
    settings: Settings, recorded: Callable[[int], list[Record]], rows: Rows
) -> None:
    database = Database(settings)
    database.connect()
    first, second, third = recorded(3)
    database.insert([first, second])
    database.insert([second, third])
    database.close()
    assert rows(settings, "SELECT count(*) FROM call") == [(3,)]


def test_a_record_takes_little_more_room_on_disk_than_it_has_bytes(on_sqlite: Settings, a_call: Call) -> None:
    recorder, identities = Recorder(read_keys(on_sqlite).current), Identities()
    made = [recorder.record(Filed(identities.next(), NOW, a_call)) for _ in range(400)]
    judged = [each._replace(call=each.call._replace(subjects=f'["{"a" * 1_000}"]')) for each in made]
    database = Database(on_sqlite)
    database.connect()
    before = _bytes_of(on_sqlite)
    for first in range(0, len(judged), 8):
        database.insert(judged[first : first + 8])
    database.close()
    assert _bytes_of(on_sqlite) - before < 1.5 * sum(len(each.document()) for each in judged)


def _bytes_of(settings: Settings) -> int:
    with engine_for(settings).connect() as connection:
        size = [connection.exec_driver_sql(f"PRAGMA {each}").scalar_one() for each in ("page_count", "page_size")]
    return int(size[0]) * int(size[1])


def test_a_clock_that_jumps_back_breaks_neither_order_nor_uniqueness(
    settings: Settings, a_call: Call, rows: Rows
) -> None:
    moments: Iterator[datetime] = (NOW - timedelta(hours=hour) for hour in count())
    journal = Journal(settings, clock=lambda: next(moments))
    for _ in range(5):
        asyncio.run(journal.record(a_call))
    journal.close()
    found = rows(settings, "SELECT id, time FROM call ORDER BY id")
    assert [number_of(row[0]) for row in found] == [1, 2, 3, 4, 5]
    assert [row[1] for row in found] == sorted((row[1] for row in found), reverse=True)


def test_ids_are_uuids_that_tell_where_they_belong() -> None:
    identities = Identities()
    first, second = identities.next(), identities.next()
    assert (number_of(first), number_of(second)) == (1, 2)
    assert first < card_of(first, 1) < card_of(first, 300) < second
    assert call_of(card_of(second, 300)) == second
    assert Identities().next() != first


def test_without_database_and_spool_the_answer_does_not_leave(away: Settings, body: Any) -> None:
    away.spool_folder.write_text("a file where a folder should be")
    with service_on(DAY, away) as wane:
        answer = wane.post("/cds-services/order-select", body)
    assert answer.status == 503
    assert answer.headers["Retry-After"]
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "cards" not in answer.json()


def test_with_the_database_away_it_is_not_ready_and_answers(away: Settings, body: Any) -> None:
    with service_on(DAY, away) as wane:
        assert wane.call("GET", "/health/ready").status == 503
        assert wane.call("GET", "/health/live").status == 200
        assert wane.post("/cds-services/order-select", body).status == 200


def test_a_call_that_waits_for_the_disk_is_not_held_in_memory(
    settings: Settings, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Sent(dict[str, Any]):
        """Orders that can be watched."""

    orders = Sent(body["context"]["draftOrders"])
    watched, held, insert = ref(orders), list[bool](), Database.insert

    def watching(*args: Any) -> None:
        held.append(watched() is not None)
        insert(*args)

    monkeypatch.setattr(Database, "insert", watching)
    request = read_request({**body, "context": {**body["context"], "draftOrders": orders}}, HOOKS["order-select"])
    assert request.context.orders is orders
    journal, terms = Journal(settings), terms_of(site_library(None), ())[OPEN]
    answering = answered(request, terms, DAY, Reader(language="nl", public_url="http://localhost"), journal)
    del request, orders
    assert len(asyncio.run(answering).cards) == 1
    assert held == [False]
    journal.close()


def test_more_calls_than_can_soon_be_recorded_are_refused_at_once(
    away: Settings, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.journal.MOST_WAITING", 0)
    with service_on(DAY, away) as wane:
        assert wane.post("/cds-services/order-select", body).status == 503


def test_who_waits_when_the_journal_is_closed_is_recorded_or_refused(
    settings: Settings, a_call: Call, rows: Rows
) -> None:
    journal = Journal(settings)

    async def close_while_they_wait() -> int:
        waiting = [asyncio.ensure_future(journal.record(a_call)) for _ in range(20)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        late = asyncio.ensure_future(journal.record(a_call))
        await asyncio.to_thread(journal.close)
        told = await asyncio.gather(*waiting, late, return_exceptions=True)
        return sum(not isinstance(each, JournalUnavailable) for each in told)

    assert [(asyncio.run(close_while_they_wait()),)] == rows(settings, "SELECT count(*) FROM call")


def test_a_call_not_yet_handed_over_when_the_journal_is_closed_is_refused_and_opens_no_other(
    settings: Settings, a_call: Call, rows: Rows
) -> None:
    journal = Journal(settings)

    async def close_before_it_is_handed_over() -> None:
        await journal.record(a_call)
        late = asyncio.ensure_future(journal.record(a_call))
        await asyncio.sleep(0)
        journal.close()
        with pytest.raises(JournalUnavailable):
            await late

    asyncio.run(close_before_it_is_handed_over())
    assert [number_of(row[0]) for row in rows(settings, "SELECT id FROM call")] == [1]
    assert rows(settings, "SELECT last FROM writer") == [(1,)]


def test_processes_that_store_the_same_reasonings_at_once_wait_for_each_other_in_one_order(
    on_postgres: Settings, a_call: Call
) -> None:
    """Else each may wait for a row the other has written: a deadlock, and the database taken to be away."""
    reasonings = [Reasoning(f"{number:032x}", "a-rule", "1", "stay-quiet", None, "{}") for number in range(40)]
    record = Recorder(read_keys(on_postgres).current).record(Filed(Identities().next(), NOW, a_call))
    database, url = Database(on_postgres), on_postgres.database_url or ""
    database.connect()
    insert = "INSERT INTO reasoning (id, rule, version, outcome, content) VALUES (%s, %s, %s, %s, '{}') ON CONFLICT DO NOTHING"
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with ThreadPoolExecutor() as thread, psycopg.connect(url) as other:
        other.execute(insert, reasonings[0][:4])
        storing = thread.submit(database.insert, [record._replace(reasonings=reasonings)])
        with psycopg.connect(url, autocommit=True) as watching:
            until(lambda: watching.execute(waits).fetchone() == (1,), "one waits for the other")
        for each in reasonings[1:]:
            other.execute(insert, each[:4])
        other.commit()
        storing.result()
    database.close()


@pytest.mark.parametrize("taken", ["journal.sqlite", "journal.sqlite-wal"])
def test_a_file_or_log_that_is_taken_away_alone_leaves_no_row_behind(
    on_sqlite: Settings, recorded_on_sqlite: Callable[[], Record], taken: str
) -> None:
    """The last rows are in the log only, and nobody finds them there without the file."""
    database, folder = Database(on_sqlite), on_sqlite.journal.parent
    database.connect()
    database.insert([recorded_on_sqlite()])
    (folder / taken).rename(folder / "aside")
    with pytest.raises(DatabaseAway, match="moved or removed"):
        database.insert([recorded_on_sqlite()])
    left = folder / "aside" if taken == "journal.sqlite" else on_sqlite.journal
    alone = shutil.copy(left, folder / "alone.sqlite")
    with closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT count(*) FROM call").fetchone() == (1,)
