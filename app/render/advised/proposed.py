"""What the cards of one patient offer to do, as a RequestGroup (https://hl7.org/fhir/R4/requestgroup.html) and the resources
it proposes. Nothing of it is ordered: a prescriber chooses."""

from collections.abc import Mapping, Sequence

import orjson

from app.bundles.judged import Judged
from app.render.advised.issue import advice_on, issue_name
from app.render.advised.parts import Json, entry_of, filled, here, name_of, rule_coding, sent, subject
from app.render.valid import is_reference
from cds_hooks.cards import Action, Card, Suggestion
from knowledge.library import Library

_TYPES = "http://terminology.hl7.org/CodeSystem/action-type"
_TYPE = {"create": "create", "update": "update", "delete": "remove"}


def proposals(cards: Sequence[Card], judged: Judged, library: Library, language: str) -> list[Json]:
    """The entries: the RequestGroup first, then what it proposes; none where no card offers anything. Proposals of one card
    exclude each other where one of them changes the order."""
    offering = [card for card in cards if card.suggestions]
    if not offering or not is_reference(judged.person.reference):
        return []
    proposed: dict[str, Json] = {}
    actions = [_of_card(card, judged, proposed) for card in offering]
    name = name_of("proposals", *(issue_name(card, judged) for card in offering))
    group = filled(
        resourceType="RequestGroup",
        id=name,
        language=language,
        instantiatesCanonical=_plans(offering, library),
        status="draft",
        intent="proposal",
        subject=subject(judged),
        authoredOn=judged.today.isoformat(),
        action=actions,
    )
    return [entry_of(group, name), *(entry_of(resource, each) for each, resource in proposed.items())]


def group_name(entries: Sequence[Json]) -> Json | None:
    """A reference to the RequestGroup, if there is one."""
    return {"reference": entries[0]["fullUrl"]} if entries else None


def _plans(cards: Sequence[Card], library: Library) -> list[str]:
    rules = dict.fromkeys(rule["id"] for card in cards for rule in advice_on(card).get("rules", ()))
    return [f"https://wane.example/fhir/PlanDefinition/{rule}|{library.by_id[rule].version}" for rule in rules]


def _of_card(card: Card, judged: Judged, proposed: dict[str, Json]) -> Json:
    return {
        "title": card.summary,
        "code": [{"coding": [rule_coding(card.source.topic.code, card.source.topic.display)]}],
        "documentation": [{"type": "citation", "display": card.source.label, "url": card.source.url}],
        "selectionBehavior": card.selection_behavior,
        "action": [_of_suggestion(each, card, judged, proposed) for each in card.suggestions],
    }


def _of_suggestion(suggestion: Suggestion, card: Card, judged: Judged, proposed: dict[str, Json]) -> Json:
    return {
        "title": suggestion.label,
        "selectionBehavior": "all",
        "action": [_of_action(action, card, judged, proposed) for action in suggestion.actions],
    }


def _of_action(action: Action, card: Card, judged: Judged, proposed: dict[str, Json]) -> Json:
    step: Json = {
        "title": action.description,
        "type": {"coding": [{"system": _TYPES, "code": _TYPE[action.type]}]},
    }
    if action.resource is None:
        return {**step, "resource": sent(str(action.resource_id), judged)}
    resource = dict(action.resource) if action.type == "update" else _as_sent(dict(action.resource), judged)
    about = str(advice_on(card).get("about"))
    name = name_of("proposal", judged.person.reference, about, orjson.dumps(resource).decode())
    proposed[name] = resource
    return {**step, "resource": here(name)}


def _as_sent(resource: Json, judged: Judged) -> Json:
    """A resource that Wane made, with references as the Bundle has them; one that is handed back changed keeps its own."""
    own = f"Patient/{judged.person.id}"

    def told(value: object) -> object:
        if isinstance(value, Mapping):
            reference = value.get("reference")
            if reference == own:
                return subject(judged)
            if isinstance(reference, str):
                return sent(reference, judged)
            return {name: told(member) for name, member in value.items()}
        return [told(item) for item in value] if isinstance(value, list) else value

    return {name: told(member) for name, member in resource.items()}
