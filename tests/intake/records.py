"""Small records to be read: prescriptions, supplies and statements of one patient, as FHIR R4 sends them."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from app.intake.included import Included
from app.intake.orders import Ordered, read_orders
from app.intake.record import read_record
from knowledge.facts import Facts, Order, Told, Use
from knowledge.library import Library, read_library

TODAY = date(2026, 11, 21)
Json = dict[str, Any]
ATC = {
    "lorazepam": "N05BA06",
    "diazepam": "N05BA01",
    "oxazepam": "N05BA04",
    "lormetazepam": "N05CD06",
    "baclofen": "M03BX01",
}
NICTIZ = "http://nictiz.nl/fhir/StructureDefinition/"


@cache
def library() -> Library:
    return read_library()


def medicine(name: str, strength: str = "") -> Json:
    concept = {
        "coding": [{"system": "http://www.whocc.no/atc", "code": ATC[name]}],
        "text": f"{name} {strength}".strip(),
    }
    return {"medicationCodeableConcept": concept}


def dosage(mg: float | None = 1, times: int = 1, **more: Any) -> Json:
    told: Json = {"timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d", **more.pop("repeat", {})}}}
    if mg is not None:
        told["doseAndRate"] = [
            {"doseQuantity": {"value": mg, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}}
        ]
    return told | more


def request(name: str, of: str = "lorazepam", *, mg: float | None = 1, strength: str = "1 mg", **more: Any) -> Json:
    told = {"status": "active", "intent": "order", "dosageInstruction": [dosage(mg)], **medicine(of, strength), **more}
    return {"resourceType": "MedicationRequest", "id": name, "subject": {"reference": "Patient/p"}} | told


def dispense(name: str, on: str, tablets: int = 30, of: str = "lorazepam", **more: Any) -> Json:
    told = {"status": "completed", "whenHandedOver": on, "quantity": {"value": tablets, "unit": "tablet"}}
    base = {"resourceType": "MedicationDispense", "id": name, "subject": {"reference": "Patient/p"}}
    return base | medicine(of, "1 mg") | told | more


def statement(name: str, status: str, of: str = "lorazepam", **more: Any) -> Json:
    base = {"resourceType": "MedicationStatement", "id": name, "status": status, "subject": {"reference": "Patient/p"}}
    return base | medicine(of, "1 mg") | more


def since(start: str, end: str | None = None) -> Json:
    period = {"start": start} | ({"end": end} if end else {})
    return {"dosageInstruction": [dosage(repeat={"boundsPeriod": period})]}


def facts(*resources: Json, told: Told = Told.WHOLE, using: Library | None = None) -> Facts:
    lists = dict.fromkeys(("patient", "conditions", "medications", "statements", "dispenses"), told)
    located = [(f"entry[{index}]", resource) for index, resource in enumerate(resources)]
    ordered = Ordered(included=Included(("", resource) for resource in resources))
    return read_record("p", located, lists, ordered, using or library(), TODAY).facts


def use_of(*resources: Json, using: Library | None = None) -> Use:
    (use,) = facts(*resources, using=using).uses
    return use


def gaps(*resources: Json) -> set[str]:
    return {gap.missing for gap in facts(*resources).gaps}


def daily(about: Use | Order) -> tuple[float, float] | None:
    dose = about.dosage.daily
    return (float(dose.low), float(dose.high)) if dose else None


def days(pairs: Iterable[tuple[str, str | None]]) -> set[tuple[date, date | None]]:
    return {(date.fromisoformat(a), date.fromisoformat(b) if b else None) for a, b in pairs}


def drafted(*entries: Json, beside: Iterable[Json] = (), using: Library | None = None) -> Facts:
    """The facts of a call in which these entries are ordered, for patient p."""
    bundle = {"resourceType": "Bundle", "entry": list(entries)}
    lists = dict.fromkeys(("patient", "conditions", "medications", "statements", "dispenses"), Told.WHOLE)
    located = [(f"prefetch[{index}]", resource) for index, resource in enumerate(beside)]
    ordered = read_orders(bundle, None, "context.draftOrders", using or library(), (item for _, item in located))
    return read_record("p", located, lists, ordered, using or library(), TODAY).facts
