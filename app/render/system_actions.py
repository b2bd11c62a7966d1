"""What a client that takes systemActions is asked to put into the record: that this advice was given, and why.

Nothing is ordered, changed or stopped by it. Only for clients whose site agreed on it (checklist R5).
"""

from collections.abc import Sequence

from app.intake.elements import is_id
from cds_hooks.cards import Action, Card

_SEVERITY = {"critical": "high", "warning": "moderate", "info": "low"}  # of DetectedIssue, R4


def issues_for_the_record(cards: Sequence[Card], uuids: Sequence[str], patient_id: str) -> tuple[Action, ...]:
    """One DetectedIssue for each card on which a rule speaks, with the card's uuid as its id. It refers to no draft:
    that may never be on the server."""
    if not is_id(patient_id):
        return ()
    known = zip(cards, uuids, strict=True)
    return tuple(_action(card, uuid, patient_id) for card, uuid in known if card.override_reasons)


def _action(card: Card, uuid: str, patient_id: str) -> Action:
    topic = card.source.topic
    resource = {
        "resourceType": "DetectedIssue",
        "id": uuid,
        "status": "preliminary",
        "code": {"coding": [{"system": topic.system, "code": topic.code, "display": topic.display}]},
        "severity": _SEVERITY[card.indicator],
        "patient": {"reference": f"Patient/{patient_id}"},
        "detail": card.summary,
        "reference": card.source.url,
    }
    return Action("create", card.summary, resource)
