"""A client that signs: its keys, and JWTs as the specification wants them, or with whatever is to be wrong."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

SELECT = "/cds-services/order-select"
BASE = "http://127.0.0.1:8000"
ISSUER = "https://ehr.hospital.example"


@cache
def ec_key(kid: str = "ec", curve: str = "P-384") -> ECKey:
    return ECKey.generate_key(curve, {"kid": kid})


@cache
def rsa_key(kid: str = "rsa", bits: int = 2048) -> RSAKey:
    return RSAKey.generate_key(bits, {"kid": kid})


def public(*keys: ECKey | RSAKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


def encoded(value: object) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass(frozen=True)
class Signer:
    """Signs for one client. `LEAVE_OUT` as a value leaves a member out."""

    jku: str | None
    issuer: str = ISSUER
    key: ECKey | RSAKey | None = None

    def header(self, **changed: Any) -> dict[str, Any]:
        key = self.key or ec_key()
        alg = "ES384" if isinstance(key, ECKey) else "RS384"
        header = {"alg": alg, "typ": "JWT", "kid": key.kid, **({"jku": self.jku} if self.jku else {})}
        return _without({**header, **changed})

    def claims(self, **changed: Any) -> dict[str, Any]:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": f"{BASE}{SELECT}", "iat": now, "exp": now + 300, "jti": str(uuid4())}
        return _without({**claims, **changed})

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token signed as its header says."""
        return self.signed(self.header(**(header or {})), self.claims(**claims))

    def signed(self, header: object, claims: object, key: ECKey | RSAKey | None = None) -> str:
        """Signed with ES384 or RS384 by the kind of the key, whatever the header says."""
        key = key or self.key or ec_key()
        alg = "ES384" if isinstance(key, ECKey) else "RS384"
        model = jws.default_registry.algorithms[alg]
        signing = f"{encoded(header)}.{encoded(claims)}"
        return f"{signing}.{encoded(model.sign(signing.encode(), key))}"


LEAVE_OUT = object()


def _without(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not LEAVE_OUT}
