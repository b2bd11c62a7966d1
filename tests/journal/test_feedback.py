"""Feedback is durable before it is answered, counts once, and tells what became of each rule's advice."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import main
from app.settings import Settings
from tests.checklist import faults_in_operation_outcome
from tests.journal.conftest import DAY, Rows, told
from tests.journal.running import RunningWane
from tests.service import Service, service_on

PATH = "/cds-services/order-select/feedback"
NOBODYS = "4e0a3a1e-3283-4575-ab82-028d55fe2719"
AT = "2026-11-21T08:30:00Z"


def override(card: str, code: str | None = "specialist-agreed", at: str = AT, **more: Any) -> dict[str, Any]:
    reason = {"overrideReason": {"reason": {"code": code}, **more}} if code else {}
    return {"card": card, "outcome": "overridden", "outcomeTimestamp": at, **reason}


def accept(card: str, *suggestions: str, at: str = AT) -> dict[str, Any]:
    accepted = [{"id": each} for each in suggestions]
    return {"card": card, "outcome": "accepted", "outcomeTimestamp": at, "acceptedSuggestions": accepted}


@pytest.fixture
def here(on_sqlite: Settings) -> Iterator[Service]:
    """Wane on one kind of database, for what does not depend on it."""
    with service_on(DAY, on_sqlite) as service:
        yield service


def send(wane: Service, *items: dict[str, Any]) -> int:
    answer = wane.post(PATH, {"feedback": list(items)})
    assert answer.content == b"" or answer.status != 200
    return answer.status


@pytest.fixture
def card(wane: Service, body: Any) -> Any:
    """The card of a call."""
    [card] = wane.post("/cds-services/order-select", body).json()["cards"]
    return card


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command on the journal of this test."""
    for variable, value in told(settings).items():
        monkeypatch.setenv(variable, value)
    return lambda *words: CliRunner().invoke(main, list(words))


def test_feedback_is_kept_with_the_call_its_card_was_on(
    wane: Service, card: Any, settings: Settings, rows: Rows
) -> None:
    suggestion = card["suggestions"][0]["uuid"]
    assert send(wane, override(card["uuid"]), accept(card["uuid"], suggestion, at="2026-11-21T09:31:00.5+01:00")) == 200
    found = rows(
        settings, "SELECT f.outcome, f.at, f.reason FROM feedback f JOIN call c ON c.id = f.call ORDER BY f.at"
    )
    assert [tuple(each) for each in found] == [
        ("overridden", "2026-11-21T08:30:00.000000Z", "specialist-agreed"),
        ("accepted", "2026-11-21T08:31:00.500000Z", None),
    ]


def test_the_same_thing_sent_again_is_stored_once(wane: Service, card: Any, settings: Settings, rows: Rows) -> None:
    uuid = card["uuid"]
    again = override(uuid.upper(), at="2026-11-21T09:30:00.000+01:00")
    assert send(wane, override(uuid), override(uuid)) == 200
    assert send(wane, again) == 200
    assert rows(settings, "SELECT count(*) FROM feedback") == [(1,)]
    assert send(wane, override(uuid, at="2026-11-21T08:30:01Z"), override(uuid, "data-wrong")) == 200
    assert rows(settings, "SELECT count(*) FROM feedback") == [(3,)]


def test_two_suggestions_accepted_in_one_second_are_two(
    wane: Service, card: Any, settings: Settings, rows: Rows
) -> None:
    one, two = (each["uuid"] for each in card["suggestions"][:2])
    assert send(wane, accept(card["uuid"], one), accept(card["uuid"], two), accept(card["uuid"], two, one)) == 200
    assert send(wane, accept(card["uuid"], one, two)) == 200
    assert rows(settings, "SELECT count(*) FROM feedback") == [(3,)]


def test_feedback_on_a_card_nobody_knows_is_taken_and_counted(
    wane: Service, settings: Settings, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert send(wane, override(NOBODYS), override("the card of Mrs Peeters"), accept(NOBODYS, "s-1")) == 200
    assert caplog.messages.count("feedback: a card is not in the journal") == 1
    assert wane.call("GET", "/feedback/summary").json()["unknownCards"] == 3
    kept = json.dumps([list(each) for each in rows(settings, "SELECT card, suggestions FROM feedback")])
    assert NOBODYS in kept
    assert "Peeters" not in kept
    assert "s-1" not in kept


def test_no_word_of_a_comment_or_of_a_reason_of_the_clients_own_is_kept(
    wane: Service, card: Any, settings: Settings, rows: Rows
) -> None:
    theirs = override(card["uuid"], "peeters-knows", userComment="Peeters wants it")
    assert send(wane, theirs) == 200
    [kept] = rows(settings, "SELECT * FROM feedback")
    assert "eeters" not in str(kept)
    assert rows(settings, "SELECT reason, commented FROM feedback") == [("other", True)]


def test_one_wrong_item_refuses_the_whole_and_names_its_place(
    wane: Service, card: Any, settings: Settings, rows: Rows
) -> None:
    answer = wane.post(PATH, {"feedback": [override(card["uuid"]), {"card": card["uuid"], "outcome": "ignored"}]})
    assert (answer.status, faults_in_operation_outcome(answer.json())) == (400, [])
    assert answer.json()["issue"][0]["expression"] == ["feedback[1].outcomeTimestamp"]
    assert rows(settings, "SELECT count(*) FROM feedback") == [(0,)]


def test_a_service_that_is_not_there_takes_no_feedback(here: Service) -> None:
    answer = here.post("/cds-services/tea-time/feedback", {"feedback": []})
    assert (answer.status, faults_in_operation_outcome(answer.json())) == (404, [])


def test_feedback_waits_in_the_spool_while_the_database_is_away(away: Settings, body: Any, rows: Rows) -> None:
    with service_on(DAY, away) as wane:
        [card] = wane.post("/cds-services/order-select", body).json()["cards"]
        assert send(wane, override(card["uuid"]), override(card["uuid"])) == 200
    back = replace(away, database_url=None)
    with service_on(DAY, back):
        pass
    assert rows(back, "SELECT count(*) FROM feedback f JOIN call c ON c.id = f.call") == [(1,)]
    assert rows(back, 'SELECT reason FROM "override"') == [("specialist-agreed",)]


def test_feedback_that_comes_before_its_call_finds_it_later(away: Settings, body: Any, rows: Rows) -> None:
    with service_on(DAY, away) as wane:
        [card] = wane.post("/cds-services/order-select", body).json()["cards"]
    back = replace(away, database_url=None, spool=away.journal.parent / "elsewhere")
    with service_on(DAY, back) as wane:
        assert send(wane, override(card["uuid"])) == 200
    assert rows(back, 'SELECT count(*) FROM "override"') == [(0,)]
    with service_on(DAY, replace(back, spool=None)):
        pass
    assert rows(back, 'SELECT reason FROM "override"') == [("specialist-agreed",)]


def test_what_was_answered_with_200_is_there_after_a_crash(
    on_sqlite: Settings, start: Callable[..., RunningWane], rows: Rows
) -> None:
    wane = start(on_sqlite)
    assert wane.send(PATH, {"feedback": [override(NOBODYS)]}) == 200
    wane.kill()
    assert rows(on_sqlite, "SELECT card FROM feedback") == [(NOBODYS,)]


def test_show_tells_what_became_of_a_card(wane: Service, card: Any, run: Callable[..., Result]) -> None:
    send(wane, override(card["uuid"], "data-wrong", userComment="x"))
    shown = run("journal", "show", card["uuid"]).output
    assert "overridden 2026-11-21T08:30:00.000000Z: data-wrong (with a comment, which is not kept)" in shown


def test_verify_finds_feedback_that_was_changed(
    wane: Service, card: Any, run: Callable[..., Result], settings: Settings
) -> None:
    from sqlalchemy import text  # noqa: PLC0415

    from app.journal.database import engine_for  # noqa: PLC0415

    send(wane, override(card["uuid"]))
    assert wane.call("GET", "/health/ready").status == 200
    assert run("journal", "verify").exit_code == 0
    with engine_for(settings).begin() as connection:
        connection.execute(text("UPDATE feedback SET reason = 'data-wrong'"))
    assert "it is not as it was written" in run("journal", "verify").output


def counts(wane: Service, rule: str = "baclofen-alcohol") -> Any:
    [found] = [each for each in wane.call("GET", "/feedback/summary").json()["rules"] if each["rule"] == rule]
    return found


def test_the_summary_counts_a_card_once_by_its_latest_outcome(wane: Service, body: Any) -> None:
    cards = [wane.post("/cds-services/order-select", body).json()["cards"][0] for _ in range(4)]
    first, second, third, _ = (card["uuid"] for card in cards)
    send(wane, override(first), override(first, "data-wrong", at="2026-11-21T08:31:00Z"), override(second, None))
    send(wane, override(third), accept(third, cards[2]["suggestions"][0]["uuid"], at="2026-11-21T08:31:00Z"))
    found = counts(wane)
    assert (found["shown"], found["led"], found["accepted"], found["overridden"]) == (4, 4, 1, 2)
    assert found["overriddenBy"] == {"data-wrong": 1, "none": 1}


def test_calls_on_which_nothing_was_judged_are_counted_too(wane: Service, card: Any, body: Any) -> None:
    body["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"] = {"text": "paracetamol 1 g"}
    wane.post("/cds-services/order-select", body)
    told = wane.call("GET", "/feedback/summary").json()
    assert (told["calls"], [each["rule"] for each in told["rules"]]) == (2, ["baclofen-alcohol"])


def test_the_report_and_the_summary_tell_the_same(wane: Service, card: Any, run: Callable[..., Result]) -> None:
    send(wane, override(card["uuid"]))
    [line] = csv.DictReader(io.StringIO(run("feedback", "report", "--csv").output))
    assert line == next(csv.DictReader(io.StringIO(wane.call("GET", "/feedback/summary?format=csv").content.decode())))
    assert (line["rule"], line["shown"], line["overridden:specialist-agreed"]) == ("baclofen-alcohol", "1", "1")
    assert "baclofen-alcohol" in run("feedback", "report").output
    assert json.loads(run("feedback", "report", "--json").output)["rules"][0]["overridden"] == 1
    assert json.loads(run("feedback", "report", "--json", "--until", "2020-01-01").output)["calls"] == 0


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "format=xml"])
def test_a_summary_that_cannot_be_asked_for_is_refused(here: Service, query: str) -> None:
    answer = here.call("GET", f"/feedback/summary?{query}")
    assert (answer.status, faults_in_operation_outcome(answer.json())) == (400, [])


@pytest.mark.parametrize(
    "query", ["since=0001-01-01&until=9999-12-31", "until=0001-01-01", "since=2026-02-01&until=2026-01-01"]
)
def test_any_days_can_be_asked_for(wane: Service, query: str) -> None:
    assert wane.call("GET", f"/feedback/summary?{query}").status == 200


def test_a_summary_of_a_journal_that_is_away_says_so(away: Settings) -> None:
    with service_on(DAY, away) as wane:
        answer = wane.call("GET", "/feedback/summary")
    assert (answer.status, faults_in_operation_outcome(answer.json())) == (503, [])


def test_what_was_counted_is_counted_when_the_calls_are_forgotten(
    wane: Service, card: Any, run: Callable[..., Result], settings: Settings, rows: Rows
) -> None:
    send(wane, override(card["uuid"]), override(NOBODYS))
    before = counts(wane)
    assert "1 calls forgotten." in run("journal", "forget", "--patient", "p-102").output
    assert counts(wane) == before
    assert rows(settings, 'SELECT count(*) FROM "override"') == [(0,)]
    assert rows(settings, "SELECT card FROM feedback") == [(NOBODYS,)]
    run("journal", "forget", "--older-than", "0d")
    assert rows(settings, "SELECT count(*) FROM feedback") == [(0,)]


def test_advice_that_was_left_and_followed_on_another_day_was_acted_on_later(
    settings: Settings, body: Any, rows: Rows, run: Callable[..., Result]
) -> None:
    from sqlalchemy import text  # noqa: PLC0415

    from app.journal.database import engine_for  # noqa: PLC0415

    with service_on(DAY, settings) as wane:
        wane.post("/cds-services/order-select", body)
        with engine_for(settings).begin() as connection:
            connection.execute(text("UPDATE call SET time = '2026-11-20T08:30:00.000000Z'"))
        order = body["context"]["draftOrders"]["entry"][0]["resource"]
        order["reasonCode"] = [{"coding": [{"system": "http://snomed.info/sct", "code": "221360009"}]}]
        wane.post("/cds-services/order-select", body)
    told = json.loads(run("feedback", "report", "--json", "--since", "2026-11-01").output)
    assert [(each["rule"], each["actedOnLater"]) for each in told["rules"]] == [("baclofen-alcohol", 1)]
