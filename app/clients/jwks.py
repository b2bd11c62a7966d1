"""The public keys of clients: given in the site folder, or fetched from the one address registered for each (checklist T6)."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.clients.contact import Contact, NotReached
from app.settings.client import Client
from app.settings.client_kinds import origin_of

FRESH_S = 600.0  # keys are fetched anew after this
STALE_S = 3_600.0  # and are not believed any more after this, where they cannot be
PAUSE_S = 30.0  # between two attempts to fetch, whatever is asked for
PATIENCE_S = 3.0  # for one attempt
_MOST_BYTES = 256 * 1024
_MOST_KEYS = 100
_RSA_BITS = range(2048, 8193)

PublicKey = ECKey | RSAKey

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    keys: Mapping[str, PublicKey]
    fetched: float = float("-inf")
    tried: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class KeySets:
    """The keys of every client, kept for a while."""

    def __init__(self, clients: Iterable[Client], clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._held = {client.name: _Held(usable_keys(client.keys)) for client in clients}
        self._contacts = {c.name: Contact([origin_of(c.jku)], c.networks) for c in clients if c.jku and not c.keys}

    async def key(self, client: Client, kid: str) -> PublicKey | None:
        """The client's key of this id. An id nobody knows leads to at most one look at its address in PAUSE_S seconds."""
        held, contact = self._held[client.name], self._contacts.get(client.name)
        if contact is None:
            return held.keys.get(kid)
        if kid not in held.keys or (
            self._age(held) > FRESH_S and not held.lock.locked()
        ):  # one waits for newer keys, not all
            async with held.lock:
                if (kid not in held.keys or self._age(held) > FRESH_S) and self._clock() - held.tried >= PAUSE_S:
                    await self._fetch(client, held, contact)
        return held.keys.get(kid) if self._age(held) <= STALE_S else None

    async def close(self) -> None:
        """Close every connection."""
        for contact in self._contacts.values():
            await contact.close()

    def _age(self, held: _Held) -> float:
        return self._clock() - held.fetched

    async def _fetch(self, client: Client, held: _Held, contact: Contact) -> None:
        held.tried = self._clock()
        try:
            async with asyncio.timeout(PATIENCE_S):
                reply = await contact.get(client.jku or "", {"Accept": "application/json"}, _MOST_BYTES)
            keys = usable_keys(orjson.loads(reply.body)["keys"] if reply.status == 200 else None)
        except (NotReached, TimeoutError, ValueError, KeyError, TypeError) as error:
            why = error.why if isinstance(error, NotReached) else type(error).__name__
            log.warning("the keys of a client cannot be fetched", extra={"client": client.name, "error": why})
            return
        held.keys, held.fetched = keys, self._clock()


def usable_keys(found: Any) -> dict[str, PublicKey]:
    """The public keys among JWKs that can check ES384 or RS384, by `kid`; others are left out, and an id that two keys
    have leads to neither. Raises TypeError for what is no list."""
    keys: dict[str, PublicKey] = {}
    doubtful = set()
    for jwk in list(found)[:_MOST_KEYS]:
        if not isinstance(jwk, Mapping) or not isinstance(kid := jwk.get("kid"), str):
            continue
        if kid in keys or kid in doubtful:
            doubtful.add(kid)
            keys.pop(kid, None)
        elif key := _usable(jwk):
            keys[kid] = key
    return keys


def _usable(jwk: Mapping[str, Any]) -> PublicKey | None:
    if jwk.get("use", "sig") != "sig" or "verify" not in jwk.get("key_ops", ("verify",)):
        return None
    public = {name: value for name, value in jwk.items() if name in ("kty", "crv", "x", "y", "n", "e", "kid")}
    try:
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-384" and jwk.get("alg", "ES384") == "ES384":
            return ECKey.import_key(public)
        if jwk.get("kty") == "RSA" and jwk.get("alg", "RS384") == "RS384":
            key = RSAKey.import_key(public)
            return key if key.public_key.key_size in _RSA_BITS else None
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None
