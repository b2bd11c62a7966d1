"""Whatever is sent to an address of openapi.yaml, as described or not, the answer is one that it describes.

`WANE_ANY_REQUESTS` says how many requests of each kind are made up for each address; `make test-any` makes up many.
"""

import os
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from app.openapi_file import written
from tests.checklist import faults_in_operation_outcome
from tests.service import BASE_URL, Answer, Service

MANY = int(os.environ.get("WANE_ANY_REQUESTS", "4"))
DOCUMENT: dict[str, Any] = yaml.safe_load(written())
OPERATIONS: dict[str, Any] = {
    f"{told.ok().method.upper()} {told.ok().path}": told.ok()
    for told in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()
    if isinstance(told, Ok)
}
# What takes neither a body nor a query can only be asked as described.
OTHERWISE = [name for name, each in OPERATIONS.items() if each.body or each.query]
AS_DESCRIBED = GenerationMode.POSITIVE
CASES = [(name, AS_DESCRIBED) for name in OPERATIONS] + [(name, GenerationMode.NEGATIVE) for name in OTHERWISE]
# A short run is the same every time, a long one draws anew.
CALM = settings(
    max_examples=MANY,
    deadline=None,
    derandomize="WANE_ANY_REQUESTS" not in os.environ,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@cache
def checker(operation: str, status: str, media: str) -> Any:
    method, path = operation.split(" ")
    told = DOCUMENT["paths"][path][method.lower()]["responses"][status]["content"][media].get("schema", {})
    return jsonschema_rs.validator_for({**told, "components": DOCUMENT["components"]})


def sent(wane: Service, case: Any) -> Answer:
    made = requests.Request(**case.as_transport_kwargs(base_url=BASE_URL)).prepare()
    path = str(made.url).removeprefix(BASE_URL)
    content = made.body.encode() if isinstance(made.body, str) else made.body
    assert content is None or isinstance(content, bytes)
    headers = {name: str(value) for name, value in made.headers.items()}
    return wane.call(str(made.method), path, content=content, headers=headers)


def faults(operation: str, answer: Answer) -> list[str]:
    method, path = operation.split(" ")
    described = DOCUMENT["paths"][path][method.lower()]["responses"]
    status = str(answer.status)
    if status not in described:
        return [f"status {status} is not described"]
    if answer.status >= 500:
        return [f"status {status}: {answer.content[:300]!r}"]
    if answer.status >= 400:
        return faults_in_operation_outcome(answer.json())
    media = answer.headers.get("content-type", "").split(";")[0]
    known = described[status].get("content", {})
    if not answer.content:
        return [] if not known else [f"status {status}: there is no body"]
    if media not in known:
        return [f"status {status}: {media} is not described"]
    if not media.endswith("json"):
        return []
    return [
        f"{error.instance_path}: {error.message[:300]}"
        for error in checker(operation, status, media).iter_errors(answer.json())
    ]


def test_every_address_is_asked() -> None:
    assert set(OPERATIONS) == {
        f"{method.upper()} {path}" for path, told in DOCUMENT["paths"].items() for method in told
    }


@pytest.mark.parametrize(
    ("operation", "mode"),
    CASES,
    ids=[f"{name} {'as described' if mode is AS_DESCRIBED else 'otherwise'}" for name, mode in CASES],
)
def test_the_answer_is_one_that_is_described(wane: Service, operation: str, mode: GenerationMode) -> None:
    @CALM
    @given(st.data())
    def any_request(data: Any) -> None:
        answer = sent(wane, data.draw(OPERATIONS[operation].as_strategy(mode)))
        assert faults(operation, answer) == []

    any_request()
