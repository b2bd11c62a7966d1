"""Whose a resource of a Bundle is: by fullUrl, urn:uuid, relative or absolute address, contained, or by identifier."""

from typing import Any

import pytest

from tests.conformance.bundles import accounted
from tests.fhir.conftest import Advised
from tests.fhir.records import alcohol, at, baclofen, bundle, entries, found, lormetazepam, of, patient, rules_of, whose

URN, OTHER = "urn:uuid:11111111-1111-4111-8111-111111111111", "urn:uuid:22222222-2222-4222-8222-222222222222"
A, B = "https://a.example/fhir", "https://b.example/fhir"
BSN = {"system": "urn:oid:2.16.840.1.113883.2.4.6.3", "value": "1"}


@pytest.mark.parametrize(
    ("url", "own", "reference"),
    [
        (URN, {"resourceType": "Patient"}, URN),
        (URN, patient("7"), URN),
        (URN, patient("7"), "Patient/7"),
        (f"{A}/Patient/7", patient("7"), "Patient/7"),
        (f"{A}/Patient/7", patient("7"), f"{A}/Patient/7"),
        (f"{A}/Patient/7", patient("7"), f"{A}/Patient/7/_history/2"),
        ("", patient("7"), f"{A}/Patient/7"),
        ("", patient("7"), "7"),
        ("", patient("7"), "urn:uuid:7"),
        (URN.replace("1111-4", "ABCD-4"), patient("7"), URN.replace("1111-4", "abcd-4")),
        ("https://A.example/fhir/Patient/7", patient("7"), f"{A}/Patient/7"),
        ("", patient("7", identifier=[BSN]), f"Patient?identifier={BSN['system']}|{BSN['value']}"),
        ("", patient("7", identifier=[BSN]), f"{A}/Patient?identifier={BSN['system']}%7C{BSN['value']}"),
    ],
)
def test_a_resource_finds_its_patient(advised: Advised, url: str, own: dict[str, Any], reference: str) -> None:
    owner = at(url, own) if url else {"resource": own}
    other = at(OTHER, patient("8"))
    record = {"resource": alcohol(subject=of(reference))}
    draft = {"resource": baclofen(subject=of(reference), reasonCode=[])}

    body = advised(entries(other, draft, record, owner))

    assert rules_of(body) == ["baclofen-alcohol"], "the problem and the order are of one patient"
    assert whose(body) == [url or "Patient/7"]
    assert accounted(body)["unreadable"] == []
    assert len(found(body, "GuidanceResponse")) == 2


def test_two_servers_patients_of_one_id_are_two(advised: Advised) -> None:
    sent = [
        at(f"{A}/Patient/1", patient()),
        at(f"{B}/Patient/1", patient()),
        at(f"{A}/Condition/c", alcohol()),
        at(f"{B}/MedicationRequest/a", baclofen(reasonCode=[])),
    ]
    body = advised(entries(*sent), "?complete=conditions,medications")
    assert rules_of(body) == [], "the problem is the other patient's"
    assert len(found(body, "GuidanceResponse")) == 2


def test_what_two_servers_call_alike_is_looked_up_on_its_own(advised: Advised) -> None:
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "baclofen 10 mg"}}
    harmless = {"resourceType": "Medication", "id": "m", "code": {"text": "paracetamol 500 mg"}}
    draft = baclofen(medicationReference=of("Medication/m"))
    del draft["medicationCodeableConcept"]
    for first, second, rules in ((medication, harmless, ["baclofen-alcohol"]), (harmless, medication, [])):
        sent = [
            at(f"{A}/Patient/1", patient()),
            at(f"{A}/MedicationRequest/a", draft),
            at(f"{A}/Medication/m", first),
            at(f"{B}/Medication/m", second),
        ]
        assert rules_of(advised(entries(*sent))) == rules


def test_a_medication_that_is_referred_to_is_used(advised: Advised) -> None:
    draft = baclofen(medicationReference=of(OTHER))
    del draft["medicationCodeableConcept"]
    medication = {"resourceType": "Medication", "code": {"text": "baclofen 10 mg"}}
    body = advised(entries(at(URN, patient()), {"resource": draft | {"subject": of(URN)}}, at(OTHER, medication)))
    assert rules_of(body) == ["baclofen-alcohol"]
    assert accounted(body)["used"] == [f"Bundle.entry[{place}]" for place in range(3)]


def test_a_patient_named_by_identifier_is_found_by_it(advised: Advised) -> None:
    sent = bundle(patient("1", identifier=[BSN]), patient("2"), baclofen(subject={"identifier": BSN}))
    assert whose(advised(sent)) == ["Patient/1"]


@pytest.mark.parametrize("subject", [{"identifier": {**BSN, "value": "9"}}, {"display": "the man in bed 4"}, None])
def test_what_could_be_of_several_patients_is_nobodys_and_is_named(advised: Advised, subject: Any) -> None:
    draft = baclofen()
    draft["subject"] = subject
    body = advised(bundle(patient("1"), patient("2"), draft))
    assert rules_of(body) == []
    assert accounted(body)["unreadable"] == ["Bundle.entry[2]"]


def test_an_identifier_that_two_patients_have_leads_to_neither(advised: Advised) -> None:
    twins = [patient(each, identifier=[BSN]) for each in ("1", "2")]
    body = advised(bundle(*twins, baclofen(subject={"identifier": BSN})))
    assert accounted(body)["unreadable"] == ["Bundle.entry[2]"]


def test_what_names_nobody_is_the_only_patients(advised: Advised) -> None:
    draft = baclofen()
    del draft["subject"]
    assert whose(advised(bundle(patient("5"), draft))) == ["Patient/5"]


def test_a_patient_that_is_only_spoken_of_is_judged(advised: Advised) -> None:
    assert whose(advised(bundle(baclofen(subject=of("Patient/9"))))) == ["Patient/9"]


def test_a_patient_contained_in_the_order_is_judged(advised: Advised) -> None:
    draft = baclofen(subject=of("#p"), contained=[{"resourceType": "Patient", "id": "p", "birthDate": "1970-01-01"}])
    body = advised(bundle(draft))
    assert rules_of(body) == ["baclofen-alcohol"]
    assert "display" in found(body, "DetectedIssue")[0]["patient"]


@pytest.mark.parametrize(
    "reference", ["Group/1", "#none", f"{A}/Location/1", "Group?identifier=urn:x|1", OTHER, OTHER.upper()]
)
def test_what_is_of_no_patient_is_named(advised: Advised, reference: str) -> None:
    group = at(OTHER, {"resourceType": "Group", "id": "g", "type": "person", "actual": True})
    body = advised(entries(at("", patient("1")), at("", baclofen(subject=of(reference))), group))
    assert accounted(body)["unreadable"] == ["Bundle.entry[1]"]
    assert rules_of(body) == []


def test_a_search_for_a_patient_by_an_identifier_that_two_have_leads_to_neither(advised: Advised) -> None:
    twins = [patient(each, identifier=[BSN]) for each in ("1", "2")]
    reference = of(f"Patient?identifier={BSN['system']}|{BSN['value']}")
    assert accounted(advised(bundle(*twins, baclofen(subject=reference))))["unreadable"] == ["Bundle.entry[2]"]


def test_a_search_for_a_patient_who_is_not_there_speaks_of_one(advised: Advised) -> None:
    """The conditional reference of a transaction: the patient is on the server already."""
    reference = of("Patient?identifier=urn:x|1")
    body = advised(bundle(alcohol(subject=reference), baclofen(subject=reference, reasonCode=[]), kind="transaction"))
    assert rules_of(body) == ["baclofen-alcohol"]
    assert "display" in found(body, "DetectedIssue")[0]["patient"]


def test_no_record_mixes_with_another(advised: Advised) -> None:
    sent = bundle(
        patient("1"), patient("2"), alcohol(subject=of("Patient/1")), baclofen(subject=of("Patient/2"), reasonCode=[])
    )
    body = advised(sent, "?complete=conditions,medications")
    assert rules_of(body) == []


def test_a_reason_of_another_patient_is_not_followed(advised: Advised) -> None:
    draft = baclofen(subject=of("Patient/2"), reasonCode=[], reasonReference=[of("Condition/c")])
    sent = bundle(patient("1"), patient("2"), alcohol(subject=of("Patient/1")), draft)
    assert rules_of(advised(sent, "?complete=conditions,medications")) == []


@pytest.mark.parametrize("kind", ["collection", "searchset", "batch", "transaction", "document", "message", "history"])
def test_any_type_of_bundle_is_read(advised: Advised, kind: str) -> None:
    assert rules_of(advised(bundle(patient(), baclofen(), kind=kind))) == ["baclofen-alcohol"]


def test_bundles_inside_a_bundle_are_opened(advised: Advised) -> None:
    inner = bundle(bundle(alcohol(), kind="searchset"), bundle(baclofen(reasonCode=[])), kind="batch-response")
    body = advised(bundle(patient(), inner))
    assert rules_of(body) == ["baclofen-alcohol"]
    place = "Bundle.entry[1].resource.entry[1].resource.entry[0]"
    assert place in accounted(body)["used"]
    assert len(accounted(body)["used"]) == 6


def test_an_empty_search_tells_that_there_is_none(advised: Advised) -> None:
    def searched(kind: str) -> dict[str, Any]:
        link = [{"relation": "self", "url": f"{A}/{kind}?patient=Patient/1"}]
        return {"resourceType": "Bundle", "type": "searchset", "total": 0, "link": link}

    told = advised(bundle(patient(), baclofen(reasonCode=[]), searched("Condition"), searched("MedicationRequest")))
    not_told = advised(bundle(patient(), baclofen(reasonCode=[])))
    assert found(told, "GuidanceResponse")[0]["status"] == "data-requested"
    assert found(not_told, "GuidanceResponse")[0]["status"] == "data-required"


def test_a_page_with_more_behind_it_is_a_part(advised: Advised) -> None:
    link = [{"relation": "next", "url": f"{A}/next"}]
    page = bundle(lormetazepam(authoredOn="2026-11-15"), kind="searchset", link=link)
    whole = bundle(lormetazepam(authoredOn="2026-11-15"), kind="searchset")
    statuses = [
        found(advised(bundle(patient(), each), "?judge=review"), "GuidanceResponse")[0]["status"]
        for each in (page, whole)
    ]
    assert statuses == ["data-required", "data-requested"]


def test_an_order_that_is_named_is_judged_whatever_its_status(advised: Advised) -> None:
    sent = bundle(patient(), baclofen(status="active"))
    assert rules_of(advised(sent, "?complete=all&judge=orders")) == []
    assert rules_of(advised(sent, "?complete=all&order=MedicationRequest/a")) == ["baclofen-alcohol"]


def test_requests_inside_a_group_are_orders(advised: Advised) -> None:
    held = baclofen("in")
    group = {"resourceType": "RequestGroup", "id": "g", "status": "draft", "intent": "proposal", "contained": [held]}
    body = advised(bundle(patient(), {**group, "subject": of("Patient/1")}))
    assert rules_of(body) == ["baclofen-alcohol"]
    assert accounted(body)["used"] == ["Bundle.entry[0]", "Bundle.entry[1]"]


def test_a_subject_sent_as_a_list_is_one_patients_only_if_all_name_it(advised: Advised) -> None:
    both = bundle(patient("1"), patient("2"), {**baclofen(), "subject": [of("Patient/1"), of("Patient/2")]})
    twice = bundle(patient("1"), patient("2"), {**baclofen(), "subject": [of("Patient/1"), of("urn:uuid:1")]})
    assert accounted(advised(both))["unreadable"] == ["Bundle.entry[2]"]
    assert whose(advised(twice)) == ["Patient/1"]
