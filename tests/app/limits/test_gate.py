"""What is refused at the gate, in this process: every message in and out is in the test's hand."""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from app.consult import Answer
from app.limits.gate import calls_per_minute
from app.settings import Settings
from tests.app.limits.conftest import SELECT, Caller, Exchange
from tests.checklist import faults_in_operation_outcome

EXAMPLE = Path(__file__).parents[3] / "app/pages/examples/order-select.baclofen-for-alcohol.json"
BODY = EXAMPLE.read_bytes()
Build = Callable[..., Caller]


def refused(exchange: Exchange, status: int, code: str) -> None:
    assert exchange.status == status
    assert faults_in_operation_outcome(exchange.outcome) == []
    assert exchange.outcome["issue"][0]["code"] == code


def with_resources(number: int) -> bytes:
    """A call with `number` resources; the draft, its Bundle and the rest of the example are among them."""
    call: dict[str, Any] = json.loads(BODY)
    entries = call["prefetch"]["conditions"]["entry"]
    missing = number - BODY.count(b'"resourceType"')
    entries += [{"resource": {"resourceType": "Condition"}}] * missing
    return orjson.dumps(call)


def large(size: int) -> bytes:
    call: dict[str, Any] = json.loads(BODY)
    call["extension"] = {"padding": "x" * size}
    return orjson.dumps(call)


# --- size ---


def test_a_content_length_above_the_limit_is_refused(caller: Build) -> None:
    refused(
        asyncio.run(caller(max_body_bytes=2_000).call(ended(), headers={"content-length": "2001"})), 413, "too-long"
    )


def test_nothing_is_read_of_a_long_body_before_the_answer_has_left(caller: Build) -> None:
    async def story() -> None:
        exchange = ended()
        answered_after: list[int] = []
        take = exchange.take

        async def taking(message: dict[str, Any]) -> None:
            answered_after.append(exchange.asked)
            await take(message)

        exchange.take = taking  # type: ignore[method-assign]
        await caller().call(exchange, headers={"content-length": "99999999999"})
        assert (exchange.status, exchange.headers["connection"]) == (413, "close")
        assert answered_after[:2] == [0, 0]  # the head and the whole body of the answer

    asyncio.run(story())


def test_chunks_above_the_limit_are_refused_without_waiting_for_their_end(caller: Build) -> None:
    async def story() -> Exchange:
        exchange = Exchange()
        for _ in range(3):
            exchange.send(b" " * 1_000, more=True)
        exchange.sent.put_nowait({"type": "http.disconnect"})
        return await caller(max_body_bytes=2_000).call(exchange, headers={"transfer-encoding": "chunked"})

    refused(asyncio.run(story()), 413, "too-long")


def test_a_body_of_exactly_the_limit_is_judged(caller: Build) -> None:
    exchange = asyncio.run(caller(max_body_bytes=len(BODY)).call(body=BODY))
    assert exchange.status == 200


def test_a_body_that_says_to_be_shorter_than_it_is_counts_by_what_arrives(caller: Build) -> None:
    async def story() -> Exchange:
        exchange = Exchange()
        exchange.send(b" " * 5_000)
        return await caller(max_body_bytes=2_000).call(exchange, headers={"content-length": "10"})

    refused(asyncio.run(story()), 413, "too-long")


def test_a_body_that_breaks_off_is_refused_and_no_failure_of_wane(caller: Build) -> None:
    async def story() -> Exchange:
        exchange = Exchange()
        exchange.send(b'{"hook":', more=True)
        exchange.sent.put_nowait({"type": "http.disconnect"})
        return await caller().call(exchange, headers={"content-length": "100"})

    refused(asyncio.run(story()), 400, "incomplete")


def test_a_compressed_body_is_refused_as_such(caller: Build) -> None:
    exchange = asyncio.run(caller().call(body=b"\x1f\x8b", headers={"content-encoding": "gzip"}))
    refused(exchange, 415, "not-supported")


def test_more_bodies_than_memory_is_meant_for_are_refused(caller: Build) -> None:
    async def story() -> Exchange:
        app = caller(max_body_bytes=20_000_000)
        waiting = [Exchange() for _ in range(4)]
        for exchange in waiting:
            exchange.send(b" " * 19_999_999, more=True)
        calls = [asyncio.create_task(app.call(one, headers={"transfer-encoding": "chunked"})) for one in waiting]
        while any(exchange.asked < 2 for exchange in waiting):
            await asyncio.sleep(0)
        last = Exchange()
        last.send(b" " * 19_999_999)
        answered = await app.call(last, headers={"content-length": "19999999"})
        for exchange, task in zip(waiting, calls, strict=True):
            exchange.send(b"")
            await task
        assert (await app.call(body=BODY)).status == 200  # and all of it is let go again
        return answered

    refused(asyncio.run(story()), 503, "throttled")


# --- resources and nesting ---


@pytest.mark.parametrize(("number", "status"), [(20, 200), (21, 413)])
def test_the_number_of_resources_in_a_request_is_limited(caller: Build, number: int, status: int) -> None:
    exchange = asyncio.run(caller(max_resources=20).call(body=with_resources(number)))
    assert exchange.status == status
    if status == 413:
        refused(exchange, 413, "too-costly")
        assert "more than 20 resources" in exchange.body.decode()


def test_resources_behind_escapes_are_counted_too(caller: Build) -> None:
    hidden = with_resources(21).replace(b'"resourceType"', b'"\\u0072esourceType"')
    refused(asyncio.run(caller(max_resources=20).call(body=hidden)), 413, "too-costly")


def test_other_escapes_are_not_taken_for_resources(caller: Build) -> None:
    call = json.loads(with_resources(20))
    call["extension"] = {"text": "é" * 100}
    assert asyncio.run(caller(max_resources=20).call(body=json.dumps(call).encode())).status == 200


def test_nesting_is_limited(caller: Build) -> None:
    for depth, status in ((20, 200), (21, 400)):
        call = json.loads(BODY)
        call["extension"] = json.loads("[" * (depth - 1) + "]" * (depth - 1))
        assert asyncio.run(caller(max_depth=20).call(body=orjson.dumps(call))).status == status


@pytest.mark.parametrize("said", ["[[[[", "]]]]", '"[[[["', "\\", '\\"[[[[', "{[", ""])
def test_brackets_in_a_text_are_no_nesting(caller: Build, said: str) -> None:
    call = json.loads(BODY)
    call["extension"] = [[[[said, said, said], {said: said}], said]] * 30
    assert asyncio.run(caller(max_depth=12).call(body=orjson.dumps(call))).status == 200


# --- time ---


def test_a_body_that_does_not_arrive_in_time_is_cut_off(caller: Build) -> None:
    async def story() -> Exchange:
        exchange = Exchange()
        exchange.send(b'{"hook":', more=True)
        return await caller(body_seconds=0.05).call(exchange, headers={"content-length": "100000"})

    exchange = asyncio.run(story())
    refused(exchange, 408, "timeout")
    assert exchange.headers["connection"] == "close"


def test_a_sender_that_drips_gets_no_more_time_for_every_drop(caller: Build) -> None:
    async def story() -> Exchange:
        exchange = Exchange()

        async def drip() -> None:
            while not exchange.done:
                exchange.send(b" ", more=True)
                await asyncio.sleep(0.005)  # the pace of the sender

        dripping = asyncio.create_task(drip())
        answered = await caller(body_seconds=0.1).call(exchange, headers={"transfer-encoding": "chunked"})
        await dripping
        return answered

    refused(asyncio.run(story()), 408, "timeout")


def test_judging_stops_when_the_time_is_over(caller: Build) -> None:
    exchange = asyncio.run(caller(request_seconds=-1).call(body=BODY))
    refused(exchange, 503, "timeout")
    assert int(exchange.headers["retry-after"]) > 0


def test_time_is_asked_for_every_resource_every_order_and_every_card(
    caller: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for module in ("app.intake.record", "app.consult", "app.render.cards"):
        monkeypatch.setattr(f"{module}.in_time", lambda module=module: asked.append(module))
    call = json.loads(BODY)
    first = call["context"]["draftOrders"]["entry"][0]["resource"]
    call["context"]["draftOrders"]["entry"] = [{"resource": {**first, "id": str(number)}} for number in range(10)]
    del call["context"]["selections"]
    assert len(asyncio.run(caller().call(body=orjson.dumps(call))).outcome["cards"]) == 10
    assert asked.count("app.consult") == 10
    assert asked.count("app.intake.record") >= 10 + 2
    assert asked.count("app.render.cards") >= 10


def test_a_stage_that_waits_for_ever_is_given_up(caller: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("app.consult.apart", never)
    exchange = asyncio.run(caller(request_seconds=0.05).call(body=BODY))
    refused(exchange, 503, "timeout")


# --- rate ---


def test_a_client_that_calls_too_often_is_told_when_to_come_back(caller: Build) -> None:
    async def story() -> list[Exchange]:
        app = caller(calls_per_minute=3)
        return [await app.call(body=BODY) for _ in range(5)]

    exchanges = asyncio.run(story())
    assert [exchange.status for exchange in exchanges] == [200, 200, 200, 429, 429]
    refused(exchanges[3], 429, "throttled")
    assert exchanges[3].headers["retry-after"] == "20"


def test_the_rate_is_each_clients_own_and_health_is_not_counted(caller: Build) -> None:
    async def story() -> list[int]:
        app = caller(calls_per_minute=1, open=True)
        for _ in range(5):
            await app.call(path="/health/ready", method="GET", body=b"")
        calls = [await app.call(body=BODY, client=client) for client in ("10.0.0.1", "10.0.0.1", "10.0.0.2")]
        calls.append(await app.call(path="/metrics", method="GET", body=b"", client="10.0.0.1"))
        return [exchange.status for exchange in calls]

    assert asyncio.run(story()) == [200, 429, 200, 200]


def test_where_only_this_machine_can_call_there_is_no_limit_until_one_is_set(caller: Build) -> None:
    async def story(app: Caller) -> set[int]:
        return {(await app.call(path="/health/live", method="GET", body=b"")).status for _ in range(3)}

    assert asyncio.run(story(caller())) == {200}
    assert calls_per_minute(Settings()) == 0
    assert calls_per_minute(Settings(open=True)) == 12_000
    assert calls_per_minute(Settings(open=True, calls_per_minute=0)) == 0
    assert calls_per_minute(Settings(calls_per_minute=7)) == 7


# --- load ---


def test_of_many_calls_at_once_some_are_judged_and_the_rest_refused_at_once(caller: Build) -> None:
    async def story() -> list[Exchange]:
        app = caller(max_at_once=5)
        first = await asyncio.gather(*(app.call(body=BODY) for _ in range(40)))
        assert (await app.call(body=BODY)).status == 200
        return first

    exchanges = asyncio.run(story())
    assert sorted(exchange.status for exchange in exchanges) == [200] * 5 + [503] * 35
    refused(exchanges[-1], 503, "throttled")
    assert exchanges[-1].headers["retry-after"] == "1"


def test_bodies_that_are_still_arriving_take_nobodys_place(caller: Build) -> None:
    async def story() -> None:
        app = caller(max_at_once=1)
        slow = [Exchange() for _ in range(10)]
        calls = []
        for exchange in slow:
            exchange.send(BODY[:100], more=True)
            calls.append(asyncio.create_task(app.call(exchange, headers={"content-length": str(len(BODY))})))
            while exchange.asked < 2:
                await asyncio.sleep(0)
        assert (await app.call(body=BODY)).status == 200
        for exchange, task in zip(slow, calls, strict=True):
            exchange.send(BODY[100:])
            await task
        assert {exchange.status for exchange in slow} == {200}

    asyncio.run(story())


def test_health_is_answered_when_everything_is_in_hand(caller: Build) -> None:
    async def story() -> None:
        app = caller(max_at_once=1)
        await asyncio.gather(*(app.call(body=BODY) for _ in range(5)), app.call(path="/health/ready", body=b""))
        assert (await app.call(path="/health/ready", method="GET", body=b"")).status == 200

    asyncio.run(story())


def test_others_are_answered_while_a_large_body_is_judged_and_only_two_are_at_once(
    caller: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, judging = threading.Event(), threading.Semaphore(0)

    def answer(*_: object) -> Answer:
        if threading.current_thread() is not threading.main_thread():
            judging.release()
            assert may_end.wait(30)
        return Answer((), {})

    monkeypatch.setattr("app.consult.answer", answer)

    async def story() -> None:
        app = caller()
        calls = [asyncio.create_task(app.call(body=large(300_000))) for _ in range(3)]
        for _ in range(2):
            assert await asyncio.to_thread(judging.acquire, timeout=30)
        assert (await app.call(path="/health/ready", method="GET", body=b"")).status == 200
        assert (await app.call(body=BODY)).status == 200
        assert not judging.acquire(blocking=False)
        may_end.set()
        assert {(await call).status for call in calls} == {200}

    asyncio.run(story())


# --- who may call ---


@pytest.mark.parametrize("client", ["10.0.0.7", "2001:db8::1", "::ffff:192.0.2.1"])
def test_without_clients_another_machine_is_refused_whatever_server_brings_its_call(caller: Build, client: str) -> None:
    refused(asyncio.run(caller().call(body=BODY, client=client)), 403, "forbidden")
    assert asyncio.run(caller(open=True).call(body=BODY, client=client)).status == 200


@pytest.mark.parametrize("client", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", None, ""])
def test_this_machine_is_answered(caller: Build, client: str | None) -> None:
    assert asyncio.run(caller().call(body=BODY, client=client)).status == 200


def test_a_refusal_is_no_place_lost(caller: Build) -> None:
    async def story() -> None:
        app = caller(max_at_once=1)
        for _ in range(3):
            assert (await app.call(body=b"{")).status == 400
            assert (await app.call(body=b"{}", path="/cds-services/none")).status == 404
            assert (await app.call(ended(), headers={"content-length": "999999999"})).status == 413
        assert (await app.call(body=BODY, path=SELECT)).status == 200

    asyncio.run(story())


def ended() -> Exchange:
    """A caller that has gone by the time anybody reads."""
    exchange = Exchange()
    exchange.sent.put_nowait({"type": "http.disconnect"})
    return exchange
