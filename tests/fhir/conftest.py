"""POST /fhir/$advise, and whether what came back is valid and accounts for everything."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.bundles import faults_in_account, faults_in_bundle, number_of_entries
from tests.service import Answer, Service

PATH = "/fhir/$advise"
Advised = Callable[..., dict[str, Any]]
Sent = Callable[..., Answer]


@pytest.fixture
def post_advise(wane: Service) -> Sent:
    """Send a body to $advise, with what is asked in the address."""

    def send(body: object, query: str = "", **headers: str) -> Answer:
        sent = {"Content_Type": "application/fhir+json", "Accept_Language": "en", **headers}
        return wane.post(f"{PATH}{query}", body, **sent)

    return send


@pytest.fixture
def advised(post_advise: Sent) -> Advised:
    """The answer to a Bundle, after it was held against FHIR and against what was sent."""

    def advise(body: dict[str, Any], query: str = "", **headers: str) -> dict[str, Any]:
        answer = post_advise(body, query, **headers)
        assert answer.status == 200, answer.content
        assert answer.headers["content-type"].startswith("application/fhir+json")
        told: dict[str, Any] = answer.json()
        inside = [one.get("resource") for one in body.get("parameter", ()) if one.get("resource")]
        bundle = body if body["resourceType"] == "Bundle" else inside[0]
        assert faults_in_bundle(told) == []
        assert faults_in_account(told, number_of_entries(bundle)) == []
        return told

    return advise
