"""Calls from public projects, answered as they are and with Wane's own cases put into them."""

import pytest

from tests.service import Service
from tests.spec.corpus import ORDER_HOOKS, post_every_call, post_scenario
from tests.spec.scenarios import SCENARIOS
from tests.spec.splice import Json, Scenario


def fail_with(faults: list[str]) -> None:
    """Fails with the first faults only: a message that can be read."""
    if faults:
        more = f"\n… and {len(faults) - 12} more" if len(faults) > 12 else ""
        pytest.fail("\n".join(faults[:12]) + more, pytrace=False)


def test_every_collected_call_gets_a_valid_answer(wane: Service) -> None:
    tally = post_every_call(wane)
    assert tally.statuses.total() > 100
    fail_with(tally.faults)


@pytest.mark.parametrize("hook", ORDER_HOOKS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name.replace(" ", "-"))
def test_an_order_put_into_every_call_gets_its_card(
    wane: Service, collected: list[tuple[str, Json]], scenario: Scenario, hook: str
) -> None:
    tally = post_scenario(wane, scenario, hook, collected)
    fail_with(tally.faults)
    assert tally.moved.total() < len(collected) / 10
