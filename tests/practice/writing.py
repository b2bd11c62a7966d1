"""How systems of several countries write the same patient: six forms of a call, none of them like those of the conversations.

`be`: ATC beside a national number, doses in tablets and words, SNOMED CT, a collection. `nl`: the Dutch medication process,
agreements of status unknown with a contained product, ICPC-1. `fr`: names and doses in words alone, CIM-10, keys of its
own. `de`: statements instead of prescriptions, products beside them, doses like 0-0-1, ICD-10-GM. `us`: RxNorm, structured
doses in tablets, ICD-10-CM, lone resources. `sct`: SNOMED CT throughout, and only what was handed out.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from tests.practice.problems import PROBLEMS, SUBJECT, concept_of
from tests.practice.told import Json, Line, Problem
from tests.spec.splice import ATC, RXNORM, SNOMED, TODAY, UCUM, coded

NICTIZ = "http://nictiz.nl/fhir/StructureDefinition/"
PRK, GPK = "urn:oid:2.16.840.1.113883.2.4.4.10", "urn:oid:2.16.840.1.113883.2.4.4.1"
CNK = "https://www.ehealth.fgov.be/standards/fhir/medication/NamingSystem/cnk-codes"
PZN = "http://fhir.de/CodeSystem/ifa/pzn"
ROUTES = {
    "oral": "26643006",
    "rectal": "37161004",
    "buccal": "54471007",
    "intravenous": "47625008",
    "subcutaneous": "34206005",
    "intrathecal": "72607000",
    "nasal": "46713006",
    "intramuscular": "78421000",
}
TABLET = {"nl": ("tablet", "tabletten"), "fr": ("comprimé", "comprimés"), "de": ("Tablette", "Tabletten")}
COUNTRY = {"BE": "Belgique", "NL": "Nederland", "FR": "France", "DE": "Deutschland"}


@cache
def medicine(name: str) -> Mapping[str, Any]:
    folder = Path(__file__).parents[2] / "knowledge" / "medicines"
    if not (folder / f"{name}.toml").exists():
        return {"names": {}, "code": []}
    return tomli.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def code_in(name: str, system: str) -> str | None:
    found = (
        code["code"] for code in medicine(name)["code"] if code["system"] == system and code["kind"] == "ingredient"
    )
    return next(found, OTHERS.get((name, system)))


OTHERS = {
    ("morphine", "atc"): "N02AA01",
    ("melatonin", "atc"): "N05CH01",
    ("trazodone", "atc"): "N06AX05",
    ("pregabalin", "atc"): "N02BF02",
    ("paracetamol", "atc"): "N02BE01",
    ("metformin", "atc"): "A10BA02",
    ("flumazenil", "atc"): "V03AB25",
    ("tizanidine", "atc"): "M03BX02",
    ("dantrolene", "atc"): "M03CA01",
    ("hydroxyzine", "atc"): "N05BB01",
    ("quetiapine", "atc"): "N05AH04",
    ("oxycodone", "atc"): "N02AA05",
}


def name_of(line: Line, language: str) -> str:
    if line.name:
        return line.name
    name = medicine(line.medicine)["names"].get(language, line.medicine)
    words = {"nl": "tablet", "fr": "comprimé", "de": "Tabletten", "en": "tablet"}
    form = words[language] if line.form == "tablet" else line.form
    strength = f" {line.strength:g}" if line.strength else ""
    return f"{name}{strength.replace('.', ',') if language != 'en' else strength}{' mg' if strength else ''} {form}"


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def units_of(line: Line) -> float | None:
    return line.mg / line.strength if line.mg and line.strength else None


def timing(line: Line, *, bounds: bool) -> Json:
    repeat: Json = {"count": 1} if line.once else {"frequency": line.times, "period": line.every, "periodUnit": "d"}
    if line.every == 7:
        repeat |= {"period": 1, "periodUnit": "wk"}
    period = {key: day(ago) for key, ago in (("start", line.since), ("end", line.until)) if ago is not None}
    return {"repeat": repeat | ({"boundsPeriod": period} if bounds and period else {})}


def structured(line: Line, quantity: Json | None, *, bounds: bool = True) -> Json:
    told: Json = {"timing": timing(line, bounds=bounds)}
    if quantity:
        told["doseAndRate"] = [{"doseQuantity": quantity}]
    if line.as_needed:
        told["asNeededBoolean"] = True
    if line.most:
        one = {"value": 1, "unit": "d", "system": UCUM, "code": "d"}
        told["maxDosePerPeriod"] = {"numerator": mg(line.most), "denominator": one}
    if line.route:
        told["route"] = coded(SNOMED, ROUTES[line.route])
    return told


def mg(value: float) -> Json:
    return {"value": value, "unit": "mg", "system": UCUM, "code": "mg"}


def in_units(line: Line, unit: str, code: str | None = None) -> Json | None:
    count = units_of(line)
    if count is None:
        return mg(line.mg) if line.mg is not None else None
    return {"value": count, "unit": unit} | ({"system": UCUM, "code": code} if code else {})


def in_words(line: Line, language: str) -> str | None:
    """The dose as a prescriber of that country types it."""
    if line.text or line.mg is None:
        return line.text
    count = units_of(line)
    one, many = TABLET[language]
    if count is not None and line.form == "tablet":
        amount = f"{count:g}".replace(".", ",") + f" {one if count <= 1 else many}"
    else:
        amount = f"{line.mg:g}".replace(".", ",") + " mg"
    how = {
        "nl": f"{line.times}x per dag {amount}",
        "fr": f"{amount} {line.times} fois par jour",
        "de": f"{line.times}x täglich {amount}",
    }[language]
    if line.every == 7:
        how = {
            "nl": f"{line.times}x per week {amount}",
            "fr": f"{amount} {line.times} fois par semaine",
            "de": f"{line.times}x pro Woche {amount}",
        }[language]
    elif line.every == 2:
        how = {"nl": f"{amount} om de dag", "fr": f"{amount} un jour sur deux", "de": f"{amount} jeden zweiten Tag"}[
            language
        ]
    if line.once:
        how = {
            "nl": f"eenmalig {amount}",
            "fr": f"{amount} en une seule prise, dose unique",
            "de": f"{amount} einmalig",
        }[language]
    needed = {"nl": "zo nodig", "fr": "si besoin", "de": "bei Bedarf"}[language]
    most = {"nl": "maximaal {} mg per dag", "fr": "maximum {} mg par jour", "de": "maximal {} mg pro Tag"}[language]
    how += f" {needed}" if line.as_needed else ""
    return how + (f", {most.format(f'{line.most:g}')}" if line.most else "")


def reasons(line: Line, form: str) -> Json:
    if not line.reason:
        return {}
    return {
        "reasonCode": [concept_of(Problem(line.reason), form) if line.reason in PROBLEMS else {"text": line.reason}]
    }


def base(line: Line, identity: str, *, is_order: bool) -> Json:
    resource: Json = {
        "resourceType": "MedicationRequest",
        "id": line.identity or identity,
        "status": line.status or ("draft" if is_order else "active"),
        "intent": "order",
        "subject": SUBJECT,
    }
    if line.since is not None and not is_order:
        resource["authoredOn"] = day(line.since)
    if line.by:
        resource["requester"] = {"reference": f"Practitioner/{line.by}"}
    return resource


def finished(resource: Json, line: Line, dosage: Json | None) -> Json:
    told = list(line.dosage) if line.dosage is not None else ([dosage] if dosage else [])
    return resource | ({"dosageInstruction": told} if told else {}) | dict(line.more)


def in_be(line: Line, identity: str, *, is_order: bool) -> list[Json]:
    coding = [{"system": CNK, "code": str(4_000_000 + sum(line.medicine.encode()))}] if not line.name else []
    if not line.name and (atc := code_in(line.medicine, "atc")):
        coding.append({"system": ATC, "code": atc})
    concept: Json = {"text": name_of(line, "nl")} | ({"coding": coding} if coding else {})
    dosage = structured(line, in_units(line, "tablet")) | ({"text": words} if (words := in_words(line, "nl")) else {})
    if line.text:
        dosage = {"text": line.text} | ({"timing": {"repeat": dosage["timing"]["repeat"]}} if line.mg else {})
    resource = base(line, identity, is_order=is_order) | {"medicationCodeableConcept": concept} | reasons(line, "be")
    if line.since is not None and line.text and not is_order:
        dosage |= {"timing": {"repeat": {"boundsPeriod": {"start": day(line.since)}}}}
    return [finished(resource, line, dosage)]


def in_nl(line: Line, identity: str, *, is_order: bool) -> list[Json]:
    """A medication agreement; a draft carries the profile too. The reason is a reference (see `call`)."""
    product = name_of(line, "nl").upper() if not line.name else line.name
    coding = [{"system": system, "code": code, "display": product} for system, code in ((PRK, "99871"), (GPK, "99872"))]
    contained = {"resourceType": "Medication", "id": "product", "code": {"coding": coding, "text": product}}
    period = {
        key: f"{day(ago)}T00:00:00+01:00"
        for key, ago in (("start", line.since), ("end", line.until))
        if ago is not None
    }
    resource = base(line, identity, is_order=is_order) | {
        "meta": {"profile": [f"{NICTIZ}mp-MedicationAgreement"]},
        "contained": [contained],
        "medicationReference": {"reference": "#product", "display": product},
        "category": [coded(SNOMED, "33633005", "voorschrijven van geneesmiddel")],
        "extension": [
            {
                "url": f"{NICTIZ}ext-PharmaceuticalTreatment.Identifier",
                "valueIdentifier": {
                    "system": "urn:oid:2.16.840.1.113883.2.4.3.11.999.77.1.1",
                    "value": f"MBH-{identity}",
                },
            }
        ],
    }
    if not is_order and line.status in (None, "active", "completed"):
        resource["status"] = "unknown"
    if period:
        resource["extension"].append({"url": f"{NICTIZ}ext-TimeInterval.Period", "valuePeriod": period})
    quantity = in_units(line, "stuk", "1")
    dosage = structured(line, quantity, bounds=False) if line.mg else {}
    words = in_words(line, "nl")
    dosage = ({"text": words} if words else {}) | ({} if line.text else dosage)
    return [finished(resource, line, dosage)]


def in_fr(line: Line, identity: str, *, is_order: bool) -> list[Json]:
    resource = base(line, identity, is_order=is_order) | {"medicationCodeableConcept": {"text": name_of(line, "fr")}}
    dosage: Json = {"text": words} if (words := in_words(line, "fr")) else {}
    if line.until is not None:
        period = {key: day(ago) for key, ago in (("start", line.since), ("end", line.until)) if ago is not None}
        dosage["timing"] = {"repeat": {"boundsPeriod": period}}
    if line.route:
        dosage["route"] = {
            "text": {
                "oral": "voie orale",
                "rectal": "voie rectale",
                "intrathecal": "voie intrathécale",
                "buccal": "voie buccogingivale",
                "subcutaneous": "voie sous-cutanée",
                "intravenous": "voie intraveineuse",
                "nasal": "voie nasale",
                "intramuscular": "voie intramusculaire",
            }[line.route]
        }
    return [finished(resource | reasons(line, "fr"), line, dosage)]


def in_de(line: Line, identity: str, *, is_order: bool) -> list[Json]:
    coding = [{"system": PZN, "code": "01234567"}] if not line.name else []
    if not line.name and (atc := code_in(line.medicine, "atc")):
        coding.append({"system": "http://fhir.de/CodeSystem/bfarm/atc", "code": atc})
    code: Json = {"text": name_of(line, "de")} | ({"coding": coding} if coding else {})
    product = {"resourceType": "Medication", "id": f"med-{identity}", "code": code}
    reference = {"medicationReference": {"reference": f"Medication/med-{identity}"}}
    words = in_words(line, "de")
    count = units_of(line)
    if (
        words
        and not line.text
        and not line.as_needed
        and not line.once
        and line.every == 1
        and count
        and count <= 4
        and line.form == "tablet"
        and line.times <= 3
    ):
        each = f"{count:g}".replace(".", ",")
        words = {1: f"0-0-{each}", 2: f"{each}-0-{each}", 3: f"{each}-{each}-{each}"}[line.times]
    dosage: Json = {"text": words} if words else {}
    if line.route:
        dosage["route"] = coded(SNOMED, ROUTES[line.route])
    if is_order or line.status not in (None, "active"):
        resource = base(line, identity, is_order=is_order)
        if line.until is not None:
            period = {key: day(ago) for key, ago in (("start", line.since), ("end", line.until)) if ago is not None}
            dosage["timing"] = {"repeat": {"boundsPeriod": period}}
        return [finished(resource | reference | reasons(line, "de"), line, dosage), product]
    period = {key: day(ago) for key, ago in (("start", line.since), ("end", line.until)) if ago is not None}
    statement: Json = {
        "resourceType": "MedicationStatement",
        "id": line.identity or identity,
        "status": "active",
        "subject": SUBJECT,
    }
    statement |= reference | reasons(line, "de") | ({"effectivePeriod": period} if period else {})
    told = list(line.dosage) if line.dosage is not None else ([dosage] if dosage else [])
    return [statement | ({"dosage": told} if told else {}), product]


def in_us(line: Line, identity: str, *, is_order: bool) -> list[Json]:
    concept: Json = {"text": name_of(line, "en")}
    if not line.name and (code := code_in(line.medicine, "rxnorm")):
        concept["coding"] = [{"system": RXNORM, "code": code, "display": line.medicine}]
    quantity = in_units(line, "{tablet}", "{tablet}") if line.form == "tablet" else in_units(line, "mg")
    dosage = structured(line, quantity)
    if line.text:
        dosage = {"text": line.text} | ({"timing": dosage["timing"]} if line.mg or line.since is not None else {})
        if line.mg is None and "timing" in dosage:
            repeat = dosage["timing"]["repeat"]
            dosage["timing"] = {"repeat": {"boundsPeriod": repeat["boundsPeriod"]}}
    resource = base(line, identity, is_order=is_order) | {"medicationCodeableConcept": concept} | reasons(line, "us")
    return [finished(resource, line, dosage)]


def in_sct(line: Line, identity: str, *, is_order: bool) -> list[Json]:
    """Substances in SNOMED CT; what is taken is known from what was handed out every 30 days."""
    concept: Json = {}
    if not line.name and (code := code_in(line.medicine, "snomed")):
        concept = {"coding": [{"system": SNOMED, "code": code}]}
    concept = concept or {"text": name_of(line, "en")}
    dosage = structured(line, mg(line.mg) if line.mg is not None else None)
    if line.text:
        dosage = {"text": line.text}
    resource = base(line, identity, is_order=is_order) | {"medicationCodeableConcept": concept}
    if (
        is_order
        or line.mg is None
        or line.since is None
        or line.as_needed
        or line.once
        or line.status not in (None, "active")
    ):
        if line.since is not None and line.text:
            dosage |= {"timing": {"repeat": {"boundsPeriod": {"start": day(line.since)}}}}
        return [finished(resource | reasons(line, "sct"), line, dosage)]
    dispenses = []
    last = max(line.until or 0, 0)
    for number, ago in enumerate(range(line.since, last - 1, -30)):
        dispense: Json = {
            "resourceType": "MedicationDispense",
            "id": f"{line.identity or identity}-{number}",
            "status": "completed",
            "subject": SUBJECT,
            "medicationCodeableConcept": concept,
            "whenHandedOver": day(ago),
            "daysSupply": {
                "value": min(30, ago - last + 1) if line.until is not None and line.until >= 0 else 30,
                "unit": "d",
                "system": UCUM,
                "code": "d",
            },
            "dosageInstruction": list(line.dosage)
            if line.dosage is not None
            else [structured(line, mg(line.mg), bounds=False)],
        }
        dispenses.append(dispense)
    return dispenses


WRITE: dict[str, Callable[..., list[Json]]] = {
    "be": in_be,
    "nl": in_nl,
    "fr": in_fr,
    "de": in_de,
    "us": in_us,
    "sct": in_sct,
}
FORMS = tuple(WRITE)
