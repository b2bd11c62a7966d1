"""Every code of the planner has words in four languages, and every note is told with its own values."""

from datetime import date
from fractions import Fraction
from random import Random
from string import Formatter

import pytest

from app.render.plan_words import PlanWords, phrases_of
from benchmarks.plans import request_of
from knowledge.library import HERE, Library, read_library
from knowledge.taper import (
    SCHEMES,
    Alternative,
    Because,
    Caution,
    Fact,
    Feasibility,
    Flag,
    Form,
    Kind,
    Plan,
    Product,
    Refusal,
    Units,
    When,
    make_plan,
)
from knowledge.taper.notes import Note, note
from knowledge.taper.request import HoldReason
from knowledge.taper.schemes import REFUSED
from knowledge.texts import LANGUAGES

CODES = {
    "because": Because,
    "alternative": Alternative,
    "caution": Caution,
    "flag": Flag,
    "feasibility": Feasibility,
    "kind": Kind,
    "when": When,
    "hold": HoldReason,
    "counted": Form,
}
F = Fraction
BLAMING = ("addict", "abuse", "verslaafd", "misbruik", "toxicoman", "abus", "süchtig", "missbrauch")


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", CODES)
def test_every_code_has_words(table: str, language: str) -> None:
    missing = {str(code) for code in CODES[table]} - phrases_of(language, HERE)[table].keys()
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_and_scheme_has_a_name(language: str) -> None:
    phrases = phrases_of(language, HERE)
    assert {str(fact) for fact in Fact} | {"age", "route", "elderly"} == phrases["fact"].keys()
    assert SCHEMES.keys() | REFUSED.keys() == phrases["scheme"].keys()
    for scheme in SCHEMES.values():
        assert set(scheme.unverified) <= phrases["unverified"].keys()
        assert set(scheme.house) <= phrases["house"].keys()
        assert scheme.compared in phrases["compared"]
        assert scheme.id in phrases["scheme_says"]


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_every_language_says_the_same_with_the_same_figures(language: str) -> None:
    own, english = phrases_of(language, HERE), phrases_of("en", HERE)
    assert own.keys() == english.keys()
    for table, texts in english.items():
        assert own[table].keys() == texts.keys(), table
        for code, text in texts.items():
            assert fields(own[table][code]) == fields(text), f"{table}.{code}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_blames(language: str) -> None:
    for texts in phrases_of(language, HERE).values():
        for text in texts.values():
            assert not [word for word in BLAMING if word in text.lower()]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_real_plans_and_refusals_say_can_be_told(language: str, library: Library) -> None:
    words, rng = PlanWords(library, language), Random(6)
    for _ in range(150):
        for told in said_by(make_plan(request_of(rng)), words):
            assert told
            assert "{" not in told
            assert told[:1] == told[:1].upper()


def said_by(made: Plan | Refusal, words: PlanWords) -> list[str]:
    if isinstance(made, Refusal):
        return [*words.because(made), *words.alternatives(made)]
    flags = [words.note("flag", flag) for step in made.steps for flag in step.flags]
    return [*flags, *words.cautions(made), *words.alternatives(made), words.feasibility(made)]


@pytest.mark.parametrize(
    ("table", "said", "text"),
    [
        ("because", note("pregnancy"), "Pregnancy: ask a specialist first; no plan is made here."),
        (
            "because",
            note(Because.STEP_OUT_OF_RANGE, step=Fraction(20), of="mg", step_from=Fraction(10), step_to=Fraction(15)),
            "A step of 20 mg does not fit this scheme: 10 mg to 15 mg.",
        ),
        (
            "because",
            note(Because.STEP_OUT_OF_RANGE, step=Fraction("0.3"), of="current", step_from=F("0.01"), step_to=F("0.25")),
            "A step of 30% does not fit this scheme: 1% to 25%.",
        ),
        (
            "because",
            note(Because.LAST_DOSE_TOO_HIGH, last_mg=Fraction(5), at_most_mg=Fraction(2), below_mg=Fraction(10)),
            "5 mg is too much to stop from: at most 2 mg.",
        ),
        (
            "because",
            note(Because.PLAN_TOO_LONG, days_at_most=3660),
            "The plan would have more than 3660 steps or days: ask for larger steps or shorter intervals.",
        ),
        (
            "because",
            note(Because.MEDICINE_UNKNOWN, medicine="paracetamol"),
            "Wane has no taper for this medicine (paracetamol).",
        ),
        (
            "alternative",
            note(Alternative.LIQUID, below_mg=Fraction("0.5")),
            "A liquid of which less than 0.5 mg can be measured",
        ),
        (
            "alternative",
            note(
                Alternative.SWITCH_TO_DIAZEPAM,
                low_mg=Fraction(40, 3),
                high_mg=Fraction(20),
                check="hepatic-disease,elderly",
            ),
            "A switch to diazepam, 13.33 mg to 20 mg a day depending on the table, if the clinician chooses it; "
            "consider first: liver disease and 65 or older",
        ),
        ("flag", note(Flag.HOLD, reason=HoldReason.BACK), "Back on a dose that went well."),
        (
            "caution",
            note(Caution.CONVERSION_ELDERLY, age="not-told"),
            "From 65 on one's own medicine is preferred to diazepam, which builds up (age: not told).",
        ),
        (
            "caution",
            note(Caution.HIGH_DOSE, low_mg=Fraction(20), high_mg=Fraction(40), limit_mg=20),
            "As diazepam 20 mg to 40 mg a day: 20 mg or more. Taper with specialised care, never stop at once.",
        ),
        (
            "caution",
            note(Caution.HIGH_DOSE, low_mg=Fraction(20), high_mg=Fraction(20), limit_mg=20),
            "As diazepam 20 mg a day: 20 mg or more. Taper with specialised care, never stop at once.",
        ),
    ],
)
def test_a_note_is_told_with_its_values(table: str, said: Note, text: str, library: Library) -> None:
    assert PlanWords(library, "en").note(table, said) == text


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        (Form.TABLET, "1/2", "½ tablet van 2,5 mg"),
        (Form.TABLET, "3/2", "1½ tablet van 2,5 mg"),
        (Form.TABLET, "1", "1 tablet van 2,5 mg"),
        (Form.CAPSULE, "3", "3 capsules van 2,5 mg"),
        (Form.ML, "5/2", "2,5 ml van 2,5 mg/ml"),
        (Form.DROP, "12", "12 druppels van 2,5 mg per druppel"),
    ],
)
def test_units_are_told_as_a_pharmacist_would(form: Form, number: str, text: str, library: Library) -> None:
    product = Product("diazepam", form, Fraction("2.5"), 4 if form is Form.TABLET else 10 if form is Form.ML else 1)
    assert PlanWords(library, "nl").units(Units(product, Fraction(number))) == text


def test_a_strength_is_never_rounded(library: Library) -> None:
    assert PlanWords(library, "fr").mg(Fraction("0.0625")) == "0,0625 mg"


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "1 december 2026"), ("fr", "1er décembre 2026"), ("en", "1 December 2026"), ("de", "1. Dezember 2026")],
)
def test_a_day_is_written_in_full(language: str, text: str, library: Library) -> None:
    assert PlanWords(library, language).long_date(date(2026, 12, 1)) == text
