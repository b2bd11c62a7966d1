"""Which medicine a resource speaks of: every coding read, then its words; never one guessed against another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.intake.elements import Json, codings, element, elements, reference_of, text, words_of
from knowledge.library import Library
from knowledge.medicine import Hit, Medicines

_ATC_SUBSTANCE = re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}")


@dataclass(frozen=True, slots=True)
class Recognised:
    """`medicine` None and `gap` None: it is a medicine, and none of ours. `gap` names why it could not be read."""

    medicine: str | None = None
    gap: str | None = None
    mg_per_unit: Decimal | None = None
    label: str = ""  # a text that may hold the strength
    form: str = ""


Included = Mapping[str, Json]  # resources a reference may point at, by `Type/id` and by fullUrl


def read_medicine(resource: Json, library: Library, included: Included) -> Recognised:
    """Read `medication[x]` of a request, dispense or statement: R4 concept or reference, or R5's CodeableReference."""
    concept, medication = _concept(resource, included)
    if not concept:
        display = text(element(resource.get("medicationReference")).get("display"))
        return _by_name([display], library.medicines) if display else Recognised(gap="medicine-not-told")
    return _recognise(concept, library, element(medication))


def _concept(resource: Json, included: Included) -> tuple[Json, Json]:
    """The concept, and the Medication it came from if it was referenced."""
    direct = element(resource.get("medicationCodeableConcept"))
    r5 = element(resource.get("medication"))
    if direct or element(r5.get("concept")):
        return direct or element(r5.get("concept")), {}
    wanted = reference_of(resource.get("medicationReference")) or reference_of(r5.get("reference"))
    for contained in elements(resource.get("contained")):
        if wanted and wanted == f"#{text(contained.get('id'))}":
            return element(contained.get("code")), contained
    found = element(included.get(wanted))
    return element(found.get("code")), found


def _recognise(concept: Json, library: Library, medication: Json) -> Recognised:
    hits, is_other, has_unknown = _by_code(concept, library)
    ingredients = elements(medication.get("ingredient"))
    for ingredient in ingredients:
        item = element(ingredient.get("itemCodeableConcept")) or element(element(ingredient.get("item")).get("concept"))
        more, other, _ = _by_code(item, library)
        hits, is_other = hits + more, is_other or other
    named = list({hit.medicine for hit in hits})
    specific = [name for name in named if not _is_class_of_another(name, named, library.medicines)]
    words = words_of(concept)
    if len(specific) > 1 or (specific and is_other):
        return Recognised(gap="codes-disagree")
    label = words[0] if words else ""
    form = " ".join(words_of(medication.get("form")) or words_of(medication.get("doseForm")))
    if not specific:
        return _without_code(words, is_other, has_unknown, library.medicines, form)
    said = library.medicines.in_text(" ".join(words))
    if said and specific[0] not in said and not any(library.medicines.is_any(s, {specific[0]}) for s in said):
        return Recognised(gap="codes-disagree")
    mg = {hit.mg_per_unit for hit in hits if hit.mg_per_unit is not None}
    return Recognised(specific[0], None, mg.pop() if len(mg) == 1 else None, label, form)


def _by_code(concept: Json, library: Library) -> tuple[list[Hit], bool, bool]:
    """Hits; whether a coding names a substance that is none of ours; whether any coding is of a system nobody knows."""
    hits, is_other, has_unknown = [], False, False
    for coding in codings(concept):
        system = library.codes.system_of(coding.system)
        if system is None or not coding.code:
            has_unknown = has_unknown or bool(coding.code)
            continue
        hit = library.medicines.of_code(system, coding.code)
        if hit:
            hits.append(hit)
        elif system == "atc" and _ATC_SUBSTANCE.fullmatch(coding.code):
            is_other = True
    return hits, is_other, has_unknown


def _is_class_of_another(name: str, named: Iterable[str], medicines: Medicines) -> bool:
    return any(other != name and medicines.is_any(other, {name}) for other in named)


def _without_code(words: list[str], is_other: bool, has_unknown: bool, medicines: Medicines, form: str) -> Recognised:
    if is_other:
        return Recognised()
    if words:
        found = _by_name(words, medicines)
        return Recognised(found.medicine, found.gap, found.mg_per_unit, found.label, form)
    return Recognised(gap="medicine-not-readable" if has_unknown else "medicine-not-told")


def _by_name(words: list[str], medicines: Medicines) -> Recognised:
    said = medicines.in_text(" / ".join(words))
    if len(said) > 1:
        return Recognised(gap="several-medicines-named")
    return Recognised(next(iter(said)), label=words[0]) if said else Recognised()


def included_resources(entries: Iterable[tuple[str, Json]]) -> Iterator[tuple[str, Json]]:
    """What a reference may be resolved to: (fullUrl or `Type/id`, resource)."""
    for url, resource in entries:
        kind, identity = text(resource.get("resourceType")), text(resource.get("id"))
        if url:
            yield url, resource
        if kind and identity:
            yield f"{kind}/{identity}", resource
            yield f"urn:uuid:{identity}", resource  # Bundles of whole records refer so to a resource of this id
