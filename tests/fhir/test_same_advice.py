"""The advice for a patient of a Bundle is that of a hook call which tells the same, word for word."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.consult import Reader, consult
from app.errors import DataNotTold
from app.intake.draft_entries import REQUESTS
from app.intake.elements import named
from app.render.advice_hash import hash_of
from app.told import Prefetch
from cds_hooks.hooks import HOOKS
from cds_hooks.prefetch import State
from cds_hooks.requests import read_request
from tests.conversations.conversation import read
from tests.fhir.records import found
from tests.intake.records import library
from tests.service import Service

FOLDER = Path(__file__).parents[1] / "conversations"
READER = Reader("en", "http://127.0.0.1:8000")
ASKED = ("order-sign", "order-select", "patient-view")


def in_bundle(called: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What a hook call holds, as one Bundle, and how that is to be judged."""
    context, prefetch = called["context"], called.get("prefetch") or {}
    drafts: dict[str, Any] = context.get("draftOrders", {"entry": []})
    held = [drafts, *(one for one in prefetch.values() if one)]
    sent = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in held]}
    whole = [key for key, state in Prefetch(prefetch).states.items() if key != "patient" and state is State.WHOLE]
    query = "judge=review" if called["hook"] == "patient-view" else "judge=orders"
    query += f"&complete={','.join(whole)}" if whole else ""
    return sent, query + f"&order={','.join(named(one) for one in ordered(called) if selected(one, context))}"


def ordered(called: dict[str, Any]) -> list[dict[str, Any]]:
    drafts = called["context"].get("draftOrders", {})
    return [entry.get("resource", {}) for entry in drafts.get("entry", ()) if isinstance(entry, dict)]


def selected(draft: dict[str, Any], context: dict[str, Any]) -> bool:
    return named(draft) in context.get("selections", [named(draft)])


def is_plain(called: Any) -> bool:
    """Whether a call can be put as a Bundle without changing what it says: of one patient, all of it told by its name."""
    if not isinstance(called, dict) or called.get("hook") not in ASKED or not isinstance(called.get("prefetch"), dict):
        return False
    context, prefetch = called.get("context"), called["prefetch"]
    if not isinstance(context, dict) or not isinstance(called.get("hookInstance"), str):
        return False
    drafts = context.get("draftOrders", {"entry": []})
    if not isinstance(drafts, dict) or not all(isinstance(entry, dict) for entry in drafts.get("entry", ())):
        return False
    own = {None, f"Patient/{context.get('patientId')}"}
    held = [*ordered(called), *(one for _, one in Prefetch(prefetch).resources)]
    subjects = [one.get("subject") for one in held if isinstance(one, dict)]
    states = {state for key, state in Prefetch(prefetch).states.items()}
    return (
        states <= {State.WHOLE, State.ABSENT}
        and all(isinstance(one, dict) and named(one) for one in held)
        and len({named(one) for one in held}) == len(held)
        and all(one["resourceType"] in REQUESTS for one in ordered(called))
        and all(isinstance(one, dict) and one.get("reference") in own for one in subjects if one)
        and any(one and one.get("reference") for one in subjects)
    )


CALLS = [path for path in sorted(FOLDER.glob("*.json")) if is_plain(read(path).body)]


def test_enough_conversations_can_be_put_as_bundles() -> None:
    assert len(CALLS) >= 200


@pytest.mark.parametrize("file", CALLS, ids=lambda path: path.stem)
def test_the_advice_is_that_of_the_hook(file: Path, wane_on: Any) -> None:
    told = read(file)
    called: dict[str, Any] = told.body  # type: ignore[assignment]
    asked = read_request(called, HOOKS[called["hook"]])
    try:
        cards = asyncio.run(consult(asked, library(), told.today, READER)).cards
    except DataNotTold:
        cards = ()
    service: Service = wane_on(told.today)
    sent, query = in_bundle(called)

    body = service.post(f"/fhir/$advise?language=en&{query.removesuffix('&order=')}", sent).json()

    speaking = [card for card in cards if "rules" in dict(card.extension["org.wane.advice"])]  # type: ignore[call-overload]
    hashes = [issue["identifier"][0]["value"] for issue in found(body, "DetectedIssue")]
    assert sorted(hashes) == sorted(hash_of(card) for card in speaking)
