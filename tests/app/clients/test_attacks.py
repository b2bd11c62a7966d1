"""Tokens that must not be believed (CDS Hooks 2.0.1 "Trusting CDS Clients"; checklist T3 to T8): each gets the same bare
401, and whatever it names, Wane contacts nothing but the address registered for the client."""

import hmac
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from hashlib import sha384
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import default_registry

from app.settings.client import Client
from tests.app.clients.counting import Counted, outward
from tests.app.clients.signing import BASE, LEAVE_OUT, SELECT, Signer, ec_key, encoded, public, rsa_key
from tests.service import Service

Forge = Callable[[Signer, Counted], str]


def unsigned(signer: Signer, alg: object, signature: str = "") -> str:
    return f"{encoded(signer.header(alg=alg))}.{encoded(signer.claims())}.{signature}"


def with_hmac(signer: Signer, alg: str, secret: bytes) -> str:
    signing = f"{encoded(signer.header(alg=alg))}.{encoded(signer.claims())}"
    return f"{signing}.{encoded(hmac.new(secret, signing.encode(), sha384).digest())}"


def with_alg(signer: Signer, alg: str, key: ECKey | RSAKey, named: str | None = None) -> str:
    signing = f"{encoded(signer.header(alg=named or alg, kid=key.kid))}.{encoded(signer.claims())}"
    return f"{signing}.{encoded(default_registry.algorithms[alg].sign(signing.encode(), key))}"


def written(signer: Signer, header: str, claims: str) -> str:
    """Signed over a header and claims that were written by hand."""
    return signer.signed(header.encode(), claims.encode())


def by_another_key(signer: Signer, **header: Any) -> str:
    return signer.signed(signer.header(**header), signer.claims(), ec_key("evil"))


def tampered(token: str) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{encoded({**json.loads(_decoded(token)), 'exp': int(time.time()) + 600})}.{signature}"


def _decoded(token: str) -> bytes:
    return urlsafe_b64decode(token.split(".")[1] + "==")


def now() -> int:
    return int(time.time())


NAMED: dict[str, Forge] = {
    "alg none": lambda s, e: unsigned(s, "none"),
    "alg None in other letters": lambda s, e: unsigned(s, "nOnE"),
    "alg none with a signature": lambda s, e: unsigned(s, "none", s.token().split(".")[2]),
    "alg left out": lambda s, e: s.signed(s.header(alg=LEAVE_OUT), s.claims()),
    "alg is a number": lambda s, e: s.signed(s.header(alg=384), s.claims()),
    "alg is a list": lambda s, e: s.signed(s.header(alg=["ES384"]), s.claims()),
    "alg in small letters": lambda s, e: s.signed(s.header(alg="es384"), s.claims()),
    "signature left out": lambda s, e: s.token().rsplit(".", 1)[0] + ".",
    "signature of zeros": lambda s, e: unsigned(s, "ES384", encoded(bytes(96))),
    "signature cut short": lambda s, e: s.token()[:-8],
    "signature with padding": lambda s, e: f"{s.token()}==",
    "signature in the other Base64": lambda s, e: f"{s.token()[:-2]}+/",
    "signature of another token": lambda s, e: s.token().rsplit(".", 1)[0] + "." + s.token().rsplit(".", 1)[1],
    "signature with a dot behind it": lambda s, e: f"{s.token()}.",
    "a dot before the header": lambda s, e: f".{s.token()}",
    "signature in DER": lambda s, e: unsigned(s, "ES384", encoded(b"\x30\x64\x02\x30" + bytes(96))),
    "HS384 with the public key as secret": lambda s, e: with_hmac(s, "HS384", ec_key().as_pem(private=False)),
    "HS256 with the public JWK as secret": lambda s, e: with_hmac(s, "HS256", json.dumps(public(ec_key())).encode()),
    "HS384 named ES384": lambda s, e: with_hmac(s, "ES384", ec_key().as_pem(private=False)),
    "RS256 of the right key": lambda s, e: s.signed(s.header(alg="RS256", kid="rsa"), s.claims(), rsa_key()),
    "ES256 over the registered key": lambda s, e: s.signed(s.header(alg="ES256"), s.claims()),
    "ES256 with a key on P-256": lambda s, e: with_alg(s, "ES256", ec_key("evil", "P-256")),
    "ES256 with a key on P-256 of the registered id": lambda s, e: with_alg(s, "ES256", ec_key("ec", "P-256")),
    "ES512 with a key on P-521": lambda s, e: with_alg(s, "ES512", ec_key("ec", "P-521")),
    "PS384 of the right key": lambda s, e: with_alg(s, "PS384", rsa_key()),
    "PS384 named RS384": lambda s, e: with_alg(s, "PS384", rsa_key(), named="RS384"),
    "RS512 of the right key": lambda s, e: with_alg(s, "RS512", rsa_key()),
    "RS384 over an EC key": lambda s, e: s.signed(s.header(alg="RS384"), s.claims()),
    "ES384 over an RSA key": lambda s, e: s.signed(s.header(kid="rsa"), s.claims(), rsa_key()),
    "signed by another key of the same id": lambda s, e: s.signed(s.header(), s.claims(), ECKey.generate_key("P-384")),
    "claims changed after signing": lambda s, e: tampered(s.token()),
    "header changed after signing": lambda s, e: encoded(s.header(x="y")) + s.token()[s.token().index(".") :],
    "embedded jwk": lambda s, e: by_another_key(s, jwk=ec_key("evil").as_dict(private=False)),
    "embedded jwk under the right id": lambda s, e: by_another_key(
        s, jwk={**ec_key("evil").as_dict(private=False), "kid": "ec"}
    ),
    "x5u": lambda s, e: by_another_key(s, x5u=f"{e.origin}/chain.pem"),
    "x5c": lambda s, e: by_another_key(s, x5c=["MIIB"]),
    "jku elsewhere": lambda s, e: by_another_key(s, jku=f"{e.origin}/jwks.json", kid="evil"),
    "jku of another port": lambda s, e: by_another_key(s, jku=str(s.jku).rsplit(":", 1)[0] + f":{e.port}/jwks.json"),
    "jku behind the registered one as user": lambda s, e: by_another_key(
        s, jku=f"{str(s.jku).rsplit('/', 1)[0]}@127.0.0.1:{e.port}/jwks.json", kid="evil"
    ),
    "jku that only begins alike": lambda s, e: by_another_key(s, jku=f"{s.jku}.evil.example/", kid="evil"),
    "jku with another path": lambda s, e: s.token({"jku": str(s.jku).replace("jwks", "other")}),
    "jku with a query": lambda s, e: s.token({"jku": f"{s.jku}?to={e.origin}"}),
    "jku with a fragment": lambda s, e: s.token({"jku": f"{s.jku}#"}),
    "jku with dots": lambda s, e: s.token({"jku": str(s.jku).replace("/jwks", "/../jwks")}),
    "jku in decimal": lambda s, e: by_another_key(s, jku=f"http://2130706433:{e.port}/jwks.json", kid="evil"),
    "jku mapped to IPv6": lambda s, e: by_another_key(s, jku=f"http://[::ffff:127.0.0.1]:{e.port}/j", kid="evil"),
    "jku of cloud metadata": lambda s, e: by_another_key(s, jku="http://169.254.169.254/latest/meta-data"),
    "jku with another name": lambda s, e: s.token({"jku": str(s.jku).replace("127.0.0.1", "localhost")}),
    "jku with a dot behind the host": lambda s, e: s.token({"jku": str(s.jku).replace("127.0.0.1", "127.0.0.1.")}),
    "jku with two slashes": lambda s, e: s.token({"jku": str(s.jku).replace("/jwks", "//jwks")}),
    "jku with an escape": lambda s, e: s.token({"jku": str(s.jku).replace("jwks", "%6awks")}),
    "jku that redirects": lambda s, e: by_another_key(s, jku=f"{s.jku}/../redirect?to={e.origin}", kid="evil"),
    "jku without a scheme": lambda s, e: s.token({"jku": str(s.jku).removeprefix("http:")}),
    "jku in other letters": lambda s, e: s.token({"jku": f"HTTP{str(s.jku)[4:]}"}),
    "jku with a letter that looks alike": lambda s, e: s.token({"jku": str(s.jku).replace("j", "\u0458")}),
    "jku with a space": lambda s, e: s.token({"jku": f"{s.jku} "}),
    "jku null": lambda s, e: s.token({"jku": None}),
    "jku is a file": lambda s, e: by_another_key(s, jku="file:///etc/passwd"),
    "jku is a list": lambda s, e: s.token({"jku": [s.jku]}),
    "jku is empty": lambda s, e: s.token({"jku": ""}),
    "kid unknown": lambda s, e: by_another_key(s, kid="evil"),
    "kid is a path": lambda s, e: by_another_key(s, kid="../../../../dev/null"),
    "kid is SQL": lambda s, e: by_another_key(s, kid="ec' UNION SELECT 'secret"),
    "kid is an address": lambda s, e: by_another_key(s, kid=f"{e.origin}/key"),
    "kid as nobody writes it": lambda s, e: s.token({"kid": "EC"}),
    "kid with a NUL": lambda s, e: s.token({"kid": "ec\0"}),
    "kid is a command": lambda s, e: by_another_key(s, kid="ec; curl evil.example"),
    "kid is empty": lambda s, e: s.token({"kid": ""}),
    "kid is a lone surrogate": lambda s, e: s.token({"kid": "\ud800"}),
    "kid is a list": lambda s, e: s.token({"kid": ["ec"]}),
    "kid left out": lambda s, e: s.token({"kid": LEAVE_OUT}),
    "kid is a number": lambda s, e: s.token({"kid": 0}),
    "typ left out": lambda s, e: s.token({"typ": LEAVE_OUT}),
    "typ is at+jwt": lambda s, e: s.token({"typ": "at+jwt"}),
    "b64 is false": lambda s, e: s.token({"b64": False}),
    "crit is empty": lambda s, e: s.token({"crit": []}),
    "typ is JOSE": lambda s, e: s.token({"typ": "JOSE"}),
    "typ is null": lambda s, e: s.token({"typ": None}),
    "crit that nobody knows": lambda s, e: s.token({"crit": ["exp"]}),
    "crit b64": lambda s, e: s.token({"crit": ["b64"], "b64": False}),
    "iss of nobody": lambda s, e: s.token(iss="https://evil.example"),
    "iss with a slash more": lambda s, e: s.token(iss=f"{s.issuer}/"),
    "iss in other letters": lambda s, e: s.token(iss=s.issuer.upper()),
    "iss with a letter that looks alike": lambda s, e: s.token(iss=s.issuer.replace("e", "\u0435")),
    "iss in another normal form": lambda s, e: s.token(iss=s.issuer.replace("h", "\uff48", 1)),
    "iss with a NUL": lambda s, e: s.token(iss=f"{s.issuer}\0"),
    "iss with a space": lambda s, e: s.token(iss=f" {s.issuer}"),
    "iss with a dot behind the host": lambda s, e: s.token(iss=f"{s.issuer}."),
    "iss left out": lambda s, e: s.token(iss=LEAVE_OUT),
    "iss is a list": lambda s, e: s.token(iss=[s.issuer]),
    "iss null": lambda s, e: s.token(iss=None),
    "tenant nobody registered": lambda s, e: s.token(tenant="other"),
    "tenant null": lambda s, e: s.token(tenant=None),
    "tenant is empty": lambda s, e: s.token(tenant=""),
    "aud of another service": lambda s, e: s.token(aud=f"{BASE}/cds-services/order-sign"),
    "aud of another host": lambda s, e: s.token(aud=f"https://other.example{SELECT}"),
    "aud is the base only": lambda s, e: s.token(aud=BASE),
    "aud as a beginning": lambda s, e: s.token(aud=f"{BASE}{SELECT}-more"),
    "aud with a slash more": lambda s, e: s.token(aud=f"{BASE}{SELECT}/"),
    "aud in other letters": lambda s, e: s.token(aud=f"{BASE}{SELECT}".upper()),
    "aud with a user": lambda s, e: s.token(aud=f"http://evil@127.0.0.1:8000{SELECT}"),
    "aud with another port": lambda s, e: s.token(aud=f"http://127.0.0.1:8001{SELECT}"),
    "aud with another scheme": lambda s, e: s.token(aud=f"https://127.0.0.1:8000{SELECT}"),
    "aud in the query": lambda s, e: s.token(aud=f"https://evil.example/?{BASE}{SELECT}"),
    "aud with a fragment": lambda s, e: s.token(aud=f"{BASE}{SELECT}#"),
    "aud with a dot behind the host": lambda s, e: s.token(aud=f"http://127.0.0.1.:8000{SELECT}"),
    "aud of the feedback": lambda s, e: s.token(aud=f"{BASE}{SELECT}/feedback"),
    "aud is a table": lambda s, e: s.token(aud={f"{BASE}{SELECT}": True}),
    "aud left out": lambda s, e: s.token(aud=LEAVE_OUT),
    "aud is an empty list": lambda s, e: s.token(aud=[]),
    "aud holds a number": lambda s, e: s.token(aud=[f"{BASE}{SELECT}", 1]),
    "expired": lambda s, e: s.token(iat=now() - 600, exp=now() - 60),
    "issued later": lambda s, e: s.token(iat=now() + 120, exp=now() + 300),
    "not before later": lambda s, e: s.token(nbf=now() + 120),
    "lives for an hour": lambda s, e: s.token(exp=now() + 3600),
    "lives a second too long": lambda s, e: s.token(iat=now(), exp=now() + 901),
    "expires before it is issued": lambda s, e: s.token(iat=now(), exp=now() - 1),
    "exp left out": lambda s, e: s.token(exp=LEAVE_OUT),
    "iat left out": lambda s, e: s.token(iat=LEAVE_OUT),
    "exp in milliseconds": lambda s, e: s.token(iat=now() * 1000, exp=(now() + 300) * 1000),
    "exp with 400 digits": lambda s, e: s.token(exp=10**400),
    "iat with 400 digits": lambda s, e: s.token(iat=10**400),
    "iat far below zero": lambda s, e: s.token(iat=-(10**400), exp=now() + 300),
    "nbf with 400 digits": lambda s, e: s.token(nbf=10**400),
    "exp with 5000 digits": lambda s, e: written(
        s, json.dumps(s.header()), json.dumps(s.claims()).replace('"exp": ', f'"exp": {"9" * 5000}, "was": ')
    ),
    "exp is a list": lambda s, e: s.token(exp=[now() + 300]),
    "exp is null": lambda s, e: s.token(exp=None),
    "exp is text": lambda s, e: s.token(exp=str(now() + 300)),
    "exp is true": lambda s, e: s.token(exp=True),
    "exp is infinite": lambda s, e: s.signed(s.header(), json.dumps(s.claims(exp=float("inf"))).encode()),
    "iat is not a number": lambda s, e: s.signed(s.header(), json.dumps(s.claims(iat=float("nan"))).encode()),
    "exp beyond every number": lambda s, e: s.signed(
        s.header(), json.dumps(s.claims()).replace('"exp": ', '"exp": 1e999, "was": ').encode()
    ),
    "jti left out": lambda s, e: s.token(jti=LEAVE_OUT),
    "jti is empty": lambda s, e: s.token(jti=""),
    "jti is a number": lambda s, e: s.token(jti=7),
    "jti is very long": lambda s, e: s.token(jti="7" * 300),
    "a claim twice": lambda s, e: s.signed(
        s.header(), json.dumps(s.claims()).replace("{", '{"iss": "https://evil.example", ', 1).encode()
    ),
    "a claim twice, the second time as wanted": lambda s, e: written(
        s, json.dumps(s.header()), json.dumps(s.claims()).replace("{", '{"jti": "other", ', 1)
    ),
    "a header member twice": lambda s, e: written(
        s, json.dumps(s.header()).replace("{", '{"alg": "none", ', 1), json.dumps(s.claims())
    ),
    "jku twice": lambda s, e: written(
        s, json.dumps(s.header()).replace("{", f'{{"jku": "{e.origin}/jwks.json", ', 1), json.dumps(s.claims())
    ),
    "a comment in the claims": lambda s, e: written(
        s, json.dumps(s.header()), json.dumps(s.claims()).replace("{", "{/**/", 1)
    ),
    "claims in UTF-16": lambda s, e: s.signed(s.header(), json.dumps(s.claims()).encode("utf-16")),
    "a JWT in a JWT": lambda s, e: s.signed(s.header(cty="JWT"), s.token().encode()),
    "claims left out": lambda s, e: s.signed(s.header(), b""),
    "claims are null": lambda s, e: s.signed(s.header(), b"null"),
    "claims are a list": lambda s, e: s.signed(s.header(), [s.claims()]),
    "claims are no JSON": lambda s, e: s.signed(s.header(), b"iss=ehr"),
    "header nested very deep": lambda s, e: s.signed(b'{"a":' * 600 + b"1" + b"}" * 600, s.claims()),
    "header is no JSON": lambda s, e: s.signed(b"alg=ES384", s.claims()),
    "header is very long": lambda s, e: s.token({"x": "y" * 5000}),
    "JSON in place of a token": lambda s, e: json.dumps({"payload": "", "signatures": []}).replace(" ", ""),
    "header is a list": lambda s, e: f"{encoded([s.header()])}.{encoded(s.claims())}.{encoded(bytes(96))}",
    "nested very deep": lambda s, e: s.signed(s.header(), b'{"a":' * 1500 + b"1" + b"}" * 1500),
    "two parts": lambda s, e: s.token().rsplit(".", 1)[0],
    "four parts": lambda s, e: f"{s.token()}.{encoded(b'more')}",
    "five parts, as if encrypted": lambda s, e: ".".join([*s.token().split("."), "a", "b"]),
    "no Base64": lambda s, e: "%%%.###.!!!",
    "three dots": lambda s, e: "...",
    "a word": lambda s, e: "secret",
    "very long": lambda s, e: s.token(more="x" * 20_000),
}


@pytest.fixture
def wane(served: Callable[..., Service], client: Client, monkeypatch: pytest.MonkeyPatch) -> Service:
    return served(client)


def test_there_are_attacks_enough() -> None:
    assert len(NAMED) >= 40


def test_every_attack_gets_the_same_401_and_leads_nowhere(
    wane: Service, signer: Signer, key_server: Counted, elsewhere: Counted, body: Any
) -> None:
    content = json.dumps(body).encode()
    answers = {}
    with outward() as heard:
        for name, forge in NAMED.items():
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {forge(signer, elsewhere)}"}
            answers[name] = wane.call("POST", SELECT, content=content, headers=headers)
    assert {name: answer.status for name, answer in answers.items() if answer.status != 401} == {}
    assert len({answer.content for answer in answers.values()}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers.values()} == {"Bearer"}
    assert elsewhere.asked == []
    assert {where for event, where in heard if event == "socket.connect"} <= {("127.0.0.1", key_server.port)}
    assert len(key_server.asked) == 1, "one look for all the ids nobody knows"


HEADERS: dict[str, dict[str, str]] = {
    "none": {},
    "empty": {"Authorization": ""},
    "no token": {"Authorization": "Bearer"},
    "Basic": {"Authorization": "Basic ZWhyOnNlY3JldA=="},
    "another scheme": {"Authorization": "DPoP a.b.c"},
    "in a cookie": {"Cookie": "Authorization=Bearer a.b.c"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_a_call_without_a_jwt_in_its_place_gets_401(wane: Service, body: Any, headers: dict[str, str]) -> None:
    content = json.dumps(body).encode()
    answer = wane.call("POST", SELECT, content=content, headers={"Content-Type": "application/json", **headers})
    assert answer.status == 401


def test_a_jwt_in_the_query_is_none(wane: Service, signer: Signer, body: Any) -> None:
    assert wane.post(f"{SELECT}?access_token={signer.token()}", body).status == 401


def test_the_door_is_passed_by_the_client_itself(wane: Service, signer: Signer, body: Any) -> None:
    answer = wane.post(SELECT, body, Authorization=f"Bearer {signer.token()}")
    assert answer.status == 200
    assert len(answer.json()["cards"]) == 1
