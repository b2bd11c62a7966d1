"""A modifierExtension of a whole prescription, supply or statement: FHIR forbids to read past one that is not known
(https://hl7.org/fhir/R4/extensibility.html#modifierExtension)."""

from collections.abc import Mapping

from app.intake.elements import Json, text

_KNOWN = "StopType"  # Dutch (MP9): it ends a treatment, and leaves the dose what it was
_CYCLIC = "Cyclic"


def why_unreadable(resource: Json) -> str | None:
    """Why a modifier of the resource forbids reading its dose; None where none does."""
    modifiers = resource.get("modifierExtension")
    if not modifiers:
        return None
    sent = modifiers if isinstance(modifiers, list) else [modifiers]
    unknown = [url for url in map(_url, sent) if _KNOWN not in url]
    if any(_CYCLIC in url for url in unknown):
        return "cyclic-schedule"
    return "unknown-modifier" if unknown else None


def _url(modifier: object) -> str:
    return text(modifier.get("url")) if isinstance(modifier, Mapping) else ""
