"""How a problem stands: by the status FHIR knows, wherever it stands, and never surer than it was told."""

from typing import Any

import pytest

from knowledge.facts import State
from tests.intake.records import facts

CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
LOCAL = {"system": "urn:local", "code": "1"}
CODE = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F10.2"}]}


def problem(**more: Any) -> Any:
    read = facts({"resourceType": "Condition", "id": "c", "code": CODE, **more}).problems
    return read[0] if read else None


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("active", State.ACTIVE),
        ({"coding": [LOCAL, {"system": CLINICAL, "code": "recurrence"}]}, State.ACTIVE),
        ({"coding": [{"code": "remission"}]}, State.REMISSION),
        ({"coding": [LOCAL]}, State.UNCLEAR),
        ({"text": "actief"}, State.UNCLEAR),
        ({"text": "Resolved"}, State.RESOLVED),
        ({"coding": [{**LOCAL, "display": "Remission"}]}, State.REMISSION),
        (None, State.UNCLEAR),
    ],
)
def test_the_status_is_read_wherever_it_stands(status: Any, state: State) -> None:
    assert problem(clinicalStatus=status).state is state


@pytest.mark.parametrize(
    ("verification", "sure"),
    [
        (None, True),
        ("confirmed", True),
        ({"coding": [LOCAL, {"code": "confirmed"}]}, True),
        ({"coding": [LOCAL, {"code": "provisional"}]}, False),
        ({"coding": [LOCAL]}, False),
        ({"text": "vermoed"}, False),
        ({"text": "Confirmed"}, True),
    ],
)
def test_what_nobody_here_can_read_as_confirmed_is_not_sure(verification: Any, sure: bool) -> None:
    assert problem(clinicalStatus="active", verificationStatus=verification).sure is sure


@pytest.mark.parametrize(
    "void",
    ["refuted", {"coding": [LOCAL, {"code": "entered-in-error"}]}, {"text": "Refuted"}, {"text": "Entered in Error"}],
)
def test_what_was_refuted_is_no_problem(void: Any) -> None:
    assert problem(clinicalStatus="active", verificationStatus=void) is None
