"""What ValueSets are asked: `$expand` (https://hl7.org/fhir/R4/valueset-operation-expand.html) and `$validate-code`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from app.errors import BrokenJson, Issue
from app.intake.elements import codings, elements, text
from app.knowledge_fhir.parts import SITE, Json
from app.knowledge_fhir.sets import MEDICINE
from app.knowledge_fhir.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Coding:
    """A code that is asked about; `display` empty: none was sent."""

    system: str
    code: str
    display: str = ""


def expanded(shelf: Shelf, found: Mapping[str, object], words: str, offset: int, count: int, today: date) -> Json:
    """The ValueSet with its codes, those whose code or display holds `words`; from `offset` on, at most `count`."""
    every = [
        each
        for each in _contained(shelf, found)
        if words.lower() in f"{each['code']} {each.get('display', '')}".lower()
    ]
    shown = every[offset : offset + count]
    identifier = uuid5(NAMESPACE_URL, f"{found['url']}|{found['version']}|{words}|{offset}|{count}")
    parameters: list[Json] = [{"name": "filter", "valueString": words}] if words else []
    parameters += [{"name": "count", "valueInteger": count}] if count < len(every) else []
    expansion: Json = {
        "identifier": f"urn:uuid:{identifier}",
        "timestamp": today.isoformat(),
        "total": len(every),
        "offset": offset,
        **({"parameter": parameters} if parameters else {}),
        **({"contains": shown} if shown else {}),
    }
    return {**{name: value for name, value in found.items() if name != "compose"}, "expansion": expansion}


def _contained(shelf: Shelf, found: Mapping[str, object]) -> Iterator[Json]:
    compose = found["compose"]
    assert isinstance(compose, dict)  # noqa: S101 - our own
    for include in compose["include"]:
        if "concept" in include:
            yield from ({"system": include["system"], **concept} for concept in include["concept"])
            continue
        system = shelf.read("CodeSystem", str(include["system"]).rpartition("/")[2]) or {}
        concepts = system.get("concept")
        for concept in concepts if isinstance(concepts, list) else ():
            yield {"system": include["system"], **concept}


def validated(shelf: Shelf, found: Mapping[str, object], asked: Sequence[Coding]) -> Json:
    """Parameters: whether one of these codes is in the set under its display, and why it is not. The displays of others are not
    here, so that one of theirs is not held against anything, and that is said."""
    answers = [(_is_in(shelf, found, each), each) for each in asked]
    hits = [each for answer, each in answers if answer]
    known = {each: _concept(shelf, found, each) for each in hits}
    right = [each for each in hits if not each.display or known[each] is None or each.display in _names(known[each])]
    told: list[Json] = [{"name": "result", "valueBoolean": bool(right)}]
    if not hits:
        told.append({"name": "message", "valueString": _why_not([answer for answer, _ in answers])})
    elif not right:
        told.append({"name": "message", "valueString": "The code is in the value set, with another display."})
    elif right[0].display and known[right[0]] is None:
        told.append(
            {"name": "message", "valueString": "The display was not looked at: those of others are not kept here."}
        )
    named = known[(right or hits)[0]] if hits else None
    if named:
        told.append({"name": "display", "valueString": named["display"]})
    return {"resourceType": "Parameters", "parameter": told}


def _concept(shelf: Shelf, found: Mapping[str, object], asked: Coding) -> Json | None:
    """The concept of one of Wane's own codes; None of others'."""
    if not asked.system.startswith(f"{SITE}/"):
        return None
    return next(
        each for each in _contained(shelf, found) if (each["system"], each["code"]) == (asked.system, asked.code)
    )


def _names(concept: Json | None) -> set[str]:
    """Its display, and those in other languages."""
    told = concept or {}
    return {text(told.get("display")), *(text(each.get("value")) for each in elements(told.get("designation")))}


def _is_in(shelf: Shelf, found: Mapping[str, object], asked: Coding) -> bool | None:
    """None: its system is one that nobody here knows."""
    library, name = shelf.library, str(found["id"])
    if asked.system.startswith(f"{SITE}/"):
        return any((each["system"], each["code"]) == (asked.system, asked.code) for each in _contained(shelf, found))
    system = library.codes.system_of(asked.system)
    if system is None:
        return None
    if name not in shelf.lists:
        return False
    if name.startswith(MEDICINE):
        hit = library.medicines.of_code(system, asked.code)
        return hit is not None and library.medicines.is_any(hit.medicine, {name.removeprefix(MEDICINE)})
    meant = library.codes.meant_by(asked.system, asked.code)
    return any(listed.name == name for listed in meant.lists)


def _why_not(answers: Sequence[bool | None]) -> str:
    if all(answer is None for answer in answers):
        return "The code system is not known here, so that nothing can be said of the code."
    return "The code is not in the value set."


def codings_of(told: Mapping[str, object]) -> list[Coding]:
    """The codes that parameters name: `coding`, `codeableConcept`, or `code` and `system`. Raises BrokenJson (400)."""
    found = [
        Coding(one.system, one.code, one.display)
        for name in ("coding", "codeableConcept")
        for one in codings(told.get(name))
    ]
    if told.get("code"):
        found.append(Coding(*(str(told.get(name) or "") for name in ("system", "code", "display"))))
    if not found or not all(one.system and one.code for one in found):
        text = "Send `code` with `system`, or `coding`, or `codeableConcept`, each with its system."
        raise BrokenJson(Issue("required", text, "code"))
    return found
