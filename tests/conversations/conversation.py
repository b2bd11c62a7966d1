"""A conversation: one whole call as JSON, and what the answer must hold.

A file reads {"name", "today", "request": {"method", "path", "headers", "body"}, "expect": {…}, "later": "…"}. A body
that is a string is sent as it stands, so that it need not be JSON. `later` names the rule that will one day speak here.

What `expect` may hold: `status`; `body` (the answer, exactly); `cards`, as many as there are, in any order; `gaps`,
codes that some gap carries; `missing`, expressions of an OperationOutcome; `language`, in which the cards are written;
`explains`, rules that the explanation names.
What a card may hold: `rule` (that leads), `say`, `indicator`, `about`, `summary_contains`, `detail_contains`, `lacks`
(nowhere on the card), `suggestions` (how many), `actions` (kinds among them), `with_rules`, `without_rules`,
`overrides` (codes that are offered).
Texts are sought without regard to case; a list in place of a text asks for one of its members.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.conformance.place import words

EXPECTED = {"status", "body", "cards", "gaps", "missing", "language", "explains"}
EXPECTED_CARD = {
    "rule",
    "say",
    "indicator",
    "about",
    "summary_contains",
    "detail_contains",
    "lacks",
    "suggestions",
    "actions",
    "with_rules",
    "without_rules",
    "overrides",
}

COMMON_WORDS = {
    "nl": words("de het een van niet en bij is voor dit naar wordt ook zijn die dan geen aan"),
    "fr": words("le la les des une pas est pour et en un du cette avec ou dans au"),
    "en": words("the of and not is for with this a to in are or has no"),
    "de": words("der die das und nicht für bei ist ein eine wird mit von zu den im oder kein"),
}


@dataclass(frozen=True)
class Conversation:
    name: str
    today: date
    method: str
    path: str
    headers: dict[str, str]
    body: object
    expect: dict[str, Any]

    @property
    def content(self) -> bytes | None:
        if self.body is None:
            return None
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()

    @property
    def sent_headers(self) -> dict[str, str]:
        return ({} if self.body is None else {"Content-Type": "application/json"}) | self.headers


def read(file: Path) -> Conversation:
    told = json.loads(file.read_bytes())
    request, expect = told["request"], told["expect"]
    unknown = set(told) - {"name", "today", "request", "expect", "later"}
    unknown |= set(request) - {"method", "path", "headers", "body"}
    unknown |= set(expect) - EXPECTED
    unknown |= {key for card in expect.get("cards", []) for key in set(card) - EXPECTED_CARD}
    if unknown:
        raise ValueError(f"{file.name}: {', '.join(sorted(unknown))} is nothing a conversation can hold")
    return Conversation(
        told["name"],
        date.fromisoformat(told["today"]),
        request.get("method", "POST"),
        request["path"],
        request.get("headers", {}),
        request.get("body"),
        expect,
    )


def differences(expect: dict[str, Any], status: int, body: Any) -> list[str]:
    """How an answer differs from what was expected."""
    if status != expect["status"]:
        return [f"status {status}, expected {expect['status']}: {json.dumps(body)[:400]}"]
    found = []
    if "body" in expect and body != expect["body"]:
        found.append(f"the answer is {json.dumps(body)[:400]}, expected {json.dumps(expect['body'])}")
    if "cards" in expect:
        found += in_cards(expect["cards"], body["cards"])
    if "missing" in expect:
        told = {expression for issue in body["issue"] for expression in issue.get("expression", [])}
        found += [f"{each} is not named as missing" for each in expect["missing"] if each not in told]
    if "gaps" in expect:
        codes = {gap.get("missing") for gap in gaps_in(body)}
        found += [f"no gap {each}, only {codes}" for each in expect["gaps"] if each not in codes]
    explained = json.dumps(body.get("extension", {}).get("org.wane.explain"))
    found += [f"{rule} is not explained" for rule in expect.get("explains", []) if rule not in explained]
    for card in body["cards"] if "language" in expect else []:
        if (spoken := language_of(f"{card['summary']} {card.get('detail', '')}")) != expect["language"]:
            found.append(f"the card is in {spoken}, expected {expect['language']}: {card['summary']}")
    return found


def in_cards(expected: list[dict[str, Any]], cards: list[dict[str, Any]]) -> list[str]:
    if len(cards) != len(expected):
        return [f"{len(cards)} cards, expected {len(expected)}: {[card.get('summary') for card in cards]}"]
    found = []
    left = list(cards)
    for want in expected:
        fits = [card for card in left if advice_of(card)["about"] == want["about"]] if "about" in want else left
        if not fits:
            found.append(f"no card about {want['about']}, only {[advice_of(card)['about'] for card in left]}")
            continue
        card = fits[0]
        left.remove(card)
        found += in_card(want, card)
    return found


def in_card(want: dict[str, Any], card: dict[str, Any]) -> list[str]:
    says = {rule["id"]: rule["say"] for rule in advice_of(card).get("rules", [])}
    leading = card["source"]["topic"]["code"]
    found = []
    for what, expected, got in (
        ("led by", want.get("rule"), leading),
        ("indicator", want.get("indicator"), card["indicator"]),
        ("says", want.get("say"), says.get(leading)),
        ("suggestions:", want.get("suggestions"), len(card.get("suggestions", []))),
    ):
        if expected is not None and expected != got:
            found.append(f"{what} {got}, expected {expected}: {card['summary']}")
    for key, text in (("summary_contains", card["summary"]), ("detail_contains", card.get("detail", ""))):
        found += [f"{key}: no {each} in {text}" for each in want.get(key, []) if not holds(text, each)]
    whole = json.dumps({key: value for key, value in card.items() if key != "extension"}, ensure_ascii=False)
    found += [f"{each} stands on the card: {whole}" for each in want.get("lacks", []) if holds(whole, each)]
    found += [f"{rule} does not speak on the card" for rule in want.get("with_rules", []) if rule not in says]
    found += [f"{rule} speaks on the card" for rule in want.get("without_rules", []) if rule in says]
    kinds = {action["type"] for offer in card.get("suggestions", []) for action in offer.get("actions", [])}
    found += [f"no {kind} is suggested, only {kinds}" for kind in want.get("actions", []) if kind not in kinds]
    offered = {reason["code"] for reason in card.get("overrideReasons", [])}
    return found + [f"no override {code}, only {offered}" for code in want.get("overrides", []) if code not in offered]


def holds(text: str, sought: str | list[str]) -> bool:
    return any(each.lower() in text.lower() for each in ([sought] if isinstance(sought, str) else sought))


def advice_of(card: dict[str, Any]) -> dict[str, Any]:
    advice: dict[str, Any] = card["extension"]["org.wane.advice"]
    return advice


def gaps_in(body: dict[str, Any]) -> list[dict[str, Any]]:
    places = [advice_of(card) for card in body["cards"]]
    places.append(body.get("extension", {}).get("org.wane.advice", {}))
    return [gap for place in places for gap in place.get("gaps", [])]


def language_of(text: str) -> str:
    """The language whose common words stand in the text most often."""
    spoken = re.findall(r"[^\W\d_]+", text.lower())
    counts = {language: sum(spoken.count(word) for word in common) for language, common in COMMON_WORDS.items()}
    return max(counts, key=lambda language: counts[language])
