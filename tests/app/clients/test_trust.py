"""Clients that are who they say: keys, key sets, tokens used once, tenants, audiences, and bearer tokens."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jws import extract_compact

from app.clients.door import hash_of, proof_for
from app.clients.jwks import PAUSE_S, STALE_S, KeySets, usable_keys
from app.clients.jwt import Presented, present, verify
from app.errors import Unauthorized
from app.settings.client import Client
from tests.app.clients.counting import Counted
from tests.app.clients.signing import BASE, SELECT, Signer, ec_key, public, rsa_key
from tests.service import Answer, Service

# The example of CDS Hooks 2.0.1, "Trusting CDS Clients": a token of 2011 with an end in 2015, and the key it is signed with.
SPEC_JWT = (
    "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCIsImtpZCI6ImV4YW1wbGUta2lkIiwiamt1IjoiaHR0cHM6Ly9maGlyLWVoci5leGFtcGxlLmNvbS9qd2tfdXJp"
    "In0.eyJpc3MiOiJodHRwczovL2ZoaXItZWhyLmV4YW1wbGUuY29tLyIsImF1ZCI6Imh0dHBzOi8vY2RzLmV4YW1wbGUub3JnL2Nkcy1zZXJ2aWNlcy9zb21l"
    "LXNlcnZpY2UiLCJleHAiOjE0MjI1Njg4NjAsImlhdCI6MTMxMTI4MDk3MCwianRpIjoiZWUyMmIwMjEtZTFiNy00NjExLWJhNWItOGVlYzZhMzNhYzFlIiwi"
    "dGVuYW50IjoiMmRkZDZjM2EtOGU5YS00NGM2LWEzMDUtNTIxMTFhZDMwMmEyIn0.d1WfLjGRKlcWB94l9do4cM8REXeYJLL6SGUBO8VHZhfM8mwKYP70EMxJ"
    "67War4TQblEpaQrp11wx5p7oPFm2ETYgCicS84vXWEIYTdjooZdooCSDf2L8-i4awdoUwiEb"
)
SPEC_KEY = {
    "kty": "EC",
    "use": "sig",
    "crv": "P-384",
    "kid": "example-kid",
    "x": "46SDH7Znh821wblCBglA61sNE9ZrHYKKt3qRtRTmSXyOI_FIGBLWrWa0GPUkDCEk",
    "y": "XMcRuuoGW7CXjQdy-F5i3FeBE0x9hPLdeFdSoDd3ELmx404tLX0VRRcqzAsPhXcI",
    "alg": "ES384",
}
SPEC_CLIENT = Client(
    "spec",
    "show",
    issuer="https://fhir-ehr.example.com/",
    jku="https://fhir-ehr.example.com/jwk_uri",
    keys=(SPEC_KEY,),
    tenants=("2ddd6c3a-8e9a-44c6-a305-52111ad302a2",),
    audiences=("https://cds.example.org",),
)


def call(wane: Service, body: Any, token: str, path: str = SELECT) -> Answer:
    return wane.post(path, body, Authorization=f"Bearer {token}")


def test_the_signature_of_the_specifications_example_is_good_and_the_token_is_refused_for_its_age() -> None:
    """Checklist T9: a known answer for the signature; a token that lives for three years and ended in 2015 is no proof."""
    keys = usable_keys([SPEC_KEY])
    jws = extract_compact(SPEC_JWT.encode())
    verify(Presented(SPEC_CLIENT, "example-kid", jws, json.loads(jws.payload)), keys["example-kid"])
    for moment in (time.time(), 1_311_281_000.0):
        with pytest.raises(Unauthorized):
            present(SPEC_JWT, [SPEC_CLIENT], "/cds-services/some-service", "https://wane.example", moment)


def test_one_character_changed_in_the_specifications_example_breaks_its_signature() -> None:
    jws = extract_compact(SPEC_JWT.replace("d1WfLjGR", "d1WfLjGS").encode())
    with pytest.raises(Unauthorized):
        verify(Presented(SPEC_CLIENT, "example-kid", jws, {}), usable_keys([SPEC_KEY])["example-kid"])


def test_a_client_that_calls_too_often_is_told_when_to_come_back_and_its_token_is_still_good(
    served: Callable[..., Service], signer: Signer, client: Client, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000.0]
    monkeypatch.setattr("app.limits.rate.monotonic", lambda: now[0])
    wane = served(replace(client, calls_per_minute=2, tokens=(hash_of("t" * 43),)))
    for _ in range(2):
        assert call(wane, body, signer.token()).status == 200
    kept = signer.token()
    refused = call(wane, body, kept)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "30")
    assert refused.json()["issue"][0]["code"] == "throttled"
    assert wane.call("GET", "/metrics", headers={"Authorization": f"Bearer {'t' * 43}"}).status == 200
    now[0] += 30
    assert call(wane, body, kept).status == 200


@pytest.mark.parametrize("key", [ec_key(), rsa_key()], ids=["ES384", "RS384"])
def test_both_algorithms_are_taken(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any, key: Any
) -> None:
    assert call(served(client), body, replace(signer, key=key).token()).status == 200


@pytest.mark.parametrize(
    "changed", [{"kty": "EC", "crv": "P-256"}, {"use": "enc"}, {"key_ops": ["sign"]}, {"alg": "ES512"}]
)
def test_a_key_for_something_else_checks_nothing(changed: dict[str, Any]) -> None:
    assert usable_keys([{**public(ec_key())["keys"][0], **changed}]) == {}


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_short_rsa_key_checks_nothing() -> None:
    assert usable_keys(public(rsa_key("short", 1024))["keys"]) == {}


def test_an_id_that_two_keys_have_leads_to_neither() -> None:
    assert usable_keys(
        [*public(ec_key())["keys"], *public(ec_key("other"))["keys"], public(ec_key())["keys"][0]]
    ).keys() == {"other"}


def test_a_token_without_jku_is_checked_with_the_registered_keys(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    assert call(served(client), body, replace(signer, jku=None).token()).status == 200


def test_where_keys_are_given_nothing_is_fetched(
    served: Callable[..., Service], client: Client, signer: Signer, key_server: Counted, body: Any
) -> None:
    given = replace(client, keys=tuple(public(ec_key())["keys"]))
    assert call(served(given), body, signer.token()).status == 200
    assert key_server.asked == []


def test_the_key_set_is_fetched_once_for_many_calls(
    served: Callable[..., Service], client: Client, signer: Signer, key_server: Counted, body: Any
) -> None:
    wane = served(client)
    assert {call(wane, body, signer.token()).status for _ in range(5)} == {200}
    assert len(key_server.asked) == 1


def test_the_address_of_the_keys_may_be_written_in_capitals_and_with_its_port(
    client: Client, key_server: Counted
) -> None:
    capital = replace(client, jku=f"HTTP://LOCALHOST:{key_server.port}/jwks.json")
    assert ask(KeySets([capital]), capital, "ec") == [True]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def ask(sets: KeySets, client: Client, *kids: str) -> list[bool]:
    async def asked() -> list[bool]:
        try:
            return [await sets.key(client, kid) is not None for kid in kids]
        finally:
            await sets.close()

    return asyncio.run(asked())


def test_a_new_key_is_found_by_one_look_and_unknown_ids_lead_to_no_more(client: Client, key_server: Counted) -> None:
    clock = Clock()
    sets = KeySets([client], clock)
    assert ask(sets, client, "ec", "new", "newer", "newest") == [True, False, False, False]
    assert len(key_server.asked) == 1, "the first look is also the one for the ids nobody knows"
    rotated = json.dumps(public(ec_key("new"))).encode()
    key_server.answer = lambda path, headers: (200, {}, rotated)
    clock.now += PAUSE_S
    assert ask(sets, client, "new", "ec", "newer") == [True, False, False]
    assert len(key_server.asked) == 2


def test_a_key_that_was_taken_away_is_believed_no_longer_than_a_key_set_is_fresh(
    client: Client, key_server: Counted
) -> None:
    clock = Clock()
    sets = KeySets([client], clock)
    assert ask(sets, client, "ec") == [True]
    key_server.answer = lambda path, headers: (200, {}, b'{"keys": []}')
    clock.now += 601
    assert ask(sets, client, "ec") == [False]


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b""),
        (404, {}, b"{}"),
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (200, {}, b'{"keys": 7}'),
        (302, {"Location": "/other"}, b""),
        (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"),
        (200, {}, b" " * 300_000),
    ],
    ids=["500", "404", "html", "list", "number", "redirect", "compressed", "large"],
)
def test_while_keys_cannot_be_fetched_the_old_ones_hold_for_an_hour(
    client: Client, key_server: Counted, answer: tuple[int, dict[str, str], bytes]
) -> None:
    clock = Clock()
    sets = KeySets([client], clock)
    assert ask(sets, client, "ec") == [True]
    key_server.answer = lambda path, headers: answer
    clock.now += STALE_S - 1
    assert ask(sets, client, "ec") == [True]
    clock.now += 2
    assert ask(sets, client, "ec") == [False]
    assert set(key_server.asked) == {"/jwks.json"}


def test_the_audience_may_have_a_query_and_be_one_of_several(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    wane = served(client)
    for audience in (f"{BASE}{SELECT}?explain=true", ["https://other.example", f"{BASE}{SELECT}"]):
        assert call(wane, body, signer.token(aud=audience), f"{SELECT}?explain=true").status == 200


def test_a_client_may_know_wane_by_another_address(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    wane = served(replace(client, audiences=("https://wane.intranet/cds",)))
    assert call(wane, body, signer.token(aud=f"https://wane.intranet/cds{SELECT}")).status == 200
    assert call(wane, body, signer.token()).status == 401


def test_clients_of_one_issuer_are_told_apart_by_their_tenants(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    one, two = replace(client, tenants=("one",)), replace(client, name="two", tenants=("two",), hooks=("order-select",))
    wane = served(one, two)
    assert call(wane, body, signer.token(tenant="one")).status == 200
    assert call(wane, body, signer.token(tenant="two")).status == 200
    assert {
        call(wane, body, signer.token(**told)).status for told in ({}, {"tenant": "three"}, {"tenant": ["one"]})
    } == {401}


def test_a_token_is_good_once(served: Callable[..., Service], client: Client, signer: Signer, body: Any) -> None:
    wane, token = served(client), signer.token()
    assert [call(wane, body, token).status for _ in range(3)] == [200, 401, 401]


def test_a_token_used_in_one_process_is_used_in_all_and_after_a_restart(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    token = signer.token()
    assert call(served(client), body, token).status == 200
    assert call(served(client), body, token).status == 401


def test_a_token_with_the_same_jti_is_the_same_token(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    wane = served(client)
    assert call(wane, body, signer.token(jti="7")).status == 200
    assert call(wane, body, signer.token(jti="7")).status == 401


def test_a_forged_token_does_not_use_up_the_jti_of_a_good_one(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    wane = served(client)
    assert call(wane, body, signer.signed(signer.header(), signer.claims(jti="9"), ec_key("evil"))).status == 401
    assert call(wane, body, signer.token(jti="9")).status == 200


TOKEN = "wane_for_the_tests"  # noqa: S105


def test_a_bearer_token_opens_what_is_for_machines_and_no_hook(served: Callable[..., Service], body: Any) -> None:
    wane = served(Client("engine", "show", tokens=(hash_of(TOKEN),)))
    good = {"Authorization": f"Bearer {TOKEN}"}
    assert wane.call("GET", "/metrics", headers=good).status == 200
    for headers in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": f"Basic {TOKEN}"}):
        assert wane.call("GET", "/metrics", headers=headers).status == 401
    assert wane.post("/fhir/MedicationRequest/$daily-dose", {}, **good).status == 400
    assert wane.post("/fhir/MedicationRequest/$daily-dose", {}).status == 401
    assert wane.post(SELECT, body, **good).status == 401


def test_a_jwt_opens_nothing_but_hooks(served: Callable[..., Service], client: Client, signer: Signer) -> None:
    wane = served(client)
    token = signer.token(aud=f"{BASE}/metrics")
    assert wane.call("GET", "/metrics", headers={"Authorization": f"Bearer {token}"}).status == 401


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/docs", "/openapi.json", "/evidence/bzra-taper", "/health/live", "/health/ready", "/taper"),
        *(
            f"/taper/{kept}?medicine=diazepam&daily_mg=10&product=tablet:1"
            for kept in ("leaflet", "plan.ics", "plan.fhir.json")
        ),
    ],
)
def test_pages_and_health_are_open_to_all(served: Callable[..., Service], client: Client, path: str) -> None:
    assert served(client).call("GET", path).status == 200


def test_discovery_is_open_and_a_jwt_that_is_sent_must_be_good(
    served: Callable[..., Service], client: Client, signer: Signer
) -> None:
    wane = served(client)
    assert wane.call("GET", "/cds-services").status == 200
    good = signer.token(aud=f"{BASE}/cds-services")
    assert wane.call("GET", "/cds-services", headers={"Authorization": f"Bearer {good}"}).status == 200
    assert wane.call("GET", "/cds-services", headers={"Authorization": f"Bearer {signer.token()}"}).status == 401


@pytest.mark.parametrize(
    "path", ["/feedback/summary", "/taper/plan", "/fhir/$advise", "/nothing", "//evidence/", "/metrics"]
)
def test_an_address_nobody_thought_of_asks_for_a_token(path: str) -> None:
    assert proof_for("GET", path).name == proof_for("POST", path).name == "BEARER"


def test_a_browser_sees_a_401_and_asks_beforehand_without_proof(
    served: Callable[..., Service], client: Client, body: Any
) -> None:
    """Checklist W1, W2: preflight needs no token, and an error carries the CORS headers too."""
    wane = served(client, cors_origins=("https://ehr.hospital.example",))
    asking = {
        "Origin": "https://ehr.hospital.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = wane.call("OPTIONS", SELECT, headers=asking)
    assert preflight.status == 200
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    refused = wane.post(SELECT, body, Origin="https://ehr.hospital.example")
    assert refused.status == 401
    assert refused.headers["access-control-allow-origin"] == "https://ehr.hospital.example"
    assert refused.headers["cache-control"] == "no-store"
