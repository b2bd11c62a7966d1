"""The whole story of one call, in one function."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.holding import Sorted, sort_out
from app.intake.orders import Ordered, read_orders
from app.intake.record import Record, read_record
from app.intake.whose import Whose
from app.journal.trail import Trail
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves: the cards, and what programs read beside them."""

    cards: tuple[Card, ...]
    extension: dict[str, object]


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


def consult(request: Request, library: Library, today: date, reader: Reader, trail: Trail | None = None) -> Answer:
    """Answer one hook call: what is ordered → what must be known for it → the patient's facts → advice → cards.

    What the scope asks for was fetched before (see `app.ehr`). `trail` is told what was judged, also where the call is
    then refused.
    Raises DataNotTold (412) where nothing can be advised because a list a rule needs was not told, and TookTooLong
    (503) where the time for a request is over.
    """
    trail = trail or Trail()
    prefetch = Prefetch(request.prefetch, trail.fetched)
    ordered, scope = scoped(request, prefetch, library)
    question = Question(request.hook, request.context.patient_id, ordered, scope, prefetch)
    return answer_for(question, library, today, reader, trail)


def answer_for(question: Question, library: Library, today: date, reader: Reader, trail: Trail) -> Answer:
    """The same for a question from any entrance: a hook call, or one patient of a Bundle. Raises what `consult` raises."""
    ordered, scope, prefetch = question.ordered, question.scope, question.prefetch
    trail.gaps = ordered.gaps
    desk = Desk(library, reader.language, reader.public_url, question.patient_id, ordered)
    if reader.off.issuperset(scope.rules):
        return _out_of_scope(ordered, desk)
    record = read_record(
        question.patient_id, prefetch.resources, prefetch.told, ordered, library, today, question.whose
    )
    record = _at_home(record, reader.country)
    judged = advise(library, question.hook, record.facts, ordered.selected, in_time)
    found = sort_out(judged, reader.off, reader.shadow, {})
    trail.judgements, trail.gaps, trail.held = found.counted.judgements, record.facts.gaps, found.held
    missing = (
        () if record.unchecked or _speaks(found.shown) else _missing(question.hook, found.shown, scope, library, reader)
    )
    lacking = prefetch.not_whole(missing)
    if lacking and not reader.missing_as_card:
        raise prefetch.refusal(lacking)
    cards = cards_for(found.shown.judgements, record, desk)
    if lacking:
        cards.append(card_of_what_is_missing(lacking, scope.rules, desk))
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


def _speaks(advice: Advice) -> bool:
    return any(isinstance(item.outcome, Advise | Crashed) for judged in advice.judgements for item in judged.outcomes)


def _missing(hook: str, advice: Advice, scope: Scope, library: Library, reader: Reader) -> Iterable[str]:
    """The lists whose absence left a rule unable to tell, if the rule needs them; where uses are judged, one may be
    among those not told. What a rule lacks that would not be shown is lacking to nobody."""
    for judged in advice.judgements:
        for item in judged.outcomes:
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
        Gap(missing, judged.reference, item.rule)
        for judged in found.shown.judgements
        for item in judged.outcomes
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
