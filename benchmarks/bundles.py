"""What judging a Bundle costs beside reading it: 5 MB, more than 2,000 entries, with baclofen and benzodiazepines among the
prescriptions, of one patient and of twenty. The bar is 3 × `orjson.loads` with one pass over the result. Of two hundred
patients, each with an order to judge and a record to write, the judging itself weighs most: that figure is told too.

    python -m benchmarks.bundles [--profile]

CPU time of this process for a whole request, from the bytes to the bytes, the journal on; the fastest of many rounds.
"""

import asyncio
import cProfile
import pstats
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings
from benchmarks.intake import prescription, problem, problems_of, products_of

BAR, ROUNDS = 3.0, 12
TODAY = date(2026, 11, 21)
_BYTES, _ENTRIES = 5_000_000, 2_000
Json = dict[str, Any]


def sent(patients: int) -> bytes:
    """A transaction as whole records are sent: of ten entries one prescription and one problem, the others of kinds no rule
    reads, half of them long."""
    entries: list[Json] = []
    for number in range(patients):
        entries.append(_entry({"resourceType": "Patient", "id": f"p-{number}", "birthDate": "1970-03-14"}))
    drafts = [("M03BX01", "Baclofen 10 mg"), ("N05CD06", "Lormetazepam 2 mg")]
    for number in range(max(2, patients)):
        code, text = drafts[number % 2]
        draft = prescription(5_000 + number, [("http://www.whocc.no/atc", code, text)], text) | {"status": "draft"}
        entries.append(_entry(_of(draft, number % patients)))
    place, size = 0, sum(len(orjson.dumps(entry)) for entry in entries)
    while size < _BYTES or len(entries) < _ENTRIES:
        entries.append(_entry(_of(_other(place), place // 10 % patients)))
        size += len(orjson.dumps(entries[-1]))
        place += 1
    return orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries})


def _other(place: int) -> Json:
    if place % 10 == 0:
        return prescription(place, *products_of(place // 10))
    if place % 10 == 1:
        return problem(place, *problems_of(place // 10))
    base: Json = {
        "resourceType": "Observation",
        "id": f"o-{place}",
        "status": "final",
        "effectiveDateTime": "2026-01-09",
    }
    code = {"coding": [{"system": "http://loinc.org", "code": "8480-6", "display": "Systolic blood pressure"}]}
    quantity = {"value": 120.5, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
    part = {"code": code, "valueQuantity": quantity}
    return base | {"code": code, "component": [part] * (12 if place % 2 else 10), "note": [{"text": "in rust " * 40}]}


def _of(resource: Json, patient: int) -> Json:
    return {**resource, "subject": {"reference": f"Patient/p-{patient}"}}


def _entry(resource: Json) -> Json:
    url = f"https://ehr.example/fhir/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}


def one_pass(value: object) -> int:
    """Look at every value once; how many there are."""
    waiting, seen = [value], 0
    while waiting:
        each = waiting.pop()
        seen += 1
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return seen


async def _measured(app: FastAPI, body: bytes, rounds: int) -> tuple[float, float, int]:
    """CPU seconds of reading with one pass, and of the request; and how many DetectedIssues came of it."""
    transport = httpx.ASGITransport(app=app)
    reading = judging = float("inf")
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        for _ in range(rounds):
            begun = process_time()
            one_pass(orjson.loads(body))
            reading = min(reading, process_time() - begun)
            begun = process_time()
            headers = {"Content-Type": "application/fhir+json"}
            answer = await client.post("/fhir/$advise?complete=all", content=body, headers=headers)
            judging = min(judging, process_time() - begun)
            assert answer.status_code == 200, answer.text
    return reading, judging, answer.text.count('"DetectedIssue"')


async def measure(patients: int, rounds: int = ROUNDS) -> float:
    """Print the figures of one Bundle, and give the ratio."""
    body = sent(patients)
    with TemporaryDirectory() as folder:
        app = create_app(Settings(journal=Path(folder, "journal.sqlite")), today=lambda: TODAY)
        async with app.router.lifespan_context(app):
            reading, judging, issues = await _measured(app, body, rounds)
    entries = body.count(b'"fullUrl"')
    print(f"{patients} patients: {len(body) / 1e6:.1f} MB, {entries} entries, {issues} issues")
    print(f"  loads and one pass {reading * 1e3:.0f} ms, $advise {judging * 1e3:.0f} ms: {judging / reading:.2f} ×")
    return judging / reading


def main(arguments: list[str]) -> int:
    if "--profile" in arguments:
        with cProfile.Profile() as profile:
            asyncio.run(measure(1, 3))
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        return 0
    ratios = [asyncio.run(measure(patients)) for patients in (1, 20)]
    asyncio.run(measure(200))
    print(f"bar: at most {BAR:.0f} × of one patient and of twenty")
    return 0 if max(ratios) <= BAR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
