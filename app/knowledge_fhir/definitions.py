"""The extensions that are Wane's own, as StructureDefinitions (https://hl7.org/fhir/R4/extensibility.html), in differential."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.knowledge_fhir.parts import Json, head
from knowledge.library import Library

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"
_ANSWER, _SET, _MAP = "DetectedIssue", "ValueSet.compose.include.concept", "ConceptMap.group.element.target"


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: where it may stand, and what it holds: a value of `type`, or `parts` (name → type and meaning)."""

    id: str
    title: str
    meaning: str
    on: Sequence[str]
    type: str = ""
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)


EXTENSIONS: tuple[Extension, ...] = (
    Extension(
        "rule",
        "Rule that speaks",
        "A rule that speaks in this advice; the one that leads stands first.",
        (_ANSWER,),
        parts={
            "id": ("code", "The rule, a code of the code system rules."),
            "version": ("string", "Its version."),
            "say": ("code", "Which of its blocks speaks: the prefix of an action of its PlanDefinition."),
        },
    ),
    Extension("knowledge", "Knowledge base", "The version of the knowledge base that judged.", (_ANSWER,), "string"),
    Extension(
        "stands-for",
        "What a code stands for",
        "prefix: every code that begins with this one is meant as well. range: every code from the first to the last, with "
        "all below them. Without it, the code alone is meant.",
        (_SET, "ValueSet.expansion.contains"),
        "code",
    ),
    Extension(
        "code-state",
        "What a code says of a problem's state",
        "The state that the code itself tells (remission, history), whatever else the record says.",
        (_SET, "ValueSet.expansion.contains"),
        "code",
    ),
    Extension(
        "equals-10-mg-diazepam",
        "Equal to 10 mg diazepam",
        "How much of the source medicine is held equal to 10 mg diazepam by mouth: from the smallest to the largest value over "
        "the tables. It is no dose to give.",
        (_MAP,),
        "Range",
    ),
    Extension(
        "strength", "Strength", "What one unit of the product holds of the target medicine.", (_MAP,), "Quantity"
    ),
)


def structure_definitions(library: Library) -> list[Json]:
    """One for each extension."""
    return [_definition(each, library) for each in EXTENSIONS]


def _definition(extension: Extension, library: Library) -> Json:
    described = head("StructureDefinition", extension.id, library.version, extension.title, extension.meaning)
    return {
        **described,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": each} for each in extension.on],
        "type": "Extension",
        "baseDefinition": _EXTENSION,
        "derivation": "constraint",
        "differential": {"element": list(_elements(extension, str(described["url"])))},
    }


def _elements(extension: Extension, url: str) -> Iterator[Json]:
    yield {
        "id": "Extension",
        "path": "Extension",
        "short": extension.title,
        "definition": extension.meaning,
        "min": 0,
        "max": "*",
    }
    if not extension.parts:
        yield _none("Extension.extension")
        yield from _url_and_value("Extension", url, extension.type, extension.meaning)
        return
    for name, (kind, meaning) in extension.parts.items():
        part = f"Extension.extension:{name}"
        yield {
            "id": part,
            "path": "Extension.extension",
            "sliceName": name,
            "definition": meaning,
            "min": 1,
            "max": "1",
        }
        yield _none(f"{part}.extension")
        yield from _url_and_value(part, name, kind, meaning)
    yield {"id": "Extension.url", "path": "Extension.url", "fixedUri": url}
    yield _none("Extension.value[x]")


def _url_and_value(place: str, url: str, kind: str, meaning: str) -> Iterator[Json]:
    path = "Extension.extension" if ":" in place else place
    yield {"id": f"{place}.url", "path": f"{path}.url", "fixedUri": url}
    yield {
        "id": f"{place}.value[x]",
        "path": f"{path}.value[x]",
        "definition": meaning,
        "min": 1,
        "type": [{"code": kind}],
    }


def _none(identity: str) -> Json:
    path = "Extension.extension.extension" if ":" in identity else identity
    return {"id": identity, "path": path, "max": "0"}
