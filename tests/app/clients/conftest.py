import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from app.settings.client import Client
from tests.app.clients.counting import Counted
from tests.app.clients.signing import ISSUER, Signer, ec_key, public, rsa_key
from tests.service import Service, service_on

DAY = date(2026, 11, 21)
CALL = Path(__file__).parents[2] / "conversations" / "a-02-reason-is-alcohol-dependence.json"


@pytest.fixture
def body() -> Any:
    """A call of order-select that gets a card."""
    return json.loads(CALL.read_text(encoding="utf-8"))["request"]["body"]


@pytest.fixture
def servers() -> Iterator[Callable[..., Counted]]:
    """Starts counting servers; what still runs at the end is stopped."""
    started: list[Counted] = []

    def start(answer: Callable[..., Any], address: str = "127.0.0.1") -> Counted:
        started.append(Counted(answer, address))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def key_server(servers: Callable[..., Counted]) -> Counted:
    """Where the client's public keys are."""
    keys = json.dumps(public(ec_key(), rsa_key())).encode()
    return servers(lambda path, headers: (200, {"Content-Type": "application/json"}, keys))


@pytest.fixture
def elsewhere(servers: Callable[..., Counted]) -> Counted:
    """A server nobody registered, which gives out an attacker's keys."""
    keys = json.dumps(public(ec_key("evil"), rsa_key("evil"))).encode()
    return servers(lambda path, headers: (200, {"Content-Type": "application/json"}, keys))


@pytest.fixture
def signer(key_server: Counted) -> Signer:
    """The registered client's own hand."""
    return Signer(f"{key_server.origin}/jwks.json")


@pytest.fixture
def client(signer: Signer) -> Client:
    """A registered client as most are: an issuer, and one address with its keys."""
    return Client("ehr", "show", issuer=ISSUER, jku=signer.jku)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts Wane with these clients, in this process; all on one journal."""
    with ExitStack() as stack:

        def start(*clients: Client, **settings: Any) -> Service:
            made = Settings(clients=clients, journal=tmp_path / "journal.sqlite", **settings)
            return stack.enter_context(service_on(DAY, made))

        yield start
