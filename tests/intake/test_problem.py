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


GERMAN = "http://fhir.de/StructureDefinition/icd-10-gm-diagnosesicherheit"


def german(certainty: str) -> Any:
    """F10.2 as German systems send it, with the certainty of the diagnosis in an extension of its code."""
    coding = {"system": "http://fhir.de/CodeSystem/bfarm/icd-10-gm", "code": "F10.2"}
    value = {"system": "https://fhir.kbv.de/CodeSystem/KBV_CS_SFHIR_ICD_DIAGNOSESICHERHEIT", "code": certainty}
    return {"coding": [{**coding, "extension": [{"url": GERMAN, "valueCoding": value}]}]}


def test_the_german_certainty_of_a_diagnosis_is_read() -> None:
    assert problem(clinicalStatus="active", code=german("A")) is None
    assert problem(code=german("A"), verificationStatus="confirmed") is None
    assert problem(clinicalStatus="active", code=german("V")).sure is False
    assert problem(clinicalStatus="active", code=german("G")).sure is True
    assert problem(code=german("Z")).state is State.RESOLVED


def test_the_german_certainty_is_read_beside_the_code_too() -> None:
    said = [{"url": GERMAN, "valueCode": "A"}]
    assert problem(clinicalStatus="active", extension=said) is None


def test_a_modifier_nobody_knows_makes_a_problem_unsure() -> None:
    assert problem(clinicalStatus="active", modifierExtension=[{"url": "urn:x", "valueBoolean": True}]).sure is False


@pytest.mark.parametrize("code", ["F10.2-", "F10.2!", "F10.2\u2020", "f10.2*"])
def test_a_mark_behind_a_code_is_no_part_of_it(code: str) -> None:
    marked = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": code}]}
    assert problem(clinicalStatus="active", code=marked).lists == {"alcohol-dependence"}


@pytest.mark.parametrize("code", ["F10.2G", "303.90", "alcohol"])
def test_what_is_no_code_of_the_classification_could_be_anything(code: str) -> None:
    coding = {"system": "http://fhir.de/CodeSystem/bfarm/icd-10-gm", "code": code}
    told = facts({"resourceType": "Condition", "id": "c", "code": {"coding": [coding]}})
    assert (told.problems, {gap.missing for gap in told.gaps}) == ((), {"problem-not-readable"})
