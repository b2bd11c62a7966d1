"""A past answer explained: which cards it had, what each rule made of it, and what every criterion came out as."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, select

from app.journal.identity import call_of, card_of
from app.journal.keys import Keys
from app.journal.past import CALLS, PastCall, past_calls, reasonings
from app.journal.reasoning import Reasoning
from app.journal.record import CallValues, KeptSubject, hook_instance
from app.journal.tables import FeedbackRow, table

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
    given = _feedback(connection, call)
    told: Json = {**call._asdict(), "gaps": [_gap(gap) for gap in orjson.loads(call.gaps)]}
    return {
        **told,
        "intact": past.is_intact(keys),
        "subjects": [_subject(call.id, subject, known, names, given) for subject in past.subjects],
    }


def _feedback(connection: Connection, call: CallValues) -> dict[str, list[Json]]:
    """What was sent back on the cards of a call, in the order of time."""
    rows = table(FeedbackRow)
    columns = (rows.c.card, rows.c.outcome, rows.c.at, rows.c.reason, rows.c.commented, rows.c.suggestions)
    found: defaultdict[str, list[Json]] = defaultdict(list)
    mine = (rows.c.call == call.id) & (rows.c.client == call.client)
    for card, outcome, at, reason, commented, suggestions in connection.execute(
        select(*columns).where(mine).order_by(rows.c.at, rows.c.id)
    ):
        more = {"reason": reason, "commented": commented, "suggestions": suggestions}
        found[card].append({"outcome": outcome, "at": at, **{name: value for name, value in more.items() if value}})
    return found


def _gap(gap: Sequence[str | None]) -> Json:
    missing, rule = gap
    return {"missing": missing, "rule": rule} if rule else {"missing": missing}


def _subject(
    call: str, subject: KeptSubject, known: Mapping[str, Reasoning], names: Names, given: Mapping[str, list[Json]]
) -> Json:
    withheld = dict(subject.withheld or ())
    rules = [_rule(known.get(rule), dict(rests_on), names, withheld) for rule, rests_on in subject.rules]
    uuid = card_of(call, subject.place)
    card: Json = {"uuid": uuid, "indicator": subject.indicator, "rule": subject.rule}
    card |= {"feedback": given[uuid]} if uuid in given else {}
    told: Json = {"card": card} if subject.indicator else {}
    return {"about": names(subject.about or ""), "medicine": subject.medicine, **told, "rules": rules}


def _rule(
    reasoning: Reasoning | None, rests_on: Mapping[int, Sequence[str]], names: Names, withheld: Mapping[str, str]
) -> Json:
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
    said |= {"withheld": withheld[reasoning.rule]} if reasoning.rule in withheld else {}
    head = {"id": reasoning.rule, "version": reasoning.version, "outcome": reasoning.outcome}
    return {**head, **said, **{name: value for name, value in content.items() if value}, "criteria": criteria}
