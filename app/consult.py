"""The whole story of one call, in one function."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.holding import Sorted, held_back, may_be_held, sort_out
from app.intake.orders import Ordered, read_orders
from app.intake.record import Record, read_record
from app.intake.whose import Whose
from app.journal.trail import Trail
from app.limits.apart import apart
from app.limits.deadline import in_time
from app.render.cards import ADVICE, Desk, advice_extension, card_of_what_is_missing, cards_for
from app.render.explain import EXPLAIN, explain
from app.told import Prefetch
from cds_hooks.cards import Card
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import Request
from knowledge.advise import Advice, advise
from knowledge.facts import Gap
from knowledge.library import Library
from knowledge.outcome import Advise, CannotTell, Crashed
from knowledge.rule import ORDER_HOOKS
from knowledge.scope import Scope, scope_of
from knowledge.withholding import Overridden


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: the cards, and what programs read beside them. The cards get their uuids when they are recorded."""

    cards: tuple[Card, ...]
    extension: dict[str, object]
    uuids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the answer, where its links lead, and what was agreed on: see `Terms`."""

    language: str
    public_url: str
    explain: bool = False
    country: str | None = None
    missing_as_card: bool = False
    off: frozenset[str] = frozenset()
    shadow: frozenset[str] = frozenset()
    taper: str = "steps"


@dataclass(frozen=True, slots=True)
class Question:
    """One patient's, read: what is ordered, what must be known for it, and what was told. `whose` tells resources of this
    patient from others'; None: by comparing with `patient_id`."""

    hook: str
    patient_id: str
    ordered: Ordered
    scope: Scope
    prefetch: Prefetch
    whose: Whose | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """The patient's record, and the advice on it."""

    record: Record
    advice: Advice


Overrides = Callable[[], Awaitable[Sequence[Overridden]]]


async def none_overridden() -> Sequence[Overridden]:
    """For whoever answers without a journal."""
    return ()


async def consult(
    request: Request,
    library: Library,
    today: date,
    reader: Reader,
    trail: Trail | None = None,
    overrides: Overrides = none_overridden,
) -> Answer:
    """Answer one hook call: what is ordered → what must be known for it → the patient's facts → advice → what of it the same
    user overrode before → cards.

    What the scope asks for was fetched before (see `app.ehr`). `trail` is told what was judged, also where the call is
    then refused. `overrides` is asked only where there is advice that an override may hold back.
    Raises DataNotTold (412) where nothing can be advised because a list a rule needs was not told, and TookTooLong
    (503) where the time for a request is over.
    """
    trail = trail or Trail()
    prefetch = Prefetch(request.prefetch, trail.fetched)
    question = await apart(lambda: asked(request, prefetch, library))
    judged = await apart(lambda: judge(question, library, today, reader, trail))
    may_be_overridden = judged and may_be_held(judged.advice, library, reader.off | reader.shadow)
    past = await overrides() if may_be_overridden else ()
    return await apart(lambda: answer(question, judged, past, library, reader, trail))


def answer_for(question: Question, library: Library, today: date, reader: Reader, trail: Trail) -> Answer:
    """The same for a question that no user asks, such as one patient of a Bundle. Raises what `consult` raises."""
    return answer(question, judge(question, library, today, reader, trail), (), library, reader, trail)


def asked(request: Request, prefetch: Prefetch, library: Library) -> Question:
    """What a hook call asks."""
    ordered, scope = scoped(request, prefetch, library)
    return Question(request.hook, request.context.patient_id, ordered, scope, prefetch)


def judge(question: Question, library: Library, today: date, reader: Reader, trail: Trail) -> Judged | None:
    """Read what was told of the patient and judge it; None where no rule speaks of any of these orders."""
    ordered, prefetch = question.ordered, question.prefetch
    trail.gaps = ordered.gaps
    if reader.off.issuperset(question.scope.rules):
        return None
    record = read_record(
        question.patient_id, prefetch.resources, prefetch.told, ordered, library, today, question.whose
    )
    record = _at_home(record, reader.country)
    trail.facts, trail.gaps = record.facts, record.facts.gaps
    return Judged(record, advise(library, question.hook, record.facts, ordered.selected, in_time))


def answer(
    question: Question,
    judged: Judged | None,
    past: Sequence[Overridden],
    library: Library,
    reader: Reader,
    trail: Trail,
) -> Answer:
    """The cards, without what these overrides hold back. Raises DataNotTold and TookTooLong as `consult` does."""
    desk = Desk(library, reader.language, reader.public_url, question.patient_id, question.ordered, reader.taper)
    if judged is None:
        return _out_of_scope(question.ordered, desk)
    record, rules = judged.record, question.scope.rules
    overridden = held_back(judged.advice, record.facts, past, library)
    found = sort_out(judged.advice, reader.off, reader.shadow, overridden)
    trail.judgements, trail.held = found.counted.judgements, found.held
    told = record.unchecked or _speaks(found)
    missing = () if told else _missing(question.hook, found.shown, question.scope, library, reader)
    lacking = question.prefetch.not_whole(missing)
    if lacking and not reader.missing_as_card:
        raise question.prefetch.refusal(lacking)
    cards = cards_for(found.shown.judgements, record, desk)
    if lacking:
        cards.append(card_of_what_is_missing(lacking, rules, desk))
    return Answer(tuple(cards), _extension(found, record, desk, cards, reader, trail))


def scoped(request: Request, prefetch: Prefetch, library: Library) -> tuple[Ordered, Scope]:
    """What is ordered, and what must be known for it."""
    name = HOOKS[request.hook].orders
    beside = [resource for _, resource in prefetch.resources]
    ordered = read_orders(
        request.context.orders or {}, request.context.selections, f"context.{name}", library, beside=beside
    )
    return ordered, scope_of(library, request.hook, ordered.medicines, ordered.asked_examinations)


def _at_home(record: Record, country: str | None) -> Record:
    """The record, with the client's country where the patient's own tells none."""
    if country is None or record.facts.patient.country is not None:
        return record
    return replace(record, facts=replace(record.facts, patient=replace(record.facts.patient, country=country)))


def _speaks(found: Sorted) -> bool:
    """Whether anything is advised, be it held back because its reader overrode it."""
    outcomes = (item.outcome for each in found.shown.judgements for item in each.outcomes)
    return found.is_withheld or any(isinstance(outcome, Advise | Crashed) for outcome in outcomes)


def _missing(hook: str, advice: Advice, scope: Scope, library: Library, reader: Reader) -> Iterable[str]:
    """The lists whose absence left a rule unable to tell, if the rule needs them; where uses are judged, one may be
    among those not told. What a rule lacks that would not be shown is lacking to nobody."""
    for judgement in advice.judgements:
        for item in judgement.outcomes:
            if isinstance(item.outcome, CannotTell) and library.by_id[item.rule].needed:
                yield from item.outcome.missing
    shown = set(scope.rules) - reader.off - reader.shadow
    if hook not in ORDER_HOOKS and "medications" in scope.lists and shown:
        yield "medications"


def _out_of_scope(ordered: Ordered, desk: Desk) -> Answer:
    """No rule speaks of any of these orders. An order whose medicine could not be read is still named."""
    told = advice_extension(None, [], ordered.gaps, desk)
    return Answer((), {ADVICE: told} if "gaps" in told else {})


def _extension(
    found: Sorted, record: Record, desk: Desk, cards: list[Card], reader: Reader, trail: Trail
) -> dict[str, object]:
    """Gaps that no card carries, and the explanation if it was asked for."""
    gaps = [
        Gap(missing, judgement.reference, item.rule)
        for judgement in found.shown.judgements
        for item in judgement.outcomes
        if isinstance(item.outcome, CannotTell)
        for missing in item.outcome.missing
    ]
    if not cards:
        gaps = [*record.facts.gaps, *gaps]
    told = advice_extension(None, [], dict.fromkeys(gaps), desk)
    extension: dict[str, object] = {ADVICE: told} if "gaps" in told else {}
    if not reader.explain:
        return extension
    return {**extension, EXPLAIN: explain(found.counted, record, found.held, trail.fetched)}
