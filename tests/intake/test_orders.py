"""Which drafts a prescriber asks about, and what each does to what is in use."""

import pytest

from app.intake.orders import read_orders
from knowledge.library import Library

TWO_DRAFTS = {
    "entry": [
        {
            "resource": {
                "resourceType": "MedicationRequest",
                "id": "a",
                "medicationCodeableConcept": {"text": "baclofen"},
            }
        },
        {
            "fullUrl": "urn:uuid:51fdccdc-3df3-56e2-aa4f-cf88ce88c53e",
            "resource": {
                "resourceType": "MedicationRequest",
                "id": "b",
                "medicationCodeableConcept": {"text": "zolpidem"},
            },
        },
        {"resource": {"resourceType": "ServiceRequest", "id": "mri"}},
        {"resource": {"resourceType": "ServiceRequest", "id": "a"}},
    ]
}


@pytest.mark.parametrize(
    ("selections", "asked"),
    [
        (["MedicationRequest/a"], {"a"}),
        (["a"], {"a"}),
        (["https://ehr.example/fhir/MedicationRequest/a"], {"a"}),
        (["urn:uuid:51fdccdc-3df3-56e2-aa4f-cf88ce88c53e"], {"b"}),
        (["MedicationRequest/a", "MedicationRequest/b"], {"a", "b"}),
        (["ServiceRequest/mri"], set()),
        (["ServiceRequest/a"], set()),
        ([], {"a", "b"}),
        (["MedicationRequest/not-sent"], {"a", "b"}),
        (["MedicationRequest/a", "MedicationRequest/not-sent"], {"a", "b"}),
        (None, {"a", "b"}),
    ],
)
def test_every_draft_is_asked_about_unless_the_selections_name_others_that_are_there(
    selections: list[str] | None, asked: set[str], library: Library
) -> None:
    named = None if selections is None else frozenset(selections)
    ordered = read_orders(TWO_DRAFTS, named, "context.draftOrders", library)
    assert ordered.selected == {f"MedicationRequest/{identity}" for identity in asked}
