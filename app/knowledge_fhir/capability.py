"""What this server can do (https://hl7.org/fhir/R4/capabilitystatement.html): all of it, and nothing else."""

from importlib.metadata import version

from app.knowledge_fhir.operations import OPERATIONS
from app.knowledge_fhir.parts import Json, canonical, head
from app.knowledge_fhir.shelf import Shelf, settled

KINDS = (
    "CodeSystem",
    "ConceptMap",
    "Library",
    "NamingSystem",
    "OperationDefinition",
    "PlanDefinition",
    "StructureDefinition",
    "ValueSet",
)
OF_VALUE_SETS = ("expand", "validate-code")
_STANDARD = "http://hl7.org/fhir/OperationDefinition/ValueSet"


def capability_statement(shelf: Shelf, public_url: str) -> Json:
    """The statement; its date is when the knowledge last changed."""
    of_types = {each.resource for each in OPERATIONS if each.resource}
    about = "Advice for Bundles, and the knowledge base read-only."
    described = head("CapabilityStatement", "wane", shelf.library.version, "Wane", about)
    statement = {
        **described,
        "date": shelf.changed.isoformat(),
        "kind": "instance",
        "software": {"name": "Wane", "version": version("wane")},
        "implementation": {"description": "Wane", "url": f"{public_url}/fhir"},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Where clients are registered, all but this statement asks for a bearer token.",
                "resource": [_kind(each) if each in KINDS else _asked(each) for each in sorted({*KINDS, *of_types})],
                "operation": [
                    {"name": each.code, "definition": canonical("OperationDefinition", each.id)}
                    for each in OPERATIONS
                    if not each.resource
                ],
            }
        ],
    }
    return settled(statement, shelf.changed)


def searched_by(kind: str) -> tuple[tuple[str, str], ...]:
    """The search parameters of a type, each with its own type. In R4 a NamingSystem has no url, but values."""
    return (("_id", "token"), ("value", "string") if kind == "NamingSystem" else ("url", "uri"))


def _kind(kind: str) -> Json:
    """What can be read and searched."""
    standard = [{"name": name, "definition": f"{_STANDARD}-{name}"} for name in OF_VALUE_SETS]
    return {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "conditionalRead": "full-support",
        "searchParam": [{"name": name, "type": of} for name, of in searched_by(kind)],
        **({"operation": standard} if kind == "ValueSet" else {}),
    }


def _asked(kind: str) -> Json:
    """What has operations only: nothing of this type is kept."""
    found = [each for each in OPERATIONS if each.resource == kind]
    return {
        "type": kind,
        "operation": [{"name": each.code, "definition": canonical("OperationDefinition", each.id)} for each in found],
    }
