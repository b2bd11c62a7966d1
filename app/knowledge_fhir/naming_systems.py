"""The systems of Wane's own identifiers (https://hl7.org/fhir/R4/namingsystem.html)."""

from datetime import datetime

from app.knowledge_fhir.parts import SITE, Json, name_in_code

_SYSTEMS = {
    "requests": "Names one patient's answer to $advise: the id of its GuidanceResponse, by which the journal finds the call.",
    "advice-hash": "Names an advice: the SHA-256 of what it says, for which reasons, by which knowledge. The same advice has "
    "the same, whether a hook or $advise was asked.",
    "plans": "Names a plan of a taper: the SHA-256 of all it says; each of its prescriptions has its row behind that.",
}


def naming_systems(changed: datetime) -> list[Json]:
    """One for each."""
    return [_system(identity, meaning, changed) for identity, meaning in _SYSTEMS.items()]


def _system(identity: str, meaning: str, changed: datetime) -> Json:
    return {
        "resourceType": "NamingSystem",
        "id": identity,
        "language": "en",
        "name": name_in_code(identity),
        "status": "draft",
        "kind": "identifier",
        "date": changed.isoformat(),
        "publisher": "Wane",
        "description": meaning,
        "uniqueId": [{"type": "uri", "value": f"{SITE}/{identity}", "preferred": True}],
    }
