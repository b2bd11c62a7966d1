"""What reading a request costs beside parsing its JSON: 40 prescriptions and 25 problems, five of them of a medicine or
a problem that a rule needs, about 60 KB.

    python -m benchmarks.intake [--profile]

CPU time of this process; the fastest of many rounds, so that what else the machine does weighs little.
"""

import cProfile
import pstats
import sys
from collections.abc import Callable
from datetime import date
from time import process_time
from typing import Any

import orjson

from app.intake.orders import read_orders
from app.intake.record import Record, read_record
from app.told import Prefetch
from knowledge.library import Library, read_library

TODAY = date(2026, 11, 21)
BAR = 3.0
ROUNDS = 300
_RXNORM, _SNOMED, _ATC = (
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://snomed.info/sct",
    "http://www.whocc.no/atc",
)
_OTHERS = [  # of no rule, coded as different systems do
    ([(_ATC, "C09AA03", "lisinopril"), (_RXNORM, "314076", "lisinopril 10 MG Oral Tablet")], "Lisinopril 10 mg tablet"),
    ([(_RXNORM, "860975", "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet")], "Metformin 500 mg"),
    ([(_SNOMED, "387207008", "Ibuprofen (substance)")], "Ibuprofen 400 mg filmomhulde tablet"),
    (
        [("urn:oid:2.16.840.1.113883.2.4.4.7", "1234567", "OMEPRAZOL TABLET MSR 20MG")],
        "Omeprazol maagsapresistente tablet",
    ),
    ([], "Simvastatine Sandoz 40 mg, 1x per dag voor de nacht innemen"),
]
_OWN = [
    ([(_ATC, "N05BA06", "lorazepam")], "Lorazepam 1 mg tablet"),
    ([(_RXNORM, "197591", "diazepam 5 MG Oral Tablet")], "Diazepam 5 mg"),
    ([(_ATC, "N02AX02", "tramadol")], "Tramadol 50 mg"),
]
_PROBLEMS = [
    ([(_SNOMED, "38341003", "Hypertensive disorder, systemic arterial (disorder)")], "Essential hypertension"),
    (
        [("http://hl7.org/fhir/sid/icd-10", "E11.9", "Type 2 diabetes mellitus without complications")],
        "Diabetes type 2",
    ),
    ([(_SNOMED, "444814009", "Viral sinusitis (disorder)")], "Viral sinusitis"),
    ([("http://hl7.org/fhir/sid/icd-10-cm", "J45.909", "Unspecified asthma, uncomplicated")], "Asthma"),
]
_OWN_PROBLEMS = [
    ([("http://hl7.org/fhir/sid/icd-10", "F10.2", "Alcohol dependence syndrome")], "Alcoholafhankelijkheid"),
    ([(_SNOMED, "84757009", "Epilepsy (disorder)")], "Epilepsy"),
]


def request() -> dict[str, Any]:
    """The call: a draft of baclofen, beside it the record."""
    medicines = [prescription(n, *products_of(n)) for n in range(40)]
    problems = [problem(n, *problems_of(n)) for n in range(25)]
    draft = prescription(99, [(_ATC, "M03BX01", "baclofen")], "Baclofen 10 mg") | {"status": "draft"}
    entries = {"conditions": problems, "medications": medicines}
    return {
        "context": {"patientId": "p-1", "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": draft}]}},
        "prefetch": {
            "patient": {"resourceType": "Patient", "id": "p-1", "birthDate": "1970-03-14"},
            **{
                key: {"resourceType": "Bundle", "type": "searchset", "entry": _entries(of)}
                for key, of in entries.items()
            },
        },
    }


def products_of(number: int) -> tuple[list[tuple[str, str, str]], str]:
    """The codes and the text of a product: the first are of rules, the others of none."""
    return _OWN[number] if number < len(_OWN) else _OTHERS[number % len(_OTHERS)]


def problems_of(number: int) -> tuple[list[tuple[str, str, str]], str]:
    """The same for a problem."""
    return _OWN_PROBLEMS[number] if number < len(_OWN_PROBLEMS) else _PROBLEMS[number % len(_PROBLEMS)]


def _entries(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    base = "https://ehr.example/fhir"
    return [{"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one} for one in resources]


def _concept(codings: list[tuple[str, str, str]], text: str) -> dict[str, Any]:
    return {"coding": [dict(zip(("system", "code", "display"), one, strict=True)) for one in codings], "text": text}


def prescription(number: int, codings: list[tuple[str, str, str]], text: str) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "id": f"request-{number}",
        "meta": {"versionId": "3", "lastUpdated": "2026-10-01T09:15:00.000+02:00"},
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": _concept(codings, text),
        "subject": {"reference": "Patient/p-1"},
        "authoredOn": "2026-09-01T09:15:00+02:00",
        "requester": {"reference": "Practitioner/gp-12", "display": "Huisartsenpraktijk De Linde"},
        "dosageInstruction": [
            {
                "text": "1x per dag 1 tablet",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "route": _concept([(_SNOMED, "26643006", "Oral route")], "oraal"),
                "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}],
            }
        ],
        "dispenseRequest": {"quantity": {"value": 30, "unit": "tablet"}, "numberOfRepeatsAllowed": 2},
    }


def problem(number: int, codings: list[tuple[str, str, str]], text: str) -> dict[str, Any]:
    status = "http://terminology.hl7.org/CodeSystem/condition"
    return {
        "resourceType": "Condition",
        "id": f"problem-{number}",
        "meta": {"versionId": "1", "lastUpdated": "2024-02-11T10:00:00.000+01:00"},
        "clinicalStatus": _concept([(f"{status}-clinical", "active", "Active")], "active"),
        "verificationStatus": _concept([(f"{status}-ver-status", "confirmed", "Confirmed")], "confirmed"),
        "category": [_concept([(f"{status}-category", "problem-list-item", "Problem List Item")], "problem")],
        "code": _concept(codings, text),
        "subject": {"reference": "Patient/p-1"},
        "onsetDateTime": "2019-05-04",
        "recordedDate": "2019-05-04",
    }


def read(sent: dict[str, Any], library: Library) -> Record:
    """What a call does between the parsed JSON and the facts."""
    prefetch = Prefetch(sent["prefetch"])
    beside = [resource for _, resource in prefetch.resources]
    ordered = read_orders(sent["context"]["draftOrders"], None, "context.draftOrders", library, beside)
    return read_record("p-1", prefetch.resources, prefetch.told, ordered, library, TODAY)


def fastest(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """CPU seconds of the fastest round of each, measured in turn so that a slow moment slows them all."""
    found = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            begun = process_time()
            work()
            found[place] = min(found[place], process_time() - begun)
    return found


def main(arguments: list[str]) -> int:
    body, library = orjson.dumps(request()), read_library()
    sent = orjson.loads(body)
    if "--profile" in arguments:
        with cProfile.Profile() as profile:
            for _ in range(ROUNDS):
                read(sent, library)
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        return 0
    facts = read(sent, library).facts
    parsing, reading = fastest(lambda: orjson.loads(body), lambda: read(sent, library))
    ratio = reading / parsing
    print(
        f"{len(body) / 1000:.0f} KB: {len(facts.uses)} uses, {len(facts.orders)} order, {len(facts.problems)} problems"
    )
    print(f"parsing {parsing * 1e6:.0f} µs, reading {reading * 1e6:.0f} µs: {ratio:.1f} × (bar: below {BAR:.0f} ×)")
    return 0 if ratio < BAR else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
