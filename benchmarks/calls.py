"""The calls that serving is measured by, and how connections are kept busy with them."""

import socket
import threading
import time
from typing import Any

import orjson

from benchmarks.intake import request


def load(port: int, body: bytes, seconds: float, connections: int) -> int:
    """Keep so many connections busy; the number of answers."""
    counts, call = [], called(body)
    end = time.monotonic() + seconds

    def one() -> None:
        answered = 0
        with socket.create_connection(("127.0.0.1", port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.monotonic() < end:
                wire.sendall(call)
                answer(wire)
                answered += 1
        counts.append(answered)

    threads = [threading.Thread(target=one) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def called(body: bytes) -> bytes:
    """The call as it goes over the wire."""
    head = b"POST /cds-services/order-select HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def answer(wire: socket.socket) -> None:
    """Wait for the answer, whole. Raises AssertionError where it is no 200."""
    head, _, rest = wire.recv(65536).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:80]
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(rest) < length:
        rest += wire.recv(65536)


def bodies() -> dict[float, bytes]:
    """Calls for an order of baclofen that gets a card, by their size in KB."""
    whole = {"hook": "order-select", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", **request()}
    whole["context"] |= {"userId": "Practitioner/1", "selections": ["MedicationRequest/request-99"]}
    return {3.5: orjson.dumps(_cut(whole, problems=1, medicines=1)), 60: orjson.dumps(whole)}


def _cut(whole: dict[str, Any], problems: int, medicines: int) -> dict[str, Any]:
    cut: dict[str, Any] = orjson.loads(orjson.dumps(whole))
    for key, left in (("conditions", problems), ("medications", medicines)):
        del cut["prefetch"][key]["entry"][left:]
    return cut


def send(port: int, body: bytes, calls: int, connections: int) -> None:
    """So many calls, over so many connections at a time."""
    shares = [calls // connections + (at < calls % connections) for at in range(connections)]

    def one(share: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as wire:
            for _ in range(share):
                wire.sendall(called(body))
                answer(wire)

    threads = [threading.Thread(target=one, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
