"""The one validator of what Wane sends. Every test that gets a body from the service asks it here.

Each function returns whole sentences, empty when nothing is wrong: the path, what is wrong, and the number in the
conformance checklist ("cards[0].summary: 152 characters, at most 139 (C2)"). R and J numbers stand for the body and its
JSON, C for cards, G for suggestions, X for actions, L for links, E for extensions, D and P for discovery and prefetch.
"""

from tests.conformance.discovery import faults_in_discovery
from tests.conformance.errors import faults_in_operation_outcome
from tests.conformance.response import faults_in_response
from tests.conformance.wane import faults_in_wane_contract

__all__ = [
    "faults_in_answer",
    "faults_in_discovery",
    "faults_in_operation_outcome",
    "faults_in_response",
    "faults_in_wane_contract",
]


def faults_in_answer(status: int, body: object, *, request: object | None = None) -> list[str]:
    """What is wrong with the answer to a hook call, whatever its status."""
    if status == 200:
        return faults_in_response(body, request=request) + faults_in_wane_contract(body, request)
    faults = faults_in_operation_outcome(body, request=request)
    return faults if status < 500 or status == 503 else [f"status {status}: the service broke down (Q9)", *faults]
