"""What is being ordered: the drafts of a call, each with its medicine, and what each does to the present use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.intake.elements import Json, element, elements, text
from app.intake.medicine import Included, Recognised, included_resources, read_medicine
from app.intake.prescription import Prescription
from cds_hooks.requests import bare_id
from knowledge.facts import Change, DailyDose, Gap, Order, Period, Told, Use
from knowledge.library import Library

_REQUESTS = ("MedicationRequest", "MedicationOrder")
_NO_ORDER = ("entered-in-error",)


@dataclass(frozen=True, slots=True)
class Draft:
    """One MedicationRequest being written. `original` is the JSON as it came, carried along for the way back."""

    reference: str
    path: str
    original: Json
    recognised: Recognised
    selected: bool


@dataclass(frozen=True, slots=True)
class Ordered:
    """The drafts of a call, what they may refer to, and what could not be read."""

    drafts: tuple[Draft, ...] = ()
    included: Included = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()

    @property
    def medicines(self) -> frozenset[str]:
        """The medicines Wane knows among the drafts it is asked about."""
        return frozenset(d.recognised.medicine for d in self.drafts if d.selected and d.recognised.medicine)

    @property
    def selected(self) -> frozenset[str]:
        """The references of the drafts Wane is asked about; the others are background."""
        return frozenset(draft.reference for draft in self.drafts if draft.selected)

    def draft(self, reference: str) -> Draft | None:
        """The draft of this reference."""
        return next((draft for draft in self.drafts if draft.reference == reference), None)


def read_orders(
    bundle: Json, selections: frozenset[str] | None, path: str, library: Library, beside: Iterable[Json] = ()
) -> Ordered:
    """Read the drafts of a call. `selections` None: all of them are what the prescriber asks about. What a draft refers
    to may lie in the Bundle itself or `beside` it, in the prefetch."""
    entries = elements(bundle.get("entry"))
    pairs = [(text(entry.get("fullUrl")), entry.get("resource")) for entry in entries]
    resources = [(url, resource) for url, resource in pairs if isinstance(resource, Mapping)]
    included = dict(included_resources([*(("", resource) for resource in beside), *resources]))
    drafts, gaps = [], []
    asked = _selected([(url, element(resource)) for url, resource in pairs], selections)
    for index, (url, resource) in enumerate(pairs):
        if not isinstance(resource, Mapping) or resource.get("resourceType") not in _REQUESTS:
            continue
        where = f"{path}.entry[{index}].resource"
        identity = text(resource.get("id"))
        reference = f"{resource['resourceType']}/{identity}" if identity else url or where
        recognised = read_medicine(resource, library, included)
        if recognised.gap:
            gaps.append(Gap(recognised.gap, reference))
        if text(resource.get("status")) not in _NO_ORDER:
            drafts.append(Draft(reference, where, resource, recognised, asked is None or index in asked))
    return Ordered(tuple(drafts), included, tuple(gaps))


def _selected(pairs: Iterable[tuple[str, Json]], selections: frozenset[str] | None) -> frozenset[int] | None:
    """The positions of the entries a prescriber asks about; None: all of them, where no entry was named or one that is
    not there, since then what was meant is among the others."""
    if not selections:
        return None
    found: set[int] = set()
    missed = set(selections)
    by_name: dict[str, list[str]] = {}
    for selection in selections:
        by_name.setdefault(bare_id(selection), []).append(selection)
    for index, (url, resource) in enumerate(pairs):
        kind, identity = text(resource.get("resourceType")), text(resource.get("id"))
        named = [*by_name.get(identity, ()), *by_name.get(bare_id(url), ())]
        meant = {name for name in named if name == url or _kind_of(name) in (kind, "")}
        if meant:
            found.add(index)
            missed -= meant
    return None if missed else frozenset(found)


def _kind_of(reference: str) -> str:
    """The resource type a reference names; empty for a bare id and a URN."""
    *_, kind, _ = ["", "", *reference.rstrip("/").split("/")]
    return kind


def orders_of(prescribed: Sequence[Prescription], uses: Sequence[Use], told: Told) -> tuple[Order, ...]:
    """Each draft as an order. A stop is one only where it ends something in use that no other draft continues."""
    going_on = {p.medicine for p in prescribed if not p.stops}
    orders = (_order(p, uses, told, continued=p.medicine in going_on) for p in prescribed)
    return tuple(order for order in orders if order)


def _order(draft: Prescription, uses: Iterable[Use], told: Told, *, continued: bool) -> Order | None:
    present = [use for use in uses if use.current and _is_same(draft, use)]
    if draft.stops:
        if continued or (not present and told is Told.WHOLE):
            return None
        changes = frozenset({Change.STOP})
    else:
        changes = _changes(draft, present, told)
    return Order(
        reference=draft.reference,
        medicine=draft.medicine,
        changes=changes,
        dosage=draft.dosage,
        route=draft.route or next((use.route for use in present if use.route), None),
        reasons=draft.reasons,
        period=Period(draft.start, draft.end),
        supply_days=draft.supply_days,
        requester=draft.requester,
        replaces=tuple(reference for use in present for reference in use.references),
    )


def _is_same(draft: Prescription, use: Use) -> bool:
    if draft.reference in use.references or draft.replaces in use.references:
        return True
    return draft.medicine == use.medicine and (draft.route == "intrathecal") == (use.route == "intrathecal")


def _changes(draft: Prescription, present: list[Use], told: Told) -> frozenset[Change]:
    if not present:
        starts = {Change.START}
        return frozenset(starts if told is Told.WHOLE else starts | {Change.CONTINUE, Change.RAISE, Change.LOWER})
    before, after = present[0].dosage.daily, draft.dosage.daily
    if before is None or after is None or before.unit != after.unit:
        return frozenset({Change.CONTINUE, Change.RAISE, Change.LOWER})
    return _compared(before, after)


def _compared(before: DailyDose, after: DailyDose) -> frozenset[Change]:
    if (before.low, before.high) == (after.low, after.high):
        return frozenset({Change.CONTINUE})
    if after.low > before.high:
        return frozenset({Change.RAISE})
    if after.high < before.low:
        return frozenset({Change.LOWER})
    return frozenset({Change.CONTINUE, Change.RAISE, Change.LOWER})
