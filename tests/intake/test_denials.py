"""What a text denies, what it only limits, and what leaves it open: in nl, fr, en and de."""

import pytest

from app.intake.words import lists_in_words
from knowledge.library import Library


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dementia without behavioral disturbance", "dementia"),
        ("Dementie zonder gedragsstoornissen", "dementia"),
        ("COPD without exacerbation", "copd"),
        ("Niet-organische insomnie", "insomnia"),
        ("insomnie non organique", "insomnia"),
        ("Épilepsie non spécifiée", "epilepsy"),
        ("Epilepsie, nicht näher bezeichnet", "epilepsy"),
        ("spasticity not controlled with tizanidine", "spasticity-cause"),
        ("epilepsie niet uitgesloten", "epilepsy"),
        ("epilepsy cannot be ruled out", "epilepsy"),
        ("épilepsie non exclue", "epilepsy"),
        ("Epilepsie nicht ausgeschlossen", "epilepsy"),
    ],
)
def test_a_text_that_limits_what_it_names_does_not_deny_it(text: str, name: str, library: Library) -> None:
    said = lists_in_words(text, library.codes)

    assert name in said.lists
    assert not said.whole


@pytest.mark.parametrize(
    "text",
    [
        "epilepsie niet vastgesteld",
        "spasticity not present",
        "no h/o epilepsy",
        "epilepsy - excluded",
        "niet-epileptische aanvallen",
        "Epilepsie nicht nachgewiesen",
        "épilepsie non retenue",
        "kind van alcoholist",
        "cousin with epilepsy",
    ],
)
def test_what_is_denied_or_of_a_relative_is_not_the_patients(text: str, library: Library) -> None:
    assert not lists_in_words(text, library.codes).lists


@pytest.mark.parametrize("text", ["epilepsie?", "? epilepsie", "alcoholafhankelijkheid (?)", "alcohol -"])
def test_a_question_mark_or_a_minus_leaves_it_unsure(text: str, library: Library) -> None:
    said = lists_in_words(text, library.codes)

    assert said.lists
    assert not said.whole


@pytest.mark.parametrize("text", ["geen koorts, wel hoofdpijn", "zonder dyspnoe; xyzziekte", "MS zonder spasticiteit"])
def test_a_denial_of_one_part_leaves_another_to_be_asked_about(text: str, library: Library) -> None:
    said = lists_in_words(text, library.codes)

    assert not said.lists
    assert not said.denied


@pytest.mark.parametrize(
    "text",
    [
        "zwangerschapswens",
        "désir de grossesse",
        "pregnancy test negative",
        "history of pregnancy",
        "Kinderwunsch",
        "spastic colon",
        "spastische colon",
        "côlon spastique",
        "alcohol swab allergy",
        "fetal alcohol syndrome",
    ],
)
def test_what_only_sounds_like_a_listed_problem_is_asked_about(text: str, library: Library) -> None:
    said = lists_in_words(text, library.codes)

    assert not said.lists
    assert not said.denied
