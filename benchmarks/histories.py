"""Histories to put into a patient's record, so that every rule has something to judge."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]
TODAY = "2021-06-01"  # the last year of the made-up patients
_ATC, _ICD_10, _SNOMED = "http://www.whocc.no/atc", "http://hl7.org/fhir/sid/icd-10", "http://snomed.info/sct"
_UCUM = "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class History:
    """What is added to a record, and the call that is made with it. `born` makes the patient as old as is needed, `country`
    (empty: not told) is where the patient then lives."""

    hook: str
    record: tuple[Json, ...] = ()
    drafts: tuple[Json, ...] = ()
    prefetch: Json = field(default_factory=dict)
    born: str | None = "1966-03-05"
    country: str | None = None


def ago(days: int) -> str:
    return (date.fromisoformat(TODAY) - timedelta(days=days)).isoformat()


def order(name: str, atc: str, mg: float, *, identity: str, since: str | None = None, **more: object) -> Json:
    """A prescription for every day; with `since` one in use, without it a draft."""
    repeat: Json = {"frequency": 1, "period": 1, "periodUnit": "d"} | (
        {"boundsPeriod": {"start": since}} if since else {}
    )
    quantity = {"value": mg, "unit": "mg", "system": _UCUM, "code": "mg"}
    resource: Json = {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active" if since else "draft",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": _ATC, "code": atc}], "text": name},
        "dosageInstruction": [{"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": quantity}]}],
        "dispenseRequest": {"quantity": {"value": 60, "unit": "tablet"}},
    }
    return resource | ({"authoredOn": since} if since else {}) | more


def problem(code: str, words: str) -> Json:
    return {
        "resourceType": "Condition",
        "id": f"c-{code.lower().replace('.', '-')}",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {"coding": [{"system": _ICD_10, "code": code}], "text": words},
    }


def _baclofen(mg: float, **more: Any) -> Json:
    return order("Baclofen 10 mg tablet", "M03BX01", mg, **{"identity": "d-1"} | more)


def _of(name: str, atc: str, mg: float, **more: Any) -> Json:
    return order(name, atc, mg, **{"identity": "d-1"} | more)


def _zolpidem(**more: Any) -> Json:
    return _of("Zolpidem 10 mg tablet", "N05CF02", 10, **more)


def _lormetazepam(mg: float = 1, **more: Any) -> Json:
    return _of("Lormetazepam 1 mg tablet", "N05CD06", mg, **more)


def _diazepam(mg: float, **more: Any) -> Json:
    return _of("Diazepam 10 mg tablet", "N05BA01", mg, **more)


_ALCOHOL = problem("F10.2", "Alcohol dependence")
_FOR_ALCOHOL = {"reasonCode": [{"coding": [{"system": _ICD_10, "code": "F10.2"}]}]}
_PUMP_ROUTE = {"route": {"coding": [{"system": _SNOMED, "code": "72607000"}]}}
_STAY = {"resourceType": "Encounter", "id": "e-1", "status": "in-progress", "class": {"code": "IMP"}}


def _intrathecal(since: str | None, **more: Any) -> Json:
    drug = _of("Baclofen 0,5 mg/ml intrathecaal", "M03BX01", 0.3, since=since, **more)
    return drug | {"dosageInstruction": [drug["dosageInstruction"][0] | _PUMP_ROUTE]}


_IN_USE: Json = {"identity": "m-in-use"}
_LONG = _lormetazepam(since=ago(300), **_IN_USE)
_INSOMNIA = problem("G47.0", "Insomnia")
HISTORIES: dict[str, History] = {
    "baclofen for alcohol": History("order-sign", (_ALCOHOL,), (_baclofen(30, **_FOR_ALCOHOL),)),
    "baclofen for alcohol, lorazepam in use": History(
        "order-sign",
        (_ALCOHOL, _of("Lorazepam 1 mg", "N05BA06", 1, since=ago(20), **_IN_USE)),
        (_baclofen(30, **_FOR_ALCOHOL),),
    ),
    "baclofen 200 mg for alcohol": History("order-sign", (_ALCOHOL,), (_baclofen(200, **_FOR_ALCOHOL),)),
    "baclofen 120 mg for alcohol lowered": History(
        "order-sign",
        (_ALCOHOL, _baclofen(120, since=ago(200), **_IN_USE, **_FOR_ALCOHOL)),
        (_baclofen(105, **_FOR_ALCOHOL),),
    ),
    "baclofen 120 mg for alcohol, the record opened": History(
        "patient-view", (_ALCOHOL, _baclofen(120, since=ago(200), **_IN_USE, **_FOR_ALCOHOL))
    ),
    "baclofen stopped at once": History(
        "order-sign",
        (_baclofen(60, since=ago(400), **_IN_USE),),
        (_baclofen(60, identity="m-in-use", status="stopped"),),
    ),
    "baclofen in respiratory failure": History(
        "order-sign",
        (problem("J96.1", "Chronic respiratory failure"),),
        (_baclofen(30, reasonCode=[{"text": "spasticity"}]),),
    ),
    "a pump stopped": History(
        "order-sign",
        (_intrathecal(ago(500), **_IN_USE),),
        (_intrathecal(None, identity="m-in-use", status="stopped"),),
    ),
    "a pump begun in heart failure": History("order-sign", (problem("I50.9", "Heart failure"),), (_intrathecal(None),)),
    "MRI with a pump": History(
        "order-sign",
        (_intrathecal(ago(500), **_IN_USE),),
        (
            {
                "resourceType": "ServiceRequest",
                "id": "d-1",
                "status": "draft",
                "intent": "order",
                "code": {"coding": [{"system": _SNOMED, "code": "113091000"}], "text": "MRI of brain"},
            },
        ),
    ),
    "zolpidem for the first time": History("order-sign", (), (_zolpidem(),)),
    "zolpidem again after 40 days": History("order-sign", (_zolpidem(since=ago(40), **_IN_USE),), (_zolpidem(),)),
    "lormetazepam again after 300 days": History("order-sign", (_LONG, _INSOMNIA), (_lormetazepam(),)),
    "lormetazepam for 300 days, the record opened": History("patient-view", (_LONG,)),
    "lormetazepam refilled after 300 days": History("medication-refill", (_LONG,), (_lormetazepam(),)),
    "lormetazepam stopped at once": History(
        "order-sign", (_LONG,), (_lormetazepam(identity="m-in-use", status="stopped"),)
    ),
    "lormetazepam lowered": History("order-sign", (_lormetazepam(2, since=ago(300), **_IN_USE),), (_lormetazepam(1),)),
    "lormetazepam and alprazolam": History(
        "order-sign",
        (_LONG, _of("Alprazolam 0,5 mg", "N05BA12", 0.5, since=ago(200), identity="m-other")),
        (_lormetazepam(),),
    ),
    "lormetazepam by two prescribers": History(
        "order-sign",
        (_LONG | {"requester": {"reference": "Practitioner/2"}},),
        (_lormetazepam(requester={"reference": "Practitioner/1"}),),
    ),
    "diazepam 30 mg after 100 days": History(
        "order-sign", (_diazepam(30, since=ago(100), **_IN_USE),), (_diazepam(30),)
    ),
    "diazepam 20 mg for the first time": History("order-sign", (), (_diazepam(20),)),
    "clonazepam for a year": History(
        "order-sign",
        (_of("Clonazepam 0,5 mg", "N03AE01", 0.5, since=ago(365), **_IN_USE),),
        (_of("Clonazepam 0,5 mg", "N03AE01", 0.5),),
    ),
    "lormetazepam and alcohol dependence": History("order-sign", (_LONG, _ALCOHOL), (_lormetazepam(),)),
    "lormetazepam in pregnancy": History(
        "order-sign", (_LONG, problem("Z33", "Pregnant state")), (_lormetazepam(),), born="1990-01-01"
    ),
    "temazepam begun in hospital": History(
        "encounter-discharge",
        (_of("Temazepam 10 mg", "N05CD07", 10, since=ago(4), **_IN_USE),),
        prefetch={"encounter": _STAY | {"period": {"start": ago(6)}}},
    ),
}
