"""The JWT of a CDS client: read without believing it, then checked against the client it says it is.

CDS Hooks 2.0.1 "Trusting CDS Clients"; checklist T3 to T8. Nothing of a token decides what is contacted: it must name what
is registered.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from joserfc.errors import JoseError
from joserfc.jws import CompactSignature, JWSRegistry, extract_compact, validate_compact

from app.clients.jwks import PublicKey
from app.errors import Unauthorized
from app.settings.client import Client

ALGORITHMS = {"ES384": "EC", "RS384": "RSA"}
LONGEST_S = 15 * 60  # exp − iat
SKEW_S = 30  # how far clocks may be apart
_LAST_SECOND = 253_402_300_799  # of the year 9999
_MOST_CHARACTERS = 8_192
_COMPACT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}")  # RFC 7515 §7.1; decoders take more than that

_REGISTRY = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
_REGISTRY.max_header_length = 4_096


@dataclass(frozen=True, slots=True)
class Presented:
    """A token that could be read, and the client it claims to come from. Nothing of it is believed yet."""

    client: Client
    kid: str
    jws: CompactSignature
    claims: Mapping[str, Any]

    @property
    def expires(self) -> float:
        """Seconds since the epoch."""
        return float(self.claims["exp"])

    @property
    def fingerprint(self) -> str:
        """What tells this token from any other of the client's: 32 hex digits over issuer and `jti`."""
        told = json.dumps([self.client.issuer, self.claims["jti"]])
        return sha256(told.encode()).hexdigest()[:32]


def present(token: str, clients: Iterable[Client], url: str, base_url: str, now: float) -> Presented:
    """Read a token for a call of `url` (a path) below `base_url`, and check all that needs no key.

    Raises Unauthorized (401).
    """
    if len(token) > _MOST_CHARACTERS:
        raise Unauthorized("token-too-long")
    if not _COMPACT.fullmatch(token):
        raise Unauthorized("not-a-jwt")
    try:
        jws = extract_compact(token.encode("ascii"), registry=_REGISTRY)
        header, claims = _object(urlsafe_b64decode(f"{token.partition('.')[0]}==")), _object(jws.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Unauthorized("not-a-jwt") from None
    kid = _check_header(header)
    client = _client_of(header, claims, clients)
    _check_times(claims, now)
    _check_audience(claims.get("aud"), client.audiences or (base_url,), url)
    if not isinstance(claims.get("jti"), str) or not 0 < len(claims["jti"]) <= 255:
        raise Unauthorized("jti")
    return Presented(client, kid, jws, claims)


def verify(presented: Presented, key: PublicKey | None) -> None:
    """Check the signature. Raises Unauthorized (401)."""
    if key is None:
        raise Unauthorized("unknown-kid")
    if key.key_type != ALGORITHMS[presented.jws.headers()["alg"]]:
        raise Unauthorized("alg-of-another-key")
    try:
        valid = validate_compact(presented.jws, key, registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):
        valid = False
    if not valid:
        raise Unauthorized("signature")


def _check_header(header: Mapping[str, Any]) -> str:
    if header.get("alg") not in tuple(ALGORITHMS):  # a list, say, has no hash
        raise Unauthorized("alg")
    if header.get("typ") != "JWT":
        raise Unauthorized("typ")
    if "crit" in header or "b64" in header:
        raise Unauthorized("crit")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise Unauthorized("kid")
    return kid


def _client_of(header: Mapping[str, Any], claims: Mapping[str, Any], clients: Iterable[Client]) -> Client:
    """The client registered with this issuer, this `jku` if one is named, and this tenant if one is."""
    issuer, tenant = claims.get("iss"), claims.get("tenant")
    of_issuer = [client for client in clients if client.issuer is not None and client.issuer == issuer]
    if not of_issuer:
        raise Unauthorized("issuer")
    of_tenant = [c for c in of_issuer if (tenant in c.tenants if c.tenants else "tenant" not in claims)]
    if len(of_tenant) != 1:
        raise Unauthorized("tenant")
    client = of_tenant[0]
    if "jku" in header and (client.jku is None or header["jku"] != client.jku):
        raise Unauthorized("jku")
    return client


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if not 0 < expires - issued <= LONGEST_S:
        raise Unauthorized("lifetime")
    if issued > now + SKEW_S:
        raise Unauthorized("issued-later")
    if expires <= now - SKEW_S:
        raise Unauthorized("expired")
    if "nbf" in claims and _seconds(claims["nbf"]) > now + SKEW_S:
        raise Unauthorized("not-yet")


def _seconds(value: object) -> float:
    """Raises Unauthorized for what is no time; an integer may be larger than any float."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
        raise Unauthorized("times")
    return float(value)


def _check_audience(audience: object, bases: Iterable[str], url: str) -> None:
    """`aud` is the address that was called (checklist T5), or a list with it. A query does not count."""
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        raise Unauthorized("aud")
    wanted = {f"{base}{url}" for base in bases}
    if not any(each.split("?", 1)[0] in wanted for each in named):
        raise Unauthorized("aud")


def _object(content: bytes) -> dict[str, Any]:
    """Raises ValueError or TypeError for what is no JSON object, or names a member twice (RFC 7515 §4, RFC 7519 §4)."""
    found = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)
