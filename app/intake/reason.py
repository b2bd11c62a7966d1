"""Why an order was written: reasonCode, reasonReference, or R5's reason."""

from collections.abc import Iterable, Mapping

from app.intake.elements import Json, codings, element, elements, reference_of, text, words_of
from app.intake.included import Included
from app.intake.mp9 import is_dutch_mp9
from app.intake.problem import lists_of_concept, read_problem
from app.intake.words import lists_in_words
from knowledge.codes import Codes
from knowledge.facts import Gap, Reason
from knowledge.library import Library


def read_reasons(resource: Json, codes: Codes, included: Included) -> tuple[Reason, ...]:
    """Every reason given (DSTU2: reasonCodeableConcept). In the Dutch medication process (MP9) reasonCode tells why a
    prescription *changed*, and only reasonReference is the indication (DESIGN decision 2)."""
    sent = resource.get("reasonCode")
    concepts = elements(sent) if sent and not is_dutch_mp9(resource) else []
    concepts += elements(resource.get("reasonCodeableConcept"))
    references = elements(resource.get("reasonReference"))
    for reason in elements(resource.get("reason")):  # R5 CodeableReference
        concepts += elements(reason.get("concept"))
        references += elements(reason.get("reference"))
    if not concepts and not references:
        return ()
    reasons = [_by_concept(concept, codes) for concept in concepts]
    if references:
        contained = {f"#{text(item.get('id'))}": item for item in elements(resource.get("contained"))}
        reasons += [_by_reference(reference, contained, codes, included) for reference in references]
    return tuple(reason for reason in reasons if reason)


def _by_concept(concept: Json, codes: Codes, reference: str | None = None) -> Reason | None:
    listed = lists_of_concept(concept, codes)
    names = frozenset(entry.name for entry in listed.lists)
    words = words_of(concept)
    if names:
        return Reason(names, reference=reference)
    if not words and not any(coding.code for coding in codings(concept)):
        return None
    said = [lists_in_words(item, codes) for item in words]
    if not words:
        return Reason(frozenset(), listed.unknown, reference, unknown=listed.unknown)
    unclear = any(item.unclear or item.denied for item in said)
    return Reason(frozenset(), unclear, reference, unknown=listed.unknown and not unclear)


def unknown_reasons(about: Iterable[tuple[str, str, tuple[Reason, ...]]], library: Library) -> list[Gap]:
    """The gaps of orders and uses (reference, medicine, reasons) that a rule judges, and whose reason was given in words
    or by a code no list knows."""
    judged = {rule.judges.medicine for rule in library.rules}
    return [
        Gap("reason-not-recognised", reference)
        for reference, medicine, reasons in about
        if any(reason.unknown for reason in reasons) and library.medicines.is_any(medicine, judged)
    ]


def _by_reference(reference: Json, contained: Mapping[str, Json], codes: Codes, included: Included) -> Reason | None:
    wanted = reference_of(reference)
    target = element(contained.get(wanted)) or element(included.get(wanted))
    if not target:
        shown = text(reference.get("display"))
        return (
            _by_concept({"text": shown}, codes)
            if shown
            else Reason(frozenset(), unclear=True, reference=wanted or None)
        )
    problem = read_problem(target, wanted, codes)
    if problem.problem:
        return Reason(problem.problem.lists, unclear=not problem.problem.sure, reference=wanted)
    concept = element(target.get("code"))
    return (
        _by_concept(concept, codes, wanted)
        if concept and lists_of_concept(concept, codes).lists == frozenset()
        else None
    )
