"""Feedback comes from registered clients, and is told to each of them for itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.clients.door import hash_of
from app.settings.client import Client
from tests.app.clients.signing import Signer
from tests.service import BASE_URL, Service

PATH = "/cds-services/order-select/feedback"


def test_feedback_needs_a_jwt_of_its_own_address(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    """Checklist B7: the reference client signs for the address of the feedback."""
    wane = served(client)
    sent: dict[str, list[Any]] = {"feedback": []}
    good = signer.token(aud=f"{BASE_URL}{PATH}")
    assert wane.post(PATH, sent, Authorization=f"Bearer {good}").status == 200
    assert wane.post(PATH, sent, Authorization=f"Bearer {signer.token()}").status == 401
    assert wane.post(PATH, sent).status == 401


def test_a_client_is_told_of_its_own_cards_only(
    served: Callable[..., Service], client: Client, signer: Signer, body: Any
) -> None:
    wane = served(
        replace(client, tokens=(hash_of("one"),)), Client(name="other", unreviewed="show", tokens=(hash_of("two"),))
    )
    path = "/cds-services/order-select"
    [card] = wane.post(path, body, Authorization=f"Bearer {signer.token(aud=BASE_URL + path)}").json()["cards"]
    item = {"card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-21T08:30:00Z"}
    proof = signer.token(aud=f"{BASE_URL}{PATH}")
    assert wane.post(PATH, {"feedback": [item]}, Authorization=f"Bearer {proof}").status == 200

    def told(token: str) -> Any:
        return wane.call("GET", "/feedback/summary", headers={"Authorization": f"Bearer {token}"}).json()

    assert [(each["rule"], each["overridden"]) for each in told("one")["rules"]] == [("baclofen-alcohol", 1)]
    assert (told("one")["client"], told("two")["client"], told("two")["rules"]) == ("ehr", "other", [])
    assert wane.call("GET", "/feedback/summary").status == 401
