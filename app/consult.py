"""The whole story of one call, in one function."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.intake.orders import Ordered, read_orders
from app.intake.record import Record, read_record
from app.journal.trail import Trail
from app.limits.deadline import in_time
from app.render.cards import ADVICE, Desk, advice_extension, cards_for
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: the cards, and what programs read beside them."""

    cards: tuple[Card, ...]
    extension: dict[str, object]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the answer, and where its links lead."""

    language: str
    public_url: str
    explain: bool = False


def consult(request: Request, library: Library, today: date, reader: Reader, trail: Trail | None = None) -> Answer:
    """Answer one hook call: what is ordered → what must be known for it → the patient's facts → advice → cards.

    `trail` is told what was judged, also where the call is then refused.
    Raises DataNotTold (412) where nothing can be advised because a list a rule needs was not told, and TookTooLong
    (503) where the time for a request is over.
    """
    trail = trail or Trail()
    prefetch = Prefetch(request.prefetch)
    ordered = _ordered(request, prefetch, library)
    trail.gaps = ordered.gaps
    scope = scope_of(library, request.hook, ordered.medicines, ordered.asked_examinations)
    desk = Desk(library, reader.language, reader.public_url, request.context.patient_id, ordered)
    if not scope.rules:
        return _out_of_scope(ordered, desk)
    record = read_record(request.context.patient_id, prefetch.resources, prefetch.told, ordered, library, today)
    advice = advise(library, request.hook, record.facts, ordered.selected, in_time)
    trail.judgements, trail.gaps = advice.judgements, record.facts.gaps
    if not record.unchecked and not _speaks(advice):
        prefetch.refuse_without(_missing(request.hook, advice, scope, library))
    cards = cards_for(advice.judgements, record, desk)
    return Answer(tuple(cards), _extension(advice, record, desk, cards, reader))


def _ordered(request: Request, prefetch: Prefetch, library: Library) -> Ordered:
    name = HOOKS[request.hook].orders
    beside = [resource for _, resource in prefetch.resources]
    return read_orders(
        request.context.orders or {}, request.context.selections, f"context.{name}", library, beside=beside
    )


def _speaks(advice: Advice) -> bool:
    return any(isinstance(item.outcome, Advise | Crashed) for judged in advice.judgements for item in judged.outcomes)


def _missing(hook: str, advice: Advice, scope: Scope, library: Library) -> Iterable[str]:
    """The lists whose absence left a rule unable to tell, if the rule needs them; where uses are judged, one may be
    among those not told."""
    for judged in advice.judgements:
        for item in judged.outcomes:
            if isinstance(item.outcome, CannotTell) and library.by_id[item.rule].needed:
                yield from item.outcome.missing
    if hook not in ORDER_HOOKS and "medications" in scope.lists:
        yield "medications"


def _out_of_scope(ordered: Ordered, desk: Desk) -> Answer:
    """No rule speaks of any of these orders. An order whose medicine could not be read is still named."""
    told = advice_extension(None, [], ordered.gaps, desk)
    return Answer((), {ADVICE: told} if "gaps" in told else {})


def _extension(advice: Advice, record: Record, desk: Desk, cards: list[Card], reader: Reader) -> dict[str, object]:
    """Gaps that no card carries, and the explanation if it was asked for."""
    gaps = [
        Gap(missing, judged.reference, item.rule)
        for judged in advice.judgements
        for item in judged.outcomes
        if isinstance(item.outcome, CannotTell)
        for missing in item.outcome.missing
    ]
    if not cards:
        gaps = [*record.facts.gaps, *gaps]
    told = advice_extension(None, [], dict.fromkeys(gaps), desk)
    extension: dict[str, object] = {ADVICE: told} if "gaps" in told else {}
    return {**extension, EXPLAIN: explain(advice, record)} if reader.explain else extension
