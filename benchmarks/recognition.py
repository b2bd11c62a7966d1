"""Which medicines and problems are recognised in collections of FHIR that others wrote, and what was not.

    python benchmarks/recognition.py SHARED_CORPUS [--unrecognised N]

Reads every patient of the NDJSON folders, every Bundle, every single prescription and every broken file through the
same door a call comes in by. An exception there ends the run; what cannot be read must come back as a named gap.
"""

import argparse
import gzip
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.intake.included import Included
from app.intake.lists import LIST_OF
from app.intake.medicine import read_medicine
from app.intake.orders import Ordered
from app.intake.problem import read_problem
from app.intake.record import read_record
from knowledge.facts import Told
from knowledge.library import Library, read_library

TODAY = date(2026, 11, 21)
_WHOLE = dict.fromkeys(LIST_OF.values(), Told.WHOLE)


@dataclass
class Tally:
    """What was seen; `words` are the texts of what no list knew."""

    patients: int = 0
    resources: int = 0
    medicines: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    other_medicines: Counter[str] = field(default_factory=Counter)
    other_problems: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--unrecognised", type=int, default=40, help="how many of the texts nobody knew are printed")
    wanted = parser.parse_args()
    library, tally = read_library(), Tally()
    for patient_id, resources in collected(wanted.corpus):
        read(patient_id, resources, library, tally)
    show(tally, wanted.unrecognised)


def read(patient_id: str, resources: list[dict[str, Any]], library: Library, tally: Tally) -> None:
    """Read one record whole, then count what each of its resources was recognised as."""
    included = Included((str(r.get("fullUrl", "")), r) for r in resources)
    begun = time.perf_counter()
    ordered = Ordered(included=included)
    record = read_record(patient_id, [("", item) for item in resources], dict(_WHOLE), ordered, library, TODAY)
    tally.seconds += time.perf_counter() - begun
    tally.patients += 1
    tally.resources += len(resources)
    tally.gaps.update(gap.missing for gap in record.facts.gaps)
    tally.uses.update(use.medicine for use in record.facts.uses if use.current)
    for resource in resources:
        if resource.get("resourceType") == "Condition":
            found = read_problem(resource, "", library.codes)
            names = sorted(found.problem.lists) if found.problem else []
            tally.problems.update(names)
            tally.other_problems.update([] if names else [told(resource.get("code"))])
        elif LIST_OF.get(str(resource.get("resourceType"))) in ("medications", "statements", "dispenses"):
            medicine = read_medicine(resource, library, included).medicine
            tally.medicines.update([medicine] if medicine else [])
            tally.other_medicines.update(
                [] if medicine else [told(resource.get("medicationCodeableConcept"), resource)]
            )


def told(concept: Any, resource: Mapping[str, Any] | None = None) -> str:
    """What a person would read."""
    table = concept if isinstance(concept, dict) else {}
    codings = table.get("coding") if isinstance(table.get("coding"), list) else []
    shown = [table.get("text"), *(c.get("display") or c.get("code") for c in codings if isinstance(c, dict))]
    reference = (resource or {}).get("medicationReference") or (resource or {}).get("medication")
    shown.append(reference.get("display") if isinstance(reference, dict) else None)
    return next((str(item) for item in shown if item), "(nothing)")


def collected(corpus: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(patient id, resources) of everything there is."""
    for folder in sorted(corpus.glob("ndjson_*")):
        yield from by_patient(folder)
    for name in ("bundles", "medicationrequest_national", "taper", "broken_fhir", "cds_hooks"):
        for path in sorted((corpus / name).glob("*")):
            try:
                resources = list(resources_in(json.loads(path.read_bytes())))
            except (ValueError, RecursionError):
                continue  # not JSON: refused before anything is read
            patients = [str(r.get("id")) for r in resources if r.get("resourceType") == "Patient"]
            subjects = [subject_of(r) for r in resources]
            for patient in dict.fromkeys([*patients, *filter(None, subjects)][:1] or [""]):
                yield patient, resources


def by_patient(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Bulk data, put together again for each patient."""
    records: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(folder.glob("*.ndjson*")):
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
            for line in lines:
                resource = json.loads(line)
                if isinstance(resource, dict) and resource.get("resourceType") in LIST_OF:
                    patient = resource.get("id") if resource["resourceType"] == "Patient" else subject_of(resource)
                    records[str(patient)].append(resource)
    yield from records.items()


def subject_of(resource: Mapping[str, Any]) -> str:
    subject = resource.get("subject") or resource.get("patient")
    reference = subject.get("reference") if isinstance(subject, dict) else None
    return reference.rsplit("/", 1)[-1] if isinstance(reference, str) and "Patient/" in reference else ""


def resources_in(node: object) -> Iterator[dict[str, Any]]:
    """Every resource anywhere in a document, a Bundle in a Bundle included."""
    if isinstance(node, dict):
        if isinstance(node.get("resourceType"), str) and node["resourceType"] not in ("Bundle", "Parameters"):
            yield node
            return
        for value in node.values():
            yield from resources_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from resources_in(value)


def show(tally: Tally, most: int) -> None:
    print(f"{tally.patients} records, {tally.resources} resources, {tally.seconds:.2f} s")
    for title, counts in (
        ("medicines recognised (resources)", tally.medicines),
        ("in use today (records)", tally.uses),
        ("problems recognised", tally.problems),
        ("gaps", tally.gaps),
        ("medicines of no rule", tally.other_medicines),
        ("problems of no list", tally.other_problems),
    ):
        kept = counts.most_common(most if title.endswith(("rule", "list")) else None)
        print(f"\n{title}: {counts.total()} ({len(counts)} different)")
        print("\n".join(f"  {count:6}  {name}" for name, count in kept))


if __name__ == "__main__":
    main()
