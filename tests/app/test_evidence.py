"""The pages that show what the advice rests on: every document, every claim, where it went, and every rule's cases."""

import re

import pytest

from knowledge.library import read_library
from knowledge.texts import LANGUAGES
from tests.service import Service

LIBRARY = read_library()


def page(wane: Service, path: str) -> str:
    answer = wane.call("GET", path)
    assert answer.status == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", LIBRARY.documents, ids=lambda document: document.id)
def test_a_document_shows_every_claim_and_where_it_went(wane: Service, document: object, language: str) -> None:
    found = next(item for item in LIBRARY.documents if item is document)

    html = page(wane, f"/evidence/documents/{found.id}?lang={language}")

    assert [claim.id for claim in found.claims if f'id="{claim.id}"' not in html] == []
    assert f'<html lang="{language}">' in html


def test_the_list_of_documents_leads_to_all_of_them_and_to_every_rule(wane: Service) -> None:
    html = page(wane, "/evidence?lang=en")

    assert [d.id for d in LIBRARY.documents if f'href="/evidence/documents/{d.id}?' not in html] == []
    assert [r.id for r in LIBRARY.rules if f'href="/evidence/{r.id}?' not in html] == []


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_a_rule_shows_its_claims_with_their_document_its_review_and_its_cases(wane: Service, rule: object) -> None:
    found = next(item for item in LIBRARY.rules if item is rule)

    html = page(wane, f"/evidence/{found.id}?lang=en")

    assert [claim for claim in found.claims if f'id="{claim}"' not in html] == []
    assert "unreviewed" in html
    assert str(found.review.due) in html
    assert len(re.findall(r"<tr><td", html)) == len(LIBRARY.cases[found.id])


def test_a_document_nobody_has_is_not_found(wane: Service) -> None:
    assert wane.call("GET", "/evidence/documents/none").status == 404
