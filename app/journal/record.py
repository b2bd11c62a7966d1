"""A call → what is kept of it. Past this module there is no id, reference or word of a client's: only keyed hashes,
names out of the knowledge base, and figures about the answer itself."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

import orjson

from app.feedback.grounds import Grounds, grounds_of
from app.holding import Held
from app.journal.identity import number_of
from app.journal.keys import Key
from app.journal.reasoning import Reasoning, Reasonings
from app.journal.subjects import Subject, advice_of, subjects_of
from app.journal.trail import Trail
from cds_hooks.cards import Card
from knowledge.outcome import Advise, Judgement

_TIME = len("2026-11-21T08:30:00.000000Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """What a record is made of: one call and its answer, still with the ids it came with, and without its body. `took_us`:
    microseconds from request to answer."""

    hook: str
    hook_instance: str
    patient_id: str
    user_id: str | None
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


RestsOn = Sequence[tuple[int, Sequence[str]]]


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
    subjects: str


class KeptSubject(NamedTuple):
    """One order or use that was judged, and the card on it if there is one.

    `place` is that among the ids of its call (see `card_of`): with a card its uuid, `rule` leads it, and `grounds` is what
    it was given on. `withheld` are pairs [rule, why]: "shadow", or the override reason. `about` is a keyed hash of the
    reference. `rules` are pairs [reasoning, rests_on]: `rests_on` has for each criterion that rests on something [its place
    in the reasoning, keyed hashes of the references]. `medicine` is empty, and no rules are there, where an order could not
    be judged and its card says so.
    """

    place: int
    about: str | None
    medicine: str
    rule: str | None
    indicator: str | None
    withheld: Sequence[tuple[str, str]] | None
    rules: Sequence[tuple[str, RestsOn]]
    grounds: Grounds | None = None


def subjects_in(column: str) -> list[KeptSubject]:
    """What was judged, out of the column `subjects`. Raises ValueError or TypeError where somebody has spoilt it."""
    subjects = [KeptSubject(*values) for values in orjson.loads(column)]
    return [each._replace(grounds=Grounds(*each.grounds)) if each.grounds else each for each in subjects]


class Record(NamedTuple):
    """The row of one call. The checksum covers it; a reasoning checks itself."""

    call: CallValues
    checksum: str
    reasonings: Sequence[Reasoning] = ()

    @property
    def number(self) -> int:
        """Which of its process's calls this is."""
        return number_of(self.call.id)

    def document(self) -> bytes:
        """All of it as JSON: what the spool holds."""
        return orjson.dumps([self.call, self.checksum, self.reasonings], default=tuple)


def checksum(call: CallValues, key: Key) -> str:
    """The checksum over the row of a call."""
    return key.checksum(orjson.dumps(call, default=tuple))


class Recorder:
    """Makes records, all with one key."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self._reasonings = Reasonings()

    def record(self, filed: Filed) -> Record:
        """What is kept of a call."""
        identity, time, call = filed
        key, hashed = self.key, _Hashed()
        hashed.key = key
        subjects: list[KeptSubject] = []
        reasonings: list[Reasoning] = []
        for place, subject in subjects_of(call.trail.judgements, call.cards):
            outcomes = subject.judgement.outcomes if subject.judgement else ()
            found = self._reasonings.of(outcomes)
            reasonings += found
            rules = [
                (reasoning.id, _rests_on(item.rests_on, hashed) if item.rests_on else ())
                for reasoning, item in zip(found, outcomes, strict=True)
            ]
            subjects.append(_kept(place, call, subject, rules, hashed))
        values = CallValues(
            id=identity,
            time=written(time),
            hook=call.hook,
            hook_instance=hook_instance(call.hook_instance, key),
            client=call.client,
            patient=key.pseudonym("patient", call.patient_id),
            user=key.pseudonym("user", call.user_id) if call.user_id else None,
            key_id=key.id,
            knowledge=call.knowledge,
            wane=_wane(),
            language=call.language,
            status=call.status,
            took_us=call.took_us,
            gaps=_gaps(call),
            subjects=orjson.dumps(subjects, default=tuple).decode() if subjects else "[]",
        )
        return Record(values, checksum(values, key), reasonings)


def written(time: datetime) -> str:
    """A moment as it stands in the tables."""
    utc = time if time.tzinfo is UTC else time.astimezone(UTC)
    text = orjson.dumps(utc, option=orjson.OPT_UTC_Z)[1:-1].decode()
    return text if len(text) == _TIME else f"{text[:-1]}.000000Z"  # it leaves out microseconds that are none


def hook_instance(sent: str, key: Key) -> str:
    """The hookInstance as it is kept: a UUID as such, anything else as a keyed hash, since it may say anything."""
    return uuid_or_hash("hookInstance", sent, key)


def uuid_or_hash(kind: str, sent: str, key: Key) -> str:
    """A UUID in lower case; anything else that a client sent in its place as a keyed hash."""
    return sent.lower() if _UUID.fullmatch(sent) else key.pseudonym(kind, sent)


class _Hashed(dict[str, str]):
    """References → keyed hashes, each worked out once per call: several criteria rest on the same."""

    __slots__ = ("key",)
    key: Key

    def __missing__(self, reference: str) -> str:
        made = self[reference] = self.key.pseudonym("reference", reference)
        return made


def _gaps(call: Call) -> str:
    told: dict[tuple[str, str | None], None] = {}
    for gap in call.trail.gaps:
        told[gap.missing, gap.rule] = None
    for card in call.cards:
        for each in advice_of(card).get("gaps", ()):
            told[each["missing"], each.get("rule")] = None
    return orjson.dumps([*told]).decode() if told else "[]"


def _rests_on(places: Iterable[tuple[int, tuple[str, ...]]], hashed: Mapping[str, str]) -> RestsOn:
    return [(place, [hashed[reference] for reference in references]) for place, references in places]


def _kept(
    place: int,
    call: Call,
    subject: Subject,
    rules: Sequence[tuple[str, RestsOn]],
    hashed: Mapping[str, str],
) -> KeptSubject:
    card = None if subject.card is None else call.cards[subject.card]
    advice, judgement, facts = advice_of(card) if card else {}, subject.judgement, call.trail.facts
    spoken = [rule["id"] for rule in advice.get("rules", ())]
    about = judgement.reference if judgement else advice.get("about", "")
    return KeptSubject(
        place,
        hashed[about] if about else None,
        judgement.about.medicine if judgement else "",
        card.source.topic.code if card else None,
        card.indicator if card else None,
        _withheld(judgement, call.trail.held) if judgement and call.trail.held else None,
        rules,
        grounds_of(judgement, facts, spoken) if judgement and facts and spoken else None,
    )


def _withheld(judgement: Judgement, held: Held) -> list[tuple[str, str]] | None:
    """The rules that advised and were not shown, each with why."""
    advised = [item.rule for item in judgement.outcomes if isinstance(item.outcome, Advise)]
    found = [(rule, held[judgement.reference, rule]) for rule in advised if (judgement.reference, rule) in held]
    return found or None


@cache
def _wane() -> str:
    return version("wane")
