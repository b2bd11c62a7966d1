"""A Bundle judged: who its patients are, what is ordered and known of each, and the same advice a hook call would get."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.bundles.accounting import account_for
from app.bundles.entries import Found
from app.bundles.entry import Entry
from app.bundles.judged import Judged
from app.bundles.options import ORDERS, REVIEW, Options
from app.bundles.people import People, Person
from app.bundles.present import Present
from app.bundles.reach import Index, Linked, Reach
from app.bundles.searches import Search
from app.consult import Question, Reader, answer_for
from app.errors import BrokenJson, DataNotTold, Issue, Unavailable
from app.intake import draft_entries
from app.intake.draft_entries import GROUPS, MEDICINE_REQUESTS, REQUESTS, contained_requests
from app.intake.elements import Json, code_of, named
from app.intake.lists import LIST_OF, list_it_looks_like
from app.intake.orders import Ordered, orders_among
from app.intake.record import Located
from app.limits.deadline import in_time
from knowledge.library import Library
from knowledge.scope import scope_of

# Every status of a request of a medicine in DSTU2, STU3, R4 and R5.
STATES = frozenset(
    ("draft", "active", "on-hold", "cancelled", "completed", "ended", "stopped", "entered-in-error", "unknown")
)
HOOK_OF = {ORDERS: "order-sign", REVIEW: "patient-view"}
log = logging.getLogger(__name__)


def judge_bundle(
    found: Found, options: Options, library: Library, today: date, reader: Reader
) -> tuple[list[Judged], Mapping[Entry, str]]:
    """Every patient of the Bundle judged, and the entries that could not be read, each with the reason. What became of each
    entry stands in it.

    Raises BrokenJson (400) where an order is named that is not there, and TookTooLong (503) where the time for a request is
    over. A patient whose judging fails costs that patient only.
    """
    _refuse_missing_orders(found, options)
    relevant = [entry for entry in found.entries if entry.resource is not None and _is_relevant(entry.resource)]
    people = People(found.entries)
    people.place(relevant)
    index = Index(found.entries)
    judged = [
        _judge(person, Reach(index, people, person), found.searches, options, library, today, reader)
        for person in people.all
    ]
    return judged, account_for(found, people, judged)


def _refuse_missing_orders(found: Found, options: Options) -> None:
    """Something else would be judged than what was asked."""
    if options.orders - {name for entry in found.entries for name in (entry.url, named(entry.resource or {}))}:
        text = "An order that `order` names is not in the Bundle. Name it by its fullUrl, or as Type/id."
        raise BrokenJson(Issue("not-found", text, "order"))


def _is_relevant(resource: Json) -> bool:
    """Whether a fact or an order may come of it. A Patient is known already."""
    kind = resource["resourceType"]
    if kind in LIST_OF:
        return kind != "Patient"
    if kind in GROUPS:
        return code_of(resource.get("status")) == "draft"
    return kind in REQUESTS or list_it_looks_like(resource) is not None


def _judge(
    person: Person,
    reach: Reach,
    searches: Iterable[Search],
    options: Options,
    library: Library,
    today: date,
    reader: Reader,
) -> Judged:
    in_time()
    drafts = [entry for entry in person.entries if _is_draft(entry, options)]
    judge = options.judge or (ORDERS if drafts else REVIEW)
    if judge == REVIEW:
        drafts, ordered = [], Ordered(included=reach)
    else:
        ordered = _ordered(drafts, options, reach, library)
    hook, beside = HOOK_OF[judge], frozenset(drafts)
    present = Present(_resources(person, beside), person.id, searches, options.complete)
    scope = scope_of(library, hook, ordered.medicines, ordered.asked_examinations)
    judged = Judged(
        person,
        hook,
        today,
        drafts=beside,
        by_name=_by_name(person, ordered),
        asked=len(ordered.selected),
        read=not reader.off.issuperset(scope.rules),
        unclear=_unclear(person, options),
    )
    question = Question(hook, person.id, ordered, scope, present, Linked(person.id, reach))
    try:
        judged.answer = answer_for(question, library, today, reader, judged.trail)
    except DataNotTold as refusal:
        judged.refusal = refusal
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one patient's record must not take the others with it
        log.error("patient of a bundle not judged", extra={"error": type(error).__name__})
    return judged


def _resources(person: Person, drafts: frozenset[Entry]) -> list[Located]:
    """What is known of the patient; the drafts are not."""
    known = [(entry.place, entry.resource) for entry in person.entries if entry.resource and entry not in drafts]
    if person.resource is not None:
        known.insert(0, (person.entry.place if person.entry else "contained", person.resource))
    return known


def _is_draft(entry: Entry, options: Options) -> bool:
    """Whether it is an order to be judged: one being written, or one the caller names."""
    resource = entry.resource or {}
    if resource.get("resourceType") not in (*REQUESTS, *GROUPS):
        return False
    return code_of(resource.get("status")) == "draft" or _is_named(entry, options)


def _unclear(person: Person, options: Options) -> list[Entry]:
    """Requests of medicines that may be orders being written or not: their status is missing, or no word of FHIR."""
    if options.orders or options.judge == REVIEW:
        return []
    requests = [entry for entry in person.entries if (entry.resource or {}).get("resourceType") in MEDICINE_REQUESTS]
    return [entry for entry in requests if code_of((entry.resource or {}).get("status")) not in STATES]


def _is_named(entry: Entry, options: Options) -> bool:
    names = {entry.url, named(entry.resource or {})} - {""}
    return not options.orders.isdisjoint(names)


def _ordered(drafts: Sequence[Entry], options: Options, reach: Reach, library: Library) -> Ordered:
    entries: list[draft_entries.Entry] = []
    asked: set[int] = set()
    for draft in drafts:
        here, first = draft.resource or {}, len(entries)
        entries.append(draft_entries.Entry(draft.place, draft.url, here))
        if here.get("resourceType") in GROUPS:
            entries.extend(contained_requests(here, draft.place, (first,)))
        if not options.orders or _is_named(draft, options):
            asked.update(range(first, len(entries)))
    return orders_among(entries, frozenset(asked), reach, library)


def _by_name(person: Person, ordered: Ordered) -> dict[str, Entry]:
    entries = person.entries + ([person.entry] if person.entry else [])
    found = {name: entry for entry in entries for name in (entry.place, named(entry.resource or {})) if name}
    drafts = [(draft.reference, draft.path) for draft in ordered.drafts]
    drafts += [(draft.reference, draft.path) for draft in ordered.examinations]
    holders = [(reference, path.partition(".contained[")[0]) for reference, path in drafts]
    return found | {reference: found[holder] for reference, holder in holders if holder in found}
