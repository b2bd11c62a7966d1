"""How often each rule speaks: cards per 1,000 calls, over made-up patients as they are and with histories put into them.

    python -m benchmarks.alerts [--read RULE [NUMBER] [LANGUAGE] [SEED]]

The patients are those of `corpus/ndjson_synthea617` beside this repository (Synthea; nobody's data). Plain: the record is
opened, and an order of baclofen and one of zolpidem is signed. Injected: every history of `benchmarks.histories` is put into
60 of them, and each of those that `bzra_histories` and `baclofen_histories` draw into one. `--read` prints cards of one
rule, drawn by SEED, to be read as a pharmacist would.
"""

import gzip
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import orjson

from app.consult import Reader, answer_for, asked
from app.errors import DataNotTold
from app.journal.trail import Trail
from app.told import Prefetch
from benchmarks import baclofen_histories, bzra_histories
from benchmarks.card_reading import laid_out
from benchmarks.histories import HISTORIES, TODAY, History, order
from cds_hooks.cards import Card
from cds_hooks.hooks import HOOKS
from cds_hooks.requests import read_request
from knowledge.library import Library, read_library
from knowledge.texts import LANGUAGES

Json = dict[str, Any]
_FOLDER = Path("shared/corpus/ndjson_synthea617")
_INJECTED = 60  # patients for each history
_DRAWN, _SEED = 2000, 617  # drawn histories, and what they are drawn by
_KEYS = {
    "Condition": "conditions",
    "MedicationRequest": "medications",
    "MedicationDispense": "dispenses",
    "MedicationStatement": "statements",
    "Procedure": "procedures",
    "Device": "devices",
}


def patients() -> list[list[Json]]:
    """The resources of each patient, the Patient first."""
    folder = next((up / _FOLDER for up in Path(__file__).resolve().parents if (up / _FOLDER).exists()), None)
    if folder is None:
        sys.exit(f"There is no {_FOLDER} beside this repository; the alert economy is measured over it.")
    found: dict[str, list[Json]] = {}
    for kind in ("Patient", "Condition", "MedicationRequest"):
        with gzip.open(folder / f"{kind}.ndjson.gz") as lines:
            for line in lines:
                resource = orjson.loads(line)
                owner = resource["id"] if kind == "Patient" else resource["subject"]["reference"].split("/")[1]
                found.setdefault(owner, []).append(resource)
    return [found[name] for name in sorted(found) if found[name][0]["resourceType"] == "Patient"]


def call(record: list[Json], history: History) -> Json:
    """A whole hook request of this patient, with the history put in."""
    patient, *others = record
    added = [resource | {"subject": {"reference": f"Patient/{patient['id']}"}} for resource in history.record]
    prefetch: Json = {"encounter": None}
    prefetch["patient"] = patient | ({"birthDate": history.born} if history.born else {})
    if history.country is not None:
        prefetch["patient"] |= {"address": [{"country": history.country}] if history.country else []}
    for kind, key in _KEYS.items():
        entries = [{"resource": r} for r in (*others, *added) if r["resourceType"] == kind]
        prefetch[key] = {"resourceType": "Bundle", "type": "searchset", "entry": entries}
    prefetch |= history.prefetch
    context: Json = {"userId": "Practitioner/1", "patientId": patient["id"], "encounterId": "e-1"}
    drafts = [draft | {"subject": {"reference": f"Patient/{patient['id']}"}} for draft in history.drafts]
    if name := HOOKS[history.hook].orders:
        entries = [{"resource": draft} for draft in drafts]
        context[name] = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    instance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
    return {"hook": history.hook, "hookInstance": instance, "context": context, "prefetch": prefetch}


def plain() -> Iterator[tuple[str, list[Json], History]]:
    baclofen = order("Baclofen 10 mg tablet", "M03BX01", 30, identity="d-1")
    zolpidem = order("Zolpidem 10 mg tablet", "N05CF02", 10, identity="d-1")
    for record in patients():
        yield "the record opened", record, History("patient-view")
        yield "baclofen ordered", record, History("order-sign", drafts=(baclofen,))
        yield "zolpidem ordered", record, History("order-sign", drafts=(zolpidem,))


def injected() -> Iterator[tuple[str, list[Json], History]]:
    records = patients()
    for place, (name, history) in enumerate(HISTORIES.items()):
        for step in range(_INJECTED):
            yield name, records[(place * 17 + step * 5) % len(records)], history
    drawn = (*bzra_histories.drawn(_SEED, _DRAWN), *baclofen_histories.drawn(_SEED, _DRAWN))
    for step, (name, history) in enumerate(drawn):
        yield name, records[step * 7 % len(records)], history


class Economy:
    """What was answered: cards by the rule that leads them, and rules that speak on any."""

    def __init__(self, library: Library, language: str = "en") -> None:
        self.library, self.reader = library, Reader(language, "https://wane.example")
        self.calls, self.refused, self.cards = 0, 0, 0
        self.leads: Counter[str] = Counter()
        self.speaks: Counter[str] = Counter()
        self.answered: defaultdict[str, list[tuple[str, list[Json], History, Card]]] = defaultdict(list)

    def ask(self, name: str, record: list[Json], history: History) -> None:
        self.calls += 1
        body = call(record, history)
        request = read_request(body, HOOKS[history.hook])
        try:
            question = asked(request, Prefetch(request.prefetch), self.library)
            answer = answer_for(question, self.library, date.fromisoformat(TODAY), self.reader, Trail())
        except DataNotTold:
            self.refused += 1
            return
        for card in answer.cards:
            self.cards += 1
            extension: Any = card.extension["org.wane.advice"]
            rules = [rule["id"] for rule in extension.get("rules", [])]
            self.leads.update(rules[:1])
            self.speaks.update(rules)
            for rule in rules:
                self.answered[rule].append((name, record, history, card))

    def table(self, title: str) -> str:
        rows = [f"{title}: {self.calls} calls, {self.cards} cards, {self.refused} refused with 412", ""]
        rows += [
            "| rule | cards it leads per 1,000 calls | cards it speaks on per 1,000 calls | cards |",
            "|---|---|---|---|",
        ]
        for rule in sorted(self.library.by_id):
            leads, speaks = (1000 * counter[rule] / self.calls for counter in (self.leads, self.speaks))
            rows.append(f"| {rule} | {leads:.1f} | {speaks:.1f} | {self.speaks[rule]} |")
        return "\n".join(rows)


def main() -> None:
    library = read_library()
    if "--read" in sys.argv:
        _, rule, *more = sys.argv[sys.argv.index("--read") :]
        number, seed = ([int(word) for word in more if word.isdigit()] + [30, _SEED])[:2]
        _read(library, rule, number, next((word for word in more if word in LANGUAGES), "en"), seed)
        return
    first, second = _measured(library, "en")
    print(first.table("As they are"))
    print()
    print(second.table("With histories put in"))
    if seldom := [rule for rule in library.by_id if second.speaks[rule] < 30]:
        sys.exit(f"Spoke less than 30 times: {', '.join(seldom)}. Add a history for each.")


def _measured(library: Library, language: str) -> tuple[Economy, Economy]:
    found = Economy(library, language), Economy(library, language)
    for economy, calls in zip(found, (plain(), injected()), strict=True):
        for name, record, history in calls:
            economy.ask(name, record, history)
    return found


def _read(library: Library, rule: str, number: int, language: str, seed: int) -> None:
    """Cards that differ: one of each history."""
    first, second = _measured(library, language)
    cards = first.answered[rule] + second.answered[rule]
    Random(seed).shuffle(cards)
    differing = {card[0]: card for card in cards}
    for name, record, history, card in list(differing.values())[:number]:
        print(laid_out(name, record, history, card), end="\n\n")


if __name__ == "__main__":
    main()
