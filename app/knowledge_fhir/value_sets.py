"""The lists as ValueSets (https://hl7.org/fhir/R4/valueset.html). Their codes are listed one by one, so that any tool expands
them; where a code stands for all below it, an extension says so, and `$validate-code` here knows it."""

from collections.abc import Sequence
from itertools import groupby

from app.knowledge_fhir.parts import DEFINITIONS, Json, canonical, copyright_of, head, uris
from app.knowledge_fhir.sets import CodeList, Member
from knowledge.library import Library

STANDS_FOR, STATE = f"{DEFINITIONS}/stands-for", f"{DEFINITIONS}/code-state"
_ABOUT = (
    "Codes stand without the displays of their owners. A code with the extension stands-for means every code below it "
    "(prefix), or in its block (range), as well: ask $validate-code."
)


def value_sets(library: Library, lists: Sequence[CodeList], systems: Sequence[Json]) -> list[Json]:
    """One for each list, and one for each of Wane's own code systems."""
    return [_of_list(each, library) for each in lists] + [_of_system(each, library) for each in systems]


def _of_list(listed: CodeList, library: Library) -> Json:
    withheld = " Some codes that judge here may not be given away, and are left out." if listed.withheld else ""
    groups = groupby(listed.members, key=lambda member: member.system)
    return {
        **head("ValueSet", listed.id, library.version, listed.title, f"{_ABOUT}{withheld}"),
        "copyright": copyright_of({member.system for member in listed.members}, library),
        "compose": {
            "include": [
                {"system": uris(library.folder)[system], "concept": [concept_of(member) for member in members]}
                for system, members in groups
            ]
        },
    }


def concept_of(member: Member) -> Json:
    """A code with what it stands for."""
    extensions: list[Json] = []
    if member.stands_for:
        extensions.append({"url": STANDS_FOR, "valueCode": member.stands_for})
    if member.state:
        extensions.append({"url": STATE, "valueCode": member.state})
    return {"extension": extensions, "code": member.code} if extensions else {"code": member.code}


def _of_system(system: Json, library: Library) -> Json:
    identity, title = str(system["id"]), str(system["title"])
    return {
        **head("ValueSet", identity, library.version, title, "All codes of the code system of this name."),
        "compose": {"include": [{"system": canonical("CodeSystem", identity)}]},
    }
