"""Every rendering of a plan is written as its language writes: spaces before signs, dates, shares, one amount as one."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from app.planning.asked import Asked, asked
from app.planning.making import planned
from app.render.plan.calendar import calendar_ics
from app.render.plan.curve import curve_svg
from app.render.plan.page import measure
from app.render.plan.printed import leaflet_html, letter_html
from app.render.plan.terminal import in_terminal, printed
from app.render.plan_json import plan_json
from app.render.plan_words import PlanWords, phrases_of
from knowledge.library import Library
from knowledge.taper import Plan
from knowledge.texts import LANGUAGES

DIAZEPAM: dict[str, object] = {"medicine": "diazepam", "country": "BE", "intakes": ["night:20"]}
LORAZEPAM: dict[str, object] = {"medicine": "lorazepam", "country": "NL", "intakes": ["morning:2.5", "night:2.5"]}
BACLOFEN: dict[str, object] = {
    "medicine": "baclofen",
    "country": "BE",
    "intakes": ["morning:40", "noon:40", "evening:40"],
}


def plan_of(fields: dict[str, object], library: Library) -> Plan:
    request = asked({"route": "oral", **fields}, library, date(2026, 11, 29))
    assert isinstance(request, Asked)
    made = planned(request)
    assert isinstance(made, Plan)
    return made


def told(plan: Plan, words: PlanWords, library: Library) -> Iterator[tuple[str, str]]:
    """Name and text of each rendering, without its marks."""
    for name, marked in (
        ("leaflet", leaflet_html(plan, words, library)),
        ("letter", letter_html(plan, words)),
        ("curve", curve_svg(plan, words)),
    ):
        yield name, re.sub(r"<style.*?</style>|<[^>]+>", "\n", marked, flags=re.DOTALL)
    yield (
        "calendar",
        "\n".join(
            line.split(":", 1)[1].replace("\\n", "\n").replace("\\;", ";")
            for line in calendar_ics(plan, words).decode().replace("\r\n ", "").splitlines()
            if line.startswith(("SUMMARY", "DESCRIPTION"))
        ),
    )
    yield "terminal", printed(in_terminal(plan, words), width=140)
    yield "notes", "\n".join([*words.cautions(plan), *words.alternatives(plan), words.feasibility(plan)])
    yield "JSON", "\n".join(texts(plan_json(plan, words)))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(each)


@pytest.mark.parametrize("fields", [DIAZEPAM, LORAZEPAM, BACLOFEN], ids=["diazepam", "lorazepam", "baclofen"])
def test_french_has_a_space_before_a_colon_and_a_semicolon(fields: dict[str, object], library: Library) -> None:
    for name, text in told(plan_of(fields, library), PlanWords(library, "fr"), library):
        assert re.findall(r"[^\n]*\w[:;](?:\s|$)[^\n]*", text) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_is_written_in_one_way(language: str, library: Library) -> None:
    wrong = r"\d +%" if language == "en" else r"\d%"
    assert [
        text
        for table in phrases_of(language, library.folder).values()
        for text in table.values()
        if re.search(wrong, text)
    ] == []
    for name, text in told(plan_of(DIAZEPAM, library), PlanWords(library, language), library):
        assert re.findall(f"[^\n]*{wrong}[^\n]*", text) == [], name


def test_a_german_day_has_its_full_stop(library: Library) -> None:
    words = PlanWords(library, "de")
    assert words.short_date(date(2027, 2, 15), year=True) == "15. Feb. 2027"
    for name, text in told(plan_of(DIAZEPAM, library), words, library):
        assert re.findall(r"\b\d{1,2} (?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)\w*", text) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_amount_is_not_told_as_a_range(language: str, library: Library) -> None:
    for name, text in told(plan_of(DIAZEPAM, library), PlanWords(library, language), library):
        assert re.findall(r"[^\n]*\b(\d+ mg) \w+ \1\b[^\n]*", text) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_scheme_leaves_open_is_told_clause_by_clause(language: str, library: Library) -> None:
    words = PlanWords(library, language)
    phrases = words.phrases["house"]
    said = [note for note in words.cautions(plan_of(DIAZEPAM, library)) if phrases["stop-limit"] in note]
    assert len(said) == 1
    assert f"{phrases['stop-limit']}{words['semicolon']}" in said[0]


def test_the_curve_of_a_plan_without_a_stop_names_the_last_day_that_is_taken(library: Library) -> None:
    plan, words = plan_of(BACLOFEN, library), PlanWords(library, "en")
    assert measure(plan, words, "{n} weeks").last_day == "6 December 2026"
    assert "end 6 December 2026" in curve_svg(plan, words)
    assert "7 December" not in curve_svg(plan, words)


@pytest.mark.parametrize(("days", "said"), [(8, "8 days"), (14, "2 weeks"), (30, "4.3 weeks")])
def test_a_short_plan_lasts_days(days: int, said: str, library: Library) -> None:
    plan = plan_of({**BACLOFEN, "holds": [f"4:{days - 8}"] if days > 8 else []}, library)
    assert measure(plan, PlanWords(library, "en"), "{n} weeks").weeks == said
