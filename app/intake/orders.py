"""What is being ordered: the drafts of a call, each with its medicine or examination, and what each does to the present
use."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.intake.elements import Json, elements, text
from app.intake.examination import EXAMINATION_ORDERS, ExaminationDraft, examinations_of
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


def read_orders(bundle: Json, selections: frozenset[str] | None, path: str, library: Library) -> Ordered:
    """Read the drafts of a call. `selections` None: all of them are what the prescriber asks about."""
    entries = elements(bundle.get("entry"))
    pairs = [(text(entry.get("fullUrl")), entry.get("resource")) for entry in entries]
    resources = [(url, resource) for url, resource in pairs if isinstance(resource, Mapping)]
    included = dict(included_resources(resources))
    drafts, gaps, examinations = [], [], []
    for index, (url, resource) in enumerate(pairs):
        if not isinstance(resource, Mapping) or resource.get("resourceType") not in (*_REQUESTS, *EXAMINATION_ORDERS):
            continue
        where = f"{path}.entry[{index}].resource"
        identity = text(resource.get("id"))
        reference = f"{resource['resourceType']}/{identity}" if identity else url or where
        selected = selections is None or _is_selected(reference, url, selections)
        if resource["resourceType"] in EXAMINATION_ORDERS:
            lists = examinations_of(resource, library.codes)
            examinations += [ExaminationDraft(reference, where, resource, lists, selected)] if lists else []
            continue
        recognised = read_medicine(resource, library, included)
        if recognised.gap:
            gaps.append(Gap(recognised.gap, reference))
        if text(resource.get("status")) not in _NO_ORDER:
            drafts.append(Draft(reference, where, resource, recognised, selected))
    return Ordered(tuple(drafts), included, tuple(gaps), tuple(examinations))


def _is_selected(reference: str, url: str, selections: frozenset[str]) -> bool:
    wanted = {bare_id(item) for item in selections}
    return bare_id(reference) in wanted or bool(url and (url in selections or bare_id(url) in wanted))


def orders_of(prescribed: Sequence[Prescription], uses: Sequence[Use], told: Told) -> tuple[Order, ...]:
    """Each draft as an order. A stop is one only where it ends something in use that no other draft continues."""
    going_on = {(p.medicine, p.route == "intrathecal") for p in prescribed if not p.stops}
    orders = (_order(p, uses, told, going_on) for p in prescribed)
    return tuple(order for order in orders if order)


def _order(draft: Prescription, uses: Iterable[Use], told: Told, going_on: set[tuple[str, bool]]) -> Order | None:
    present = [use for use in uses if use.current and _is_same(draft, use)]
    route = draft.route or next((use.route for use in present if use.route), None)
    if draft.stops:
        if (draft.medicine, route == "intrathecal") in going_on or (not present and told is Told.WHOLE):
            return None
        changes = frozenset({Change.STOP})
        dosage = draft.dosage if draft.dosage.daily or not present else present[0].dosage
    else:
        dosage = draft.dosage
        changes = _changes(draft, present, told)
    return Order(
        reference=draft.reference,
        medicine=draft.medicine,
        changes=changes,
        dosage=dosage,
        route=route,
        reasons=draft.reasons,
        period=Period(draft.start, draft.end),
        supply_days=draft.supply_days,
        requester=draft.requester,
        replaces=tuple(reference for use in present for reference in use.references),
        setting=draft.setting if draft.setting != "discharge" else "outpatient",
        steps_down=draft.steps_down,
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
