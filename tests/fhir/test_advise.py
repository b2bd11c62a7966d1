"""What comes back for a Bundle."""

import pytest

from tests.conformance.bundles import accounted
from tests.fhir.conftest import Advised, Sent
from tests.fhir.records import (
    alcohol,
    baclofen,
    bundle,
    found,
    lormetazepam,
    of,
    patient,
    request,
    rules_of,
)


def test_an_order_is_advised_against_with_what_it_rests_on(advised: Advised) -> None:
    body = advised(bundle(patient(), alcohol(), baclofen(reasonCode=[], reasonReference=[of("Condition/c")])))

    (issue,) = found(body, "DetectedIssue")
    assert issue["code"]["coding"][0]["code"] == "baclofen-alcohol"
    assert issue["severity"] == "moderate"
    assert issue["patient"] == of("Patient/1")
    assert issue["implicated"] == [of("MedicationRequest/a")]
    assert of("Condition/c") in issue["evidence"][0]["detail"]
    assert {"MedicationStatement", "MedicationDispense"} <= {
        one["type"] for one in found(body, "GuidanceResponse")[0]["dataRequirement"]
    }


def test_what_a_card_offers_is_proposed_and_nothing_is_ordered(advised: Advised) -> None:
    body = advised(bundle(patient(), alcohol(), baclofen()), "?complete=all")

    (group,) = found(body, "RequestGroup")
    assert (group["status"], group["intent"], group["subject"]) == ("draft", "proposal", of("Patient/1"))
    (card,) = group["action"]
    assert card["selectionBehavior"] == "at-most-one"
    types = [step["type"]["coding"][0]["code"] for offered in card["action"] for step in offered["action"]]
    assert types == ["remove", "remove", "create"]
    assert card["action"][0]["action"][0]["resource"] == of("MedicationRequest/a")
    assert found(body, "ServiceRequest")[0]["status"] == "draft"


def test_a_medicine_in_use_is_reviewed_where_nothing_is_ordered(advised: Advised) -> None:
    body = advised(bundle(patient(), lormetazepam()), "?complete=all")
    assert rules_of(body) == ["bzra-taper"]
    assert found(body, "DetectedIssue")[0]["implicated"] == [of("MedicationRequest/l")]


def test_the_same_request_has_the_same_answer_byte_for_byte(post_advise: Sent) -> None:
    sent = bundle(patient(), alcohol(), baclofen(), lormetazepam())
    assert post_advise(sent).content == post_advise(sent).content


def test_advice_keeps_its_id_when_something_else_in_the_bundle_changes(advised: Advised) -> None:
    weight = {"resourceType": "Observation", "id": "w", "status": "final", "code": {"text": "weight"}}
    before, after = (advised(bundle(patient(), alcohol(), baclofen(), *more)) for more in ([], [weight]))
    assert found(before, "DetectedIssue")[0]["id"] == found(after, "DetectedIssue")[0]["id"]
    assert before["id"] != after["id"]


def test_a_medicine_no_rule_speaks_about_is_not_relevant(advised: Advised) -> None:
    body = advised(bundle(patient(), request("m", "A10BA02", "metformin 500 mg", of("Patient/1"))))
    assert found(body, "DetectedIssue") == []
    assert accounted(body)["not-relevant"] == ["Bundle.entry[0]", "Bundle.entry[1]"]


def test_what_cannot_be_judged_for_lack_of_a_list_says_which(advised: Advised) -> None:
    body = advised(bundle(patient()))
    (guidance,) = found(body, "GuidanceResponse")
    assert guidance["status"] == "data-required"
    assert guidance["dataRequirement"] == [{"type": "MedicationRequest"}]
    assert found(body, "OperationOutcome")[1]["issue"][0]["severity"] == "error"


@pytest.mark.parametrize(("language", "word"), [("nl", "afgeraden"), ("fr", "déconseillé"), ("de", "nicht empfohlen")])
def test_the_language_asked_for_goes_before_the_accepted_one(advised: Advised, language: str, word: str) -> None:
    body = advised(bundle(patient(), alcohol(), baclofen()), f"?language={language}")
    assert word in found(body, "DetectedIssue")[0]["code"]["text"]
    assert body["language"] == language


def test_the_day_decides(advised: Advised) -> None:
    record = bundle(patient(), lormetazepam(authoredOn="2026-11-01"))
    assert rules_of(advised(record, "?complete=all")) == []
    assert rules_of(advised(record, "?complete=all&date=2027-03-01")) == ["bzra-taper"]


@pytest.mark.parametrize("status", [None, "", "banana", ["draft"], 7])
def test_a_status_that_does_not_tell_whether_it_is_an_order_is_named(advised: Advised, status: object) -> None:
    sent = bundle(patient(), baclofen(status=status))
    body = advised(sent, "?complete=all")
    (guidance,) = found(body, "GuidanceResponse")
    assert (rules_of(body), guidance["status"]) == ([], "data-requested")
    places = [place for issue in found(body, "OperationOutcome")[1]["issue"] for place in issue.get("expression", ())]
    assert "Bundle.entry[1].resource.status" in places
    named = advised(sent, "?complete=all&order=MedicationRequest/a")
    assert rules_of(named) == ["baclofen-alcohol"], "who names the order needs no status"
    assert "Bundle.entry[1].resource.status" not in str(named)


def test_a_status_of_fhir_tells(advised: Advised) -> None:
    body = advised(bundle(patient(), baclofen(status="active")), "?complete=all")
    assert (rules_of(body), found(body, "GuidanceResponse")[0]["status"]) == ([], "success")
