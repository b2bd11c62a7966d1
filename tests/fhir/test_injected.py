"""Other people's records with an order of baclofen, and a benzodiazepine in use, put into them: the advice comes out, whatever
stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fhir.conftest import Advised
from tests.fhir.records import baclofen, found, lormetazepam, of, rules_of
from tests.given import find

EPILEPSY = ('"84757009"', '"128613002"')  # SNOMED CT: no taper is proposed where it is active
FOLDER = find("corpus", "bundles")
FILES = sorted(FOLDER.glob("*.json")) if FOLDER else []


def patients_of(body: Any) -> list[str]:
    """How each patient of a Bundle is referred to."""
    found = []
    for entry in body.get("entry", ()) if isinstance(body, dict) else ():
        resource = entry.get("resource") or {}
        if resource.get("resourceType") == "Bundle":
            found += patients_of(resource)
        if resource.get("resourceType") == "Patient":
            found.append(entry.get("fullUrl") or f"Patient/{resource['id']}")
    return list(dict.fromkeys(found))


def with_orders(body: dict[str, Any], owner: str, *resources: dict[str, Any]) -> dict[str, Any]:
    own = [{"resource": {**each, "subject": of(owner)}} for each in resources]
    return {**body, "entry": [*body["entry"], *own]}


@pytest.mark.skipif(not FILES, reason="there is no shared/corpus/bundles beside this repository")
@pytest.mark.parametrize("file", FILES[::3], ids=lambda path: path.stem[-40:])
def test_advice_comes_out_of_other_peoples_records(file: Path, advised: Advised) -> None:
    body = json.loads(file.read_bytes())
    owners = patients_of(body)
    if not owners:
        pytest.skip("it holds no patient")

    ordered = advised(with_orders(body, owners[0], baclofen("wane-a")), "?order=MedicationRequest/wane-a")
    used = advised(
        with_orders(body, owners[0], lormetazepam("wane-l")), "?judge=review&complete=conditions,medications"
    )

    assert "baclofen-alcohol" in rules_of(ordered)
    (issue,) = [each for each in found(ordered, "DetectedIssue") if "wane-a" in json.dumps(each["implicated"])]
    assert issue["patient"]["reference"] in (owners[0], *(f"Patient/{owner.rpartition(':')[2]}" for owner in owners))
    taper = [rule for rule in rules_of(used) if rule.startswith("bzra-")]
    assert bool(taper) is not any(code in file.read_text(encoding="utf-8") for code in EPILEPSY)
