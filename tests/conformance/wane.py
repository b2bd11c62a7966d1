"""What Wane promises beyond CDS Hooks: DESIGN §2, "What travels on the wire"."""

import re
from itertools import pairwise

from tests.conformance.doubling import in_suggestions
from tests.conformance.place import Place

RULES_SYSTEM = "https://wane.example/fhir/CodeSystem/rules"
ADVICE = "org.wane.advice"
EXPLAIN = "org.wane.explain"
LONGEST_DETAIL = 900

RULE_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
VERSION = re.compile(r"\d+\.\d+\.\d+\S*")
# An order without an id is named by its URN, or by its place in the request.
REFERENCE = re.compile(
    r"[A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64}(#[A-Za-z0-9\-.]{1,64})?|urn:uuid:\S+|(context|prefetch)\..+\.entry\[\d+\]\.resource"
)
RFC_4122 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

TAG = re.compile(r"(?<!\\)<[A-Za-z/!?]")
BLAMING = re.compile(
    r"\b(addicts?|junk(?:ie|y)s?|alcoholics?|abus(?:e|es|ed|er|ers|ing|ive)|verslaafden?|junks?|alcoholist(?:en)?"
    r"|(?:drug|alcohol|medicijn|middelen)?misbruik(?:er|ers|t)?|toxicomanes?|drogu[ée]e?s?|ivrognes?|abus"
    r"|s[uü]chtig(?:e|er|en|em|es)?|(?:drogen|alkohol|medikamenten)?(?:missbrauch|mißbrauch)s?|alkoholiker(?:in|innen)?)\b",
    re.IGNORECASE,
)
# A full stop inside a sentence: abbreviations of the four languages and initials.
ABBREVIATED = re.compile(
    r"(\b(e\.g|i\.e|vs|ca|bv|o\.a|d\.w\.z|p\.ex|z\.B|bzw|resp|max|min|approx|Dr|No|Nr|nr)|\b[A-Z])\.$"
)

PATIENT_HOOKS = frozenset({"patient-view", "encounter-discharge"})


def faults_in_wane_contract(response: object, request: object | None = None) -> list[str]:
    """Where the response breaks Wane's own contract; what must hold in any CDS Hooks response is asked elsewhere."""
    found: list[str] = []
    body = Place(response, found)
    cards = [card for card in body.at("cards").items() if isinstance(card.value, dict)]
    for card in cards:
        in_card(card)
        for place in human_texts(card):
            in_human_text(place)
        if request is not None:
            in_suggestions(card, request)
    one_order_one_card(cards, request)
    in_response_extension(body)
    return found


def in_card(card: Place) -> None:
    if not RFC_4122.fullmatch(str(card.at("uuid").value)):
        card.at("uuid").fault("a card needs an RFC 4122 uuid, in lower case", "C1, DESIGN §2")
    for suggestion in card.at("suggestions").items():
        if not RFC_4122.fullmatch(str(suggestion.at("uuid").value)):
            suggestion.at("uuid").fault("a suggestion needs an RFC 4122 uuid, in lower case", "G2, DESIGN §2")
    in_summary(card)
    detail = card.at("detail").value
    if isinstance(detail, str) and len(detail) > LONGEST_DETAIL:
        card.at("detail").fault(f"{len(detail)} characters, at most {LONGEST_DETAIL}", "C3, DESIGN §2")
    reasons = [(r.at("system").value, r.at("code").value) for r in card.at("overrideReasons").items()]
    if len(set(reasons)) < len(reasons):
        card.at("overrideReasons").fault("the same reason twice", "C8")
    in_advice(card)
    in_selection(card)


def in_summary(card: Place) -> None:
    summary = card.at("summary").value
    if not isinstance(summary, str):
        return
    place = card.at("summary")
    if not summary.endswith((".", "?", "!")) or summary.endswith(".."):
        place.fault("not a whole sentence: it ends without . ? or !", "C2, DESIGN §2")
    if summary[:1].islower():
        place.fault("not a whole sentence: it starts in lower case", "C2, DESIGN §2")
    words = summary.split()
    for word, following in pairwise(words):
        if word.endswith((".", "?", "!")) and following[:1].isupper() and not ABBREVIATED.search(word):
            place.fault(f'more than one sentence: "{word} {following}"', "C2, DESIGN §2")


def in_advice(card: Place) -> None:
    source, advice = card.at("source"), card.at("extension").at(ADVICE)
    topic = source.at("topic")
    source.web_address("url", "C5, DESIGN §2")
    if not isinstance(topic.value, dict):
        topic.fault("missing", "C5, DESIGN §2")
    else:
        if topic.at("system").value != RULES_SYSTEM:
            topic.at("system").fault(f"must be {RULES_SYSTEM}", "C5, DESIGN §2")
        topic.text("display", "C5, DESIGN §2")
    leading = topic.at("code").value
    url = source.at("url").value
    if isinstance(url, str) and not url.split("?")[0].split("#")[0].endswith(f"/evidence/{leading}"):
        source.at("url").fault(f"not the evidence page of {leading}", "C5, DESIGN §2")
    if not isinstance(advice.value, dict):
        advice.fault("missing", "DESIGN §2")
        return
    advice.only(frozenset({"about", "knowledge", "rules", "gaps"}), "DESIGN §2")
    about = advice.text("about", "DESIGN §2")
    if about is not None and not REFERENCE.fullmatch(about):
        advice.at("about").fault(f'"{about}" is not a relative reference, a URN or a place in the request', "DESIGN §2")
    advice.text("knowledge", "DESIGN §2")
    gaps = in_gaps(advice)
    rules = advice.array("rules", "DESIGN §2")
    spoken: list[object] = []
    for rule in rules:
        rule.only(frozenset({"id", "version", "outcome", "say"}), "DESIGN §2")
        spoken.append(rule.text("id", "DESIGN §2"))
        if not VERSION.fullmatch(str(rule.at("version").value)):
            rule.at("version").fault("not a version", "DESIGN §2")
        rule.one_of("outcome", frozenset({"advise"}), "DESIGN §2")
        rule.text("say", "DESIGN §2")
    if len(set(spoken)) < len(spoken):
        advice.at("rules").fault("one rule twice", "DESIGN §2")
    if not rules and (not gaps or card.at("indicator").value != "info"):
        # The "not checked" card: info, no rule speaks, the gaps say what failed.
        advice.at("rules").fault(
            "no rule speaks, and this is not an info card that names what was not checked", "DESIGN §2"
        )
    if rules and leading not in spoken:
        topic.at("code").fault(f'"{leading}" leads, but is not among the rules of the card', "C5, DESIGN §2")
    if not RULE_ID.fullmatch(str(leading)):
        topic.at("code").fault(f'"{leading}" is not a rule id', "C5, DESIGN §2")


def in_gaps(advice: Place) -> list[Place]:
    gaps = advice.array("gaps", "DESIGN §2")
    for gap in gaps:
        gap.text("rule", "DESIGN §2", needed=False)
        gap.text("missing", "DESIGN §2")
        gap.text("text", "DESIGN §2")
        gap.text("about", "DESIGN §2", needed=False)
    return gaps


def in_response_extension(body: Place) -> None:
    extension = body.at("extension")
    if extension.has(ADVICE):
        advice = extension.at(ADVICE)
        advice.only(frozenset({"knowledge", "gaps"}), "DESIGN §2")
        advice.text("knowledge", "DESIGN §2")
        if not in_gaps(advice):
            advice.at("gaps").fault("missing; without gaps there is nothing to say here", "DESIGN §2")
    if extension.has(EXPLAIN) and not isinstance(extension.at(EXPLAIN).value, dict):
        extension.at(EXPLAIN).fault("must be an object", "DESIGN §2")


def one_order_one_card(cards: list[Place], request: object | None) -> None:
    seen: set[object] = set()
    topics: set[str] = set()
    hook = request.get("hook") if isinstance(request, dict) else None
    for card in cards:
        about = card.at("extension").at(ADVICE).at("about")
        if isinstance(about.value, str) and about.value in seen:
            about.fault(f"a second card about {about.value}: one order, one card", "DESIGN §2")
        seen.add(about.value)
        code = str(card.at("source").at("topic").at("code").value)
        topic = "baclofen" if code.startswith(("baclofen", "itb")) else code.partition("-")[0]
        if hook in PATIENT_HOOKS and topic in topics:
            card.fault(f"a second card on {topic}: at most one per topic at {hook}", "DESIGN §2")
        topics.add(topic)


def human_texts(card: Place) -> list[Place]:
    places = [
        card.at("summary"),
        card.at("detail"),
        card.at("source").at("label"),
        card.at("source").at("topic").at("display"),
    ]
    for suggestion in card.at("suggestions").items():
        places.append(suggestion.at("label"))
        places.extend(action.at("description") for action in suggestion.at("actions").items())
    places.extend(reason.at("display") for reason in card.at("overrideReasons").items())
    places.extend(link.at("label") for link in card.at("links").items())
    places.extend(gap.at("text") for gap in card.at("extension").at(ADVICE).at("gaps").items())
    return [place for place in places if isinstance(place.value, str)]


def in_human_text(place: Place) -> None:
    text = str(place.value)
    if TAG.search(text):
        place.fault("raw HTML: escape what came from the record", "C3, DESIGN §1.7")
    if word := BLAMING.search(text):
        place.fault(f'blaming word "{word[0]}"', "DESIGN §3")
    if re.search(r"\{[a-z_]+\}|\bNone\b(?! of)|\bnull\b|\bundefined\b", text):
        place.fault("a blank of the text was not filled", "DESIGN §2")


def in_selection(card: Place) -> None:
    """Suggestions that change the order are alternatives (at-most-one); if there is none, any."""
    suggestions = list(card.at("suggestions").items())
    if not suggestions:
        return
    kinds = {action.at("type").value for suggestion in suggestions for action in suggestion.at("actions").items()}
    wanted = "at-most-one" if kinds & {"update", "delete"} else "any"
    if card.at("selectionBehavior").value != wanted:
        card.at("selectionBehavior").fault(f"must be {wanted} for these suggestions", "C6, DESIGN §2")
