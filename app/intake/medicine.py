"""Which medicine a resource speaks of: every coding read, then its words; never one guessed against another."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.intake.elements import Json, codings, element, elements, reference_of, text, words_of
from app.intake.included import Included
from app.intake.product import agreed, ingredients_of, strength_of_medication
from app.intake.remembered import Memory, remembered
from app.intake.strength import Strength
from knowledge.library import Library
from knowledge.medicine import Hit, Medicines, words
from knowledge.site import Product, system_key

_NOTHING: Json = {}
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_ATC_SUBSTANCE = re.compile(r"[A-Z]\d{2}[A-Z]{2}\d{2}")


@dataclass(frozen=True, slots=True)
class Recognised:
    """`medicine` None and `gap` None: it is a medicine, and none of ours. `gap` names why it could not be read."""

    medicine: str | None = None
    gap: str | None = None
    label: str = ""  # a text that may tell the route
    form: str = ""
    strength: Strength | None = None  # of the product itself, or of the site's product table
    route: str | None = None  # that the product is made for
    plausible: tuple[Decimal, Decimal] | None = None  # mg in a day that can be meant
    codes: tuple[str, ...] = ()  # of one that is none of ours, for explain


def read_medicine(resource: Json, library: Library, included: Included) -> Recognised:
    """Read `medication[x]` of a request, dispense or statement: R4 concept or reference, or R5's CodeableReference."""
    memory: Memory[Recognised] = library.memory
    direct = resource.get("medicationCodeableConcept")
    if isinstance(direct, dict) and direct:
        return remembered(memory, direct, _recognise, library)
    concept, medication, display = _concept(resource, included)
    if not concept and "ingredient" not in medication:
        return _by_name([display], library.medicines) if display else Recognised(gap="medicine-not-told")
    if not medication and not display:
        return remembered(memory, concept, _recognise, library)
    parts = (
        ingredients_of(medication, elements(resource.get("contained")), included) if "ingredient" in medication else ()
    )
    return _recognise(concept, library, element(medication), display, parts)


def read_strength_of(resource: Json, library: Library, included: Included) -> Strength | None:
    """What a unit of the medicine holds, also of one that is none of ours; None where it is not told, or told twice."""
    found = read_medicine(resource, library, included)
    if found.medicine or found.gap not in (None, "medicine-not-readable", "medicine-not-told"):
        return found.strength
    concept, medication, display = _concept(resource, included)
    held = [one for one in elements(resource.get("contained")) if one.get("resourceType") == "Medication"]
    if not concept and len(held) == 1:
        concept, medication = element(held[0].get("code")), held[0]
    return agreed([strength_of_medication(medication)], [*words_of(concept), display])[0]


def _concept(resource: Json, included: Included) -> tuple[Json, Json, str]:
    """The concept, the Medication it came from if it was referenced, and what the reference itself says."""
    direct = element(resource.get("medicationCodeableConcept"))
    r5 = element(resource.get("medication"))
    if direct or element(r5.get("concept")):
        return direct or element(r5.get("concept")), {}, ""
    sent = element(resource.get("medicationReference")) or element(r5.get("reference")) or r5
    wanted, display = reference_of(sent), text(sent.get("display"))
    for contained in elements(resource.get("contained")):
        if wanted and wanted == f"#{text(contained.get('id'))}":
            return element(contained.get("code")), contained, display
    bare = bool(wanted) and not set("/#:") & set(wanted)
    found = element(included.get(f"Medication/{wanted}" if bare else wanted))
    return element(found.get("code")), found, display


@dataclass(frozen=True, slots=True)
class _Coded:
    """What the codes of a concept name. `other`: a substance that is none of ours; `none`: a product known to be none of
    ours, whatever its name says; `unknown`: a system nobody knows; `known`: a code of a system that we know."""

    hits: tuple[Hit, ...] = ()
    products: tuple[Product, ...] = ()
    other: bool = False
    none: bool = False
    unknown: bool = False
    known: bool = False

    def __add__(self, more: "_Coded") -> "_Coded":
        return _Coded(
            self.hits + more.hits,
            self.products + more.products,
            self.other or more.other,
            self.none or more.none,
            self.unknown or more.unknown,
            self.known or more.known,
        )


def _recognise(
    concept: Json, library: Library, medication: Json = _NOTHING, display: str = "", ingredients: Sequence[Json] = ()
) -> Recognised:
    concept = _without_absent(concept, library)
    coded = _by_code(concept, library)
    for ingredient in ingredients:
        coded = coded + _by_code(ingredient, library)
    if coded.none and not coded.hits:
        return Recognised(codes=_shown(concept))
    named = list({hit.medicine for hit in coded.hits})
    specific = [name for name in named if not _is_class_of_another(name, named, library.medicines)]
    said = list(dict.fromkeys([*words_of(concept), *([display] if display.strip() else [])]))
    said += [word for one in ingredients for word in words_of(one) if word not in said]
    if len(specific) > 1 or (specific and (coded.other or coded.none)):
        return Recognised(gap="codes-disagree")
    form = " ".join(words_of(medication.get("form")) or words_of(medication.get("doseForm")))
    if not specific:
        found = _without_code(said, coded, library.medicines)
        if not found.medicine:
            return replace(found, codes=_shown(concept))
    else:
        named_too = library.medicines.in_text(" / ".join(said))
        if named_too and not any(library.medicines.is_any(one, {specific[0]}) for one in named_too):
            return Recognised(gap="codes-disagree")
        exact = [one for one in named_too if one != specific[0] and not library.medicines.is_any(specific[0], {one})]
        found = Recognised(exact[0] if len(exact) == 1 else specific[0], label=said[0] if said else "")
    found = _with_product(found, coded, said, medication, form)
    return replace(found, plausible=library.medicines.plausible_in_a_day(found.medicine or ""))


def _without_absent(concept: Json, library: Library) -> Json:
    """The concept without the codes that say why it is not told (null flavours): their display names nothing."""
    sent = list(codings(concept))
    left = [one for one in sent if one.system != _ABSENT and library.codes.system_of(one.system) != "v3-nullflavor"]
    return concept if len(left) == len(sent) else {**concept, "coding": [one._asdict() for one in left], "code": None}


def _shown(concept: Json) -> tuple[str, ...]:
    return tuple(f"{c.system}|{c.code}" for c in codings(concept) if c.code)


def _with_product(found: Recognised, coded: _Coded, said: list[str], medication: Json, form: str) -> Recognised:
    """The medicine with the strength, form and route of its product."""
    told = [Strength(p.mg_per_unit, p.mg_per_ml, p.drops_per_ml) for p in coded.products]
    told += [Strength(hit.mg_per_unit) for hit in coded.hits if hit.mg_per_unit is not None]
    strength, agree = agreed([*told, strength_of_medication(medication)], said)
    route = next((product.route for product in coded.products if product.route), None)
    form = form or next((product.form for product in coded.products if product.form), "")
    return replace(found, gap=None if agree else "strengths-disagree", strength=strength, form=form, route=route)


def _by_code(concept: Json, library: Library) -> _Coded:
    hits: list[Hit] = []
    products: list[Product] = []
    is_other = is_none = has_unknown = has_known = False
    for coding in codings(concept):
        system = library.codes.system_of(coding.system)
        product = (
            library.products.get((system_key(library.codes, coding.system), coding.code)) if library.products else None
        )
        has_known = has_known or bool(system and coding.code)
        if product:
            products.append(product)
            hits += [Hit(product.medicine)] if product.medicine else []
            is_none = is_none or product.medicine is None
        elif system is None or not coding.code:
            has_unknown = has_unknown or bool(coding.code)
        elif hit := library.medicines.of_code(system, coding.code):
            hits.append(hit)
        elif (system, coding.code) in library.medicines.lookalikes:
            is_none = True
        elif system == "atc" and _ATC_SUBSTANCE.fullmatch(coding.code):
            is_other = True
    return _Coded(tuple(hits), tuple(products), is_other, is_none, has_unknown, has_known)


def _is_class_of_another(name: str, named: Iterable[str], medicines: Medicines) -> bool:
    return any(other != name and medicines.is_any(other, {name}) for other in named)


def _without_code(said: list[str], coded: _Coded, medicines: Medicines) -> Recognised:
    if not said:
        return (
            Recognised() if coded.other else Recognised(gap="medicine-not-" + ("readable" if coded.unknown else "told"))
        )
    found = _by_name(said, medicines, ask=not coded.known)
    if coded.other and found.medicine in medicines.with_atc:
        return Recognised(gap="codes-disagree")
    return Recognised() if coded.other and not found.medicine else found  # none of ours is most of what is prescribed


def _by_name(said: list[str], medicines: Medicines, *, ask: bool = True) -> Recognised:
    """By its name alone. `ask`: whether nothing else tells that a name nearly known is another one."""
    named = medicines.in_text(" / ".join(said))
    if len(named) > 1:
        return Recognised(gap="several-medicines-named")
    if not named:
        unknown = [word for one in said for word in words(one) if (word,) not in medicines.by_name]
        is_near = ask and medicines.near_names.near(unknown)
        return Recognised(gap="medicine-name-unclear") if is_near else Recognised()
    (medicine,) = named
    strength, agree = agreed([], said)
    gap, plausible = None if agree else "strengths-disagree", medicines.plausible_in_a_day(medicine)
    return Recognised(medicine, gap, label=said[0], strength=strength, plausible=plausible)
