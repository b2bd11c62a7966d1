"""Made-up records as Bundles, as short as a sentence."""

from typing import Any

Json = dict[str, Any]
ATC = "http://www.whocc.no/atc"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
DAILY = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}
TABLET = {**DAILY, "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}


def patient(identity: str = "1", **more: Any) -> Json:
    return {"resourceType": "Patient", "id": identity, **more}


def of(reference: str) -> Json:
    return {"reference": reference}


def request(identity: str, code: str, text: str, subject: Json | None, **more: Any) -> Json:
    base: Json = {"resourceType": "MedicationRequest", "id": identity, "status": "draft", "intent": "order"}
    owner = {"subject": subject} if subject else {}
    medicine = {"coding": [{"system": ATC, "code": code}], "text": text}
    return {**base, "medicationCodeableConcept": medicine, **owner, "dosageInstruction": [TABLET], **more}


def baclofen(identity: str = "a", subject: Json | None = None, **more: Any) -> Json:
    """A draft of baclofen for alcohol dependence: advice comes of it by itself."""
    reason = [{"text": "alcohol dependence"}]
    return request(identity, "M03BX01", "baclofen 10 mg", subject or of("Patient/1"), **{"reasonCode": reason, **more})


def lormetazepam(identity: str = "l", subject: Json | None = None, **more: Any) -> Json:
    """In use since March 2024."""
    since = {"status": "active", "authoredOn": "2024-03-01"}
    return request(identity, "N05CD06", "lormetazepam 2 mg", subject or of("Patient/1"), **{**since, **more})


def alcohol(identity: str = "c", subject: Json | None = None) -> Json:
    active = {"coding": [{"system": CLINICAL, "code": "active"}]}
    code = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F10.2"}]}
    own = {"subject": subject or of("Patient/1")}
    return {"resourceType": "Condition", "id": identity, "clinicalStatus": active, "code": code, **own}


def bundle(*resources: Json, kind: str = "collection", **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in resources], **more}


def at(url: str, resource: Json) -> Json:
    return {"fullUrl": url, "resource": resource}


def entries(*sent: Json, kind: str = "collection") -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": list(sent)}


def found(body: Json, kind: str) -> list[Json]:
    return [entry["resource"] for entry in body["entry"] if entry["resource"]["resourceType"] == kind]


def rules_of(body: Json) -> list[str]:
    return [issue["code"]["coding"][0]["code"] for issue in found(body, "DetectedIssue")]


def whose(body: Json) -> list[str]:
    return [issue["patient"].get("reference", "") for issue in found(body, "DetectedIssue")]
