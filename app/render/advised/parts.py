"""The parts that the resources of one answer share: names that stay the same, references, codes."""

from collections.abc import Iterable

from app.bundles.judged import Judged
from app.intake.elements import named
from app.render.cards import RULES_SYSTEM
from app.render.named_uuid import named_uuid, namespace_of
from app.render.valid import is_reference

Json = dict[str, object]
SITE = "https://wane.example/fhir"
STATES_SYSTEM = f"{SITE}/CodeSystem/entry-states"
GAPS_SYSTEM = f"{SITE}/CodeSystem/gaps"
_NAMESPACE = namespace_of(f"{SITE}/advice")


def name_of(kind: str, *about: str) -> str:
    """A UUID that is the same for the same, so that what is sent again is not filed twice."""
    return named_uuid(_NAMESPACE, kind, *about)


def entry_of(resource: Json, name: str) -> Json:
    """A resource as an entry of the answer."""
    return {"fullUrl": f"urn:uuid:{name}", "resource": resource}


def here(name: str) -> Json:
    """A reference to an entry of the answer."""
    return {"reference": f"urn:uuid:{name}"}


def sent(reference: str, judged: Judged) -> Json:
    """A reference to what was sent, as the Bundle itself names it; what has no name is told by its place."""
    entry = judged.by_name.get(reference)
    told = entry.url if entry and is_reference(entry.url) else reference
    if not is_reference(told) and entry:
        told = named(entry.resource or {})
    return {"reference": told} if is_reference(told) else {"display": entry.place if entry else "in the Bundle"}


def subject(judged: Judged) -> Json:
    """A reference to the patient."""
    reference = judged.person.reference
    if is_reference(reference):
        return {"reference": reference}
    place = judged.person.entry.place if judged.person.entry else "a contained resource"
    return {"type": "Patient", "display": f"the patient of {place}"}


def rule_coding(rule: str, title: str) -> Json:
    """A rule as a coding."""
    return {"system": RULES_SYSTEM, "code": rule, "display": title}


def filled(**members: object) -> Json:
    """These members without the empty ones: FHIR's JSON knows none."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def unique(items: Iterable[str]) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(items))
