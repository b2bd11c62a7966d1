"""The planner page as HTML: what it shows, what it refuses, and what it never says."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.planning.asked import FIELDS, asked
from app.planning.form import TICKS, held_to_known, read_form
from app.planning.making import planned
from app.planning.query import fields_of, query_of
from app.render.plan_words import PlanWords
from app.routes.page import page_words
from knowledge.library import Library, read_library
from knowledge.taper import Plan, PlanRequest
from knowledge.texts import LANGUAGES
from tests.conftest import TODAY
from tests.knowledge.taper.test_invariants import requests
from tests.render.plan.reading import days_of, days_of_table, doses_of, figures_of_svg, tables_of
from tests.service import Answer, Service

DIAZEPAM = (
    "medicine=diazepam&country=NL&morning=5&night=10&products=tablet:2/2&products=tablet:5/2&first_day=2026-12-01"
)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="session")
def library() -> Library:
    return read_library()


@pytest.fixture
def plan(library: Library) -> Plan:
    return plan_of(DIAZEPAM, library)


def plan_of(query: str, library: Library) -> Plan:
    found = asked(read_form(parse_qsl(query)).fields(), library, TODAY)
    assert not isinstance(found, tuple), found
    made = planned(found)
    assert isinstance(made, Plan), made
    return made


def page(wane: Service, query: str, path: str = "/taper") -> Answer:
    return wane.call("GET", f"{path}?{query}")


def text_of(answer: Answer) -> str:
    return answer.content.decode()


def links(html: str, path: str) -> Iterator[str]:
    yield from (unescape(link) for link in re.findall(rf'href="({path}[^"]*)"', html))


@each_language
def test_the_empty_page_asks_and_says_that_nobody_reviewed_it(wane: Service, language: str) -> None:
    answer = page(wane, f"lang={language}")
    html = text_of(answer)
    assert answer.status == 200
    assert answer.headers["content-language"] == language
    assert unescape(html).count(page_words("planner")[language]["h_empty"]) == 1
    assert page_words()[language]["unreviewed"] in unescape(html)
    assert 'value="2026-11-21"' in html, "the first day is today, until another one is written"
    assert "data-plan" not in html


@each_language
def test_the_page_gives_back_the_dose_of_every_day(wane: Service, plan: Plan, library: Library, language: str) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&lang={language}"))
    curves = re.findall(r"<svg .*?</svg>", html, re.DOTALL)
    assert len(curves) == 2
    for curve in curves:
        assert figures_of_svg(curve) == doses_of(plan)
    assert days_of_table(html, PlanWords(library, language)) == days_of(plan)


@settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(requests(), st.sampled_from(LANGUAGES))
def test_the_address_of_a_plan_is_a_page_of_that_plan(
    wane: Service, library: Library, drawn: list[PlanRequest], language: str
) -> None:
    """As a card links to it; a product whose parts have no end in decimals cannot be in an address."""
    for request in drawn[:4]:
        query = f"{query_of(fields_of(request))}&checked=on&programme=on&lang={language}"
        html = text_of(page(wane, query))
        found = asked(read_form(parse_qsl(query)).fields(), library, TODAY)
        assert not isinstance(found, tuple), found
        made = planned(replace(found, request=held_to_known(found.request, library)))
        if isinstance(made, Plan):
            assert days_of_table(html, PlanWords(library, language)) == days_of(made)
            assert f'data-plan="{made.hash}"' in html
        else:
            assert "data-plan" not in html
            assert 'class="because"' in html


def test_a_change_is_proposed_from_the_row_of_today(wane: Service) -> None:
    html = text_of(page(wane, DIAZEPAM.replace("2026-12-01", "2026-11-01")))
    assert '<option value="2" selected>2: 15' in html.partition('id="new_row"')[2]


def test_only_the_row_that_cannot_be_read_is_marked(wane: Service) -> None:
    html = text_of(page(wane, "medicine=diazepam&night=5&products_1_mg=5&products_2_mg=x"))
    marked = re.findall(r'name="(products_\d_mg)"[^>]*aria-invalid', html)
    assert marked == ["products_2_mg"]


def test_every_file_of_a_plan_is_of_that_plan(wane: Service, plan: Plan) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&lang=en"))
    files = {link.partition("?")[0]: link for link in links(html, "/taper/")}
    assert set(files) >= {
        "/taper/leaflet",
        "/taper/letter",
        "/taper/plan.ics",
        "/taper/plan.svg",
        "/taper/plan.json",
        "/taper/plan.fhir.json",
    }
    answers = {path: wane.call("GET", link) for path, link in files.items()}
    assert {answer.status for answer in answers.values()} == {200}
    assert figures_of_svg(text_of(answers["/taper/plan.svg"])) == doses_of(plan)
    assert plan.hash[:32] in text_of(answers["/taper/plan.ics"]).replace("\r\n ", "")
    assert answers["/taper/plan.json"].json()["hash"] == plan.hash
    for path in ("/taper/leaflet", "/taper/letter"):
        assert plan.hash in text_of(answers[path])
        assert answers[path].headers["content-type"].startswith("text/html")
    assert answers["/taper/plan.ics"].headers["content-type"] == "text/calendar; charset=utf-8"
    assert answers["/taper/plan.svg"].headers["content-type"] == "image/svg+xml"


def test_neither_page_nor_files_are_kept_by_a_cache_nor_told_to_another_site(wane: Service) -> None:
    for path in ("/taper", "/taper/leaflet", "/taper/plan.ics", "/taper/plan.json"):
        headers = page(wane, DIAZEPAM, path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_languages_lead_to_the_same_plan(wane: Service, plan: Plan) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&lang=nl"))
    for language in LANGUAGES:
        link = next(link for link in links(html, r"\?") if f"lang={language}" in link)
        other = text_of(wane.call("GET", f"/taper{link}"))
        assert f'<html lang="{language}">' in other
        assert f'data-plan="{plan.hash}"' in other


def test_a_refusal_names_its_reason_and_what_would_help(wane: Service) -> None:
    answer = page(wane, "medicine=zopiclone&country=BE&night=7.5&lang=en")
    html = text_of(answer)
    assert answer.status == 200
    assert "The smallest dose that can be made, 7.5 mg" in html
    assert "Capsules made to order" in html
    assert "data-plan" not in html
    switch = next(link for link in links(html, "/taper") if "convert_to_diazepam=on" in link)
    assert "night%3A7.5" in switch


def test_a_refused_plan_has_no_files(wane: Service) -> None:
    for ending in ("ics", "svg", "json"):
        answer = page(wane, "medicine=zopiclone&country=BE&night=7.5", f"/taper/plan.{ending}")
        assert answer.status == 422
        assert answer.json()["issue"][0]["code"] == "business-rule"


@pytest.mark.parametrize(
    ("wrong", "field", "error"),
    [
        ("night=abc", "night", "error_mg"),
        ("night=-1", "night", "error_mg"),
        ("morning=1e9", "morning", "error_mg"),
        ("country=Belgium", "country", "error_country"),
        ("first_day=01/12/2026", "first_day", "error_day"),
        ("first_day=2026-02-30", "first_day", "error_day"),
        ("interval_days=soon", "interval_days", "error_days"),
        ("interval_days=0", "interval_days", "error_days"),
        ("step_percent=x", "step_percent", "error_percent"),
        ("last_mg=x", "last_mg", "error_mg"),
        ("start_mg=x", "start_mg", "error_mg"),
        ("products_1_mg=x", "products", "error_product"),
        ("products_1_mg=5&products_1_parts=3", "products", "error_product"),
        ("holds_1_after=x&holds_1_days=2", "holds", "error_hold"),
    ],
)
@each_language
def test_what_cannot_be_read_is_named_beside_its_field(
    wane: Service, wrong: str, field: str, error: str, language: str
) -> None:
    answer = page(wane, f"medicine=diazepam&{wrong}&lang={language}")
    html = unescape(text_of(answer))
    message = page_words("planner")[language][error]
    assert answer.status == 400
    assert f'id="error-{field}">{message}' in html
    assert f'aria-describedby="error-{field}"' in html
    assert re.search(rf'<a href="#{field}">[^<]* – {re.escape(message)}</a>', html), (
        "the list at the top leads to it by name"
    )
    assert f'id="{field}"' in html


def test_what_was_written_wrongly_stands_there_to_be_mended(wane: Service) -> None:
    html = text_of(page(wane, "medicine=diazepam&night=a%22%3Cb%3E&products_2_mg=two&interval_days=soon"))
    assert 'value="a&#34;&lt;b&gt;"' in html
    assert 'value="two"' in html
    assert 'value="soon"' in html


def test_a_file_of_fields_that_cannot_be_read_is_400_with_the_field(wane: Service) -> None:
    answer = page(wane, "medicine=diazepam&night=abc", "/taper/plan.ics")
    assert answer.status == 400
    assert answer.json()["issue"][0]["expression"] == ["intakes[0]"]
    assert page(wane, "", "/taper/plan.ics").status == 400


def test_an_address_that_tells_of_a_person_gives_no_plan(wane: Service) -> None:
    answer = page(wane, f"{DIAZEPAM}&present=pregnancy&age_years=40&lang=en")
    assert answer.status == 400
    assert "data-plan" not in text_of(answer)
    assert not list(links(text_of(answer), "/taper/"))
    assert "says nothing about a person (age_years, present)" in text_of(answer)
    assert page(wane, f"{DIAZEPAM}&present=pregnancy", "/taper/leaflet").status == 400


def test_no_link_of_the_page_tells_of_a_person(wane: Service) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&checked=on&liver=on&lang=en"))
    names = {name for link in links(html, "") for name, _ in parse_qsl(link.partition("?")[2].partition("#")[0])}
    assert names <= {*FIELDS, *TICKS, "lang"} - {"present", "absent", "age_years", "continuous_days"}


def test_a_name_nobody_knows_is_told_and_not_used(wane: Service) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&utm_source=%3Cb%3E&%3Cscript%3E=1&lang=en"))
    assert "not used: &lt;script&gt;, utm_source" in html
    assert "data-plan" in html


def test_markup_is_never_repeated(wane: Service) -> None:
    bad = "<script>alert(1)</script>"
    query = urlencode(dict.fromkeys([*FIELDS, "night", "products_1_mg", "products_1_form", "lang", "made_for"], bad))
    for path in ("/taper", "/taper/leaflet", "/taper/plan.ics", "/taper/plan.svg"):
        assert bad not in text_of(page(wane, query, path))


def test_ticks_say_what_was_checked(wane: Service) -> None:
    without, checked = (text_of(page(wane, f"{DIAZEPAM}&lang=en{tick}")) for tick in ("", "&checked=on"))
    assert "suicidality" in without.partition("<h3>")[2]
    assert "suicidality" not in checked.partition("<h3>")[2]


def test_the_belgian_programme_is_followed_where_its_conditions_were_checked(wane: Service) -> None:
    query = "medicine=lormetazepam&country=BE&night=1&scheme=riziv-5&checked=on&first_day=2026-12-01&lang=en"
    assert "data-plan" not in text_of(page(wane, query))
    html = text_of(page(wane, f"{query}&programme=on"))
    assert "data-plan" in html
    assert "capsule of 0.8 mg" in html


def test_a_switch_for_an_adult_of_unknown_age_says_whom_it_is_not_for(wane: Service) -> None:
    query = "medicine=lormetazepam&country=NL&night=2&convert_to_diazepam=on&diazepam_products_1_mg=1&liver=on&lang=en"
    for programme in ("", "&programme=on"):
        html = text_of(page(wane, query + programme))
        assert "data-plan" in html
        assert "(age: not told)" in html


def test_a_strength_without_a_source_stays_marked_when_the_form_is_sent(wane: Service) -> None:
    rows = "products_1_mg=1&products_1_parts=2&products_2_mg=0.25&made_for=loprazolam:be:"
    query = f"medicine=loprazolam&country=BE&night=2&scheme=nl-guided-reduction&{rows}&lang=en"
    html = text_of(page(wane, query))
    assert "A strength in this plan was not seen in a source" in html
    elsewhere = text_of(page(wane, query.replace("=BE", "=NL").replace(":be:", ":nl:")))
    assert "data-plan" in elsewhere
    assert "was not seen in a source" not in elsewhere


def test_products_of_another_medicine_fall_away(wane: Service) -> None:
    query = (
        "medicine=diazepam&country=NL&night=10&products_1_mg=1&products_1_form=tablet&made_for=lorazepam:nl:&lang=en"
    )
    html = text_of(page(wane, query))
    assert page_words("planner")["en"]["replaced"] in html
    assert re.findall(r'name="products_\d_mg" value="([^"]+)"', html) == ["2", "5", "10"]


def test_asam_stands_beside_another_scheme(wane: Service) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&scheme=bcfi-tenth&lang=en"))
    table = tables_of(html)["beside"]
    assert [cell.text.strip() for cell in table[0]][1:] == ["This plan", "ASAM 2025, same products"]
    weeks = [float(cell.text.split()[0]) for cell in table[1][1:]]
    assert weeks[0] < weeks[1], "ASAM is the slower one"
    assert "beside" not in tables_of(text_of(page(wane, f"{DIAZEPAM}&lang=en")))


def test_where_asam_cannot_be_followed_that_is_said(wane: Service) -> None:
    query = "medicine=diazepam&country=NL&night=10&scheme=nl-guided-reduction&lang=en"
    html = text_of(page(wane, query))
    assert "data-plan" in html
    assert page_words("planner")["en"]["asam_refused"] in html


@pytest.mark.parametrize(("kind", "rows"), [("hold", "hold"), ("back", "hold"), ("slower", "hold")])
def test_a_plan_goes_on_differently_from_a_row(wane: Service, plan: Plan, kind: str, rows: str) -> None:
    html = text_of(page(wane, f"{DIAZEPAM}&new_change={kind}&new_row=2&new_on=2026-12-20&new_days=28&lang=en"))
    assert f'data-plan="{plan.hash}"' not in html
    assert f"row 2 of plan {plan.hash[:16]}" in html
    assert '<td role="cell" data-label="From"><time datetime="2026-12-20">' in html
    undo = next(
        link for link in links(html, "/taper") if "changes" not in link and "first_day" in link and "#plan" in link
    )
    assert f'data-plan="{plan.hash}"' in text_of(wane.call("GET", undo.partition("#")[0]))


def test_changes_follow_one_another_and_their_files_with_them(wane: Service) -> None:
    first = f"{DIAZEPAM}&new_change=hold&new_row=2&new_on=2026-12-20&new_days=28&lang=en"
    html = text_of(page(wane, first))
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html.partition('class="change"')[2])
    kept = urlencode([(name, unescape(value)) for name, value in hidden])
    second = text_of(page(wane, f"{kept}&new_change=slower&new_row=1&new_on=2027-01-20&new_days=42"))
    assert 'datetime="2027-01-20"' in second
    name = re.search(r'data-plan="(\w+)"', second)
    data = wane.call("GET", next(links(second, "/taper/plan.json"))).json()
    assert name is not None
    assert data["hash"] == name[1]
    assert len(re.findall('name="changes"', second)) == 2


def test_a_change_that_cannot_be_read_is_named(wane: Service) -> None:
    answer = page(wane, f"{DIAZEPAM}&new_change=hold&new_row=2&new_on=soon&new_days=28&lang=en")
    assert answer.status == 400
    assert page_words("planner")["en"]["error_change"] in text_of(answer)


def test_baclofen_is_asked_about_in_mg_and_its_own_facts(wane: Service) -> None:
    query = (
        "medicine=baclofen&country=BE&morning=40&noon=40&night=40&step_mg=10&first_day=2026-12-01&checked=on&lang=en"
    )
    html = text_of(page(wane, query))
    assert "data-plan" in html
    assert 'name="step_mg"' in html
    assert "alcohol dependence" not in html.partition("<legend>Checked")[2].partition("</fieldset>")[0]


IN_FORM = [
    *("morning", "night", "products_1_mg", "products_1_form", "products_2_parts", "holds_1_after", "holds_1_days"),
    *("new_change", "new_row", "new_on", "new_days", "made_for", "lang", "x"),
]
names = st.sampled_from([*FIELDS, *TICKS, *IN_FORM])
values = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "diazepam",
            "zolpidem",
            "baclofen",
            "BE",
            "nl",
            "tablet:2/2",
            "tablet:0.0000001",
            "ml:1/10",
            "night:7.5",
            "day:3",
            "5",
            "0",
            "9999999",
            "0,000000001",
            "1/3",
            "on",
            "riziv-5",
            "riziv-7",
            "2026-12-01",
            "2199-12-31",
            "hold:1:2026-12-20:14",
            "back:0:2026-12-01",
            "slower:2:2026-12-01:84",
            "2:14",
            "drop:0.1",
        ]
    ),
)


@settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(names, values), max_size=9), st.booleans())
def test_whatever_is_asked_is_answered(wane: Service, pairs: list[tuple[str, str]], begun: bool) -> None:
    query = urlencode(pairs)
    query = f"{DIAZEPAM}&{query}" if begun else query
    assert page(wane, query).status in (200, 400)
    assert page(wane, query, "/taper/leaflet").status in (200, 400, 422)


def test_the_start_page_leads_to_the_planner(wane: Service) -> None:
    assert "/taper?lang=fr" in set(links(text_of(wane.call("GET", "/?lang=fr")), "/taper"))


def test_every_language_of_the_page_has_the_same_words() -> None:
    words = page_words("planner")
    assert tuple(words) == LANGUAGES
    for name in words["en"]:
        fields = {frozenset(re.findall(r"{(\w+)}", words[language][name])) for language in LANGUAGES}
        assert len(fields) == 1, name
    assert len({frozenset(words[language]) for language in LANGUAGES}) == 1


def test_a_plan_may_begin_on_any_day(wane: Service) -> None:
    for day in (date(2026, 2, 28), date(2199, 12, 31)):
        html = text_of(page(wane, f"medicine=diazepam&night=10&products=tablet:1&first_day={day}&lang=fr"))
        assert f'datetime="{day}"' in html
