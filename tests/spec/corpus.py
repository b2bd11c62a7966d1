"""The calls that others wrote, and what the service answered to each."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.checklist import faults_in_answer
from tests.given import given
from tests.service import Service
from tests.spec.splice import Json, Scenario, splice, told_words

ORDER_HOOKS = ("order-select", "order-sign")

# Words of the medicines and examinations Wane has rules for. A call without them has nothing for Wane in it.
WANES_MEDICINES = re.compile(
    r"baclof|lioresal|azepam|azolam|zolpid|zopiclon|zaleplon|clobaz|clorazep|chlordiazep|M03BX01|N05BA|N05CD|N05CF|N03AE01"
    r"|\bMRI|magnetic resonance",
    re.IGNORECASE,
)


def calls() -> Iterator[tuple[str, bytes]]:
    for file in sorted(given("corpus", "cds_hooks").iterdir()):
        yield file.name, file.read_bytes()


def parsed_calls() -> list[tuple[str, Json]]:
    """The calls that are a JSON object."""
    found = []
    for name, content in calls():
        try:
            body = json.loads(content)
        except ValueError:
            continue
        if isinstance(body, dict):
            found.append((name, body))
    return found


@dataclass
class Tally:
    """What was seen: statuses, each answer that was not 200 with its reason, leading rules, and every fault."""

    statuses: Counter[int] = field(default_factory=Counter)
    refusals: list[tuple[str, int, str]] = field(default_factory=list)
    leading: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def see(self, name: str, status: int, body: Any, request: object) -> None:
        self.statuses[status] += 1
        self.faults += [f"{name}: {fault}" for fault in faults_in_answer(status, body, request=request)]
        if status == 200:
            self.leading.update(leading_rule(card) for card in cards_in(body))
            if not cards_in(body):
                self.leading["no card"] += 1
        else:
            self.refusals.append((name, status, reason(body)))


def cards_in(body: Any) -> list[Any]:
    cards = body.get("cards") if isinstance(body, dict) else None
    return [card for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []


def advice_of(card: Any) -> Any:
    extension = card.get("extension")
    advice = extension.get("org.wane.advice") if isinstance(extension, dict) else None
    return advice if isinstance(advice, dict) else {}


def gaps_in(body: Any) -> set[tuple[object, object]]:
    """The rules that could not tell, each with what it lacked, on the cards or beside them."""
    beside = advice_of(body) if isinstance(body, dict) else {}
    told = [gap for advice in (beside, *map(advice_of, cards_in(body))) for gap in advice.get("gaps", [])]
    return {(gap.get("rule"), gap.get("missing")) for gap in told if isinstance(gap, dict)}


def leading_rule(card: Any) -> str:
    topic = card.get("source", {}).get("topic", {})
    return str(topic.get("code"))


def reason(body: Any) -> str:
    try:
        return str(body["issue"][0]["details"]["text"])
    except (KeyError, IndexError, TypeError):
        return "no reason given"


def post_every_call(service: Service) -> Tally:
    """Each file to the service of its own hook, byte for byte; 404 where discovery names no such service."""
    discovery = service.call("GET", "/cds-services").json()
    offered = {offer["id"] for offer in discovery["services"]}
    tally = Tally()
    for name, content in calls():
        try:
            request = json.loads(content)
        except ValueError:
            request = None
        hook = str(request.get("hook")) if isinstance(request, dict) else "order-sign"
        answer = service.call(
            "POST", f"/cds-services/{hook}", content=content, headers={"Content-Type": "application/json"}
        )
        tally.see(f"{name} ({hook})", answer.status, answer.json(), request)
        if (hook in offered) == (answer.status == 404):
            is_offered = "is" if hook in offered else "is not"
            tally.faults.append(f"{name}: {hook} {is_offered} in discovery, yet the status is {answer.status}")
    return tally


def post_scenario(service: Service, scenario: Scenario, hook: str, into: list[tuple[str, Json]]) -> Tally:
    """The scenario put into each call, and the card about its order looked at."""
    tally = Tally()
    for name, call in into:
        request = splice(call, scenario, hook)
        answer = service.post(f"/cds-services/{hook}", request, Accept_Language="en")
        body = answer.json()
        tally.see(name, answer.status, body, request)
        moved = [word for word in scenario.moved_by if word in told_words(call)]
        if moved or (scenario.of_whole_lists and (scenario.leads, "medications") in gaps_in(body)):
            tally.moved[name] += 1
        elif answer.status != 200:
            tally.faults.append(f"{name}: status {answer.status} instead of 200: {reason(body)}")
        else:
            tally.faults += [f"{name}: {fault}" for fault in wrong_card(scenario, body, call)]
    return tally


def wrong_card(scenario: Scenario, body: Any, call: Json) -> list[str]:
    """How the card about the spliced order differs from what the scenario expects."""
    reference = f"MedicationRequest/{scenario.order['id']}"
    about = [card for card in cards_in(body) if advice_of(card).get("about") == reference]
    if scenario.leads is None:
        wrong = [f"a card led by {leading_rule(card)}, expected none: {card.get('summary')}" for card in about]
        if scenario.nothing_else and body != {"cards": []} and not WANES_MEDICINES.search(json.dumps(call)):
            wrong.append('an order outside the scope is answered with exactly {"cards": []}')
        return wrong
    if len(about) != 1:
        return [f"{len(about)} cards about {reference}, expected one led by {scenario.leads}"]
    card = about[0]
    says = {rule.get("id"): rule.get("say") for rule in advice_of(card).get("rules", [])}
    wrong = []
    if leading_rule(card) != scenario.leads:
        wrong.append(f"led by {leading_rule(card)}, expected {scenario.leads}")
    if card.get("indicator") != scenario.indicator:
        wrong.append(f"indicator {card.get('indicator')}, expected {scenario.indicator}")
    if scenario.say is not None and says.get(scenario.leads) != scenario.say:
        wrong.append(f"{scenario.leads} says {says.get(scenario.leads)}, expected {scenario.say}")
    wrong += [f"{rule} does not speak on the card" for rule in sorted(scenario.with_rules - set(says))]
    wrong += [f"{rule} speaks on the card" for rule in sorted(scenario.without_rules & set(says))]
    return wrong
