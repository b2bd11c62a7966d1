"""A CDS Hooks response as 2.0.1 asks for it: checklist §1, §7, §10 and what Inferno asserts (§13)."""

import re

from tests.conformance.orders import draft_orders
from tests.conformance.place import Place, kind, nothing_empty
from tests.conformance.resources import faults_in_resource

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LOCAL_REFERENCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}")
LONGEST_SUMMARY = 139

RESPONSE = frozenset({"cards", "systemActions", "extension"})
CARD = frozenset(
    {
        "uuid",
        "summary",
        "detail",
        "indicator",
        "source",
        "suggestions",
        "selectionBehavior",
        "overrideReasons",
        "links",
        "extension",
    }
)
SOURCE = frozenset({"label", "url", "icon", "topic", "extension"})
CODING = frozenset({"system", "code", "display", "version", "userSelected", "extension"})
SUGGESTION = frozenset({"label", "uuid", "isRecommended", "actions", "actionSelectionBehavior", "extension"})
ACTION = frozenset({"type", "description", "resource", "resourceId", "extension"})
LINK = frozenset({"label", "url", "type", "appContext", "autolaunchable", "extension"})


def faults_in_response(response: object, *, request: object | None = None) -> list[str]:
    """Every rule of CDS Hooks that this response breaks, as sentences; given the request, also what depends on it."""
    found: list[str] = []
    body = Place(response, found)
    if not isinstance(response, dict):
        body.fault(f"{kind(response)}, must be an object", "R1")
        return found
    nothing_empty(body, may_be_empty=frozenset({"cards"}))
    body.only(RESPONSE, "R6")
    body.extension()
    drafts = None if request is None else frozenset(draft_orders(request))
    for card in body.array("cards", "R1", needed=True):
        in_card(card, drafts)
    if body.at("systemActions").value == []:
        body.at("systemActions").fault("empty; leave the member out", "J3")
    for action in body.array("systemActions", "R5"):
        in_action(action, drafts)
    uuids_once(body)
    return found


def in_card(card: Place, drafts: frozenset[str] | None) -> None:
    card.only(CARD, "R6")
    card.extension()
    uuid(card, "C1")
    in_summary(card)
    card.text("detail", "C3", needed=False)
    card.one_of("indicator", frozenset({"info", "warning", "critical"}), "C4")
    in_source(card)
    in_suggestions(card, drafts)
    for reason in card.array("overrideReasons", "C8"):
        reason.only(CODING, "C8")
        for key in ("code", "system", "display"):
            reason.text(key, "C8")
    for link in card.array("links", "C9"):
        in_link(link)


def in_summary(card: Place) -> None:
    summary = card.text("summary", "C2")
    if summary is not None:
        length = max(len(summary), len(summary.encode("utf-16-le", "surrogatepass")) // 2)
        if length > LONGEST_SUMMARY:
            card.at("summary").fault(f"{length} characters, at most {LONGEST_SUMMARY}", "C2")
        if "\n" in summary.strip():
            card.at("summary").fault("more than one line", "C2")


def in_source(card: Place) -> None:
    source = card.at("source")
    if not isinstance(source.value, dict):
        source.fault("missing" if not card.has("source") else f"{kind(source.value)}, must be an object", "C5")
        return
    source.only(SOURCE, "R6")
    source.extension()
    source.text("label", "C5")
    source.web_address("url", "C5", needed=False)
    source.web_address("icon", "C5", needed=False)
    if source.has("topic"):
        topic = source.at("topic")
        if not isinstance(topic.value, dict):
            topic.fault(f"{kind(topic.value)}, must be a Coding", "C5")
            return
        topic.only(CODING, "C5")
        topic.text("system", "C5")
        topic.text("code", "C5")
        topic.text("display", "C5", needed=False)


def in_suggestions(card: Place, drafts: frozenset[str] | None) -> None:
    behaviour = card.one_of("selectionBehavior", frozenset({"at-most-one", "any"}), "C6", needed=False)
    suggestions = card.array("suggestions", "C6")
    if card.has("suggestions") and not card.has("selectionBehavior"):
        card.at("selectionBehavior").fault("missing, but there are suggestions", "C6")
    if card.has("selectionBehavior") and not card.has("suggestions"):
        card.at("selectionBehavior").fault("there are no suggestions; leave the member out", "C6")
    for suggestion in suggestions:
        suggestion.only(SUGGESTION, "R6")
        suggestion.extension()
        suggestion.text("label", "G1")
        uuid(suggestion, "G2")
        suggestion.boolean("isRecommended", "G3")
        if suggestion.has("actionSelectionBehavior"):
            suggestion.at("actionSelectionBehavior").fault("3.0 only; not for a client not known to support it", "G5")
        for action in suggestion.array("actions", "G4"):
            in_action(action, drafts)
    recommended = [s for s in suggestions if s.at("isRecommended").value is True]
    if behaviour == "at-most-one" and len(recommended) > 1:
        card.at("suggestions").fault(f"{len(recommended)} recommended, at most one with at-most-one", "C7")


def in_action(action: Place, drafts: frozenset[str] | None) -> None:
    action.only(ACTION, "R6")
    action.extension()
    action.text("description", "X2")
    match action.one_of("type", frozenset({"create", "update", "delete"}), "X1"):
        case "create":
            in_action_resource(action, "X3")
        case "update":
            in_action_resource(action, "X4")
            resource = action.at("resource")
            target = f"{resource.at('resourceType').value}/{resource.at('id').value}"
            in_context(resource, target, drafts)
        case "delete":
            removed = action.text("resourceId", "X5")
            if removed is not None:
                if not LOCAL_REFERENCE.fullmatch(removed):
                    action.at("resourceId").fault(f'"{removed}" is not a relative reference Type/id', "X5")
                in_context(action.at("resourceId"), removed, drafts)
            if action.has("resource"):
                action.at("resource").fault("a delete names its target in resourceId, without a resource", "X5")


def in_action_resource(action: Place, number: str) -> None:
    if action.has("resourceId"):
        action.at("resourceId").fault("only a delete has a resourceId", number)
    resource = action.at("resource")
    if not isinstance(resource.value, dict):
        missing = "missing" if not action.has("resource") else f"{kind(resource.value)}, must be a FHIR resource"
        resource.fault(missing, number)
        return
    resource.text("id", number)
    faults_in_resource(resource, number)


def in_context(place: Place, target: str, drafts: frozenset[str] | None) -> None:
    if drafts is not None and target not in drafts:
        place.fault(f"{target} is not among the orders of this request", "X6")


def in_link(link: Place) -> None:
    link.only(LINK, "R6")
    link.extension()
    link.text("label", "L1")
    link.web_address("url", "L1")
    link_type = link.one_of("type", frozenset({"absolute", "smart"}), "L1")
    context = link.text("appContext", "L2", needed=False)
    if context is not None and link_type == "absolute":
        link.at("appContext").fault("only a smart link has one", "L2")
    link.boolean("autolaunchable", "L3")


def uuid(place: Place, number: str) -> None:
    value = place.text("uuid", number, needed=False)
    if value is not None and not UUID.fullmatch(value):
        place.at("uuid").fault(f'"{value}" is not a lower-case uuid', number)


def uuids_once(body: Place) -> None:
    seen: set[object] = set()
    for card in body.at("cards").items():
        for place, number in [(card, "C1"), *((s, "G2") for s in card.at("suggestions").items())]:
            if place.has("uuid") and isinstance(place.at("uuid").value, str):
                if place.at("uuid").value in seen:
                    place.at("uuid").fault("used before in this response", number)
                seen.add(place.at("uuid").value)
