"""What a Medication resource and the systems of its codes tell of a medicine, and doses that nobody can mean."""

from typing import Any

import pytest

from app.intake.dose_lines import read_daily_dose
from app.intake.included import Included
from app.intake.medicine import read_medicine
from knowledge.library import Library

ATC = "http://www.whocc.no/atc"
LORAZEPAM: dict[str, Any] = {"coding": [{"system": ATC, "code": "N05BA06"}]}


def of_contained(*contained: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "contained": list(contained),
        "medicationReference": {"reference": "#m"},
    }


def medication(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Medication", "id": "m", **more}


@pytest.mark.parametrize(
    "contained",
    [
        (medication(ingredient=[{"itemCodeableConcept": LORAZEPAM}]),),
        (medication(ingredient=[{"itemCodeableConcept": {"text": "Lorazepam"}}]),),
        (medication(ingredient=[{"item": {"concept": LORAZEPAM}}]),),
        (
            medication(ingredient=[{"itemReference": {"reference": "#s"}}]),
            {"resourceType": "Substance", "id": "s", "code": {"text": "lorazepam"}},
        ),
        (
            medication(code={"text": "Capsules magistraal"}, ingredient=[{"item": {"reference": {"reference": "#s"}}}]),
            {"resourceType": "Substance", "id": "s", "code": {"concept": LORAZEPAM}},
        ),
    ],
    ids=["code", "text", "R5", "substance", "R5 substance"],
)
def test_a_medication_is_what_its_ingredient_is(library: Library, contained: tuple[dict[str, Any], ...]) -> None:
    assert read_medicine(of_contained(*contained), library, Included()).medicine == "lorazepam"


def test_the_strength_of_an_ingredient_is_read_where_the_product_has_no_code(library: Library) -> None:
    ratio = {"numerator": {"value": 1, "unit": "mg"}, "denominator": {"value": 1, "unit": "capsule"}}
    compounded = of_contained(medication(ingredient=[{"itemCodeableConcept": LORAZEPAM, "strength": ratio}]))

    answer = read_daily_dose({**compounded, "dosageInstruction": [{"text": "2x per dag 1 capsule"}]}, library)

    assert answer["daily"] == {"low": 2, "high": 2, "unit": "mg"}


@pytest.mark.parametrize(
    ("system", "code"),
    [
        (ATC, "n05ba06"),
        (ATC, " N05BA06 "),
        ("2.16.840.1.113883.6.73", "N05BA06"),
        ("http://snomed.info/sct|http://snomed.info/sct/11000172109", "387106007"),
        ("http://snomed.info/sct/11000172109/version/20250315", "387106007"),
    ],
)
def test_a_code_is_known_however_its_system_is_written(library: Library, system: str, code: str) -> None:
    concept = {"coding": [{"system": system, "code": code}]}

    read = read_medicine(
        {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept}, library, Included()
    )

    assert read.medicine == "lorazepam"


def test_a_name_is_more_exact_than_the_code_of_its_class(library: Library) -> None:
    concept = {"coding": [{"system": ATC, "code": "N02AX02"}], "text": "Tramadol 50 mg"}

    read = read_medicine(
        {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept}, library, Included()
    )

    assert read.medicine == "tramadol"


@pytest.mark.parametrize("name", ["Naltrexone/bupropion 8/90 mg", "bupropion hydrochloride 90 MG / naltrexon 8 MG"])
def test_naltrexone_against_obesity_is_no_alcohol_medicine(library: Library, name: str) -> None:
    concept = {"text": name}

    read = read_medicine(
        {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept}, library, Included()
    )

    assert (read.medicine, read.gap) == (None, None)


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("alprazolam", {"value": 500, "unit": "mg"}),  # of 0.5 mg
        ("diazepam", {"value": 5, "unit": "g"}),
        ("lorazepam", {"value": 1, "unit": "mcg"}),
        ("Lorazepam 500 mg", {"value": 1, "unit": "tablet"}),
    ],
)
def test_grams_and_micrograms_written_for_milligrams_are_no_dose(
    library: Library, name: str, quantity: dict[str, Any]
) -> None:
    once = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}
    sent = {
        "medicationCodeableConcept": {"text": name},
        "dosageInstruction": [{"timing": once, "doseAndRate": [{"doseQuantity": quantity}]}],
    }

    answer = read_daily_dose(sent, library)

    assert (answer["daily"], answer["reason"]) == (None, "implausible")
