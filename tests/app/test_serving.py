"""`wane serve` as whoever runs it meets it: what it refuses, what it prints, how it stops, and with several workers."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import orjson
import pytest
import uvicorn
from uvicorn.supervisors.multiprocess import SIGNALS

from app.routes.banner import words
from app.workers import Workers
from tests.app.conftest import COMMAND, ROOT, Serve, Server, free_port, wait_for

BODY = (ROOT / "app/pages/examples/order-select.baclofen-for-alcohol.json").read_bytes()
SELECT = "/cds-services/order-select"
JSON = {"Content-Type": "application/json"}


def refused(*arguments: str, **variables: str) -> str:
    """The sentence a start is refused with."""
    ended = subprocess.run(
        [*COMMAND, "--port", str(free_port()), *arguments],
        cwd=ROOT, env={"PATH": os.environ["PATH"], **variables}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    return ended.stderr


def figure(server: Server, name: str) -> float:
    """A figure of /metrics, all its labels added up."""
    text = httpx.get(f"{server.address}/metrics").text
    return sum(float(value) for value in re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE))


def lines(server: Server) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in server.log.read_bytes().splitlines()]


def workers_of(server: Server) -> set[int]:
    """The processes that have said they are up; all were started by the server."""
    return {int(str(line["process"])) for line in lines(server) if line["event"] == "Application startup complete."}


# --- what it refuses ---


def test_without_clients_nothing_is_loaded_that_only_they_need() -> None:
    script = "import sys; from app.loading import application; application(); print(*sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.split()
    assert {"fastapi", "sqlalchemy.dialects.sqlite"} <= set(loaded)
    assert {"httpx", "joserfc", "cryptography", "alembic", "psycopg"}.isdisjoint(loaded)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "wane.hospital.example"])  # noqa: S104
def test_without_clients_it_listens_on_this_machine_only(host: str) -> None:
    told = refused("--host", host)
    assert told.startswith(f"Wane does not listen on {host}: no client is configured")
    assert "WANE_OPEN=1" in told


def test_a_setting_that_cannot_be_used_is_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("max_depth = 0\n")
    told = refused(WANE_SITE=str(tmp_path), WANE_LANGUAGE="es")
    assert told.splitlines()[0].startswith("WANE_LANGUAGE is not one of nl, fr, en, de.")
    assert f"{tmp_path}/site.toml, line 1: max_depth is not" in told


# --- open mode ---


def test_the_open_mode_says_so_at_start_and_on_every_page(serve: Serve) -> None:
    server = serve("--host", "0.0.0.0", WANE_OPEN="1")  # noqa: S104
    assert f"*** {words('nl')} ***" in server.out.read_text(encoding="utf-8")
    for path, language in (
        ("/", "nl"),
        ("/?lang=fr", "fr"),
        ("/evidence/baclofen-alcohol?lang=en", "en"),
        ("/docs", "nl"),
    ):
        page = httpx.get(f"{server.address}{path}").text
        assert page.count(words(language)) == 1, path
        assert page.index("<body>") < page.index(words(language)) < page.index("</body>")
    assert httpx.get(f"{server.address}/cds-services").json()["services"]


def test_without_the_open_mode_there_is_no_banner(serve: Serve) -> None:
    server = serve()
    assert "***" not in server.out.read_text(encoding="utf-8")
    assert words("nl") not in httpx.get(server.address).text


# --- addresses ---


def test_links_on_cards_lead_to_the_address_served_on_or_to_what_the_site_says(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.toml").write_text('public_url = "https://wane.hospital.example"\n')
    for server, start in ((serve(), None), (serve(WANE_SITE=str(tmp_path / "site")), "https://wane.hospital.example/")):
        card = httpx.post(f"{server.address}{SELECT}", content=BODY, headers=JSON).json()["cards"][0]
        assert card["source"]["url"].startswith(start or f"{server.address}/")


def test_a_proxys_word_for_who_calls_is_believed_only_from_a_proxy_that_is_known(serve: Serve) -> None:
    pretended = {"X-Forwarded-For": "10.1.2.3"}
    assert httpx.get(f"{serve().address}/cds-services", headers=pretended).status_code == 200
    known = serve(WANE_TRUSTED_PROXIES="127.0.0.1")
    assert httpx.get(f"{known.address}/cds-services", headers=pretended).status_code == 403


# --- how it stops ---


def half_sent(server: Server) -> socket.socket:
    """A connection on which half a call has been sent, and has arrived."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = (
        f"POST {SELECT} HTTP/1.1\r\nHost: wane\r\nContent-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    connection.sendall(head.encode() + BODY[:100])
    wait_for(lambda: figure(server, "wane_requests_in_hand") == 2)  # this one, and the one that asks
    return connection


def takes_connections(server: Server) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", server.port)) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_request_that_is_in_hand_at_sigterm_is_answered(serve: Serve, workers: str) -> None:
    server = serve("--workers", workers)
    with half_sent(server) as connection:
        server.process.send_signal(signal.SIGTERM)
        if workers == "1":
            wait_for(lambda: not takes_connections(server))
        connection.sendall(BODY[100:])
        with connection.makefile("rb") as stream:
            answered = stream.read()
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"cards":[{' in answered
    assert server.process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_readiness_fails_at_once_while_new_calls_are_still_taken(serve: Serve) -> None:
    server = serve(WANE_DRAIN_SECONDS="60")
    assert httpx.get(f"{server.address}/health/ready").status_code == 200
    server.process.send_signal(signal.SIGTERM)
    wait_for(lambda: httpx.get(f"{server.address}/health/ready").status_code == 503)
    assert httpx.get(f"{server.address}/health/live").status_code == 200
    assert httpx.post(f"{server.address}{SELECT}", content=BODY, headers=JSON).status_code == 200
    assert server.stop() in (0, -signal.SIGTERM)  # a second signal does not wait


def test_a_sender_who_never_ends_does_not_keep_it_from_stopping(serve: Serve) -> None:
    server = serve(WANE_BODY_SECONDS="1")
    with half_sent(server):
        assert server.stop() in (0, -signal.SIGTERM)


# --- several workers ---


def test_workers_share_their_figures_and_the_rate_of_a_client(serve: Serve) -> None:
    before = {path.name for path in Path(tempfile.gettempdir()).glob("wane-*")}
    server = serve("--workers", "2", WANE_CALLS_PER_MINUTE="20")

    def call(_: int) -> int:
        return httpx.post(f"{server.address}{SELECT}", content=BODY, headers=JSON, timeout=60).status_code

    wait_for(lambda: len(workers_of(server)) == 2)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(call, range(60)))
    regained = (time.monotonic() - began) / 3
    assert set(statuses) == {200, 429}
    assert 20 <= statuses.count(200) <= 22 + regained  # who writes at the same time may let one too many through
    assert figure(server, "wane_calls_total") == 60
    assert figure(server, "wane_cards_total") == statuses.count(200)
    assert len({line["process"] for line in lines(server) if line["event"] == "call"}) == 2
    server.stop()
    assert {path.name for path in Path(tempfile.gettempdir()).glob("wane-*")} <= before


@pytest.fixture
def workers() -> Iterator[Workers]:
    """One worker, and who starts it again; the signals this process had before stay its own."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    config = uvicorn.Config("starlette.applications:Starlette", factory=True, port=0, log_config=None)
    with config.bind_socket() as listening:
        supervisor = Workers(config, [listening])
        supervisor.init_processes()
        yield supervisor
        supervisor.terminate_all()
        supervisor.join_all()
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_worker_that_died_with_a_question_in_hand_is_seen_to_be_dead_at_once(workers: Workers) -> None:
    [worker] = workers.processes
    worker.process.kill()
    worker.join()
    began = time.monotonic()
    assert not worker.ping(timeout=60)
    assert time.monotonic() - began < 30
    workers.keep_subprocess_alive()
    [another] = workers.processes
    assert another.pid != worker.pid


def test_what_a_killed_worker_had_in_hand_is_not_counted_for_ever(serve: Serve) -> None:
    server = serve("--workers", "2")
    with half_sent(server):
        wait_for(lambda: len(workers_of(server)) == 2)
        for process in workers_of(server):
            os.kill(process, signal.SIGKILL)
        wait_for(lambda: figure(server, "wane_requests_in_hand") == 1)


# --- what it tells ---


def test_everything_on_stderr_is_a_line_of_json_and_every_call_has_one(serve: Serve) -> None:
    server = serve()
    httpx.post(f"{server.address}{SELECT}", content=BODY, headers=JSON)
    httpx.post(f"{server.address}{SELECT}", content=b"{", headers=JSON)
    httpx.get(f"{server.address}/health/ready")
    server.stop()
    told = [line for line in lines(server) if line["event"] == "call"]
    assert [(line["hook"], line["status"]) for line in told] == [("order-select", 200), ("order-select", 400)]
    assert told[0]["cards"] == 1
    assert "baclofen-alcohol" in str(told[0]["rules"])
    assert told[1]["fault"] == "BrokenJson"
