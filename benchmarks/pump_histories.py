"""Histories of intrathecal baclofen and its pumps, drawn by chance: stopped, not refilled, before MRI, begun."""

from random import Random

from benchmarks.drawn_prescriptions import BACLOFEN, UCUM, also_taken, coded, in_words, named, prescription, stop_of
from benchmarks.histories import History, Json, ago, problem

_EDQM, _SNOMED = "http://standardterms.edqm.eu", "http://snomed.info/sct"


def pump_drug(dice: Random, since: int | None, identity: str) -> Json:
    name, atc = dice.choice(
        [
            ("Lioresal Intrathecal 10 mg/5 ml", "M03BX01"),
            ("Baclofen 0,5 mg/ml oplossing voor infusie, intrathecaal", "M03BX01"),
            ("baclofen 2 mg/ml injectievloeistof ampul", None),
            ("Liorésal intrathécal 40 mg/20 ml", None),
            ("Gablofen 500 mcg/ml", None),
            ("Baclofen", "M03BX01"),
            ("Baclofen bijvullen pomp", "M03BX01"),
        ]
    )
    route: Json = dice.choice(
        [coded(_SNOMED, "72607000"), coded(_EDQM, "20042000"), {"text": "intrathecaal"}, {"text": "intrarachidien"}]
    )
    dosage: Json = dice.choice(
        [
            {"text": "continu 250 microgram per dag via pomp", "route": route},
            {"text": "300 µg/24u", "route": route},
            {
                "route": route,
                "doseAndRate": [{"rateQuantity": {"value": 10, "unit": "ug/h", "system": UCUM, "code": "ug/h"}}],
            },
            {
                "route": route,
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 200, "unit": "ug", "system": UCUM, "code": "ug"}}],
            },
        ]
    )
    if name != "Baclofen" and dice.random() < 0.3:
        dosage = {key: value for key, value in dosage.items() if key != "route"} or {"text": "zie pompschema"}
    found: Json = {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active" if since else "draft",
        "intent": "order",
        "medicationCodeableConcept": named(name, atc),
        "dosageInstruction": [dosage],
    }
    return found | ({"authoredOn": ago(since)} if since else {})


def pump_stopped(dice: Random) -> History:
    used = pump_drug(dice, dice.choice([5, 30, 200, 1500]), "m-in-use")
    record: list[Json] = [
        used,
        *([problem("G35", "Multiple sclerosis")] if dice.random() < 0.5 else []),
        *also_taken(dice),
    ]
    if dice.random() < 0.3:
        record.append(_refill(dice, "not-done", dice.choice([1, 4, 20, 40])))
        hook = dice.choice(["encounter-discharge", "order-sign", "order-select"])
        refill = () if hook == "encounter-discharge" else (pump_drug(dice, None, "d-1"),)
        return History(hook, tuple(record), refill)
    drafts: tuple[Json, ...] = (stop_of(dice, used),)
    if dice.random() < 0.25:
        drafts += (prescription(dice, dice.choice(BACLOFEN), 3, identity="d-2"),)
    return History(dice.choice(["order-select", "order-sign"]), tuple(record), drafts)


def _refill(dice: Random, status: str, days: int) -> Json:
    words = dice.choice(
        [
            "Bijvullen baclofenpomp",
            "pompvulling intrathecaal baclofen",
            "remplissage de la pompe à baclofène",
            "baclofen pump refill",
        ]
    )
    return {
        "resourceType": "Procedure",
        "id": "p-refill",
        "status": status,
        "code": {"text": words},
        "performedDateTime": ago(days),
    }


def pump_and_imaging(dice: Random) -> History:
    asked: Json = dice.choice(
        [
            coded(_SNOMED, "113091000", "MRI hersenen"),
            {"text": "MRI lumbale wervelzuil"},
            {"text": "IRM cérébrale"},
            {"text": "MRT Knie"},
            coded("http://loinc.org", "24590-2", "MR Brain"),
            {"text": "NMR knie rechts"},
            {"text": "kortegolfdiathermie schouder"},
            {"text": "MR-angiografie cerebraal"},
            {"text": "CT schedel"},
            {"text": "diathermie par ondes courtes"},
            {"text": "MRI-geleide biopsie prostaat"},
        ]
    )
    device: Json = {"resourceType": "Device", "id": "dev-1", "status": "active"}
    shown: list[Json] = dice.choice(
        [
            [pump_drug(dice, 200, "m-in-use")],
            [device | {"deviceName": [{"name": "SynchroMed II", "type": "model-name"}]}],
            [device | {"type": {"text": "baclofenpomp"}}],
            [
                {
                    "resourceType": "Procedure",
                    "id": "p-1",
                    "status": "completed",
                    "code": {"text": "Implantatie baclofenpomp"},
                    "performedDateTime": ago(900),
                }
            ],
            [in_words("baclofenpomp sinds 2018", "c-pump"), problem("G35", "Multiple sclerosis")],
            [in_words("Status na implantatie intrathecale pomp", "c-pump")],
            [
                {
                    "resourceType": "Procedure",
                    "id": "p-1",
                    "status": "completed",
                    "code": {"text": "Verwijderen baclofenpomp"},
                    "performedDateTime": ago(90),
                }
            ],
            [prescription(dice, dice.choice(BACLOFEN), 3, identity="m-in-use", since=300)],
        ]
    )
    order = {"resourceType": "ServiceRequest", "id": "d-1", "status": "draft", "intent": "order", "code": asked}
    if dice.random() < 0.2:
        order["priority"] = "stat"
    return History(dice.choice(["order-select", "order-sign"]), tuple(shown), (order,))


def pump_begun(dice: Random) -> History:
    risk: list[Json] = dice.choice(
        [
            [problem("I50.9", "Heart failure")],
            [problem("J44.9", "COPD")],
            [in_words("ALS", "c-als")],
            [in_words("spierdystrofie van Duchenne", "c-d")],
            [problem("I27.2", "Pulmonary hypertension")],
            [problem("I21.9", "Myocardial infarction")],
            [problem("G35", "Multiple sclerosis")],
            [],
            [in_words("hartfalen NYHA III", "c-h")],
        ]
    )
    draft = pump_drug(dice, None, "d-1")
    record = [*risk, *also_taken(dice)]
    if dice.random() < 0.2:
        record.append(pump_drug(dice, 100, "m-in-use"))
    if dice.random() < 0.2:
        draft["dosageInstruction"] = [{"text": "testdosis 50 microgram eenmalig", "route": coded(_SNOMED, "72607000")}]
    return History(dice.choice(["order-select", "order-sign"]), tuple(record), (draft,))
