"""Whatever is broken in a valid resource: what it tells stays what it was, or something is named that was not read."""

import copy
from typing import Any

import pytest

from knowledge.facts import Facts, State
from tests.intake.records import Json, daily, dispense, dosage, facts, request, since, statement
from tests.intake.test_dose_mutations import at, places

UCUM = {"unit": "d", "code": "d", "system": "http://unitsofmeasure.org"}
ANXIETY = {"coding": [{"system": "http://snomed.info/sct", "code": "197480006", "display": "Anxiety disorder"}]}
STATUS = "http://terminology.hl7.org/CodeSystem/condition"
VALID: list[Json] = [
    request(
        "supplied",
        authoredOn="2026-05-01",
        reasonCode=[ANXIETY],
        requester={"reference": "Practitioner/1"},
        dispenseRequest={
            "quantity": {"value": 30, "unit": "tablet"},
            "expectedSupplyDuration": {"value": 30, **UCUM},
            "numberOfRepeatsAllowed": 2,
        },
    ),
    request("bounded", of="baclofen", authoredOn="2026-05-01", **since("2026-05-01", "2026-12-31")),
    dispense("handed-out", "2026-11-01", daysSupply={"value": 30, **UCUM}),
    statement("said", "active", effectivePeriod={"start": "2026-01-01"}, dosage=[dosage(2)], dateAsserted="2026-11-01"),
    {
        "resourceType": "Condition",
        "id": "problem",
        "clinicalStatus": {"coding": [{"system": f"{STATUS}-clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{STATUS}-ver-status", "code": "confirmed"}]},
        "code": {
            "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F10.2"}],
            "text": "Alcoholafhankelijkheid",
        },
        "subject": {"reference": "Patient/p"},
    },
]
WRONG: list[Any] = ["x", 7, 7.5, True, [], {}, ["x"], {"value": "x"}]


def told(read: Facts) -> object:
    """All that a rule could rest on."""
    uses = [
        (
            use.medicine,
            daily(use),
            use.dosage.as_needed,
            use.dosage.ceiling,
            use.current,
            use.route,
            use.periods,
            use.reasons,
        )
        for use in read.uses
    ]
    return uses, [(problem.lists, problem.state, problem.sure) for problem in read.problems]


def names_something(read: Facts, before: Facts) -> bool:
    """A gap there was not before, a dose that is gone with its reason, or a state nobody can tell."""
    unclear = any(problem.state is State.UNCLEAR for problem in read.problems)
    return bool(set(read.gaps) - set(before.gaps)) or any(use.dosage.why for use in read.uses) or unclear


@pytest.mark.parametrize("valid", VALID, ids=lambda resource: resource["id"])
def test_a_field_of_a_wrong_shape_changes_nothing_in_silence(valid: Json) -> None:
    before = facts(valid)
    for place in places(valid):
        old = at(valid, place)
        for wrong in WRONG:
            if type(wrong) is type(old) or (isinstance(old, int | float) and isinstance(wrong, int | float)):
                continue  # another value, not a wrong shape
            broken = copy.deepcopy(valid)
            at(broken, place[:-1])[place[-1]] = wrong
            read = facts(broken)
            assert told(read) == told(before) or names_something(read, before), (place, wrong)


@pytest.mark.parametrize("kind", [None, 7, "", "MedicationRequst", "Condition/1"])
def test_a_resource_that_names_no_kind_it_can_be_is_named(kind: object) -> None:
    read = facts({**VALID[0], "resourceType": kind})
    assert "resource-not-readable" in {gap.missing for gap in read.gaps}


@pytest.mark.parametrize("kind", ["Observation", "MedicationAdministration"])
def test_a_resource_of_another_kind_is_passed_over(kind: str) -> None:
    held = VALID[0] if kind == "MedicationAdministration" else {"status": "final"}
    assert facts({**held, "resourceType": kind}).gaps == facts().gaps
