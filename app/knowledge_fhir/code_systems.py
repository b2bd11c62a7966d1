"""The codes that are Wane's own (https://hl7.org/fhir/R4/codesystem.html): rules, override reasons, gaps, medicines, and what
became of an entry."""

from collections.abc import Iterable, Mapping

from app.bundles.entries import State
from app.knowledge_fhir.parts import Json, canonical, designations, head
from knowledge.library import Library
from knowledge.texts import LANGUAGES

_STATES = {
    State.USED: "Read for the advice",
    State.NOT_RELEVANT: "Of a kind, or about a medicine, that no advice is made from",
    State.UNREADABLE: "Could not be read, or nothing tells whose it is",
}


def code_systems(library: Library) -> list[Json]:
    """All of them; each has a ValueSet of its own with all its codes."""
    names = {medicine.id: medicine.names for medicine in library.medicines.by_id.values()}
    classes = {name for medicine in library.medicines.by_id.values() for name in medicine.classes}
    return [
        _system(library, "rules", "Rules", "The rules, as they are named on cards.", _rules(library)),
        _system(
            library,
            "override-reasons",
            "Override reasons",
            "Why a prescriber may go on against a card.",
            [_concept(code, reason.display) for code, reason in library.override_reasons.items()],
        ),
        _system(library, "gaps", "Gaps", "What could not be judged, by what was missing.", _gaps(library)),
        _system(
            library,
            "medicines",
            "Medicines",
            "The medicines Wane knows, and the classes they are in.",
            [_concept(name, texts) for name, texts in sorted(names.items())]
            + [{"code": name, "display": name} for name in sorted(classes - names.keys())],
        ),
        _system(
            library,
            "entry-states",
            "What became of an entry",
            "What became of an entry of a Bundle.",
            [{"code": state.value, "display": text} for state, text in _STATES.items()],
        ),
    ]


def _system(library: Library, identity: str, title: str, description: str, concepts: Iterable[Json]) -> Json:
    listed = list(concepts)
    return {
        **head("CodeSystem", identity, library.version, title, description),
        "caseSensitive": True,
        "valueSet": canonical("ValueSet", identity),
        "content": "complete",
        "count": len(listed),
        "concept": listed,
    }


def _concept(code: str, names: Mapping[str, str]) -> Json:
    return {"code": code, "display": names["en"], "designation": designations(names)}


def _rules(library: Library) -> list[Json]:
    return [_concept(rule.id, library.texts[rule.id].title) for rule in sorted(library.rules, key=lambda r: r.id)]


def _gaps(library: Library) -> list[Json]:
    names = sorted(library.phrases["en"]["gap"])
    return [_concept(name, {each: library.phrases[each]["gap"][name] for each in LANGUAGES}) for name in names]
