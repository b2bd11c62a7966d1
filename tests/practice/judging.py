"""The cards of an answer held against those a case expects."""

import json
from typing import Any

from tests.conversations.conversation import advice_of
from tests.practice.told import Card, Case
from tests.service import Service


def leading(card: Any) -> str:
    return str(card["source"]["topic"]["code"])


def differences(case: Case, status: int, body: Any) -> list[str]:
    if status != case.status:
        return [f"status {status}, expected {case.status}: {json.dumps(body)[:300]}"]
    if status != 200:
        return []
    left = list(body["cards"])
    found = []
    for want in case.cards:
        fits = [card for card in left if leading(card) == want.leads]
        if not fits:
            found.append(f"no card led by {want.leads}")
            continue
        left.remove(fits[0])
        found += in_card(want, fits[0])
    found += [f"a card led by {leading(card)}, not expected: {card['summary']}" for card in left]
    if found and not body["cards"]:
        found.append(f"gaps: {json.dumps(body.get('extension', {}).get('org.wane.advice', {}).get('gaps'))}")
    return found


def in_card(want: Card, card: Any) -> list[str]:
    says = {rule["id"]: rule["say"] for rule in advice_of(card).get("rules", [])}
    found = []
    if want.say and says.get(want.leads) != want.say:
        found.append(f"{want.leads} says {says.get(want.leads)}, expected {want.say}")
    if card["indicator"] != want.indicator:
        found.append(f"indicator {card['indicator']}, expected {want.indicator}")
    found += [f"{rule} does not speak" for rule in want.beside if rule not in says]
    found += [f"{rule} speaks" for rule in want.without if rule in says]
    whole = json.dumps({key: value for key, value in card.items() if key != "extension"}, ensure_ascii=False).lower()
    found += [f"no {each} on the card: {card['detail']}" for each in want.holds if each.lower() not in whole]
    return found + [f"{each} stands on the card" for each in want.lacks if each.lower() in whole]


def sent(wane: Service, case: Case, body: Any) -> tuple[int, Any]:
    answer = wane.post(f"/cds-services/{case.hook}", body, Accept_Language=case.language)
    return answer.status, answer.json()
