import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from app.settings import Settings
from app.settings.client import Client
from tests.app.clients.signing import BASE, ISSUER, Signer, ec_key, public
from tests.service import Answer, Service, service_on

DAY = date(2026, 11, 21)
ROOT = Path(__file__).parents[3]
TOKEN = "access-token-of-this-call"  # noqa: S105


@dataclass
class FhirServer:
    """The stub, started as a process."""

    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/fhir"

    def told(self, data: dict[str, Any], fault: dict[str, str] | None = None, **more: Any) -> None:
        """From now on it serves this."""
        body = json.dumps({"data": data, "fault": fault or {}, **more}).encode()
        urlopen(Request(f"http://127.0.0.1:{self.port}/_told", body, method="PUT")).close()

    @property
    def asked(self) -> list[list[str | None]]:
        """[path, Authorization, Cookie] of everything it was asked."""
        with urlopen(f"http://127.0.0.1:{self.port}/_asked") as reply:
            asked: list[list[str | None]] = json.loads(reply.read())
            return asked


@pytest.fixture(scope="session")
def stub_process() -> Iterator[FhirServer]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.ehr.stub"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield FhirServer(int(process.stdout.readline()))
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def ehr(stub_process: FhirServer) -> FhirServer:
    """The client's FHIR server, with nothing on it."""
    stub_process.told({})
    return stub_process


@pytest.fixture
def client(ehr: FhirServer) -> Client:
    """A client whose keys were given, with a FHIR server registered, and time enough for a slow machine."""
    origin = f"http://127.0.0.1:{ehr.port}"
    return Client("ehr", "show", issuer=ISSUER, keys=tuple(public(ec_key())["keys"]), fhir=(origin,), fetch_ms=5_000)


class Caller:
    """Calls Wane as the client."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def call(self, body: Any, query: str = "?explain=true") -> Answer:
        path = f"/cds-services/{body['hook']}"
        token = Signer(None).token(aud=f"{BASE}{path}")
        return self.service.post(f"{path}{query}", body, Authorization=f"Bearer {token}", Accept_Language="en")


@pytest.fixture
def called(tmp_path: Path) -> Iterator[Callable[..., Caller]]:
    """Starts Wane with these clients."""
    with ExitStack() as stack:

        def start(*clients: Client, **settings: Any) -> Caller:
            made = Settings(clients=clients, journal=tmp_path / "journal.sqlite", **settings)
            return Caller(stack.enter_context(service_on(DAY, made)))

        yield start
