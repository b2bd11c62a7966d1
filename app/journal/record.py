"""A call → what is kept of it. Past this module there is no id, reference or word of a client's: only keyed hashes,
names out of the knowledge base, and figures about the answer itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

import orjson

from app.journal.keys import Key
from app.journal.reasoning import Reasoning, Reasonings
from app.journal.trail import Trail
from cds_hooks.cards import Card
from cds_hooks.requests import Request
from knowledge.outcome import Finding, Judgement

ADVICE = "org.wane.advice"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its answer, still with the ids it came with. `took_us`: microseconds from request to answer."""

    request: Request
    client: str
    language: str
    knowledge: str
    status: int
    took_us: int
    trail: Trail = field(default_factory=Trail)
    cards: Sequence[Card] = ()


class CallValues(NamedTuple):
    """A row of `call` but for its checksum: the columns in their order."""

    id: str
    time: str
    hook: str
    hook_instance: str
    client: str
    patient: str
    user: str | None
    key_id: str
    knowledge: str
    wane: str
    language: str
    status: int
    took_us: int
    gaps: str


class JudgementValues(NamedTuple):
    """A row of `judgement`."""

    call_id: str
    position: int
    about: str
    medicine: str
    rules: str

    @property
    def reasonings(self) -> list[str]:
        """The ids of the reasonings it names."""
        return [reasoning for reasoning, _ in orjson.loads(self.rules)]


class CardValues(NamedTuple):
    """A row of `card`."""

    uuid: str
    call_id: str
    position: int
    about: str | None
    rule: str
    indicator: str
    withheld: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of one call. The checksum covers the call, its judgements and its cards; a reasoning checks itself."""

    call: CallValues
    judgements: Sequence[JudgementValues]
    cards: Sequence[CardValues]
    checksum: str
    reasonings: Sequence[Reasoning] = ()

    def document(self) -> bytes:
        """All of it as JSON: what the spool holds."""
        return orjson.dumps([self.call, self.judgements, self.cards, self.checksum, self.reasonings], default=tuple)


def read_document(document: bytes) -> Record:
    """A record back out of its document."""
    call, judgements, cards, checksum, reasonings = orjson.loads(document)
    return Record(
        CallValues(*call),
        [JudgementValues(*values) for values in judgements],
        [CardValues(*values) for values in cards],
        checksum,
        [Reasoning(*values) for values in reasonings],
    )


def checksum(call: CallValues, judgements: Sequence[JudgementValues], cards: Sequence[CardValues], key: Key) -> str:
    """The checksum over the rows of a call, in the order of their positions."""
    return key.checksum(orjson.dumps((call, judgements, cards), default=tuple))


class Recorder:
    """Makes records, all with one key."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._reasonings = Reasonings()

    def record(self, call: Call, identity: str, time: datetime) -> Record:
        """What is kept of a call answered at `time`."""
        key, request, hashed = self._key, call.request, _Hashed(self._key)
        user_id = request.context.user_id
        values = CallValues(
            id=identity,
            time=written(time),
            hook=request.hook,
            hook_instance=hook_instance(request.hook_instance, key),
            client=call.client,
            patient=key.pseudonym("patient", request.context.patient_id),
            user=key.pseudonym("user", user_id) if user_id else None,
            key_id=key.id,
            knowledge=call.knowledge,
            wane=_wane(),
            language=call.language,
            status=call.status,
            took_us=call.took_us,
            gaps=_gaps(call),
        )
        judgements, reasonings = [], []
        for position, judgement in enumerate(call.trail.judgements):
            used = [self._reasonings.of(item) for item in judgement.outcomes]
            rules = [
                (reasoning.id, _rests_on(item.trace, hashed))
                for reasoning, item in zip(used, judgement.outcomes, strict=True)
            ]
            judgements.append(_judgement(identity, position, judgement, rules, hashed))
            reasonings += used
        cards = [_card(identity, position, card, hashed) for position, card in enumerate(call.cards)]
        return Record(values, judgements, cards, checksum(values, judgements, cards, key), reasonings)


def written(time: datetime) -> str:
    """A moment as it stands in the tables."""
    utc = time if time.tzinfo is UTC else time.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:26]}Z"


def hook_instance(sent: str, key: Key) -> str:
    """The hookInstance as it is kept: a UUID as such, anything else as a keyed hash, since it may say anything."""
    return sent.lower() if _UUID.fullmatch(sent) else key.pseudonym("hookInstance", sent)


class _Hashed(dict[str, str]):
    """References → keyed hashes, each worked out once per call."""

    def __init__(self, key: Key) -> None:
        super().__init__()
        self._key = key

    def __missing__(self, reference: str) -> str:
        made = self[reference] = self._key.pseudonym("reference", reference)
        return made


def _gaps(call: Call) -> str:
    told = dict.fromkeys((gap.missing, gap.rule) for gap in call.trail.gaps)
    for card in call.cards:
        told |= dict.fromkeys((gap["missing"], gap.get("rule")) for gap in _advice(card).get("gaps", ()))
    return orjson.dumps(list(told)).decode() if told else "[]"


def _rests_on(trace: Sequence[Finding], hashed: Mapping[str, str]) -> list[object]:
    return [
        (place, [hashed[reference] for reference in finding.rests_on])
        for place, finding in enumerate(trace)
        if finding.rests_on
    ]


def _judgement(
    call_id: str, position: int, judgement: Judgement, rules: object, hashed: Mapping[str, str]
) -> JudgementValues:
    about = hashed[judgement.reference]
    return JudgementValues(call_id, position, about, judgement.about.medicine, orjson.dumps(rules).decode())


def _card(call_id: str, position: int, card: Card, hashed: Mapping[str, str]) -> CardValues:
    about = _advice(card).get("about")
    return CardValues(
        uuid=card.uuid,
        call_id=call_id,
        position=position,
        about=hashed[about] if about else None,
        rule=card.source.topic.code,
        indicator=card.indicator,
        withheld=None,
    )


def _advice(card: Card) -> Mapping[str, Any]:
    told = card.extension.get(ADVICE)
    return told if isinstance(told, Mapping) else {}


@cache
def _wane() -> str:
    return version("wane")
