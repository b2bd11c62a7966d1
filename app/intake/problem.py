"""One Condition → one problem: which lists its codes are in, how it stands, and how sure that is."""

from collections.abc import Container
from dataclasses import dataclass

from app.intake.elements import Json, code_of, codings, day, element, elements, named, text, words_of
from app.intake.remembered import Memory, remembered
from app.intake.words import lists_in_words
from knowledge.codes import Codes, Listed, has_shape
from knowledge.facts import Problem, State
from knowledge.medicine import words

_STATES = {
    "active": State.ACTIVE,
    "recurrence": State.ACTIVE,
    "relapse": State.ACTIVE,
    "remission": State.REMISSION,
    "inactive": State.RESOLVED,
    "resolved": State.RESOLVED,
}
_WHOLE = {"icd10", "icd10cm", "icpc2"}
_VOID = ("refuted", "entered-in-error")
_SURE = ("confirmed", "")  # and not told, which most lists mean by it
# Diagnosesicherheit of ICD-10-GM (KBV): ausgeschlossen, Verdacht, Zustand nach; G, gesichert, says nothing more.
_GERMAN_CERTAINTY = "icd-10-gm-diagnosesicherheit"
_EXCLUDED, _SUSPECTED, _PAST = "A", "V", "Z"
_VERIFICATION = ("unconfirmed", "provisional", "differential", *_VOID, "confirmed")


@dataclass(frozen=True, slots=True)
class ReadProblem:
    """`problem` None: void, or in no list. `gap` names why it could not be read."""

    problem: Problem | None = None
    gap: str | None = None
    unlisted: tuple[str, ...] = ()  # codes that no list knew, for explain
    unknown: bool = False  # it could be anything, one of our lists included
    unread: bool = False  # its status or how sure it is was told, and could not be read


def read_problem(resource: Json, path: str, codes: Codes) -> ReadProblem:
    """Read a Condition (FHIR R4 §9.2; the plain-string statuses of earlier versions too). `path` is what it is called if
    it has no id."""
    listed = lists_of_concept(resource.get("code"), codes)
    if listed.left:
        return listed.left  # most of what is on a list
    verification = _status(resource.get("verificationStatus"), _VERIFICATION)
    if verification in _VOID:
        return ReadProblem()
    if not listed.lists:
        gap = None if listed.readable else "problem-not-readable"
        return ReadProblem(gap=gap, unlisted=listed.unlisted, unknown=listed.unknown)
    german = _german_certainty(resource)
    if german == _EXCLUDED:
        return ReadProblem()
    state = _state(resource, {entry.state for entry in listed.lists} if german != _PAST else {"history"})
    problem = Problem(
        reference=named(resource) or path,
        lists=frozenset(entry.name for entry in listed.lists),
        state=state,
        sure=listed.sure and verification in _SURE and german != _SUSPECTED and not resource.get("modifierExtension"),
        unsure=listed.unsure,
        onset=day(resource.get("onsetDateTime")) or day(resource.get("recordedDate")),
        abated=day(resource.get("abatementDateTime")),
    )
    clinical = _status(resource.get("clinicalStatus"), _STATES)
    unread = (verification and verification not in _VERIFICATION) or (clinical and clinical not in _STATES)
    return ReadProblem(problem, unread=bool(unread))


def _status(concept: object, known: Container[str]) -> str:
    """The code that FHIR knows, wherever it stands among others or is written out as words ("Entered in error"); else
    whatever is there, and "" where nothing is."""
    said = concept.strip().lower() if isinstance(concept, str) else ""
    codes = [said] if said else [coding.code for coding in codings(concept) if coding.code]
    codes += ["-".join(words(item)) for item in words_of(concept)]
    return next((code for code in codes if code in known), codes[0] if codes else "other" if concept else "")


def _german_certainty(resource: Json) -> str:
    """The certainty of the diagnosis that German systems add to its ICD-10-GM code, or beside it."""
    for holder in (*elements(element(resource.get("code")).get("coding")), resource):
        for one in elements(holder.get("extension")):
            if text(one.get("url")).endswith(_GERMAN_CERTAINTY):
                return code_of(one.get("valueCoding")) or text(one.get("valueCode"))
    return ""


def _state(resource: Json, code_states: set[str]) -> State:
    """What the status says, unless the code itself says remission or history, or the record contradicts itself."""
    status = _STATES.get(_status(resource.get("clinicalStatus"), _STATES), State.UNCLEAR)
    has_ended = any(key.startswith("abatement") for key in resource)
    if status is State.UNCLEAR and has_ended:
        return State.RESOLVED
    if status is State.ACTIVE and has_ended and resource.get("abatementBoolean") is not False:
        return State.UNCLEAR
    if status in (State.ACTIVE, State.UNCLEAR) and code_states and "" not in code_states:
        return State.REMISSION if "remission" in code_states else State.RESOLVED
    return status


@dataclass(frozen=True, slots=True)
class ConceptLists:
    """`sure`: in one of them at least; `unsure` names those that only one edition of its code means. `unknown`: in no
    list, and told only in words nobody here knows, or by a bare code of a system of which the lists hold no more than a
    choice. A code of a classification whose chapters are listed whole, or a term beside a code, is known to be something
    else."""

    lists: frozenset[Listed]
    sure: bool
    readable: bool
    unknown: bool = False
    unlisted: tuple[str, ...] = ()
    left: ReadProblem | None = None  # what any problem comes to that says this
    unsure: frozenset[str] = frozenset()


def lists_of_concept(concept: object, codes: Codes) -> ConceptLists:
    """Every list a concept is in: by its codes for sure, else by its words, surely only where they say just that."""
    table = element(concept)
    memory: Memory[ConceptLists] = codes.memory
    return remembered(memory, table, _lists_of, codes)


def _lists_of(concept: Json, codes: Codes) -> ConceptLists:
    sure: set[Listed] = set()
    unsure: set[Listed] = set()
    systems: set[str] = set()
    shown = []
    for coding in codings(concept):
        meant = codes.meant_by(coding.system, coding.code)
        shown += [f"{coding.system}|{coding.code}"] if coding.code else []
        systems |= {meant.system} if meant.system and has_shape(meant.system, coding.code) else set()
        for listed in meant.lists:
            (unsure if listed.name in meant.unsure else sure).add(listed)
    unsure = {listed for listed in unsure if listed.name not in {known.name for known in sure}}
    if sure or unsure:
        doubtful = frozenset(listed.name for listed in unsure)
        return ConceptLists(frozenset(sure | unsure), sure=bool(sure), readable=True, unsure=doubtful)
    said = [lists_in_words(words, codes) for words in words_of(concept)]
    named = frozenset(Listed(name, "remission" if one.in_remission else "") for one in said for name in one.lists)
    whole = bool(said) and all(one.whole for one in said if one.lists)
    denied = bool(said) and all(one.denied and not one.unclear for one in said)
    unknown = not named and not denied and not systems & _WHOLE and not (systems and said)
    readable = bool(systems or said)
    unlisted = () if named else tuple(shown)
    left = ReadProblem(unlisted=unlisted) if readable and not named and not unknown else None
    return ConceptLists(named, whole and not systems, readable, unknown and readable, unlisted, left)
