"""Advice → cards: one order, one card; where nothing is ordered, one card for each topic."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from app.intake.orders import Draft, Ordered
from app.intake.record import Record
from app.limits.deadline import in_time
from app.render.card_plan import card_plan
from app.render.offer import Offer
from app.render.suggestions import changes_the_order, suggestions_for
from app.render.wording import Spoken, Wording, spoken_by
from cds_hooks.cards import Card, Coding, Link, Source
from knowledge import overrides
from knowledge.facts import Dosage, Facts, Gap, Order, Use
from knowledge.library import Library
from knowledge.outcome import Crashed, Judgement
from knowledge.rule import INDICATORS

RULES_SYSTEM = "https://wane.example/fhir/CodeSystem/rules"
ADVICE = "org.wane.advice"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card of one call is made with."""

    library: Library
    language: str
    public_url: str
    patient_id: str
    ordered: Ordered
    plan: str = "steps"  # what a card carries of a plan: see Client.taper


def cards_for(judgements: Iterable[Judgement], record: Record, desk: Desk) -> list[Card]:
    """The cards of a call, the most serious first. Whatever could not be checked has a card that says so."""
    in_time()
    merged = _one_per_topic(judgements, desk.library)
    shared, own = _told_apart(record.facts)
    cards = [
        card
        for judgement in merged
        if (card := _card(judgement, (*shared, *own.get(judgement.reference, ())), record.facts, desk))
    ]
    cards += [_unchecked(draft, because, record.facts, desk) for draft, because in record.unchecked]
    return sorted(cards, key=lambda card: INDICATORS.index(card.indicator))


def _one_per_topic(judgements: Iterable[Judgement], library: Library) -> list[Judgement]:
    """Every order keeps its card; of several uses of one topic the one with the most serious advice speaks."""
    kept: list[Judgement] = []
    by_topic: dict[str, tuple[tuple[int, int], Judgement]] = {}
    for judgement in judgements:
        spoken = spoken_by(judgement, library)
        if not isinstance(judgement.about, Use) or not spoken:
            kept.append(judgement)
            continue
        rule = library.by_id[spoken[0].outcome.rule]
        rank = (INDICATORS.index(spoken[0].advise.indicator), rule.priority)
        if rule.topic not in by_topic or rank < by_topic[rule.topic][0]:
            by_topic[rule.topic] = (rank, judgement)
    return [*kept, *(judgement for _, judgement in by_topic.values())]


def _told_apart(facts: Facts) -> tuple[list[Gap], dict[str, list[Gap]]]:
    """The gaps that stand on every card, and those that are about one order and stand on its own."""
    orders = {order.reference for order in facts.orders}
    own: dict[str, list[Gap]] = {}
    for gap in facts.gaps:
        if gap.about in orders:
            own.setdefault(gap.about or "", []).append(gap)
    return [gap for gap in facts.gaps if gap.about not in orders], own


def _card(judgement: Judgement, told: Iterable[Gap], facts: Facts, desk: Desk) -> Card | None:
    in_time()
    spoken = spoken_by(judgement, desk.library)
    crashed = [item.rule for item in judgement.outcomes if isinstance(item.outcome, Crashed)]
    gaps = (*told, *(gap for item in spoken for gap in item.advise.gaps))
    gaps = tuple(dict.fromkeys((*gaps, *(Gap("rule-failed", rule=rule) for rule in crashed))))
    wording = Wording(desk.library, facts, desk.language, judgement)
    if not spoken:
        return _not_checked(wording, crashed[0], "rule_failed", gaps, desk) if crashed else None
    try:
        return _advice_card(wording, spoken, gaps, desk)
    except Exception as error:  # noqa: BLE001 - advice that cannot be worded is named, never dropped
        log.error("card not composed", extra={"rule": spoken[0].outcome.rule, "error": type(error).__name__})
        return _not_checked(wording, spoken[0].outcome.rule, "card_failed", gaps, desk)


def _advice_card(wording: Wording, spoken: list[Spoken], gaps: tuple[Gap, ...], desk: Desk) -> Card:
    lead, reference = spoken[0], wording.judgement.reference
    plan = card_plan(wording, spoken, desk.ordered, desk.plan)
    steps = plan if desk.plan == "steps" else None
    suggestions = suggestions_for(Offer(wording, desk.patient_id, desk.ordered, lead, steps), spoken[1:])
    return Card(
        summary=wording.summary(lead),
        detail=wording.detail(spoken, gaps, steps.lines() if steps else ()),
        indicator=lead.advise.indicator,
        source=_source(lead.outcome.rule, desk),
        suggestions=suggestions,
        selection_behavior="at-most-one" if changes_the_order(suggestions) else "any",
        override_reasons=_override_reasons(spoken, desk),
        links=(_evidence(lead.outcome.rule, desk), *([plan.link(desk.public_url)] if plan else [])),
        extension={ADVICE: advice_extension(reference, spoken, gaps, desk)},
    )


def _unchecked(draft: Draft, because: str, facts: Facts, desk: Desk) -> Card:
    order = Order(draft.reference, draft.recognised.medicine or "", frozenset(), Dosage())
    wording = Wording(desk.library, facts, desk.language, Judgement(order, ()))
    rule = next(
        rule for rule in desk.library.rules if desk.library.medicines.is_any(order.medicine, {rule.judges.medicine})
    )
    gap = Gap("other-patient" if because == "other_patient" else "resource-not-readable", draft.reference)
    return _not_checked(wording, rule.id, because, (gap,), desk)


def _not_checked(wording: Wording, rule: str, because: str, gaps: tuple[Gap, ...], desk: Desk) -> Card:
    """The card that says what was not checked: never an empty answer where a rule or a card failed."""
    phrases = desk.library.phrases[desk.language]["not_checked"]
    return Card(
        summary=phrases["summary"].format(medicine=wording.medicine),
        detail=phrases["detail"].format(because=phrases[because]),
        indicator="info",
        source=_source(rule, desk),
        links=(_evidence(rule, desk),),
        extension={ADVICE: advice_extension(wording.judgement.reference, [], gaps, desk)},
    )


def card_of_what_is_missing(keys: Iterable[str], rules: Iterable[str], desk: Desk) -> Card:
    """The one card for a client that would show a 412 as "all clear": what was not told, and so not checked (DESIGN §2)."""
    phrases = desk.library.phrases[desk.language]
    gaps = [Gap(key) for key in keys]
    names = ", ".join(phrases["gap"].get(gap.missing, gap.missing) for gap in gaps)
    asked = next((draft.reference for draft in desk.ordered.drafts if draft.selected), f"Patient/{desk.patient_id}")
    rule = min((desk.library.by_id[each] for each in rules), key=lambda each: each.priority).id
    return Card(
        summary=phrases["not_checked"]["missing_summary"],
        detail=phrases["not_checked"]["missing_detail"].format(gaps=names),
        indicator="info",
        source=_source(rule, desk),
        links=(_evidence(rule, desk),),
        extension={ADVICE: advice_extension(asked, [], gaps, desk)},
    )


def advice_extension(about: str | None, spoken: list[Spoken], gaps: Iterable[Gap], desk: Desk) -> dict[str, object]:
    """What a program reads: which rules spoke, by which knowledge, and what could not be judged."""
    extension: dict[str, object] = {"about": about} if about else {}
    extension["knowledge"] = desk.library.version
    if spoken:
        extension["rules"] = [
            {"id": s.outcome.rule, "version": s.outcome.version, "outcome": "advise", "say": s.advise.say}
            for s in spoken
        ]
    told = [_gap(gap, desk) for gap in gaps]
    if told:
        extension["gaps"] = told
    return extension


def _gap(gap: Gap, desk: Desk) -> dict[str, str]:
    phrases = desk.library.phrases[desk.language]
    text = phrases["card"]["not_known"].format(gaps=phrases["gap"].get(gap.missing, gap.missing))
    fields = {"rule": gap.rule, "missing": gap.missing, "about": gap.about, "text": text}
    return {name: value for name, value in fields.items() if value}


def _source(rule: str, desk: Desk) -> Source:
    known = desk.library.by_id[rule]
    title = desk.library.texts[rule].title[desk.language]
    label = desk.library.citations[known.document]
    return Source(label, _evidence_url(rule, desk), Coding(RULES_SYSTEM, rule, title))


def _evidence(rule: str, desk: Desk) -> Link:
    return Link(desk.library.phrases[desk.language]["card"]["evidence"], _evidence_url(rule, desk))


def _evidence_url(rule: str, desk: Desk) -> str:
    return f"{desk.public_url}/evidence/{rule}"


def _override_reasons(spoken: list[Spoken], desk: Desk) -> tuple[Coding, ...]:
    codes = dict.fromkeys(code for each in spoken for code in _reasons_against(each, desk))
    reasons = desk.library.override_reasons
    return tuple(Coding(overrides.SYSTEM, code, reasons[code].display[desk.language]) for code in codes)


def _reasons_against(spoken: Spoken, desk: Desk) -> tuple[str, ...]:
    """The override reasons of the rule, without those that make no sense against what it says here."""
    rule = desk.library.by_id[spoken.outcome.rule]
    senseless = {code for block in rule.speak if block.name == spoken.advise.say for code in block.overrides_without}
    return tuple(code for code in rule.overrides if code not in senseless)
