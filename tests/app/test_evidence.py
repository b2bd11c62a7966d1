"""The pages that show what the advice rests on: every document, every claim, where it went, and every rule's cases."""

import re
from html.parser import HTMLParser

import pytest

from knowledge.claim import Document
from knowledge.library import read_library
from knowledge.rule import Rule
from knowledge.texts import LANGUAGES
from tests.service import Service

LIBRARY = read_library()
PATHS = [
    "/evidence",
    *(f"/evidence/{rule.id}" for rule in LIBRARY.rules),
    *(f"/evidence/documents/{document.id}" for document in LIBRARY.documents),
]


class Outline(HTMLParser):
    """What a page is made of, as far as a screen reader goes by it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.landmarks: list[str] = []
        self.unnamed: list[str] = []  # navigations and tables without a name
        self.languages: list[str] = []
        self._table_named = True
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in told:
            self.ids.append(str(told["id"]))
        if (href := told.get("href")) and href.startswith("#"):
            self.targets.append(href[1:])
        if tag in ("main", "header", "footer"):
            self.landmarks.append(tag)
        if tag == "nav" and not told.get("aria-label"):
            self.unnamed.append(tag)
        if tag == "table":
            self._table_named = False
        if tag == "caption":
            self._table_named = True
        if tag == "th" and told.get("scope") not in ("col", "row"):
            self.unnamed.append("th")
        if tag == "html":
            self.languages.append(str(told.get("lang")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and not self._table_named:
            self.unnamed.append("table")


def page(wane: Service, path: str) -> str:
    answer = wane.call("GET", path)
    assert answer.status == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_can_be_walked_through_by_its_headings_landmarks_and_names(
    wane: Service, path: str, language: str
) -> None:
    html = page(wane, f"{path}?lang={language}")
    outline = Outline(html)

    assert outline.languages == [language]
    assert outline.landmarks == ["header", "main", "footer"]
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert [step for step in steps if step[1] > step[0] + 1] == [], "a heading skips a level"
    assert outline.unnamed == []
    assert sorted(outline.ids) == sorted(set(outline.ids))
    assert sorted(set(outline.targets) - set(outline.ids)) == []
    assert html.index("<main>") < html.index('role="note"'), "what says that nobody reviewed this is part of the page"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_shows_words_and_no_mark_of_a_file(wane: Service, path: str, language: str) -> None:
    html = page(wane, f"{path}?lang={language}")
    shown = re.sub(r"<[^>]+>", " ", html)

    assert re.findall(r"\{\w+\}|\*\*|\bNone\b(?! of)|\w+ = [\[{'\"]", shown) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", LIBRARY.documents, ids=lambda document: document.id)
def test_a_document_shows_every_claim_and_where_it_went(wane: Service, document: Document, language: str) -> None:
    html = page(wane, f"/evidence/documents/{document.id}?lang={language}")

    assert [claim.id for claim in document.claims if f'id="{claim.id}"' not in html] == []
    assert html.count('class="badge') == len(document.claims)


def test_the_list_of_documents_leads_to_all_of_them_and_to_every_rule(wane: Service) -> None:
    html = page(wane, "/evidence?lang=en")

    assert [d.id for d in LIBRARY.documents if f'href="/evidence/documents/{d.id}?' not in html] == []
    assert [r.id for r in LIBRARY.rules if f'href="/evidence/{r.id}?' not in html] == []


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_a_rule_shows_its_claims_with_their_document_its_review_and_its_cases(wane: Service, rule: Rule) -> None:
    html = page(wane, f"/evidence/{rule.id}?lang=en")

    assert [claim for claim in rule.claims if f'id="{claim}"' not in html] == []
    assert f"not clinically reviewed; to be done by {rule.review.due}" in html
    assert f"{rule.id} {rule.version}" in html
    assert len(re.findall(r"<tr class=", html)) == len(LIBRARY.cases[rule.id])
    assert html.count('<section class="say') == len(rule.speak)


def test_a_rule_tells_in_dutch_when_it_speaks_and_when_it_is_quiet(wane: Service) -> None:
    html = page(wane, "/evidence/bzra-taper?lang=nl")

    assert "ononderbroken gebruik van minstens 90 dagen" in html
    assert (
        "op de probleemlijst: epilepsie (actief, in remissie of misschien actief) (niet verteld telt als nee)" in html
    )
    assert "bij het openen van het dossier" in html
    assert "in gebruik: lormetazepam 1 mg" in html


def test_a_document_nobody_has_is_not_found(wane: Service) -> None:
    assert wane.call("GET", "/evidence/documents/none").status == 404


def test_a_rule_nobody_has_is_not_found(wane: Service) -> None:
    assert wane.call("GET", "/evidence/none").status == 404
