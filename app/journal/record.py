"""A call → what is kept of it. Past this module there is no id, reference or word of a client's: only keyed hashes,
names out of the knowledge base, and figures about the answer itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from operator import attrgetter
from typing import NamedTuple

import orjson

from app.journal.identity import call_of, card_of
from app.journal.keys import Key
from app.journal.reasoning import Reasoning, Reasonings
from app.journal.subjects import Subject, advice_of, subjects_of
from app.journal.trail import Trail
from cds_hooks.cards import Card
from cds_hooks.requests import Request
from knowledge.outcome import Finding

_RESTS_ON = attrgetter("rests_on")
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


class Filed(NamedTuple):
    """A call with its id, and when it was answered."""

    id: str
    time: datetime
    call: Call


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


class SubjectValues(NamedTuple):
    """A row of `subject`."""

    id: str
    call_id: str
    about: str | None
    medicine: str
    rules: str
    rule: str | None
    indicator: str | None
    withheld: str | None

    @property
    def reasonings(self) -> list[str]:
        """The ids of the reasonings it names."""
        return [reasoning for reasoning, _ in orjson.loads(self.rules)]


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of one call. The checksum covers the call and its subjects; a reasoning checks itself."""

    call: CallValues
    subjects: Sequence[SubjectValues]
    checksum: str
    reasonings: Sequence[Reasoning] = ()

    def document(self) -> bytes:
        """All of it as JSON: what the spool holds."""
        return orjson.dumps([self.call, self.subjects, self.checksum, self.reasonings], default=tuple)


def read_document(document: bytes) -> Record:
    """A record back out of its document."""
    call, subjects, checksum, reasonings = orjson.loads(document)
    return Record(
        CallValues(*call),
        [SubjectValues(*values) for values in subjects],
        checksum,
        [Reasoning(*values) for values in reasonings],
    )


def checksum(call: CallValues, subjects: Sequence[SubjectValues], key: Key) -> str:
    """The checksum over the rows of a call, in the order of their ids."""
    return key.checksum(orjson.dumps((call, subjects), default=tuple))


class Recorder:
    """Makes records, all with one key."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._reasonings = Reasonings()

    def record(self, filed: Filed) -> Record:
        """What is kept of a call."""
        identity, time, call = filed
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
        rows: list[SubjectValues] = []
        reasonings: list[Reasoning] = []
        for place, subject in subjects_of(call.trail.judgements, call.cards):
            rules = []
            for item in subject.judgement.outcomes if subject.judgement else ():
                reasoning = self._reasonings.of(item)
                reasonings.append(reasoning)
                rules.append((reasoning.id, _rests_on(item.trace, hashed)))
            rows.append(_subject(card_of(identity, place), call, subject, rules, hashed))
        rows.sort()
        return Record(values, rows, checksum(values, rows, key), reasonings)


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
    told = {(gap.missing, gap.rule): None for gap in call.trail.gaps}
    for card in call.cards:
        for gap in advice_of(card).get("gaps", ()):
            told[gap["missing"], gap.get("rule")] = None
    return orjson.dumps(list(told)).decode() if told else "[]"


def _rests_on(trace: Sequence[Finding], hashed: Mapping[str, str]) -> Sequence[object]:
    if not any(map(_RESTS_ON, trace)):
        return ()
    return [
        (place, [hashed[reference] for reference in finding.rests_on])
        for place, finding in enumerate(trace)
        if finding.rests_on
    ]


def _subject(identity: str, call: Call, subject: Subject, rules: object, hashed: Mapping[str, str]) -> SubjectValues:
    card = None if subject.card is None else call.cards[subject.card]
    if subject.judgement:
        about, medicine = subject.judgement.reference, subject.judgement.about.medicine
    else:
        about, medicine = advice_of(card).get("about", "") if card else "", ""
    return SubjectValues(
        id=identity,
        call_id=call_of(identity),
        about=hashed[about] if about else None,
        medicine=medicine,
        rules=orjson.dumps(rules).decode(),
        rule=card.source.topic.code if card else None,
        indicator=card.indicator if card else None,
        withheld=None,
    )


@cache
def _wane() -> str:
    return version("wane")
