"""Prescriptions as systems write them, drawn by chance: products of Belgium and the Netherlands, and doses in many styles."""

from random import Random
from typing import Any

from benchmarks.histories import Json, ago

Product = tuple[str, str | None, float, float]  # name, ATC, mg of a unit, how many are usual a day

ATC, UCUM = "http://www.whocc.no/atc", "http://unitsofmeasure.org"


def coded(system: str, code: str, words: str = "") -> Json:
    return {"coding": [{"system": system, "code": code}]} | ({"text": words} if words else {})


BACLOFEN: list[Product] = [
    ("Baclofen 10 mg tablet", "M03BX01", 10, 3),
    ("Lioresal 10 mg", None, 10, 3),
    ("LIORESAL 25MG COMP", "M03BX01", 25, 3),
    ("baclofène 10 mg comprimé", None, 10, 3),
    ("Baclofen TABLET 25MG", "M03BX01", 25, 3),
    ("Baclofen 5 mg Tabl.", "M03BX01", 5, 3),
    ("Baclocur 20 mg", "M03BX01", 20, 3),
    ("baclofen tablet 10 mg", None, 10, 3),
]
BZRA: list[Product] = [
    ("Lormetazepam 1 mg tablet", "N05CD06", 1, 1),
    ("Loramet 2 mg", None, 2, 1),
    ("Stilnoct 10 mg", None, 10, 1),
    ("Zolpidem EG 10 mg tabl. filmomh.", "N05CF02", 10, 1),
    ("Imovane 7,5 mg", "N05CF01", 7.5, 1),
    ("Xanax 0,5 mg", None, 0.5, 3),
    ("alprazolam retard 1 mg", "N05BA12", 1, 1),
    ("Temesta 2,5 mg", None, 2.5, 1),
    ("Lorazepam 1 mg comprimé", "N05BA06", 1, 3),
    ("Lexotan 6 mg", None, 6, 1),
    ("Valium 10 mg", "N05BA01", 10, 2),
    ("diazepam tablet 5 mg", "N05BA01", 5, 2),
    ("Oxazepam 10 mg", "N05BA04", 10, 3),
    ("temazepam capsule 20 mg", "N05CD07", 20, 1),
    ("Tranxene 10 mg", "N05BA05", 10, 1),
    ("Lysanxia 10 mg", None, 10, 2),
    ("Rivotril 2 mg", "N03AE01", 2, 1),
    ("Flurazepam 27,4 mg", "N05CD01", 27.4, 1),
    ("Halcion 0,25 mg", None, 0.25, 1),
    ("Dormonoct 1 mg", "N05CD11", 1, 1),
]
SEDATING: list[Product] = [
    ("Tramadol 50 mg", "N02AX02", 50, 3),
    ("OxyContin 10 mg", "N02AA05", 10, 2),
    ("Methadone 10 mg", "N07BC02", 10, 4),
    ("Morfine 10 mg tablet", "N02AA01", 10, 4),
    ("fentanyl pleister 25 microgram/uur", "N02AB03", 1, 1),
    ("Phenobarbital 50 mg", "N03AA02", 50, 1),
    ("Atarax 25 mg", "N05BB01", 25, 1),
    ("Trazodone 100 mg", "N06AX05", 100, 1),
    ("Lyrica 150 mg", "N02BF02", 150, 2),
    ("codeine 20 mg", "R05DA04", 20, 3),
    ("promethazine 25 mg", "R06AD02", 25, 1),
]
ALCOHOL_MEDICINE: list[Product] = [
    ("Campral 333 mg", "N07BB03", 333, 6),
    ("Acamprosaat", "N07BB03", 333, 6),
    ("naltrexone 50 mg", "N07BB04", 50, 1),
    ("Antabuse 400 mg", "N07BB01", 400, 1),
    ("Selincro 18 mg", "N07BB05", 18, 1),
]
OTHER: list[Product] = [
    ("Metformine 850 mg", "A10BA02", 850, 2),
    ("Sertraline 50 mg", "N06AB06", 50, 1),
    ("Thiamine 300 mg", "A11DA01", 300, 1),
]


def named(name: str, atc: str | None) -> Json:
    return (coded(ATC, atc, name)) if atc else {"text": name}


def _amount(value: float, unit: str) -> Json:
    return {"value": value, "unit": unit} | ({"system": UCUM, "code": "mg"} if unit == "mg" else {})


def _n(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _instruction(dice: Random, mg: float, units: float, since: str | None, until: str | None = None) -> Json:
    """`units` of `mg` each a day, in one of the ways that systems write it."""
    bounds: Json = {}
    if since:
        bounds = {"boundsPeriod": {"start": since} | ({"end": until} if until else {})}
    whole = units == int(units)
    times = int(units) if whole and units <= 4 else 3 if units % 3 == 0 else 2 if units % 2 == 0 else 1
    each = units / times
    repeat: Json = {"frequency": times, "period": 1, "periodUnit": "d"} | bounds
    timing: Json = {"repeat": repeat}
    dated: Json = {"timing": {"repeat": bounds}} if bounds else {}
    ways: list[Json] = [
        {"timing": timing, "doseAndRate": [{"doseQuantity": _amount(each * mg, "mg")}]},
        {"timing": timing, "doseAndRate": [{"doseQuantity": _amount(each, "tablet")}]},
        {"text": f"{times}x per dag {_n(each)} tablet"} | dated,
        {"text": f"{times} dd {_n(each * mg)} mg"} | dated,
        {"text": f"{_n(each)} comprimé(s) {times} fois par jour"} | dated,
        {
            "text": f"{_n(each * mg)} mg {times}x/dag",
            "timing": timing,
            "doseAndRate": [{"doseQuantity": _amount(each * mg, "mg")}],
        },
        {"text": f"take {_n(each)} tablet(s) {times} times a day".replace(",", ".")} | dated,
        {
            "text": "-".join([_n(each)] * times + ["0"] * (3 - times))
            if times <= 3
            else f"{times}x daags {_n(each)} tablet"
        }
        | dated,
        {"text": f"{times}x täglich {_n(each)} Tablette(n)"} | dated,
    ]
    return dice.choice(ways)


def prescription(
    dice: Random,
    drug: Product,
    units: float,
    *,
    identity: str,
    since: int | None = None,
    until: int | None = None,
    **more: Any,
) -> Json:
    """A draft, or with `since` (days ago) a prescription in use."""
    name, atc, mg, _ = drug
    start = ago(since) if since is not None else None
    quantity = dice.choice([20, 28, 30, 50, 60, 90, 100])
    resource: Json = {
        "resourceType": "MedicationRequest",
        "id": identity,
        "status": "active" if start else "draft",
        "intent": "order",
        "dosageInstruction": [_instruction(dice, mg, units, start, ago(until) if until is not None else None)],
    }
    concept = named(name, atc)
    if dice.random() < 0.15:
        resource["contained"] = [{"resourceType": "Medication", "id": "med", "code": concept}]
        resource["medicationReference"] = {"reference": "#med", "display": name}
    else:
        resource["medicationCodeableConcept"] = concept
    if dice.random() < 0.7:
        resource["dispenseRequest"] = {"quantity": {"value": quantity, "unit": "tablet"}}
        if dice.random() < 0.3:
            resource["dispenseRequest"] |= {"numberOfRepeatsAllowed": dice.choice([1, 2, 5])}
    if start:
        resource["authoredOn"] = start
    return resource | more


def in_state(found: Json, clinical: str | None = None, sure: str | None = None) -> Json:
    changed = dict(found)
    if clinical:
        changed["clinicalStatus"] = {"coding": [{"code": clinical}]}
    if sure:
        changed["verificationStatus"] = {"coding": [{"code": sure}]}
    return changed


def in_words(words: str, identity: str) -> Json:
    return {
        "resourceType": "Condition",
        "id": identity,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"text": words},
    }


def also_taken(dice: Random) -> list[Json]:
    found = []
    for place, pool in enumerate((BZRA, SEDATING, ALCOHOL_MEDICINE, OTHER)):
        if dice.random() < (0.3, 0.3, 0.25, 0.3)[place]:
            drug = dice.choice(pool)
            found.append(
                prescription(dice, drug, drug[3], identity=f"m-also-{place}", since=dice.choice([5, 20, 60, 200, 700]))
            )
    return found


def stop_of(dice: Random, used: Json) -> Json:
    draft = {key: value for key, value in used.items() if key not in ("authoredOn",)}
    way = dice.random()
    if way < 0.55:
        return draft | {"status": dice.choice(["stopped", "cancelled", "on-hold", "completed"])}
    if way < 0.8:
        return draft | {
            "id": "d-1",
            "status": "stopped",
            "priorPrescription": {"reference": f"MedicationRequest/{used['id']}"},
        }
    if way < 0.9:
        return draft | {"id": "d-1", "status": "draft", "doNotPerform": True}
    return draft | {"id": "d-1", "status": "stopped"}
