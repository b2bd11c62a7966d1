"""A plan is worded by one renderer: no second table says the same, and every rendering uses the same numbers and units."""

from fractions import Fraction
from pathlib import Path

import pytest

from app.render.plan.dosages import dosage_text
from app.render.plan_words import PlanWords, phrases_of, plan_words
from knowledge.asked import words_of
from knowledge.library import Library, read_library
from knowledge.taper import Form, Product, Units, When
from knowledge.texts import LANGUAGES

HERE = Path(__file__).parents[2] / "knowledge"


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_the_renderings_stands_in_the_texts_of_the_codes_as_well(language: str) -> None:
    texts = phrases_of(language, HERE)
    assert "unit" not in texts
    assert "month" not in texts
    assert (
        not {"decimal", "date", "and", "compounded", "modified_release"}
        & texts["word"].keys()
        & plan_words()["en"].keys()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prescription_says_the_units_as_the_leaflet_does(language: str, library: Library) -> None:
    words = PlanWords(library, language)
    units = Units(Product("diazepam", Form.TABLET, Fraction(5), 2), Fraction(3, 2))
    assert words.units(units) in dosage_text(When.NIGHT, (units,), units.mg, words)


@pytest.mark.parametrize(("language", "share"), [("nl", "50 %"), ("fr", "50 %"), ("en", "50%"), ("de", "50 %")])
def test_a_share_in_a_note_is_written_as_in_the_rows(language: str, share: str, library: Library) -> None:
    assert PlanWords(library, language).share(Fraction(1, 2)) == share
    assert words_of(language)["unit"]["%"].format(n=50) == share


def test_made_to_order_is_said_where_no_list_of_products_stands_beside_it(library: Library) -> None:
    capsule = Units(Product("loprazolam", Form.CAPSULE, Fraction("0.8"), compounded=True), Fraction(1))
    assert PlanWords(library, "en").marked_units(capsule) == "1 capsule of 0.8 mg (made by the pharmacist)"


def test_french_puts_no_de_before_a_name_that_may_begin_with_a_vowel(library: Library) -> None:
    words = PlanWords(library, "fr")
    texts = [*plan_words()["fr"].values(), *(text for table in words.phrases.values() for text in table.values())]
    assert [text for text in texts if "de {medicine}" in text] == []
