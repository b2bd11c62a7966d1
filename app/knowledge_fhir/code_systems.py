"""The codes that are Wane's own (https://hl7.org/fhir/R4/codesystem.html): rules, override reasons, gaps, medicines, what
became of an entry, and why a taper cannot be planned."""

from collections.abc import Iterable, Iterator, Mapping

from app.bundles.entry import State
from app.knowledge_fhir.parts import Json, canonical, designations, head
from app.render.plan_words import PlanWords
from knowledge.library import Library
from knowledge.taper import Alternative, Because, Fact
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
        _system(
            library,
            "taper-reasons",
            "Reasons of the planner",
            "Why a taper cannot be planned, and what would help. What is filled in for a patient stands as a blank.",
            list(_reasons(library)),
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


def _reasons(library: Library) -> Iterator[Json]:
    """Every code of a refusal. A fact of the patient that makes a plan unsafe is a reason by its own code."""
    words = {language: PlanWords(library, language) for language in LANGUAGES}
    for table, codes in (("because", (*Because, *Fact)), ("alternative", tuple(Alternative))):
        for code in codes:
            yield _concept(code, {language: each.blank(table, code) for language, each in words.items()})
