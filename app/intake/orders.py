"""What is being ordered: the drafts of a call, each with its medicine or examination, and what each does to the present
use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.intake.draft_entries import MEDICINE_REQUESTS, Entry, entries_of, selected_among
from app.intake.drafts_together import together, with_rest
from app.intake.elements import Json, element, named, reference_of, text
from app.intake.examination import EXAMINATION_ORDERS, ExaminationDraft, examinations_of
from app.intake.included import Included
from app.intake.medicine import Recognised, read_medicine
from app.intake.prescription import Prescription
from app.intake.steps import go_down
from app.intake.stops import left_by
from knowledge.duration import continuous
from knowledge.facts import Change, DailyDose, Dosage, Gap, Order, Period, Told, Use
from knowledge.library import Library

_UNREAD = ("MedicationPrescription",)  # DSTU1
_NO_ORDER = ("entered-in-error",)
_MOST_TOGETHER = 12  # drafts of one medicine in one call; more are no order anybody signs


@dataclass(frozen=True, slots=True)
class Draft:
    """One MedicationRequest being written. `original` is the JSON as it came, carried along for the way back."""

    reference: str
    path: str
    original: Json
    recognised: Recognised
    selected: bool
    inside: bool = False  # another Bundle or a group of requests: it cannot be changed or deleted by itself


@dataclass(frozen=True, slots=True)
class Ordered:
    """The drafts of a call, what they may refer to, and what could not be read."""

    drafts: tuple[Draft, ...] = ()
    included: Included = field(default_factory=Included)
    gaps: tuple[Gap, ...] = ()
    examinations: tuple[ExaminationDraft, ...] = ()

    @property
    def medicines(self) -> frozenset[str]:
        """The medicines Wane knows among the drafts it is asked about."""
        return frozenset(d.recognised.medicine for d in self.drafts if d.selected and d.recognised.medicine)

    @property
    def selected(self) -> frozenset[str]:
        """The references of the drafts Wane is asked about; the others are background."""
        return frozenset(item.reference for item in self._all if item.selected)

    @property
    def asked_examinations(self) -> frozenset[str]:
        """The lists of the examinations Wane is asked about."""
        return frozenset(name for item in self.examinations if item.selected for name in item.lists)

    def is_new(self, reference: str) -> bool:
        """Whether this is an order of the call: nothing of that name need be on the server yet."""
        return any(item.reference == reference for item in self._all)

    @property
    def _all(self) -> tuple[Draft | ExaminationDraft, ...]:
        return (*self.drafts, *self.examinations)

    def draft(self, reference: str) -> Draft | None:
        """The draft of this reference."""
        return next((draft for draft in self.drafts if draft.reference == reference), None)


def read_orders(
    bundle: Json, selections: frozenset[str] | None, path: str, library: Library, beside: Iterable[Json] = ()
) -> Ordered:
    """Read the drafts of a call. `selections` None: all of them are what the prescriber asks about. What a draft refers
    to may lie in the Bundle itself or `beside` it, in the prefetch."""
    entries = entries_of(bundle, path)
    resources = [(entry.url, entry.resource) for entry in entries if entry.resource is not None]
    included = Included([*(("", resource) for resource in beside), *resources])
    return orders_among(entries, selected_among(entries, selections), included, library)


def orders_among(
    entries: Sequence[Entry], asked: frozenset[int] | None, included: Included, library: Library
) -> Ordered:
    """The drafts among these entries. `asked` are the positions of those the prescriber asks about; None: all."""
    drafts, gaps, examinations = [], [], []
    for index, entry in enumerate(entries):
        resource, reference = entry.resource, _reference_of(entry)
        if resource is None or resource["resourceType"] in _UNREAD:
            gaps.append(Gap("resource-not-readable" if resource is None else "other-fhir-version", entry.where))
            continue
        is_asked = asked is None or not asked.isdisjoint((index, *entry.within))
        if resource["resourceType"] in EXAMINATION_ORDERS:
            lists = examinations_of(resource, library.codes)
            examinations += [ExaminationDraft(reference, entry.where, resource, lists, is_asked)] if lists else []
        if resource["resourceType"] not in MEDICINE_REQUESTS:
            continue
        recognised = read_medicine(resource, library, included)
        if recognised.gap:
            gaps.append(Gap(recognised.gap, reference))
        if text(resource.get("status")) not in _NO_ORDER:
            drafts.append(Draft(reference, entry.where, resource, recognised, is_asked, bool(entry.within)))
    return Ordered(tuple(drafts), included, tuple(gaps), tuple(examinations))


def _reference_of(entry: Entry) -> str:
    """What a draft is called in the answer: its own id, else its address, else its place."""
    by_url = reference_of({"reference": entry.url})
    kind = text(element(entry.resource).get("resourceType"))
    known = by_url.startswith(("urn:", f"{kind}/"))
    return entry.reference or named(element(entry.resource)) or (by_url if known else entry.where)


def orders_of(
    prescribed: Sequence[Prescription],
    uses: Sequence[Use],
    told: Told,
    today: date,
    lines: Iterable[Prescription] = (),
) -> tuple[tuple[Order, ...], tuple[Gap, ...]]:
    """Each draft as an order, and what could not be told. A stop is one only where it ends something in use that goes on
    under no other draft and no other prescription; where the others leave less of it, it lowers the dose. The dose of an
    order is what is taken with all drafts of its medicine together, and with the `lines` in force beside the one it
    replaces."""
    by_medicine: dict[str, list[Use]] = {}
    for use in uses:
        by_medicine.setdefault(use.medicine, []).append(use)
    alike: dict[tuple[str, str], list[Prescription]] = {}
    for draft in prescribed:
        alike.setdefault((draft.medicine, _way(draft.route)), []).append(draft)
    going_on = frozenset(key for key, group in alike.items() if any(not p.stops and not p.dosage.once for p in group))
    stopped = frozenset(name for p in prescribed if p.stops for name in (p.reference, p.replaces) if name)
    owner = {reference: use for use in uses for reference in use.references}
    lines = tuple(lines)
    renewed = frozenset().union(*({p.reference} | p.prior for p in prescribed))
    goes_on = {line.reference: line for line in lines if not line.names & renewed}
    call = _Call(by_medicine, owner, going_on, stopped, told, today, lines)
    orders, gaps = [], []
    for group in alike.values():
        for draft in group:
            dosage, known = draft.dosage, len(group) <= _MOST_TOGETHER
            if known and len(group) > 1:
                dosage, known = together(draft, group, today)
            replaced = owner.get(draft.reference) or owner.get(draft.replaces or "")
            if replaced and replaced.current and not draft.stops:
                rest = [goes_on[name] for name in replaced.in_force if name in goes_on and name not in stopped]
                dosage = with_rest(dosage, replaced.dosage, rest)
            order = _order(draft, dosage, call)
            orders += [order] if order else []
            gaps += [] if known else [Gap("orders-not-added-up", draft.reference)]
    places = {draft.reference: place for place, draft in enumerate(prescribed)}
    return tuple(sorted(orders, key=lambda order: places[order.reference])), tuple(gaps)


@dataclass(frozen=True, slots=True)
class _Call:
    """What every draft of one call is held against."""

    uses: Mapping[str, list[Use]]  # by medicine
    owner: Mapping[str, Use]  # by prescription
    going_on: frozenset[tuple[str, str]]  # medicine and way of the drafts that stop nothing
    stopped: frozenset[str]
    told: Told
    today: date
    lines: tuple[Prescription, ...]

    def is_named(self, use: Use, draft: Prescription) -> bool:
        """Whether the draft is, or says it replaces, a prescription of this use."""
        return self.owner.get(draft.reference) is use or self.owner.get(draft.replaces or "") is use


def _order(draft: Prescription, dosage: Dosage, call: _Call) -> Order | None:
    """The order a draft is, at the dose taken with those beside it; None for one that changes nothing in use."""
    intrathecal = draft.route == "intrathecal"
    of_medicine = call.uses.get(draft.medicine, [])
    own = [use for use in of_medicine if (use.route == "intrathecal") == intrathecal or call.is_named(use, draft)]
    present = [use for use in own if use.current]
    left = None
    if draft.stops:
        if (draft.medicine, _way(draft.route)) in call.going_on or (not present and call.told is Told.WHOLE):
            return None
        parts = [left_by(draft, use, call.lines, call.stopped, call.today) for use in present]
        left = parts[0] if parts and all(parts) else None
        changes = _of_what_is_left(present[0].dosage.daily, left.daily) if left else frozenset({Change.STOP})
        if changes == {Change.CONTINUE}:
            return None
        dosage = left or (dosage if dosage.daily or not present else present[0].dosage)
    else:
        changes = _changes(draft, dosage.daily, own, call)
    in_force = tuple(reference for use in present for reference in use.in_force)
    return Order(
        reference=draft.reference,
        medicine=draft.medicine,
        changes=changes,
        dosage=dosage,
        route=draft.route or next((use.route for use in present if use.route), None),
        reasons=draft.reasons,
        period=Period(draft.start, draft.end) if left is None else Period(None),
        supply_days=draft.supply_days,
        requester=draft.requester,
        replaces=in_force if left is None else tuple(name for name in in_force if name in call.stopped),
        setting="outpatient" if draft.setting == "discharge" else draft.setting,
        steps_down=go_down(draft.phases),
        stops_one=left is not None,
    )


def _way(route: str | None) -> str:
    """A route nobody gave is taken for the usual one here: a rectal rescue dose does not continue a tablet."""
    return route or "oral"


def _of_what_is_left(before: DailyDose | None, after: DailyDose | None) -> frozenset[Change]:
    """What it does to the dose that one of several prescriptions is stopped: the others can come to no more than all."""
    if before is None or after is None or before.unit != after.unit:
        return frozenset({Change.CONTINUE, Change.LOWER})
    return _compared(before, after) - {Change.RAISE} or frozenset({Change.CONTINUE})


def _changes(draft: Prescription, after: DailyDose | None, own: list[Use], call: _Call) -> frozenset[Change]:
    """What a draft does to the course that runs: a course broken for up to 14 days is renewed, not started anew."""
    anything = {Change.START, Change.CONTINUE, Change.RAISE, Change.LOWER}
    running = [use for use in own if use.current] or [u for u in own if continuous([u], call.today).low]
    if running:
        before = running[0].dosage.daily
        if before is None or after is None or before.unit != after.unit:
            return frozenset(anything - {Change.START})
        return _compared(before, after)
    replaced = call.owner.get(draft.replaces or "")
    renews = (draft.replaces and replaced is None) or any(call.is_named(use, draft) for use in own)
    may_run = any(continuous([use], call.today).high != 0 for use in own)
    return frozenset(anything if renews or may_run or call.told is not Told.WHOLE else {Change.START})


def _compared(before: DailyDose, after: DailyDose) -> frozenset[Change]:
    if (before.low, before.high) == (after.low, after.high):
        return frozenset({Change.CONTINUE})
    if after.low > before.high:
        return frozenset({Change.RAISE})
    if after.high < before.low:
        return frozenset({Change.LOWER})
    return frozenset({Change.CONTINUE, Change.RAISE, Change.LOWER})
