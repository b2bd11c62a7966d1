"""Each rule as an event-condition-action PlanDefinition (https://hl7.org/fhir/R4/plandefinition.html).

The criteria stand in the rule's own language, as the pharmacist wrote them; in the rule's Library is the whole file. The
blocks are tried from the top, and the first that is true speaks: hence at most one.
"""

import re
from collections.abc import Iterable, Mapping

from app.knowledge_fhir.parts import LANGUAGE, SITE, Json, canonical, head, translated
from app.render.cards import RULES_SYSTEM
from app.told import TYPE_OF
from knowledge.criteria import Criterion
from knowledge.library import Library
from knowledge.rule import Block, Rule
from knowledge.texts import LANGUAGES

_BLANK = re.compile(r"\{\w+\}")
CRITERION = "text/x.wane-criterion"
_TYPE = {"system": "http://terminology.hl7.org/CodeSystem/plan-definition-type", "code": "eca-rule"}
_SEVERITY = {"critical": "stat", "warning": "urgent", "info": "routine"}


def plan_definitions(library: Library, public_url: str, sets: frozenset[str]) -> list[Json]:
    """One for each rule. `sets` are the ids of the ValueSets there are."""
    return [_plan(rule, library, public_url, sets) for rule in library.rules]


def _plan(rule: Rule, library: Library, public_url: str, sets: frozenset[str]) -> Json:
    title = library.texts[rule.id].title
    plan = head("PlanDefinition", rule.id, rule.version, title[LANGUAGE], _judged(rule))
    lists = sorted({name for criterion in rule.criteria for name in (*criterion.lists, *_medicines(criterion))} & sets)
    return {
        **plan,
        **translated("title", title),
        "type": {"coding": [_TYPE]},
        "lastReviewDate": None,
        "relatedArtifact": [
            *_citations(rule, library, public_url),
            *({"type": "depends-on", "resource": canonical("ValueSet", name)} for name in lists),
            *(
                {"type": "depends-on", "resource": canonical("PlanDefinition", other)}
                for other in sorted(rule.rests_on)
            ),
        ],
        "library": [f"{SITE}/Library/{rule.id}|{rule.version}"],
        "action": [_rule(rule, library)],
    }


def _judged(rule: Rule) -> str:
    judges = rule.judges
    if judges.examinations:
        return f"Judges orders of an examination ({', '.join(sorted(judges.examinations))})."
    what = [name for name, wanted in (("orders", judges.order), ("uses", judges.use)) if wanted]
    gives_way = f" Gives way to {', '.join(rule.yields_to)}." if rule.yields_to else ""
    return f"Judges {' and '.join(what)} of {judges.medicine} ({', '.join(sorted(judges.change))}).{gives_way}"


def _medicines(criterion: Criterion) -> list[str]:
    return [f"medicine-{name}" for name in criterion.medicines]


def _citations(rule: Rule, library: Library, public_url: str) -> Iterable[Json]:
    for claim, document in library.claims_of(rule):
        yield {
            "type": "citation",
            "label": claim.id,
            "display": document.cite,
            "citation": f"{document.publisher}, {document.date}. Lines {claim.lines[0]}-{claim.lines[1]}: {claim.statement}",
            "url": f"{public_url}/evidence/documents/{document.id}",
        }


def _rule(rule: Rule, library: Library) -> Json:
    """The rule as one action, and in it those that it chooses from."""
    judged = f"judges: {_judged(rule)}"
    unless = [_condition(f"not ({_told(each)})") for each in rule.unless]
    return {
        "title": library.texts[rule.id].title[LANGUAGE],
        "code": [{"coding": [{"system": RULES_SYSTEM, "code": rule.id}]}],
        "trigger": [{"type": "named-event", "name": hook} for hook in rule.hooks],
        "condition": [_condition(judged), *unless],
        "input": [{"type": TYPE_OF[need]} for need in sorted(rule.needs)],
        "groupingBehavior": "logical-group",
        "selectionBehavior": "at-most-one",
        "action": [_block(rule, block, library) for block in rule.speak],
    }


def _block(rule: Rule, block: Block, library: Library) -> Json:
    texts = library.texts[rule.id]
    said = {language: texts.says[language, block.name] for language in LANGUAGES}
    every = {language: _plain(f"{each.action}\n\n{each.why}") for language, each in said.items()}
    suggested = [_suggested(kind, library) for kind in block.suggest]
    return {
        "prefix": block.name,
        **translated("title", {language: _plain(each.summary[-1]) for language, each in said.items()}),
        **translated("description", every),
        "priority": _SEVERITY[block.indicator],
        "condition": [
            *(_condition(_told(each)) for each in block.all),
            *([_condition(" or ".join(f"({_told(each)})" for each in block.any))] if block.any else []),
            *(_condition(f"not ({_told(each)})") for each in block.unless),
        ],
        **({"selectionBehavior": "any", "action": suggested} if suggested else {}),
    }


def _suggested(kind: str, library: Library) -> Json:
    texts = {language: _filled(library.phrases[language]["suggestion"], kind) for language in LANGUAGES}
    return {"prefix": kind, **translated("title", texts)}


def _filled(phrases: Mapping[str, str], kind: str) -> str:
    return _plain(phrases.get(kind) or phrases.get(kind.removesuffix("-addiction-care"), kind))


def _plain(said: str) -> str:
    """A text as FHIR's strings have it, without Markdown; what is filled in for a patient stands as a blank."""
    return _BLANK.sub("…", said).replace("**", "")


def _told(criterion: Criterion) -> str:
    """The criterion, with what it counts as where it was not told."""
    unknown = f", unknown = {criterion.unknown.name.lower()}" if criterion.unknown else ""
    return f"{criterion.text}{unknown}"


def _condition(criterion: str) -> Json:
    return {"kind": "applicability", "expression": {"language": CRITERION, "expression": criterion}}
