"""`wane journal`: what a hospital asks of what was answered."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli import main
from app.journal.database import engine_for
from app.settings import Settings
from tests.journal.conftest import DAY, Rows, told
from tests.journal.until import until
from tests.service import Service, service_on

Wane = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Wane:
    """Runs a command on the journal of this test."""
    for variable, value in told(settings).items():
        monkeypatch.setenv(variable, value)
    return lambda *words: CliRunner().invoke(main, ["journal", *words])


@pytest.fixture
def card(wane: Service, body: Any) -> str:
    """A call was answered with this card, and the orchestrator has asked since: that writes down the count of calls."""
    [card] = wane.post("/cds-services/order-select", body).json()["cards"]
    assert wane.call("GET", "/health/ready").status == 200
    return str(card["uuid"])


def _change(settings: Settings, order: str) -> None:
    with engine_for(settings).begin() as connection:
        connection.execute(text(order))


def test_show_explains_a_card_by_every_criterion(run: Wane, card: str, body: Any) -> None:
    shown = run("show", card, "--reference", "MedicationRequest/draft-1")
    assert shown.exit_code == 0, shown.output
    assert f"this card     {card} warning, led by baclofen-alcohol" in shown.output
    assert "baclofen (MedicationRequest/draft-1)" in shown.output
    assert re.search(r'baclofen-alcohol \d+\.\d+\.\d+ advised "against"', shown.output)
    assert "reason = ['alcohol-dependence']: true" in shown.output
    assert "unknown, assumed [missing: route]" in shown.output
    assert "as it was written" in shown.output


def test_show_finds_a_call_by_its_hook_instance_and_speaks_json(run: Wane, card: str, body: Any) -> None:
    shown = json.loads(run("show", "--hook-instance", body["hookInstance"], "--json").output)
    assert [each["subjects"][0]["card"]["uuid"] for each in shown] == [card]
    [rule] = [each for each in shown[0]["subjects"][0]["rules"] if each["id"] == "baclofen-alcohol"]
    assert (rule["outcome"], rule["say"]) == ("advise", "against")
    assert {"block": "against", "criterion": "reason = ['alcohol-dependence']", "truth": "true"} in rule["criteria"]


def test_show_names_the_resources_a_criterion_rests_on_to_who_has_them(run: Wane, wane: Service, body: Any) -> None:
    del body["context"]["draftOrders"]["entry"][0]["resource"]["reasonCode"]
    [card] = wane.post("/cds-services/order-select", body).json()["cards"]
    shown = run("show", card["uuid"], "--reference", "Condition/c-1").output
    assert "rests on Condition/c-1" in shown


def test_show_says_what_a_refused_call_lacked(run: Wane, wane: Service, body: Any) -> None:
    del body["context"]["draftOrders"]["entry"][0]["resource"]["reasonCode"]
    wane.post("/cds-services/order-select", {**body, "prefetch": {}})
    shown = run("show", "--hook-instance", body["hookInstance"]).output
    assert "answered 412" in shown
    assert re.search(r"baclofen-alcohol \d+\.\d+\.\d+ could not tell without", shown)
    assert "[missing: conditions]" in shown


def test_show_of_a_card_that_never_was_says_so(run: Wane, card: str) -> None:
    shown = run("show", card.replace(card[:8], "00000000"))
    assert shown.exit_code == 1
    assert "no such call" in shown.output


def test_verify_finds_no_fault_in_what_was_written(run: Wane, card: str) -> None:
    verified = run("verify")
    assert verified.exit_code == 0, verified.output
    assert "1 calls with 1 cards read" in verified.output


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE call SET status = 412",
        "UPDATE call SET gaps = '[]'",
        "UPDATE call SET subjects = '[]'",
        "UPDATE call SET subjects = '[[1]]'",
        "DELETE FROM call",
        "UPDATE reasoning SET outcome = 'stay-quiet'",
        "DELETE FROM reasoning",
    ],
)
def test_verify_finds_a_row_that_was_changed_or_deleted(run: Wane, card: str, settings: Settings, change: str) -> None:
    _change(settings, change)
    verified = run("verify")
    assert verified.exit_code == 1
    assert "fault" in verified.output


def test_verify_finds_a_whole_call_that_was_deleted(
    run: Wane, card: str, wane: Service, settings: Settings, body: Any
) -> None:
    wane.post("/cds-services/order-select", body)
    _change(settings, "DELETE FROM call WHERE id LIKE '%100000'")
    assert "1 of its 2 calls are not there (1)" in run("verify").output


def test_verify_does_not_pass_over_a_row_whose_key_nobody_has(run: Wane, card: str, settings: Settings) -> None:
    _change(settings, "UPDATE call SET key_id = 'aaaaaaaa', status = 500")
    verified = run("verify")
    assert verified.exit_code == 1
    assert "1 calls carry key aaaaaaaa" in verified.output


def test_verify_finds_a_row_that_was_added(run: Wane, card: str, settings: Settings) -> None:
    _change(
        settings,
        """INSERT INTO call (id, time, hook, hook_instance, client, patient, key_id, knowledge, wane, language, status, took_us,
            gaps, subjects, checksum)
        SELECT replace(id, '-8000-000000100000', '-8000-000000200000'), time, hook, hook_instance, client, patient, key_id,
            knowledge, wane, language, status, took_us, gaps, subjects, checksum FROM call""",
    )
    verified = run("verify")
    assert verified.exit_code == 1
    assert "it is not as it was written" in verified.output


def test_verify_misses_the_last_call_of_a_process_that_never_said_goodbye(
    run: Wane, wane: Service, settings: Settings, rows: Rows, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.store.COUNT_S", 0)
    wane.post("/cds-services/order-select", body)
    until(lambda: (1,) in rows(settings, "SELECT last FROM writer"), "the count is written down")
    _change(settings, "DELETE FROM call")
    assert "1 of its 1 calls are not there (1)" in run("verify").output


def test_forget_by_age_leaves_what_was_counted(run: Wane, card: str, settings: Settings, rows: Rows) -> None:
    _change(settings, "UPDATE call SET time = '2020-02-29T08:30:00.000000Z'")
    assert "1 calls forgotten." in run("forget", "--older-than", "400d").output
    assert rows(settings, "SELECT * FROM call") == []
    counted = rows(settings, "SELECT day, hook, status, rule, outcome, say, count FROM daily_count")
    assert ("2020-02-29", "order-select", 200, "", "", "", 1) in [(str(row[0]), *row[1:]) for row in counted]
    assert ("baclofen-alcohol", "advise", "against", 1) in [tuple(row[3:]) for row in counted]
    assert run("verify").exit_code == 0


def test_forget_erases_a_call_that_somebody_has_spoilt(run: Wane, card: str, settings: Settings, rows: Rows) -> None:
    _change(settings, "UPDATE call SET subjects = '[[1]]', time = '2020-02-29T08:30:00.000000Z'")
    assert "1 calls forgotten." in run("forget", "--older-than", "400d").output
    assert rows(settings, "SELECT * FROM call") == []


def test_forget_leaves_what_is_younger(run: Wane, card: str, rows: Rows, settings: Settings) -> None:
    assert "0 calls forgotten." in run("forget", "--older-than", "1d").output
    assert rows(settings, "SELECT count(*) FROM call") == [(1,)]


def test_forget_a_patient_leaves_the_others(
    run: Wane, card: str, wane: Service, settings: Settings, rows: Rows, body: Any
) -> None:
    other = json.loads(json.dumps(body).replace("p-102", "p-103"))
    wane.post("/cds-services/order-select", other)
    assert "1 calls forgotten." in run("forget", "--patient", "Patient/p-102").output
    assert rows(settings, "SELECT count(*) FROM call") == [(1,)]
    assert run("show", card).exit_code == 1
    assert run("verify").exit_code == 0


def test_forget_says_that_it_cannot_tell_whose_calls_of_another_key_are(
    run: Wane, card: str, settings: Settings
) -> None:
    _change(settings, "UPDATE call SET key_id = 'aaaaaaaa'")
    forgotten = run("forget", "--patient", "p-999")
    assert forgotten.exit_code == 1
    assert "1 calls carry a key that is not at hand" in forgotten.output


def test_forget_reaches_calls_written_with_an_older_key(run: Wane, settings: Settings, body: Any) -> None:
    for _ in range(2):
        with service_on(DAY, settings) as wane:
            wane.post("/cds-services/order-select", body)
        assert run("rotate-key").exit_code == 0
    assert "2 calls forgotten." in run("forget", "--patient", "p-102").output


def test_what_was_forgotten_is_not_brought_back_by_a_spool(
    away: Settings, body: Any, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service_on(DAY, away) as wane:
        wane.post("/cds-services/order-select", body)
    [path] = away.spool_folder.glob("*.spool")
    content = path.read_bytes()
    back = replace(away, database_url=None)
    with service_on(DAY, back):
        pass
    monkeypatch.setenv("WANE_JOURNAL", str(back.journal))
    assert "1 calls forgotten." in CliRunner().invoke(main, ["journal", "forget", "--patient", "p-102"]).output
    path.write_bytes(content)
    with service_on(DAY, back):
        pass
    assert rows(back, "SELECT * FROM call") == []


def test_after_a_new_key_past_calls_are_still_explained_and_verified(
    run: Wane, card: str, settings: Settings, body: Any
) -> None:
    assert run("rotate-key").exit_code == 0
    with service_on(DAY, settings) as wane:
        wane.post("/cds-services/order-select", body)
    assert "as it was written" in run("show", card).output
    assert "No fault found." in run("verify").output


def test_with_the_key_in_the_environment_the_operator_changes_it(
    run: Wane, card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANE_PSEUDONYM_KEY", "s" * 32)
    rotated = run("rotate-key")
    assert rotated.exit_code == 1
    assert "on every host" in rotated.output


@pytest.mark.parametrize("command", [["show", "--hook-instance", "x"], ["verify"], ["forget", "--older-than", "1d"]])
def test_a_journal_that_cannot_be_read_is_told_in_one_line(
    on_sqlite: Settings, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("WANE_JOURNAL", str(on_sqlite.journal))
    on_sqlite.journal.write_bytes(b"no database" * 1000)
    assert CliRunner().invoke(main, ["journal", *command]).output == (
        "The journal cannot be read (DatabaseError SQLITE_NOTADB).\n"
    )
    on_sqlite.journal.unlink()
    on_sqlite.journal.mkdir()
    told = CliRunner().invoke(main, ["journal", *command]).output
    assert re.fullmatch(r"The journal cannot be read \(\w+ \w+\)\.\n", told)


def test_a_setting_that_cannot_be_used_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANE_MAX_DEPTH", "0")
    told = CliRunner().invoke(main, ["journal", "verify"])
    assert told.exit_code == 1
    assert told.output.startswith("WANE_MAX_DEPTH is not a whole number")


@pytest.mark.parametrize("words", [["show"], ["forget"], ["forget", "--older-than", "soon"]])
def test_a_command_that_lacks_something_says_what(run: Wane, card: str, words: list[str]) -> None:
    refused = run(*words)
    assert refused.exit_code == 1
    assert "--" in refused.output
