"""What is noted of a call while it is answered: counts, and names out of Wane's own knowledge. Never a value."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from app.consult import Answer
from app.errors import DataNotTold, Unauthorized
from app.holding import SHADOW
from app.journal.trail import Trail
from app.render.cards import ADVICE
from knowledge.outcome import Advise

NOT_CHECKED = "not-checked"


@dataclass(slots=True)
class Call:
    """One call. `cards` are (leading rule, indicator, what it says), `gaps` the names of what was not told."""

    bytes: int = 0
    client: str | None = None  # its name in the site folder
    refused: str | None = None  # why it was not believed to be one
    fault: str | None = None
    cards: list[tuple[str, str, str]] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # rules that failed
    withheld: list[str] = field(default_factory=list)  # rules whose advice was not shown again after an override
    shadow: list[str] = field(default_factory=list)  # rules that advised, and are not shown to this client
    fetched: dict[str, str] = field(default_factory=dict)  # prefetch keys, and what came of each
    lookups_failed: int = 0  # of earlier overrides
    feedback: list[tuple[str, str]] = field(default_factory=list)  # outcomes, each with its reason


_current: ContextVar[Call | None] = ContextVar("call", default=None)


def begin() -> Call:
    """A new call, which the rest of this task notes into."""
    call = Call()
    _current.set(call)
    return call


def note_answer(answer: Answer) -> None:
    """Note the cards of an answer, the rules that speak on them, and every gap."""
    call = _current.get()
    if call is None:
        return
    _note_gaps(call, answer.extension.get(ADVICE))
    for card in answer.cards:
        advice = _mapping(card.extension.get(ADVICE))
        spoken = [_mapping(rule) for rule in _list(advice.get("rules"))]
        says = str(spoken[0]["say"]) if spoken else NOT_CHECKED
        call.cards.append((card.source.topic.code, card.indicator, says))
        call.rules += [str(rule["id"]) for rule in spoken]
        _note_gaps(call, advice)


def note_trail(trail: Trail) -> None:
    """Note what was fetched, and the rules whose advice was held back: in shadow, or after an override."""
    call = _current.get()
    if call is None:
        return
    call.fetched = dict(trail.fetched)
    for judgement in trail.judgements:
        for item in judgement.outcomes:
            why = trail.held.get((judgement.reference, item.rule))
            if why and isinstance(item.outcome, Advise):
                (call.shadow if why == SHADOW else call.withheld).append(item.rule)


def note_missing(names: Iterable[str]) -> None:
    """Note the lists without which a patient of a Bundle could not be judged."""
    call = _current.get()
    if call is not None:
        call.gaps += names


def note_lookup_failed() -> None:
    """Note that nobody could tell whether advice was overridden before: it is shown."""
    call = _current.get()
    if call is not None:
        call.lookups_failed += 1


def note_feedback(given: Iterable[tuple[str, str]]) -> None:
    """Note what clinicians did with cards: accepted or overridden, and for which reason."""
    call = _current.get()
    if call is not None:
        call.feedback += given


def note_fault(error: Exception) -> None:
    """Note why a call got no 200, and what was missing if it was that."""
    call = _current.get()
    if call is None:
        return
    call.fault = type(error).__name__
    if isinstance(error, Unauthorized):
        call.refused = error.why
    if isinstance(error, DataNotTold):
        call.gaps += [issue.expression.rpartition(".")[2] for issue in error.issues if issue.expression]


def note_client(name: str) -> None:
    """Note which registered client calls."""
    call = _current.get()
    if call is not None:
        call.client = name


def note_size(size: int) -> None:
    """Note how many bytes of body have arrived."""
    call = _current.get()
    if call is not None:
        call.bytes = size


def _note_gaps(call: Call, advice: object) -> None:
    for gap in map(_mapping, _list(_mapping(advice).get("gaps"))):
        call.gaps.append(str(gap.get("missing")))
        if gap.get("missing") == "rule-failed" and gap.get("rule"):
            call.failed.append(str(gap["rule"]))


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
