"""What is printed: for the patient and for the pharmacist."""

from datetime import date
from fractions import Fraction

import pytest

from app.render.plan.printed import leaflet_html, letter_html
from app.render.plan_words import PlanWords
from knowledge.coverage import load_coverage
from knowledge.library import Library
from knowledge.taper import Conversion, Equivalence, Form, Plan, PlanRequest, Product, make_plan
from knowledge.taper.leaflet import leaflet_for, sentences
from knowledge.texts import LANGUAGES
from tests.knowledge.taper.asking import ADULT, ask, made, tablets
from tests.render.plan.reading import tables_of

each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def plan() -> Plan:
    return made(make_plan(ask("diazepam", "10", tablets("diazepam", "2", "5", parts=2), ("5", "5"))))


@pytest.fixture
def baclofen() -> Plan:
    ten = (Product("baclofen", Form.TABLET, Fraction(10), 2),)
    request = PlanRequest(
        medicine="baclofen", daily_mg=Fraction(120), products=ten, first_day=date(2026, 12, 1), scheme="baclofen-80",
        patient=ADULT,
    )  # fmt: skip
    return made(make_plan(request))


@each_language
def test_the_leaflet_says_every_sentence_of_its_medicine_in_its_language(
    plan: Plan, baclofen: Plan, library: Library, language: str
) -> None:
    wording = PlanWords(library, language)
    for each in (plan, baclofen):
        html = leaflet_html(each, wording, library).replace("&#39;", "'")
        own = leaflet_for(each.request.medicine)
        assert own
        for sentence in sentences():
            assert (sentence.text[language] in html) is (sentence in own)
        assert f'<html lang="{language}">' in html


@each_language
def test_the_leaflet_names_its_sources_with_dates_and_that_nobody_reviewed_it(
    plan: Plan, library: Library, language: str
) -> None:
    html = leaflet_html(plan, PlanWords(library, language), library)
    for source in ("Paling et al. 2015 (2015-06)", "Benzodiazepine Tapering (2025)", "2018/1972, art. 109"):
        assert source in html
    assert PlanWords(library, language)["unreviewed"].replace("'", "&#39;") in html
    assert plan.hash[:16] in html


def test_every_sentence_rests_on_claims_that_exist_and_are_covered_as_the_leaflet(library: Library) -> None:
    coverage = load_coverage(library.documents).entries
    claims = {claim for sentence in sentences() for claim in sentence.claims}
    assert {claim for claim in claims if "leaflet" not in coverage[claim].where} == set()


def test_no_sentence_blames(library: Library) -> None:
    words = " ".join(text for sentence in sentences() for text in sentence.text.values()).lower()
    for blaming in ("addict", "abuse", "verslaa", "misbruik", "toxicoman", "süchtig", "missbrauch"):
        assert blaming not in words


@each_language
def test_a_switch_is_told_as_one_medicine_instead_of_the_other(library: Library, language: str) -> None:
    wording = PlanWords(library, language)
    asked = ask(
        "lormetazepam", "2", tablets("lormetazepam", "1", "2"), equivalence=Equivalence(Fraction(1), Fraction(2)),
        conversion=Conversion(tablets("diazepam", "2", "5", "10", parts=2)),
    )  # fmt: skip
    switched = made(make_plan(asked))
    names = {"medicine": wording.medicine("diazepam"), "before": wording.medicine("lormetazepam")}
    told = wording["leaflet_switch"].format(first=wording.long_date(date(2026, 12, 1)), **names)
    html = leaflet_html(switched, wording, library)
    assert told.replace("'", "&#39;") in html
    taken = [cell for row in tables_of(html)["plan"] for cell in row if cell.lines]
    assert len(taken) == len([step for step in switched.steps if step.days])
    assert all(names["medicine"] in cell.text for cell in taken), "two medicines have tablets of 2 mg"


@each_language
def test_a_plan_that_ends_above_none_says_not_to_stop_alone(baclofen: Plan, library: Library, language: str) -> None:
    wording = PlanWords(library, language)
    told = wording["leaflet_end"].format(last=wording.long_date(date(2026, 12, 8)), dose=wording.dose(Fraction(80)))
    assert told.replace("'", "&#39;") in leaflet_html(baclofen, wording, library)


def test_what_is_printed_loads_nothing_and_names_nobody(plan: Plan, library: Library) -> None:
    wording = PlanWords(library, "en")
    for html in (leaflet_html(plan, wording, library), letter_html(plan, wording)):
        assert "<script" not in html
        assert "://" not in html
        assert 'src="' not in html
        assert "<span>Name</span>" in html


def test_the_letter_marks_what_is_made_to_order_and_what_nobody_verified(library: Library) -> None:
    products = (
        Product("lorazepam", Form.TABLET, Fraction(1), 2, verified=False, name="<b>A & B</b>"),
        Product("lorazepam", Form.CAPSULE, Fraction(1, 10), compounded=True),
    )
    html = letter_html(made(make_plan(ask("lorazepam", "1", products))), PlanWords(library, "en"))
    assert "tablet 1 mg (&lt;b&gt;A &amp; B&lt;/b&gt;), divides into 2, strength not verified" in html
    assert "capsule 0.1 mg, made by the pharmacist" in html
