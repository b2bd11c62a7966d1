"""Limits as a client on the other end of a socket meets them."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.app.conftest import Serve, Server
from tests.checklist import faults_in_operation_outcome

EXAMPLE = Path(__file__).parents[3] / "app/pages/examples/order-select.baclofen-for-alcohol.json"
BODY = EXAMPLE.read_bytes()
JSON = {"Content-Type": "application/json"}
HEAD = b"POST /cds-services/order-select HTTP/1.1\r\nHost: wane\r\nContent-Type: application/json\r\n"


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve(WANE_BODY_SECONDS="1", WANE_MAX_BODY_BYTES="2000000")


def calling(server: Server) -> "closing[http.client.HTTPConnection]":
    return closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=30))


def talk(server: Server, *parts: bytes) -> Iterator[tuple[int, dict[str, str], Any]]:
    """Send the parts and read answers until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        for part in parts:
            connection.sendall(part)
        with connection.makefile("rb") as stream:
            while line := stream.readline():
                status = int(line.split()[1])
                headers = {}
                while (header := stream.readline().strip()) != b"":
                    name, _, value = header.decode().partition(": ")
                    headers[name.lower()] = value
                yield status, headers, json.loads(stream.read(int(headers["content-length"])))


def test_a_content_length_above_the_limit_is_answered_without_its_body(server: Server) -> None:
    ((status, headers, outcome),) = talk(server, HEAD + b"Content-Length: 999999999\r\n\r\n")
    assert (status, headers["connection"]) == (413, "close")
    assert faults_in_operation_outcome(outcome) == []


def test_a_client_that_sends_all_of_a_body_that_is_too_large_still_reads_why(server: Server) -> None:
    with calling(server) as connection:
        connection.request("POST", "/cds-services/order-select", b" " * 20_000_000, JSON)
        response = connection.getresponse()
        assert response.status == 413
        assert json.loads(response.read())["issue"][0]["code"] == "too-long"


def test_chunks_without_end_are_cut_off(server: Server) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    ((status, headers, outcome),) = talk(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 40)
    assert (status, headers["connection"]) == (413, "close")
    assert outcome["issue"][0]["code"] == "too-long"


def test_a_body_shorter_than_it_says_is_waited_for_and_then_cut_off(server: Server) -> None:
    ((status, headers, outcome),) = talk(server, HEAD + b"Content-Length: 5000\r\n\r\n" + BODY[:500])
    assert (status, headers["connection"]) == (408, "close")
    assert outcome["issue"][0]["code"] == "timeout"


def test_a_body_longer_than_it_says_is_read_as_far_as_it_says(server: Server) -> None:
    status, _, outcome = next(talk(server, HEAD + b"Content-Length: 10\r\n\r\n" + BODY))
    assert status == 400  # ten bytes are not JSON, and what follows them is no request
    assert faults_in_operation_outcome(outcome) == []


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        HEAD + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: wane\r\n\r\n",
    ],
    ids=["no HTTP", "two lengths", "length below zero", "lengths that differ", "no chunk", "not ASCII"],
)
def test_what_is_no_http_gets_the_one_error_shape_too(server: Server, sent: bytes) -> None:
    ((status, _, outcome),) = talk(server, sent)
    assert status == 400
    assert faults_in_operation_outcome(outcome) == []


def test_headers_without_end_are_refused(server: Server) -> None:
    ((status, _, outcome),) = talk(server, HEAD, *[b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(70)])
    assert status == 431
    assert faults_in_operation_outcome(outcome) == []


def test_a_connection_goes_on_after_a_small_refused_body(server: Server) -> None:
    with calling(server) as connection:
        for path, status in (("none", 404), ("order-select", 200), ("none", 404), ("order-select", 200)):
            connection.request("POST", f"/cds-services/{path}", BODY, JSON)
            response = connection.getresponse()
            assert (response.status, response.headers["connection"]) == (status, None)
            response.read()


def test_slow_senders_keep_nobody_else_waiting(serve: Serve) -> None:
    server = serve(WANE_MAX_AT_ONCE="2", WANE_BODY_SECONDS="60")
    with ExitStack() as open_connections:
        for _ in range(50):
            slow = open_connections.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            slow.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
        connection = open_connections.enter_context(calling(server))
        for _ in range(5):
            connection.request("POST", "/cds-services/order-select", BODY, JSON)
            response = connection.getresponse()
            assert response.status == 200
            response.read()
