"""Dosages as other systems really send them. The files stand beside the repository and are never part of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.intake.dose_lines import read_line
from benchmarks.reading import EXAMPLES, main
from knowledge.library import Library

CORPUS = EXAMPLES.parents[1]
FOLDERS = ("medicationrequest_national", "taper", "bundles", "broken_fhir", "cds_hooks")
MEDICATION = ("MedicationRequest", "MedicationStatement", "MedicationDispense")

here = pytest.mark.skipif(
    not EXAMPLES.exists(), reason=f"no corpus beside the repository ({CORPUS.name}/ is not there)"
)


def resources(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("resourceType") in MEDICATION:
            yield value
        for inner in value.values():
            yield from resources(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from resources(inner)


def parsed(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        return None


@here
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_prescription_of_the_corpus_is_read_or_refused_with_a_reason(folder: str, library: Library) -> None:
    for path in sorted((CORPUS / folder).iterdir()):
        for resource in resources(parsed(path)):
            line = json.loads(read_line(json.dumps(resource), library))

            assert line["daily"] or line["reason"], path.name


@here
def test_the_dosage_examples_are_read_as_well_as_was_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0, capsys.readouterr().out
