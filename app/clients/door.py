"""The door: where clients are registered, every address is theirs only, but for the few that hold nothing of anybody.

CDS Hooks calls prove who they are with a JWT, all others with a bearer token. Whoever does not gets the same 401, which
says nothing of why (checklist T8); the log has one of Wane's own words for it.
"""

import time
from collections.abc import Callable
from enum import Enum
from hashlib import sha256

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.calls import note_client, note_fault
from app.clients.jwks import KeySets
from app.clients.jwt import SKEW_S, present, verify
from app.errors import ServiceFault, Unauthorized, answer_to
from app.journal.seen import SeenTokens
from app.limits.rate import UNLIMITED, Rate
from app.routes.answer import error_response
from app.run_folder import rate_table
from app.settings import Settings
from app.settings.client import Client

_OPEN_PLACES = ("/static/", "/evidence/", "/health/")
_TAPER = (
    "/taper",
    *(f"/taper/{kept}" for kept in ("leaflet", "letter", "plan.ics", "plan.svg", "plan.json", "plan.fhir.json")),
)
_OPEN = ("/", "/docs", "/openapi.json", "/fhir/metadata", *_TAPER)  # GET only
DISCOVERY = "/cds-services"


class Proof(Enum):
    """What an address asks of who calls it."""

    NONE = "none"
    JWT_IF_ANY = "a JWT, if there is one"
    JWT = "a JWT"
    BEARER = "a bearer token"


def proof_for(method: str, path: str) -> Proof:
    """What is asked for. An address that nobody thought of asks for a token."""
    if path.startswith(f"{DISCOVERY}/"):
        return Proof.JWT
    if method in ("GET", "HEAD"):
        if path == DISCOVERY:
            return Proof.JWT_IF_ANY
        if path in _OPEN or path.startswith(_OPEN_PLACES):
            return Proof.NONE
    return Proof.BEARER


class Trust:
    """What is known of clients, and of the tokens they used."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._clients, self._base, self._clock = settings.clients, settings.public_url, clock
        self._keys = KeySets(settings.clients)
        self._seen = SeenTokens(settings, clock)
        self._by_token = {token: client for client in settings.clients for token in client.tokens}
        self._rates = {c.name: Rate(c.calls_per_minute, rate_table()) for c in settings.clients if c.calls_per_minute}

    async def by_jwt(self, token: str, path: str) -> Client:
        """The client that signed this JWT for a call of `path`.

        Raises Unauthorized (401), and CalledTooOften (429) before the token counts as used.
        """
        presented = present(token, self._clients, path, self._base, self._clock())
        verify(presented, await self._keys.key(presented.client, presented.kid))
        self.admit(presented.client)
        if not await self._seen.is_new(presented.fingerprint, presented.expires + SKEW_S):
            raise Unauthorized("replay")
        return presented.client

    def by_token(self, token: str) -> Client:
        """The client that has this bearer token. Raises Unauthorized (401)."""
        client = self._by_token.get(hash_of(token))
        if client is None:
            raise Unauthorized("token")
        return client

    def admit(self, client: Client) -> None:
        """Count a call of the client. Raises CalledTooOften (429)."""
        if client.name in self._rates:
            self._rates[client.name].admit(f"client {client.name}")

    async def close(self) -> None:
        """Let go of every connection."""
        await self._keys.close()
        self._seen.close()


def hash_of(token: str) -> str:
    """A bearer token as it stands in the site folder. It is random and long, so that a plain hash keeps it."""
    return f"sha256:{sha256(token.encode()).hexdigest()}"


class Door:
    """ASGI middleware. Further in, `request.state.client` is the client that calls. Where nobody is registered there is no
    door."""

    def __init__(self, app: ASGIApp, trust: Trust) -> None:
        self._app, self._trust = app, trust

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            client = await self._who(Request(scope))
        except ServiceFault as fault:
            note_fault(fault)
            await error_response(answer_to(fault), scope["path"])(scope, receive, send)
            return
        if client:
            note_client(client.name)
        scope.setdefault("state", {})["client"] = client
        await self._app(scope, receive, send)

    async def _who(self, request: Request) -> Client | None:
        path = request.scope["path"]  # what the router goes by; `request.url` is put together with the Host header
        proof = proof_for(request.method, path)
        sent = request.headers.getlist("authorization")
        if proof is Proof.NONE or (proof is Proof.JWT_IF_ANY and not sent):
            return None
        scheme, _, token = (sent[0] if len(sent) == 1 else "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or not token.isascii():
            raise Unauthorized("no-bearer")
        if proof is not Proof.BEARER:
            return await self._trust.by_jwt(token, path)
        client = self._trust.by_token(token)
        if not path.startswith(UNLIMITED):
            self._trust.admit(client)
        return client
