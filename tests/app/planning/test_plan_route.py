"""POST /taper/plan: the examples work, what cannot be read is named, a refusal is an answer."""

from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from app.openapi_file import written
from tests.render.calendar import calendar_of_json
from tests.service import Service

DOCUMENT: dict[str, Any] = yaml.safe_load(written())
EXAMPLES = DOCUMENT["paths"]["/taper/plan"]["post"]["requestBody"]["content"]["application/json"]["examples"]
ROOT = Path(__file__).parents[3]


def of_schema(name: str, body: object) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema_rs.validator_for(schema).validate(body)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_sent_as_it_stands_is_planned_or_refused(name: str, wane: Service) -> None:
    example = EXAMPLES[name]["value"]
    of_schema("PlanRequest", example)
    answer = wane.post("/taper/plan", example)
    assert answer.status == 200
    body = answer.json()
    of_schema("PlanAnswer", body)
    assert body["outcome"] == ("refused" if name.startswith("refused") else "planned")


def test_a_plan_has_a_dose_for_every_day_until_it_stops(wane: Service) -> None:
    plan = wane.post("/taper/plan", EXAMPLES["diazepam-at-night"]["value"]).json()["plan"]
    days = sorted(calendar_of_json(plan))
    assert days[0] == date(2026, 12, 1)
    assert days[-1] == date.fromisoformat(plan["last_day"])
    assert len(days) == (days[-1] - days[0]).days + 1
    assert plan["steps"][-1]["kind"] == "stop"


def test_the_same_fields_give_the_same_plan(wane: Service) -> None:
    first, second = (wane.post("/taper/plan", EXAMPLES["held-and-then-slower"]["value"]) for _ in range(2))
    assert first.content == second.content


def test_a_refusal_names_the_fact_and_what_would_help_in_the_readers_language(wane: Service) -> None:
    example = EXAMPLES["refused-one-strength"]["value"]
    answer = wane.post("/taper/plan", example, Accept_Language="fr")
    refusal = answer.json()["refusal"]
    assert answer.headers["content-language"] == "fr"
    assert [reason["code"] for reason in refusal["because"]] == ["stop-from-too-high"]
    assert refusal["because"][0]["text"].startswith("La plus petite dose possible, 7,5 mg,")
    assert [each["code"] for each in refusal["alternatives"]][:3] == [
        "smaller-strength",
        "liquid",
        "compounded-capsules",
    ]


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        ({}, "medicine"),
        ({"medicine": "diazepam", "daily_mg": "much"}, "daily_mg"),
        ({"medicine": "diazepam", "first_day": "2027-02-30"}, "first_day"),
        ({"medicine": "diazepam", "dose": 10}, "dose"),
        ({"medicine": "diazepam", "products": ["tablet:2/3"]}, "products[0].divisible_into"),
        ([], "$this"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_read_is_400_and_named(body: object, expression: str, wane: Service) -> None:
    answer = wane.post("/taper/plan", body)
    assert answer.status == 400
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert [issue["expression"] for issue in outcome["issue"]] == [[expression]]


def test_a_plan_that_is_changed_must_be_the_one_that_was_meant(wane: Service) -> None:
    fields = EXAMPLES["diazepam-at-night"]["value"]
    plan = wane.post("/taper/plan", fields).json()["plan"]
    change = {"change": "hold", "row": 2, "on": "2027-01-04", "days": 28}
    held = wane.post("/taper/plan", {**fields, "changes": [{**change, "plan": plan["hash"]}]}).json()
    assert held["plan"]["goes_on_from"] == {"plan": plan["hash"], "row": 2, "change": "hold"}
    other = wane.post("/taper/plan", {**fields, "changes": [{**change, "plan": "0" * 64}]})
    assert other.status == 400
    assert other.json()["issue"][0]["expression"] == ["changes[0].plan"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"medicine": "aspirin", "daily_mg": 80}, "medicine-unknown"),
        ({"medicine": "diazepam", "country": "NL"}, "dose-unknown"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 0}, "dose-not-positive"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": -5}, "dose-not-positive"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 5, "daily_mg_to": 10}, "dose-range"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 5, "as_needed": True}, "as-needed"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 5, "route": "rectal"}, "route-not-oral"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 5, "age_years": 17}, "under-18"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 5, "present": ["pregnancy"]}, "pregnancy"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": "0.3"}, "dose-not-makeable"),
        ({"medicine": "diazepam", "daily_mg": 5}, "no-products"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 20, "scheme": "riziv-7"}, "scheme-not-known-in-full"),
        ({"medicine": "diazepam", "country": "NL", "daily_mg": 20, "scheme": "fast"}, "scheme-unknown"),
        ({"medicine": "baclofen", "country": "BE", "daily_mg": 80}, "at-or-below-target"),
        ({"medicine": "clonazepam", "country": "NL", "daily_mg": 2}, "indication-unknown"),
        ({"medicine": "cloxazolam", "country": "NL", "daily_mg": 2, "convert_to_diazepam": True}, "conversion-never"),
        ({"medicine": "diazepam", "daily_mg": 999999, "products": ["ml:0.0001/100"]}, "strengths-too-fine"),
    ],
)  # fmt: skip
def test_a_missing_or_unsafe_fact_is_refused_by_name(fields: dict[str, Any], code: str, wane: Service) -> None:
    body = wane.post("/taper/plan", fields).json()
    assert body["outcome"] == "refused"
    assert code in [reason["code"] for reason in body["refusal"]["because"]]


def test_of_very_many_fields_that_cannot_be_used_the_first_are_named(wane: Service) -> None:
    answer = wane.post("/taper/plan", {f"field_{number}": number for number in range(5_000)})
    assert answer.status == 400
    assert 1 < len(answer.json()["issue"]) <= 50
