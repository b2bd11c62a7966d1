"""`wane serve`: the web server, and what it prints at start."""

import json
import os
from typing import Any

import typer
import uvicorn

from app.access import Access, access_of, refuse_address
from app.journal.journal import prepare
from app.limits.protocol import BoundedProtocol
from app.logs import CONFIG
from app.routes.banner import words
from app.run_folder import shared_by
from app.settings import DEFAULT, read_effective
from app.workers import Workers

_APPLICATION = "app.loading:application"
_STARTING = 60  # seconds: while a worker loads on a busy machine it tells nobody that it is alive
_LAST = 5  # seconds for what comes after the last answer
_ORDER = {
    "hook": "order-select",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {
        "userId": "Practitioner/1",
        "patientId": "1",
        "selections": ["MedicationRequest/a"],
        "draftOrders": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {
                    "resource": {
                        "resourceType": "MedicationRequest",
                        "id": "a",
                        "status": "draft",
                        "intent": "order",
                        "subject": {"reference": "Patient/1"},
                        "medicationCodeableConcept": {"text": "baclofen 10 mg"},
                        "reasonCode": [{"text": "alcohol dependence"}],
                    }
                }
            ],
        },
    },
    "prefetch": {"patient": None, "conditions": None, "medications": None},
}


def first_call(address: str) -> str:
    """One line of shell that returns a card."""
    body = json.dumps(_ORDER, separators=(",", ":"))
    headers = "-H 'Content-Type: application/json' -H 'Accept-Language: en'"
    return f"curl -s {headers} -d '{body}' {address}/cds-services/order-select"


def run(host: str, port: int, workers: int) -> None:
    """Serve until stopped. The public address defaults to the one listened on.

    Raises SettingsFault, before anything is listened on, where a setting cannot be used or `host` is not allowed.
    """
    effective = read_effective()
    settings = effective.settings
    refuse_address(host, settings)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - only shown, never bound
    address = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    if effective.origins["public_url"] == DEFAULT:
        os.environ["WANE_PUBLIC_URL"] = address
    if why := prepare(settings):
        typer.echo(f"The journal's database is away ({why}). Answers are spooled in {settings.spool_folder}.", err=True)
    typer.echo(f"Wane answers on {address} (try the API: {address}/docs)\n\nA first card:\n{first_call(address)}\n")
    if access_of(settings) is Access.OPEN:
        typer.echo(f"*** {words(settings.language)} ***\n")
    options: dict[str, Any] = {
        "factory": True,
        "host": host,
        "port": port,
        "http": BoundedProtocol,
        "ws": "none",
        "log_config": CONFIG,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
        "timeout_worker_healthcheck": _STARTING,
        "timeout_graceful_shutdown": settings.body_seconds + settings.request_seconds + _LAST,
    }
    with shared_by(workers):
        if workers == 1:
            uvicorn.run(_APPLICATION, **options)
        else:
            config = uvicorn.Config(_APPLICATION, workers=workers, **options)
            Workers(config, [config.bind_socket()]).run()
