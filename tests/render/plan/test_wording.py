"""Amounts in words: exact, in the reader's language."""

import re
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.plan_words import PlanWords, plan_words
from knowledge.library import Library
from knowledge.taper import Form, Product, Units
from knowledge.texts import LANGUAGES
from tests.render.plan.reading import number_in


def test_every_language_has_the_same_words() -> None:
    words = plan_words()
    assert tuple(words) == LANGUAGES
    assert len({frozenset(table) for table in words.values()}) == 1
    for name in words["en"]:
        fields = [set(re.findall(r"{(\w+)}", words[language][name])) for language in LANGUAGES]
        assert all(each | {"day"} == fields[0] | {"day"} for each in fields), name  # "1er" names no day


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("7.5", "7,5"),
        ("10", "10"),
        ("1/3", "1/3"),
        ("4/3", "1 1/3"),
        ("0.125", "0,125"),
        ("1/1024", "1/1024"),
        ("0", "0"),
    ],
)
def test_a_number_is_never_rounded(library: Library, value: str, shown: str) -> None:
    assert PlanWords(library, "nl").number(Fraction(value)) == shown


@given(st.fractions(min_value=0, max_value=10_000, max_denominator=500), st.sampled_from(LANGUAGES))
def test_a_number_is_read_back(library: Library, value: Fraction, language: str) -> None:
    assert number_in(PlanWords(library, language).number(value), language) == value


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("nl", "1/2", "½ tablet van 5 mg"),
        ("nl", "3/2", "1½ tablet van 5 mg"),
        ("nl", "2", "2 tabletten van 5 mg"),
        ("fr", "3/2", "1½ comprimé de 5 mg"),
        ("fr", "9/4", "2¼ comprimés de 5 mg"),
        ("en", "1", "1 tablet of 5 mg"),
        ("en", "3/2", "1½ tablets of 5 mg"),
        ("de", "3/4", "¾ Tablette zu 5 mg"),
        ("de", "5/4", "1¼ Tabletten zu 5 mg"),
    ],
)
def test_units_are_one_or_many_as_the_language_has_it(library: Library, language: str, number: str, said: str) -> None:
    five = Product("diazepam", Form.TABLET, Fraction(5), 4)
    assert PlanWords(library, language).units(Units(five, Fraction(number))) == said


def test_a_share_is_rounded_to_a_tenth_of_a_percent(library: Library) -> None:
    assert PlanWords(library, "en").share(Fraction(1, 12)) == "8.3%"
    assert PlanWords(library, "fr").share(Fraction(1, 4)) == "25 %"


def test_the_first_of_a_month_is_told_as_the_french_do(library: Library) -> None:
    assert PlanWords(library, "fr").long_date(date(2027, 8, 1)) == "1er août 2027"
    assert PlanWords(library, "fr").long_date(date(2027, 8, 2)) == "2 août 2027"
