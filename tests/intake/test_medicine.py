"""Which medicine a resource speaks of: by its codes and names held against each other, and asked where they differ."""

from dataclasses import replace
from typing import Any

import pytest

from app.intake.included import Included
from app.intake.medicine import read_medicine
from knowledge.library import Library

ATC, RXNORM, LOCAL = "http://www.whocc.no/atc", "http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:1.2.3.4"


def concept(*codings: tuple[str, str], text: str | None = None) -> dict[str, Any]:
    coding = [{"system": system, "code": code} for system, code in codings]
    return {"medicationCodeableConcept": {"coding": coding} | ({"text": text} if text else {})}


@pytest.mark.parametrize(
    ("sent", "medicine", "gap"),
    [
        (concept((ATC, "N05BA01")), "diazepam", None),
        (concept((ATC, "N05BA01"), text="Valium 5 mg"), "diazepam", None),
        (concept((ATC, "N05BA01"), (LOCAL, "7")), "diazepam", None),
        (concept(text="Valium 5 mg"), "diazepam", None),
        (concept((ATC, "N02BE01"), text="paracetamol 500 mg"), None, None),
        (concept((ATC, "N02BE01")), None, None),
        (concept((ATC, "N05BA01"), (ATC, "N05BA06")), None, "codes-disagree"),
        (concept((ATC, "N05BA01"), (ATC, "N02BE01")), None, "codes-disagree"),
        (concept((ATC, "N05BA01"), text="lorazepam 1 mg"), None, "codes-disagree"),
        (concept((ATC, "N02BE01"), text="Valium 5 mg"), None, "codes-disagree"),
        (concept((ATC, "N02BE51"), text="paracetamol/codeïne 500/20 mg"), "codeine", None),
        (concept((ATC, "A08AA62"), text="naltrexon/bupropion 8/90 mg"), None, None),
        (concept((ATC, "N02AA56"), text="oxycodon/naloxon"), "oxycodone", None),
        (concept((ATC, "N02AA56"), text="oxycodon met naltrexon"), "oxycodone", None),
        (concept((LOCAL, "7")), None, "medicine-not-readable"),
        (concept((LOCAL, "7"), text="paracetamol"), None, None),
        (concept((RXNORM, "1")), None, "medicine-not-told"),
        (concept((RXNORM, "1"), text="lorazepan"), None, None),
        (concept(text="Valium / Temesta"), None, "several-medicines-named"),
        ({}, None, "medicine-not-told"),
    ],
)
def test_codes_and_words_are_held_against_each_other(
    sent: dict[str, Any], medicine: str | None, gap: str | None, library: Library
) -> None:
    fresh = replace(library)  # nothing is remembered
    for _ in ("asked", "remembered"):
        found = read_medicine(sent, fresh, Included())
        assert (found.medicine, found.gap) == (medicine, gap)


@pytest.mark.parametrize(
    ("name", "medicine"),
    [
        ("BACLOFENO 10 MG 30 COMPRIMIDOS", "baclofen"),
        ("Baklofen Viatris 10 mg tablett", "baclofen"),
        ("clordiazepóxido 10 mg", "chlordiazepoxide"),
        ("Zopiklon 7,5 mg", "zopiclone"),
        ("oksazepam 10 mg", "oxazepam"),
        ("Lexatin 1,5 mg cápsulas", "bromazepam"),
        ("MINIAS*20CPR RIV 1MG", "lormetazepam"),
        ("Sobril 15 mg tablett", "oxazepam"),
        ("Psychopax Tropfen 10 mg/ml", "diazepam"),
    ],
)
def test_a_medicine_is_known_by_its_names_in_neighbouring_countries(name: str, medicine: str, library: Library) -> None:
    assert read_medicine(concept(text=name), library, Included()).medicine == medicine


@pytest.mark.parametrize(
    "system",
    [
        "http://terminology.hl7.org/CodeSystem/data-absent-reason",
        "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
    ],
)
def test_a_code_that_says_why_nothing_is_told_names_no_medicine(system: str, library: Library) -> None:
    absent = {"coding": [{"system": system, "code": "UNK", "display": "Unknown"}]}
    assert read_medicine({"medicationCodeableConcept": absent}, library, Included()).gap == "medicine-not-told"
    named = {"medicationCodeableConcept": {**absent, "text": "baclofen capsule 5 mg"}}
    assert read_medicine(named, library, Included()).medicine == "baclofen"


@pytest.mark.parametrize("name", ["bac\u200blofen 10 mg", "baclo\u00adfen", "\u202bbaclofen\u202c", "ba\u2060clofen"])
def test_letters_nobody_sees_part_no_name(name: str, library: Library) -> None:
    assert read_medicine(concept(text=name), library, Included()).medicine == "baclofen"


@pytest.mark.parametrize(
    "name", ["Zolpiclone 7,5 mg", "lorazepan", "oxazpeam 10 mg", "Lormetazepamm", "bacclofen 25 mg"]
)
def test_a_name_nearly_that_of_a_medicine_is_asked_about(name: str, library: Library) -> None:
    found = read_medicine(concept(text=name), library, Included())
    assert (found.medicine, found.gap) == (None, "medicine-name-unclear")


@pytest.mark.parametrize(
    "name", ["clozapine 100 mg", "clotiapine", "cloxacilline", "buspiron 10 mg", "Imodium", "Revatio"]
)
def test_a_lookalike_is_another_medicine(name: str, library: Library) -> None:
    found = read_medicine(concept(text=name), library, Included())
    assert (found.medicine, found.gap) == (None, None)


@pytest.mark.parametrize(
    "broken",
    [
        {"coding": "N05BA01", "text": "diazepam"},
        {"coding": ["N05BA01", None], "text": "diazepam"},
        {"coding": [{"system": ["x"], "code": "N05BA01"}], "text": "diazepam"},
        {"coding": {"system": ATC, "code": "N05BA01"}},
        {"code": "N05BA01", "system": ATC},
    ],
)
def test_a_concept_out_of_shape_is_read_as_far_as_it_goes(broken: dict[str, Any], library: Library) -> None:
    assert read_medicine({"medicationCodeableConcept": broken}, library, Included()).medicine == "diazepam"


def test_what_is_remembered_of_one_concept_is_no_answer_for_another(library: Library) -> None:
    bare = {"text": "something", "code": "N05BA01", "system": ATC}
    for sent, medicine in ((concept(text="something"), None), ({"medicationCodeableConcept": bare}, "diazepam")):
        assert read_medicine(sent, library, Included()).medicine == medicine


def test_no_more_is_remembered_than_was_meant(library: Library) -> None:
    fresh = replace(library)
    for number in range(5_000):
        read_medicine(concept(text=f"product {number}"), fresh, Included())
    read_medicine(concept(text="long " * 1_000), fresh, Included())
    assert len(fresh.memory) <= 4_096


def test_a_medication_is_found_by_its_bare_id(library: Library) -> None:
    held = {"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": ATC, "code": "N05BA01"}]}}
    sent = {"medicationReference": {"reference": "m", "type": "Medication"}}
    assert read_medicine(sent, library, Included([("", held)])).medicine == "diazepam"
