"""`wane dose`: a line of JSON in, a line of JSON out."""

import json
from datetime import date
from typing import Any

import pytest

from app.intake import dose_lines
from tests.intake.records import library

TWICE = {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}
ONE = {"timing": TWICE, "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}
REQUEST: dict[str, Any] = {"resourceType": "MedicationRequest", "id": "r1", "dosageInstruction": [ONE]}


def read_line(line: str | bytes, today: date | None = None) -> bytes:
    return dose_lines.read_line(line, library(), today=today)


def test_an_object_with_instructions_comes_out_in_the_agreed_shape() -> None:
    assert json.loads(read_line(json.dumps({"id": "D1", "dosageInstruction": [ONE]}))) == {
        "id": "D1",
        "daily": {"low": 2, "high": 2, "unit": "tablet"},
        "as_needed_max": None,
        "basis": "structure",
        "certainty": "sure",
        "conflict": False,
        "reason": "strength-unknown",
    }


def test_what_cannot_be_computed_is_unknown_with_its_reason() -> None:
    line = json.loads(read_line(json.dumps({"id": "D1", "dosageInstruction": [{"text": "volgens schema"}]})))

    assert line == {
        "id": "D1",
        "daily": None,
        "as_needed_max": None,
        "basis": None,
        "certainty": "unknown",
        "conflict": False,
        "reason": "text-not-understood",
    }


@pytest.mark.parametrize(
    "medicine",
    [
        {"medicationCodeableConcept": {"text": "OXAZEPAM TABLET 10MG"}},
        {"medicationCodeableConcept": {"coding": [{"display": "oxazepam 10 MG Oral Tablet"}]}},
        {"medicationReference": {"reference": "#m", "display": "Oxazepam 10 mg"}},
        {"contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "OXAZEPAM TABLET 10MG"}}]},
        {"medication": {"concept": {"text": "oxazepam 10 mg"}}},
    ],
)
def test_the_name_of_the_medicine_turns_tablets_into_mg(medicine: dict[str, Any]) -> None:
    line = json.loads(read_line(json.dumps({**REQUEST, **medicine})))

    assert line["daily"] == {"low": 20, "high": 20, "unit": "mg"}
    assert line["reason"] is None


def test_names_that_tell_different_strengths_tell_none() -> None:
    concept = {"text": "oxazepam 10 mg", "coding": [{"display": "oxazepam 50 mg"}]}

    line = json.loads(read_line(json.dumps({**REQUEST, "medicationCodeableConcept": concept})))

    assert line["daily"]["unit"] == "tablet"


def test_the_as_needed_maximum_is_on_top_of_what_is_taken_anyway() -> None:
    needed = {**ONE, "asNeededBoolean": True}

    line = json.loads(read_line(json.dumps({"id": 1, "dosageInstruction": [ONE, needed]})))

    assert line["daily"]["high"] == 2
    assert line["as_needed_max"] == {"value": 2, "unit": "tablet"}


def test_numbers_come_out_to_six_places() -> None:
    weekly = {**ONE, "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk"}}}

    assert json.loads(read_line(json.dumps({"dosageInstruction": [weekly]})))["daily"]["low"] == 0.142857


def test_the_day_decides_which_step_is_told() -> None:
    bounded = {"repeat": {**TWICE["repeat"], "boundsDuration": {"value": 7, "code": "d"}}}
    steps = [
        {**ONE, "sequence": 1, "timing": bounded},
        {**ONE, "sequence": 2, "timing": {"repeat": {"when": ["HS"]}}},
    ]
    line = json.dumps({**REQUEST, "authoredOn": "2024-01-01T10:00:00Z", "dosageInstruction": steps})

    assert json.loads(read_line(line))["daily"]["high"] == 2
    assert json.loads(read_line(line, today=date(2024, 1, 8)))["daily"]["high"] == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not-json"),
        ("", "not-json"),
        (b"\xff", "not-json"),
        ("[]", "not-a-prescription"),
        ("null", "not-a-prescription"),
        ("{}", "no-dose"),
        ('{"dosageInstruction": "1 tablet"}', "no-dose"),
        ('{"dosageInstruction": [null]}', "dose-not-understood"),
        (json.dumps({**REQUEST, "doNotPerform": True}), "do-not-perform"),
        (json.dumps({**REQUEST, "modifierExtension": [{"url": "http://example.org/x"}]}), "unknown-modifier"),
        (json.dumps({**REQUEST, "modifierExtension": "x"}), "unknown-modifier"),
        (
            json.dumps({**REQUEST, "modifierExtension": [{"url": "ext-RepeatPeriodCyclicalSchedule"}]}),
            "cyclic-schedule",
        ),
    ],
)
def test_a_line_that_cannot_be_read_comes_out_with_its_reason(line: str | bytes, reason: str) -> None:
    read = json.loads(read_line(line))

    assert read["daily"] is None
    assert read["reason"] == reason


def test_a_stop_type_leaves_the_dose_what_it_was() -> None:
    stopped = {**REQUEST, "modifierExtension": [{"url": "http://nictiz.nl/fhir/StructureDefinition/ext-StopType"}]}

    assert json.loads(read_line(json.dumps(stopped)))["daily"] is not None


def test_a_statement_and_a_dispense_are_read_too() -> None:
    statement = {"resourceType": "MedicationStatement", "dosage": [ONE]}
    dispense = {
        "resourceType": "MedicationDispense",
        "quantity": {"value": 60},
        "daysSupply": {"value": 30, "code": "d"},
    }

    assert json.loads(read_line(json.dumps(statement)))["daily"]["high"] == 2
    assert json.loads(read_line(json.dumps(dispense)))["basis"] == "supply"
