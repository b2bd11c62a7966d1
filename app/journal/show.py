"""A past answer explained: which cards it had, what each rule made of it, and what every criterion came out as."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection

from app.journal.identity import call_of, card_of
from app.journal.keys import Keys
from app.journal.past import CALLS, PastCall, past_calls, reasonings
from app.journal.reasoning import Reasoning
from app.journal.record import KeptSubject, hook_instance

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Names:
    """References somebody has at hand, by their keyed hashes: in the journal itself there are only the hashes."""

    by_hash: Mapping[str, str]

    @classmethod
    def of(cls, references: Iterable[str], keys: Keys) -> "Names":
        return cls({key.pseudonym("reference", each): each for each in references for key in keys.by_id.values()})

    def __call__(self, hashed: str) -> str:
        return self.by_hash.get(hashed, hashed)


def find_card(connection: Connection, uuid: str) -> list[PastCall]:
    """The call a card was on, if it is in the journal."""
    found = [call for some in past_calls(connection, CALLS.c.id == call_of(uuid.lower())) for call in some]
    return [
        call
        for call in found
        if uuid.lower() in (card_of(call.call.id, each.place) for each in call.subjects if each.indicator)
    ]


def find_hook_instance(connection: Connection, sent: str, keys: Keys) -> list[PastCall]:
    """The calls with this hookInstance, in the order of their time."""
    kept = {hook_instance(sent, key) for key in keys.by_id.values()}
    found = [call for some in past_calls(connection, CALLS.c.hook_instance.in_(kept)) for call in some]
    return sorted(found, key=lambda each: (each.call.time, each.call.id))


def as_json(past: PastCall, connection: Connection, keys: Keys, names: Names) -> Json:
    """Everything that was kept of a call."""
    known = reasonings(connection, sorted(past.reasonings))
    call = past.call
    told: Json = {**call._asdict(), "gaps": [_gap(gap) for gap in orjson.loads(call.gaps)]}
    return {
        **told,
        "intact": past.is_intact(keys),
        "subjects": [_subject(call.id, subject, known, names) for subject in past.subjects],
    }


def _gap(gap: Sequence[str | None]) -> Json:
    missing, rule = gap
    return {"missing": missing, "rule": rule} if rule else {"missing": missing}


def _subject(call: str, subject: KeptSubject, known: Mapping[str, Reasoning], names: Names) -> Json:
    rules = [_rule(known.get(rule), dict(rests_on), names) for rule, rests_on in subject.rules]
    uuid = card_of(call, subject.place)
    card = {"uuid": uuid, "indicator": subject.indicator, "rule": subject.rule, "withheld": subject.withheld}
    told: Json = {"card": card} if subject.indicator else {}
    return {"about": names(subject.about or ""), "medicine": subject.medicine, **told, "rules": rules}


def _rule(reasoning: Reasoning | None, rests_on: Mapping[int, Sequence[str]], names: Names) -> Json:
    if reasoning is None:
        return {"outcome": "its reasoning is not in the journal"}
    content = orjson.loads(reasoning.content)
    criteria = [
        {
            "block": block,
            "criterion": criterion,
            "truth": truth,
            **({"assumed": True} if assumed else {}),
            **({"missing": missing} if missing else {}),
            **({"restsOn": [names(each) for each in rests_on[place]]} if place in rests_on else {}),
        }
        for place, (block, criterion, truth, assumed, missing) in enumerate(content.pop("criteria"))
    ]
    said = {"say": reasoning.say} if reasoning.say else {}
    head = {"id": reasoning.rule, "version": reasoning.version, "outcome": reasoning.outcome}
    return {**head, **said, **{name: value for name, value in content.items() if value}, "criteria": criteria}
