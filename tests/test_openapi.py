"""openapi.yaml is what the code says, says everything, and its examples work."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.openapi_file import written
from cds_hooks.hooks import HOOKS
from tests.checklist import faults_in_answer
from tests.service import Service

ROOT = Path(__file__).parents[1]
DOCUMENT: dict[str, Any] = yaml.safe_load(written())
FEEDBACK = "/cds-services/{service}/feedback"
SERVICES = [path for path in DOCUMENT["paths"] if path.startswith("/cds-services/") and path != FEEDBACK]
EXAMPLES = [
    (path, name, example)
    for path in SERVICES
    for name, example in DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"][
        "examples"
    ].items()
]


def test_the_file_is_in_step_with_the_code() -> None:
    assert (ROOT / "openapi.yaml").read_text(encoding="utf-8") == written(), "run `make openapi` and commit it"


def test_every_hook_has_its_service_described() -> None:
    assert {path.rsplit("/", 1)[1] for path in SERVICES} == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS.values(), ids=lambda hook: hook.name)
def test_the_context_described_is_the_context_read(hook: Any) -> None:
    name = "".join(part.capitalize() for part in hook.name.split("-"))
    context = DOCUMENT["components"]["schemas"][f"{name}Context"]
    assert set(context["required"]) == set(hook.required)
    assert set(context["properties"]) == {*hook.required, *hook.optional}


def test_every_reference_leads_somewhere() -> None:
    schemas = set(DOCUMENT["components"]["schemas"])
    text = json.dumps(DOCUMENT)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= schemas
    assert "HTTPValidationError" not in text


def test_every_operation_has_a_summary_and_its_errors_are_operation_outcomes() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")):
                    for body in answer["content"].values():
                        assert body["schema"]["$ref"].endswith("/OperationOutcome"), (path, status)
                    assert answer["content"], (path, status)


@pytest.mark.parametrize(
    ("path", "name", "example"), EXAMPLES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_example_sent_as_it_stands_is_answered(
    path: str, name: str, example: Any, wane_on: Callable[[date], Service]
) -> None:
    answer = wane_on(date(2026, 11, 21)).post(path, example["value"])
    assert answer.status == 200
    body = answer.json()
    assert faults_in_answer(200, body, request=example["value"]) == []
    assert bool(body["cards"]) == (name != "baclofen-for-spasticity")


def test_the_examples_of_feedback_are_taken(wane: Service) -> None:
    asked = DOCUMENT["paths"][FEEDBACK]["post"]["requestBody"]["content"]["application/json"]
    assert [
        wane.post("/cds-services/order-sign/feedback", each["value"]).status for each in asked["examples"].values()
    ] == [200]


def test_what_stands_in_an_address_is_described() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for method, told in operations.items():
            named = [each["name"] for each in told.get("parameters", ()) if each["in"] == "path"]
            assert sorted(named) == sorted(re.findall(r"{(\w+)}", path)), f"{method} {path}"


ASKED_OF_FHIR = [
    (path, name, example)
    for path, operations in DOCUMENT["paths"].items()
    if path.startswith("/fhir/") and "$" in path and "post" in operations
    for name, example in operations["post"]["requestBody"]["content"]["application/fhir+json"]["examples"].items()
]


@pytest.mark.parametrize(
    ("path", "name", "example"), ASKED_OF_FHIR, ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_example_of_a_fhir_operation_works_as_it_stands(
    path: str, name: str, example: Any, wane_on: Callable[[date], Service]
) -> None:
    sent = path.replace("{identity}", "alcohol-dependence" if "validate" in path else "medicine-bzra")
    answer = wane_on(date(2026, 11, 21)).post(sent, example["value"], Content_Type="application/fhir+json")
    assert answer.status == 200, (name, answer.content)
    assert answer.headers["content-type"].startswith("application/fhir+json")
