"""The patient's leaflet and the pharmacist's letter: HTML that prints, complete in itself, without a name in it."""

from collections.abc import Iterator

from app.render.plan.rows import broken_tablets, moments_of, rows_of
from app.render.plan_words import PlanWords
from app.render.templates import filled
from knowledge.claim import NOT_STATED
from knowledge.library import Library
from knowledge.taper import SCHEMES, Kind, Plan
from knowledge.taper.leaflet import SECTIONS, Sentence, leaflet_for


def leaflet_html(plan: Plan, wording: PlanWords, library: Library) -> str:
    """What the patient takes and when, what may be noticed and who to call; with its sources and their dates."""
    sentences = leaflet_for(plan.request.medicine)
    said = {
        section: [sentence.text[wording.language] for sentence in sentences if sentence.section == section]
        for section in SECTIONS
    }
    sources = list(cited(sentences, library))
    common = _common(plan, wording, "leaflet")
    return filled("leaflet.html", **common, said=said, parts=broken_tablets(plan), sources=sources)


def letter_html(plan: Plan, wording: PlanWords) -> str:
    """What the pharmacist hands out: units for each step, and all units per product."""
    totals = [
        (wording.medicine(units.product.medicine), wording.product(units.product), wording.count(units))
        for units in plan.supply()
    ]
    return filled("letter.html", **_common(plan, wording, "letter"), totals=totals)


def _common(plan: Plan, wording: PlanWords, to: str) -> dict[str, object]:
    return {
        "lang": wording.language,
        "say": wording,
        "plan": plan,
        "scheme": SCHEMES[plan.scheme],
        "medicine": wording.medicine(plan.request.medicine),
        "columns": moments_of(plan),
        "rows": rows_of(plan, wording),
        "plain": list(_plain(plan, wording, to)),
    }


def _plain(plan: Plan, wording: PlanWords, to: str) -> Iterator[str]:
    """What the table alone does not say: another medicine from a day on, an end that is no stop."""
    for step in plan.steps:
        if step.kind is Kind.SWITCH:
            medicine, before = wording.medicine(step.medicine), wording.medicine(plan.request.medicine)
            yield wording[f"{to}_switch"].format(
                first=wording.long_date(step.first_day), medicine=medicine, before=before
            )
    last = plan.steps[-1]
    if last.last_day:
        yield wording[f"{to}_end"].format(last=wording.long_date(last.last_day), dose=wording.dose(last.mg))


def cited(sentences: tuple[Sentence, ...], library: Library) -> Iterator[str]:
    """The documents and other sources the sentences rest on, each once, with its date."""
    claims = {claim for sentence in sentences for claim in sentence.claims}
    for document in library.documents:
        if any(claim.id in claims for claim in document.claims):
            yield document.cite if document.date == NOT_STATED else f"{document.cite} ({document.date})"
    sources = {source.id: source for sentence in sentences for source in sentence.sources}
    yield from (f"{source.cite} ({source.date})" for source in sources.values())
