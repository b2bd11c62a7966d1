"""Phrases in text: whole words in a row, a star for any ending, the longest phrase wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.medicine import words
from knowledge.phrasebook import Match, Phrasebook

BOOK = Phrasebook(
    {
        "alcohol": ["alcohol", "alcohol withdrawal", "éthylisme"],
        "withdrawal": ["withdrawal*"],
        "seizure": ["seizure*", "withdrawal seizure"],
        "history": ["h o"],
        "short": ["ms*"],
        "part": ["spasti* cause"],
    }
)


def names(text: str) -> list[str]:
    found, _ = BOOK.found_in(text)
    return sorted(match.name for match in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alcohol", ["alcohol"]),
        ("Alcohol.", ["alcohol"]),
        ("ALCOHOL-related", ["alcohol"]),
        ("nonalcoholic", []),
        ("alcoholic", []),  # no star, no other ending
        ("Éthylisme", ["alcohol"]),
        ("ethylisme", ["alcohol"]),
        ("withdrawals", ["withdrawal"]),
        ("alcohol withdrawal", ["alcohol"]),  # the longer phrase holds the shorter
        ("withdrawal from alcohol", ["alcohol", "withdrawal"]),
        ("withdrawal seizure", ["seizure"]),
        ("withdrawal seizures", ["seizure", "withdrawal"]),
        ("H/O: alcohol", ["alcohol", "history"]),
        ("MS", ["short"]),
        ("msec", ["short"]),
        ("m s", []),
        ("spastic cause", ["part"]),
        ("spastic other cause", []),
        ("cause spastic", []),
        ("", []),
        ("...", []),
    ],
)
def test_a_phrase_is_found_as_whole_words_in_a_row(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_a_match_says_where_it_stands_and_how_long_it_is() -> None:
    matches, length = BOOK.found_in("treated for alcohol withdrawal now")

    assert matches == [Match("alcohol", 2, 2)]
    assert length == 5


def test_the_same_phrase_twice_is_found_twice() -> None:
    matches, _ = BOOK.found_in("alcohol, and alcohol")

    assert sorted(match.start for match in matches) == [0, 2]


def test_overlapping_phrases_that_do_not_hold_each_other_both_count() -> None:
    assert names("alcohol withdrawal seizure") == ["alcohol", "seizure"]


vocabulary = st.sampled_from(
    ["alcohol", "withdrawal", "seizure", "seizures", "spastic", "cause", "ms", "tea", "h", "o"]
)


@given(st.lists(vocabulary, max_size=8))
def test_nothing_that_is_found_lies_inside_something_longer_that_is_found(said: list[str]) -> None:
    matches, length = BOOK.found_in(" ".join(said))

    assert length == len(said)
    for match in matches:
        assert 0 <= match.start < match.start + match.length <= length
        for other in matches:
            inside = other.start <= match.start and match.start + match.length <= other.start + other.length
            assert not (inside and other.length > match.length)


@given(st.lists(vocabulary, min_size=1, max_size=8))
def test_capitals_accents_and_punctuation_change_nothing(said: list[str]) -> None:
    plain = " ".join(said)
    dressed = "; ".join(word.replace("a", "à").title() for word in said) + "!"

    assert names(plain) == names(dressed)
    assert words(plain) == words(dressed)
