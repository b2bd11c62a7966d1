"""Problems and reasons in words: what is said, what is denied, and what nobody here can place."""

from time import process_time
from typing import Any

import pytest

from app.intake.words import lists_in_words
from knowledge.facts import State
from knowledge.library import Library
from tests.intake.records import Json, drafted, facts, request

ALCOHOL, SPASTIC = "alcohol-dependence", "spasticity-cause"
SNOMED, ICD = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10"


@pytest.mark.parametrize(
    "written",
    [
        "geen alcoholmisbruik, spasticiteit",
        "spasticiteit zonder alcoholmisbruik",
        "spasticiteit; alcoholmisbruik: geen",
        "spasticiteit, alcoholmisbruik (nee)",
        "niet voor alcoholverslaving maar voor spasticiteit",
        "pas d'abus d'alcool, spasticité",
        "spasticité sans abus d'alcool",
        "No alcohol abuse. Spasticity of arm or leg",
        "spasticity, never alcohol abuse",
        "kein Alkoholmissbrauch, sondern Spastik",
        "Spastik - Alkoholmissbrauch nein",
    ],
)
def test_a_denial_covers_its_own_part(written: str, library: Library) -> None:
    assert lists_in_words(written, library.codes).lists == {SPASTIC}


@pytest.mark.parametrize(
    "written",
    [
        "geen epilepsie, spasticiteit of alcoholmisbruik",
        "no epilepsy, spasticity or alcohol abuse",
        "alcoholmisbruik uitgesloten",
        "alcoholmisbruik en spasticiteit: niet",
        "pas de spasticité ni abus d'alcool",
    ],
)
def test_a_denial_covers_the_whole_list_it_begins(written: str, library: Library) -> None:
    said = lists_in_words(written, library.codes)
    assert (said.lists, said.denied) == (set(), True)


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("Alcohol use disorder, severe", True),
        ("F10.2 Alkoholabhängigkeitssyndrom", True),
        ("dépendance alcoolique sévère", True),
        ("gekend met chronisch alcoholisme", True),
        ("Alkoholabhängigkeit, gegenwärtiger Konsum", True),
        ("severe alcohol dependence with spastic gait", False),
        ("alcohol dependence, severe?", False),
        ("alcohol dependence clinic appointment", False),
    ],
)
def test_how_severe_or_how_long_takes_nothing_from_what_a_text_says(
    written: str, whole: bool, library: Library
) -> None:
    said = lists_in_words(written, library.codes)
    assert ALCOHOL in said.lists
    assert said.whole is whole


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Seizure disorder (HC CODE)", "epilepsy"),
        ("delier bij longontsteking", "delirium"),
        ("Delirium tremens", "withdrawal-delirium"),
        ("Infantile spasms", "epilepsy"),
        ("Episodisch paroxysmale Angst", "panic-disorder"),
        ("anxiété paroxystique épisodique", "panic-disorder"),
        ("Nicht organische Insomnie", "insomnia"),
        ("Tentative d'autolyse médicamenteuse", "suicidality"),
        ("auto-intoxicatie met paracetamol", "suicidality"),
        ("Respiratorische Globalinsuffizienz", "respiratory-insufficiency"),
        ("epileptisch insult bij benzodiazepineonttrekking", "withdrawal-seizure"),
        ("Langzeitpflege", "nursing-home"),
        ("chronic ethanol abuse", "alcohol-dependence"),
        ("Alkoholabh. seit 2015", "alcohol-dependence"),
        ("abus éthylique", "alcohol-dependence"),
        ("übermäßiger Alkoholkonsum", "alcohol-dependence"),
        ("Implantation einer intrathekalen Medikamentenpumpe", "intrathecal-pump"),
        ("intrathecale medicatiepomp", "intrathecal-pump"),
        ("Kurzwellendiathermie Schulter", "diathermy"),
        ("cMRT nativ", "mri"),
    ],
)
def test_a_problem_is_known_as_it_stands_on_the_lists_of_several_countries(
    written: str, name: str, library: Library
) -> None:
    assert name in lists_in_words(written, library.codes).lists


@pytest.mark.parametrize(
    "written", ["Encounter for screening for alcoholism", "Dépistage de l'alcoolisme", "alcohol misuse screening"]
)
def test_what_was_only_screened_for_is_no_problem(written: str, library: Library) -> None:
    assert lists_in_words(written, library.codes).lists == frozenset()


@pytest.mark.parametrize("written", ["bladder spasms", "spasmes coliques", "infantile spasms", "blaasspasmen"])
def test_a_spasm_of_something_else_is_no_cause_of_spasticity(written: str, library: Library) -> None:
    assert SPASTIC not in lists_in_words(written, library.codes).lists


def test_what_an_american_list_adds_for_billing_takes_nothing_from_a_name(library: Library) -> None:
    assert lists_in_words("Alcohol use disorder, severe (CMS/HCC)", library.codes).whole


def test_of_a_text_that_speaks_of_family_nothing_is_the_patients(library: Library) -> None:
    said = lists_in_words("vader alcoholist, spasticiteit", library.codes)
    assert (said.lists, said.unclear) == (set(), True)


def condition(code: Json) -> Json:
    status = {"coding": [{"code": "active"}]}
    return {"resourceType": "Condition", "id": "c", "clinicalStatus": status, "code": code}


def coded(system: str, code: str, **more: Any) -> Json:
    return {"coding": [{"system": system, "code": code, **more}]}


@pytest.mark.parametrize(
    ("code", "placed"),
    [
        ({"text": "Morbus Quux"}, False),
        (coded(SNOMED, "999999999"), False),
        (coded("urn:local", "7", display="Morbus Quux"), False),
        (coded(SNOMED, "38341003", display="Hypertensive disorder"), True),
        (coded(ICD, "I10"), True),
        ({"text": "alcoholafhankelijkheid"}, True),
        ({"text": "geen alcoholmisbruik"}, True),
        ({"text": "vader alcoholist, drinkt zelf"}, False),
    ],
)
def test_a_problem_that_could_be_anything_is_named(code: Json, placed: bool) -> None:
    named = {gap.missing for gap in facts(condition(code)).gaps}
    assert ("problem-not-recognised" in named) != placed


def test_the_words_tell_that_a_problem_is_in_remission() -> None:
    (problem,) = facts(condition({"text": "alcoholafhankelijkheid, in remissie"})).problems
    assert (problem.lists, problem.state) == ({ALCOHOL}, State.REMISSION)


@pytest.mark.parametrize(
    ("reason", "lists", "unclear", "gap"),
    [
        ({"text": "Morbus Quux"}, set(), False, True),
        (coded(SNOMED, "999999999"), set(), True, True),
        (coded(SNOMED, "38341003", display="Hypertensive disorder"), set(), False, False),
        ({"text": "geen alcoholmisbruik, spasticiteit"}, {SPASTIC}, False, False),
        ({"text": "craving"}, set(), True, False),
    ],
)
def test_a_reason_nobody_can_place_is_no_reason_or_a_named_gap(
    reason: Json, lists: Any, unclear: bool, gap: bool
) -> None:
    told = drafted({"resource": request("a", "baclofen", status="draft", reasonCode=[reason])})
    (given,) = told.orders[0].reasons
    assert (given.lists, given.unclear) == (lists, unclear)
    assert (("reason-not-recognised", "MedicationRequest/a") in {(g.missing, g.about) for g in told.gaps}) == gap


def test_a_reason_in_the_form_of_an_earlier_version_is_a_reason() -> None:
    alcohol = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F10.2"}]}
    order = request("a", "baclofen", status="draft", reasonCodeableConcept=alcohol)
    told = drafted({"resource": order | {"resourceType": "MedicationOrder"}})
    assert [reason.lists for reason in told.orders[0].reasons] == [frozenset({"alcohol-dependence"})]


def test_a_long_text_full_of_denials_costs_in_proportion_to_its_length(library: Library) -> None:
    def cost(parts: int) -> float:
        begun = process_time()
        lists_in_words("geen alcoholmisbruik, spasme of pijn, " * parts, library.codes)
        return process_time() - begun

    cost(100)
    assert min(cost(4_000) for _ in range(2)) < 8 * max(cost(1_000) for _ in range(3))


@pytest.mark.parametrize(
    ("written", "home"),
    [
        ("Woont in een woonzorgcentrum", True),
        ("Verblijf in WZC sinds 2023", True),
        ("opname verpleeghuis", True),
        ("Réside en maison de repos et de soins", True),
        ("vit en EHPAD", True),
        ("Lives in a nursing home", True),
        ("Pflegeheimbewohnerin", True),
        ("lebt im Seniorenheim", True),
        ("woont zelfstandig, geen woonzorgcentrum", False),
        ("moeder woont in een woonzorgcentrum", False),
    ],
)
def test_a_nursing_home_is_known_by_its_words(written: str, home: bool, library: Library) -> None:
    assert ("nursing-home" in lists_in_words(written, library.codes).lists) is home
