"""One card as a DetectedIssue (https://hl7.org/fhir/R4/detectedissue.html): what it is about, and what it rests on."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.bundles.judged import Judged
from app.render.advice_hash import hash_of
from app.render.advised.parts import SITE, Json, filled, name_of, rule_coding, sent, subject, unique
from app.render.cards import ADVICE
from cds_hooks.cards import Card
from knowledge.library import Library
from knowledge.outcome import Advise, RuleOutcome
from knowledge.truth import Truth

_SEVERITY = {"critical": "high", "warning": "moderate", "info": "low"}
_DEFINITION = f"{SITE}/StructureDefinition"


def advice_on(card: Card) -> Mapping[str, Any]:
    """What a card tells programs."""
    told = card.extension.get(ADVICE)
    return told if isinstance(told, Mapping) else {}


def speaks(card: Card) -> bool:
    """Whether it holds advice; else it says what was not checked."""
    return bool(advice_on(card).get("rules"))


def issue_name(card: Card, judged: Judged) -> str:
    """The id of a card's DetectedIssue: the same advice on the same order of the same patient keeps it."""
    about = str(advice_on(card).get("about"))
    return name_of("issue", judged.person.reference, about, hash_of(card))


def detected_issue(card: Card, judged: Judged, library: Library, language: str) -> Json:
    """The DetectedIssue of a card that advises."""
    about, rules = str(advice_on(card).get("about")), advice_on(card)["rules"]
    titles = {rule["id"]: library.texts[rule["id"]].title[language] for rule in rules}
    lead = card.source.topic
    return filled(
        resourceType="DetectedIssue",
        id=issue_name(card, judged),
        language=language,
        extension=[_said_by(rule) for rule in rules]
        + [{"url": f"{_DEFINITION}/knowledge", "valueString": advice_on(card)["knowledge"]}],
        identifier=[{"system": f"{SITE}/advice-hash", "value": hash_of(card)}],
        status="final",
        code={"coding": [rule_coding(lead.code, lead.display)], "text": card.summary},
        severity=_SEVERITY[card.indicator],
        patient=subject(judged),
        identifiedDateTime=judged.today.isoformat(),
        implicated=[sent(about, judged)],
        evidence=list(_evidence(about, titles, judged)),
        detail=card.detail,
        reference=card.source.url,
    )


def _said_by(rule: Mapping[str, str]) -> Json:
    return {
        "url": f"{_DEFINITION}/rule",
        "extension": [
            {"url": "id", "valueCode": rule["id"]},
            {"url": "version", "valueString": rule["version"]},
            {"url": "say", "valueCode": rule["say"]},
        ],
    }


def _evidence(about: str, titles: Mapping[str, str], judged: Judged) -> Iterator[Json]:
    """For each rule that speaks, what it is about and the resources its criteria were read from where they held."""
    for judgement in judged.trail.judgements:
        for outcome in judgement.outcomes if judgement.reference == about else ():
            if outcome.rule in titles:
                code = [{"coding": [rule_coding(outcome.rule, titles[outcome.rule])]}]
                yield filled(code=code, detail=[sent(each, judged) for each in unique([about, *_rests_on(outcome)])])


def _rests_on(outcome: RuleOutcome) -> list[str]:
    said = outcome.outcome
    if not isinstance(said, Advise):
        return []
    blocks = ("judges", said.say, *said.notes)
    asked = ((outcome.trace[place], references) for place, references in outcome.rests_on)
    held = [references for finding, references in asked if finding.truth is Truth.YES and finding.block in blocks]
    return unique(reference for references in held for reference in references)
