"""FHIR R4 resources that suggestions propose. Each is valid as it stands, required bindings included."""

from datetime import date

from app.render.named_uuid import named_uuid, namespace_of

Json = dict[str, object]
_NAMESPACE = namespace_of("https://wane.example/fhir/proposals")


def proposal_id(kind: str, *about: str) -> str:
    """The same proposal on the same order keeps its id, so that taking it twice makes one resource."""
    return f"{kind}-{named_uuid(_NAMESPACE, kind, *about)[:18]}"


def referral(identity: str, patient_id: str, text: str, today: date, reasons: tuple[str, ...]) -> Json:
    """A ServiceRequest (https://hl7.org/fhir/R4/servicerequest.html), as a proposal the prescriber completes."""
    resource: Json = {
        "resourceType": "ServiceRequest",
        "id": identity,
        "status": "draft",
        "intent": "proposal",
        "code": {"text": text},
        "subject": {"reference": f"Patient/{patient_id}"},
        "authoredOn": today.isoformat(),
    }
    if reasons:
        resource["reasonReference"] = [{"reference": reason} for reason in reasons]
    return resource


def task(
    identity: str, patient_id: str, text: str, today: date, focus: str | None, priority: str | None = None
) -> Json:
    """A Task (https://hl7.org/fhir/R4/task.html), as a proposal the prescriber plans."""
    resource: Json = {
        "resourceType": "Task",
        "id": identity,
        "status": "draft",
        "intent": "proposal",
        "code": {"text": text},
        "description": text,
        "for": {"reference": f"Patient/{patient_id}"},
        "authoredOn": today.isoformat(),
    }
    if priority:
        resource["priority"] = priority
    if focus:
        resource["focus"] = {"reference": focus}
    return resource


def communication(identity: str, patient_id: str, text: str, said: str, today: date, *, to_patient: bool) -> Json:
    """A CommunicationRequest (https://hl7.org/fhir/R4/communicationrequest.html): a letter or a message, to be sent."""
    resource: Json = {
        "resourceType": "CommunicationRequest",
        "id": identity,
        "status": "draft",
        "category": [{"text": text}],
        "subject": {"reference": f"Patient/{patient_id}"},
        "payload": [{"contentString": said}],
        "authoredOn": today.isoformat(),
    }
    if to_patient:
        resource["recipient"] = [{"reference": f"Patient/{patient_id}"}]
    return resource


def problem(identity: str, patient_id: str, code: Json, note: str, today: date) -> Json:
    """A Condition (https://hl7.org/fhir/R4/condition.html) for the problem list, provisional until somebody confirms."""
    return {
        "resourceType": "Condition",
        "id": identity,
        "clinicalStatus": _coded("condition-clinical", "active"),
        "verificationStatus": _coded("condition-ver-status", "provisional"),
        "category": [_coded("condition-category", "problem-list-item")],
        "code": code,
        "subject": {"reference": f"Patient/{patient_id}"},
        "recordedDate": today.isoformat(),
        "note": [{"text": note}],
    }


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}
