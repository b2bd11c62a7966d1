"""What a card suggests is accepted, and accepted again: one set of orders, nothing stopped without something in its place."""

from typing import Any

import pytest

from tests.practice.judging import sent
from tests.practice.sending import call
from tests.practice.told import Case, Line
from tests.practice.worked import SLEEPLESS, again
from tests.service import Service

FORMS = ("be", "nl", "fr", "de", "us", "sct")
USES = [
    again("139: zolpidem", Line("zolpidem", 10, 10, reason="insomnia"), country="BE", problems=SLEEPLESS),
    again("139: lormetazepam", Line("lormetazepam", 1, 2), country="NL"),
    again("139: lorazepam", Line("lorazepam", 2.5, 2.5, 2), country="NL"),
    again("139: oxazepam", Line("oxazepam", 10, 10, 3), country="BE"),
]


def actions(answer: Any) -> list[dict[str, Any]]:
    suggested = [each for card in answer["cards"] for each in card.get("suggestions", ())]
    return [action for each in suggested for action in each["actions"]]


def accepted(body: Any, action: Any) -> Any:
    """The same call after the update: the draft replaced by what was suggested for it."""
    context, key = body["context"], "medications" if "medications" in body["context"] else "draftOrders"
    entries = [
        entry | {"resource": action["resource"]} if _same(entry["resource"], action["resource"]) else entry
        for entry in context[key]["entry"]
    ]
    return body | {"context": context | {key: context[key] | {"entry": entries}}}


def _same(one: Any, other: Any) -> bool:
    return (one["resourceType"], one["id"]) == (other["resourceType"], other["id"])


@pytest.mark.parametrize("case", USES, ids=lambda case: case.name.replace(" ", "-"))
def test_a_first_step_accepted_twice_is_one_order_and_no_second_step(wane: Service, case: Case) -> None:
    stepped = 0
    for form in FORMS:
        body = call(case, form)
        status, answer = sent(wane, case, body)
        assert status == 200, form
        assert actions(answer) == actions(sent(wane, case, body)[1]), form
        drafts = {entry["resource"]["id"] for entry in body["context"]["draftOrders"]["entry"]}
        updates = [action for action in actions(answer) if action["type"] == "update"]
        assert {action["resource"]["id"] for action in updates} <= drafts, form
        for action in updates:
            once = accepted(body, action)
            assert accepted(once, action) == once, form
            after = sent(wane, case, once)[1]
            again_ = [each for each in actions(after) if each["type"] == "update"]
            doses = [each["resource"].get("dosageInstruction") for each in again_]
            assert all(each == action["resource"].get("dosageInstruction") for each in doses), form
            stepped += 1
    assert stepped


@pytest.mark.parametrize("case", USES, ids=lambda case: case.name.replace(" ", "-"))
def test_what_is_in_use_is_never_deleted(wane: Service, case: Case) -> None:
    for form in FORMS:
        answer = sent(wane, case, call(case, form))[1]
        assert [action for action in actions(answer) if action["type"] == "delete"] == [], form
        stopped = ("stopped", "cancelled", "completed", "entered-in-error")
        assert [a for a in actions(answer) if a.get("resource", {}).get("status") in stopped] == [], form
