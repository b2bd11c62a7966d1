"""Histories of benzodiazepines and Z-drugs, drawn by chance from what Belgian and Dutch records hold, so that cards read by
the dozen differ: brands, strengths, instructions in words or as structure, as needed, prescriptions, refills, dispenses and
statements, one or two of them, the whole range of lengths, problems, ages and countries. The same seed draws the same ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.histories import History, ago, problem

Json = dict[str, Any]
_ATC, _UCUM = "http://www.whocc.no/atc", "http://unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Product:
    """A product as a record names it; `counts` are units an intake, one of which is chosen."""

    name: str
    atc: str
    mg: float
    unit: str = "tablet"
    counts: tuple[float, ...] = (1,)
    sleep: bool = True


_PRODUCTS = (
    Product("Stilnoct 10 mg filmomhulde tabletten", "N05CF02", 10, counts=(1, 1, 0.5, 2)),
    Product("Zolpidem EG 10 mg", "N05CF02", 10, counts=(1, 2)),
    Product("zolpidemtartraat 5 mg", "N05CF02", 5, counts=(1, 2)),
    Product("Imovane 7,5 mg", "N05CF01", 7.5, counts=(1, 1, 2)),
    Product("zopiclon 7,5 mg tablet", "N05CF01", 7.5),
    Product("Loramet 2 mg", "N05CD06", 2, counts=(1, 0.5)),
    Product("Lormetazepam EG 1 mg", "N05CD06", 1, counts=(1, 2)),
    Product("Noctamid 1 mg", "N05CD06", 1),
    Product("Temazepam 10 mg capsule", "N05CD07", 10, "capsule", (1, 2)),
    Product("Temazepam 20 mg capsule", "N05CD07", 20, "capsule", (1, 2)),
    Product("Lendormin 0,25 mg", "N05CD09", 0.25),
    Product("Mogadon 5 mg", "N05CD02", 5, counts=(1, 2)),
    Product("Staurodorm 27 mg", "N05CD01", 27),
    Product("Dormonoct 1 mg", "N05CD11", 1),
    Product("Temesta 2,5 mg", "N05BA06", 2.5, counts=(1, 0.5, 2), sleep=False),
    Product("Lorazepam 1 mg tablet", "N05BA06", 1, counts=(1, 0.5, 2), sleep=False),
    Product("Xanax 0,5 mg", "N05BA12", 0.5, counts=(1, 2), sleep=False),
    Product("Alprazolam Retard EG 1 mg", "N05BA12", 1, counts=(1, 2), sleep=False),
    Product("Alprazolam 0,25 mg tablet", "N05BA12", 0.25, counts=(1, 2), sleep=False),
    Product("Lexotan 6 mg", "N05BA08", 6, counts=(1, 0.5), sleep=False),
    Product("Bromazepam 3 mg tablet", "N05BA08", 3, counts=(1, 2), sleep=False),
    Product("Seresta 15 mg", "N05BA04", 15, counts=(1, 2), sleep=False),
    Product("oxazepam 10 mg tablet", "N05BA04", 10, counts=(1, 2), sleep=False),
    Product("Valium 10 mg", "N05BA01", 10, counts=(1, 2, 0.5), sleep=False),
    Product("diazepam 5 mg tablet", "N05BA01", 5, counts=(1, 2), sleep=False),
    Product("Lysanxia 20 mg", "N05BA11", 20, counts=(1, 2), sleep=False),
    Product("Tranxene 10 mg capsules", "N05BA05", 10, "capsule", (1, 2), sleep=False),
    Product("Rivotril 0,5 mg", "N03AE01", 0.5, counts=(1, 2), sleep=False),
    Product("Rivotril 2 mg", "N03AE01", 2, counts=(1, 0.5), sleep=False),
    Product("Frisium 10 mg", "N05BA09", 10, counts=(1, 2), sleep=False),
    Product("Clozan 5 mg", "N05BA21", 5, sleep=False),
    Product("Akton 1 mg", "N05BA22", 1, counts=(1, 2), sleep=False),
)
_SLEEP_TEXTS = (
    "1 co voor het slapengaan", "'s avonds {n} tablet", "1x per dag {n} {unit}, voor de nacht", "{n} {unit} voor het slapen",
    "1 dd {n} an", "{n} comprimé au coucher", "0-0-0-{n}", "1D{n}T an",
)  # fmt: skip
_DAY_TEXTS = (
    "2x per dag {n} {unit}", "3 dd {n} {unit}", "1-0-1", "'s morgens en 's avonds {n} {unit}", "3x daags {n} tablet",
    "{n} comprimé matin et soir", "1x per dag {n} {unit}", "2D{n}T",
    "1 à 2 tabletten per dag", "maximaal 3 tabletten per dag zo nodig",
)  # fmt: skip
_ODD_TEXTS = ("volgens schema", "zo nodig", "gekend", "zie medicatieschema", "om de dag {n} tablet")
_PROBLEMS = (
    ("G47.0", "Slapeloosheid"), ("F51.0", "Niet-organische insomnie"), ("F41.1", "Gegeneraliseerde angststoornis"),
    ("F41.0", "Paniekstoornis"), ("F32.1", "Depressieve episode"), ("F10.2", "Alcoholafhankelijkheid"),
    ("G40.9", "Epilepsie"), ("G35", "Multiple sclerose"), ("R45.8", "Suïcidale gedachten"), ("G47.3", "Slaapapneu"),
    ("J44.9", "COPD"), ("J96.1", "Chronische respiratoire insufficiëntie"), ("K74.6", "Levercirrose"),
    ("O09.9", "Zwangerschap"), ("F11.2", "Opioïdafhankelijkheid"), ("F13.2", "Afhankelijkheid van benzodiazepines"),
    ("G25.8", "Rusteloze benen"), ("Z51.5", "Palliatieve zorg"), ("F03", "Dementie"), ("G20", "Ziekte van Parkinson"),
    ("I10", "Hypertensie"), ("F43.2", "Aanpassingsstoornis"), ("M80.0", "Osteoporose met fractuur"),
)  # fmt: skip
_WEIGHTS = (9, 3, 6, 3, 4, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 1, 4, 1, 1)
_IN_WORDS = (
    "slaapstoornis",
    "angst",
    "alcoholprobleem",
    "eerder insult bij ontwenning",
    "geeft borstvoeding",
    "spasmen",
)
_REASONS = (
    "slapeloosheid", "angst", "insomnie", "angststoornis", "onrust", "paniekstoornis", "rusteloze benen", "myoclonus",
    "epilepsie", "spasticiteit", "alcoholontwenning", "rouw", "vliegangst",
)  # fmt: skip
_REASON_WEIGHTS = (6, 6, 2, 1, 2, 2, 3, 2, 1, 2, 2, 2, 1)
_SINCE = (1, 4, 10, 20, 26, 32, 40, 55, 70, 88, 95, 120, 180, 300, 500, 900, 2000, 4000)
_BORN = ("2004-09-12", "1995-02-20", "1984-06-01", "1975-11-30", "1966-03-05", "1956-01-17", "1948-08-08", "1934-05-21")
_HERE = ("BE", "BE", "BE", "NL", "NL", "")


def drawn(seed: int, number: int) -> Iterator[tuple[str, History]]:
    """So many histories, each with its name."""
    for step in range(number):
        yield f"drawn {seed}/{step}", _history(Random(f"{seed}/{step}"))


def _history(chance: Random) -> History:
    product = chance.choice(_PRODUCTS)
    write = _Writing(chance, product)
    used = chance.random() < 0.85
    record: list[Json] = list(_problems(chance))
    if used:
        record += write.uses()
    if chance.random() < 0.25:
        other = _Writing(chance, chance.choice([p for p in _PRODUCTS if p.atc != product.atc]), "other")
        record += other.uses()
    hooks = (
        ("order-sign", "order-select", "medication-refill", "patient-view") if used else ("order-sign", "order-select")
    )
    hook = chance.choice(hooks)
    drafts = () if hook == "patient-view" else (write.draft(),)
    return History(hook, tuple(record), drafts, born=chance.choice(_BORN), country=chance.choice(_HERE))


def _problems(chance: Random) -> Iterator[Json]:
    for code, words in set(chance.choices(_PROBLEMS, _WEIGHTS, k=chance.choice((0, 1, 1, 2)))):
        yield problem(code, words)
    if chance.random() < 0.1:
        words = chance.choice(_IN_WORDS)
        told = problem(f"T-{_IN_WORDS.index(words)}", words)
        yield told | {"code": {"text": words}}


class _Writing:
    """The resources of one product, in the style of one writer."""

    def __init__(self, chance: Random, product: Product, name: str = "m") -> None:
        self.chance, self.product, self.name = chance, product, name
        self.style = chance.choice(("mg", "units", "units", "text", "text", "both", "odd", "needed"))
        self.times = 1 if product.sleep else chance.choice((1, 1, 2, 3))
        self.count = chance.choice(product.counts)
        self.text = chance.choice(_SLEEP_TEXTS if product.sleep else _DAY_TEXTS)
        self.odd = chance.choice(_ODD_TEXTS)
        self.requester = chance.choice(("1", "1", "2", None))
        reasons = chance.choices(_REASONS, _REASON_WEIGHTS)
        self.reason = {"reasonCode": [{"text": reasons[0]}]} if chance.random() < 0.35 else {}

    def uses(self) -> list[Json]:
        """What tells that it is in use: prescriptions, or what was dispensed or stated."""
        since = self.chance.choice(_SINCE)
        kind = self.chance.choice(("order", "order", "order", "refills", "lowered", "dispensed", "stated"))
        if kind == "refills":
            starts = list(range(since, -1, -28))[-14:] or [since]
            return [self._order(start, f"{place}", days=28, count=self.count) for place, start in enumerate(starts)]
        if kind == "lowered" and since > 30:
            before = self._order(since, "before", days=since - 20, count=self.count * 2)
            return [before, self._order(20, "now", count=self.count)]
        if kind == "dispensed":
            return [self._dispense(start) for start in range(min(since, 420), -1, -28)]
        if kind == "stated":
            return [self._statement(since)]
        return [self._order(since, "now", count=self.count)]

    def draft(self) -> Json:
        """The order being written: as before, or more or less of it."""
        factor = self.chance.choice((1, 1, 1, 0.5, 2))
        order = self._resource("d-1", "draft", self.count * factor)
        dispense: Json = {}
        packs = (20, 28, 30, 30, 50, 60)
        if self.chance.random() < 0.7:
            unit = self.chance.choice((self.product.unit, "stuks", "comprimés", "tablet"))
            dispense["quantity"] = {"value": self.chance.choice(packs), "unit": unit}
        if self.chance.random() < 0.3:
            dispense["numberOfRepeatsAllowed"] = self.chance.choice((0, 2, 5))
        if self.chance.random() < 0.25:
            days = self.chance.choice((14, 30, 60, 90))
            dispense["expectedSupplyDuration"] = {"value": days, "unit": "d", "system": _UCUM, "code": "d"}
        return order | ({"dispenseRequest": dispense} if dispense else {})

    def _order(self, start: int, name: str, *, days: int | None = None, count: float) -> Json:
        bounds = {"start": ago(start)} | ({"end": ago(start - days + 1)} if days else {})
        status = "active" if days is None or start - days < 0 else "completed"
        order = self._resource(f"{self.name}-{name}", status, count, bounds)
        return order | {"authoredOn": ago(start)}

    def _resource(self, identity: str, status: str, count: float, bounds: Json | None = None) -> Json:
        coding = {"system": _ATC, "code": self.product.atc}
        medicine: Json = {"text": self.product.name} | ({"coding": [coding]} if len(self.text) % 3 else {})
        requester = {"requester": {"reference": f"Practitioner/{self.requester}"}} if self.requester else {}
        return {
            "resourceType": "MedicationRequest",
            "id": identity,
            "status": status,
            "intent": "order",
            "medicationCodeableConcept": medicine,
            "dosageInstruction": [self._dosage(count, bounds)],
            **requester,
            **self.reason,
        }

    def _dosage(self, count: float, bounds: Json | None = None) -> Json:
        n, unit = f"{count:g}".replace(".", ","), self.product.unit
        told = {"boundsPeriod": bounds} if bounds else {}
        if self.style in ("text", "odd"):
            text = (self.odd if self.style == "odd" else self.text).format(n=n, unit=unit)
            return {"text": text} | ({"timing": {"repeat": told}} if told else {})
        repeat: Json = {"frequency": self.times, "period": 1, "periodUnit": "d"} | told
        dosage: Json = {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": self._quantity(count)}]}
        if self.style == "both":
            dosage["text"] = f"{self.times}x per dag {n} {unit}"
        return dosage | ({"asNeededBoolean": True} if self.style == "needed" else {})

    def _quantity(self, count: float) -> Json:
        if self.style == "units":
            return {"value": count, "unit": self.product.unit}
        return {"value": round(count * self.product.mg, 3), "unit": "mg", "system": _UCUM, "code": "mg"}

    def _dispense(self, start: int) -> Json:
        units = round(self.count * self.times * 28)
        return {
            "resourceType": "MedicationDispense",
            "id": f"{self.name}-x{start}",
            "status": "completed",
            "medicationCodeableConcept": {"text": self.product.name},
            "quantity": {"value": units, "unit": self.product.unit},
            "daysSupply": {"value": 28, "unit": "d", "system": _UCUM, "code": "d"},
            "whenHandedOver": ago(start),
        }

    def _statement(self, since: int) -> Json:
        taken = "not-taken" if self.chance.random() < 0.1 else "active"
        return {
            "resourceType": "MedicationStatement",
            "id": f"{self.name}-s",
            "status": taken,
            "medicationCodeableConcept": {"text": self.product.name},
            "effectivePeriod": {"start": ago(since)},
            "dosage": [self._dosage(self.count)],
        }
