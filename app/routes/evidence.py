"""Evidence pages: what the advice rests on, rule by rule and document by document."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import groupby

from fastapi import APIRouter, Header, Query, Response

from app.errors import Issue, UnknownService
from app.render.evidence import told_rule
from app.routes.page import page, page_language, page_words
from app.settings import Settings
from knowledge.claim import Document, Newer
from knowledge.coverage import Coverage, Place, load_coverage
from knowledge.library import Library
from knowledge.rule import Rule

_OUTCOMES = {"advise": "advise", "quiet": "quietly", "cannot-tell": "cannot"}  # and the page's word for each


def evidence_routes(library: Library, settings: Settings) -> APIRouter:
    """`/evidence`, `/evidence/{rule}` and `/evidence/documents/{id}`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/evidence")
    async def documents(lang: str | None = Query(None), accept_language: str | None = Header(None)) -> Response:
        language = page_language(lang, accept_language, settings.language)
        return page(
            "documents.html", language, documents=library.documents, topics=_topics(library, language),
            knowledge=library.version,
        )  # fmt: skip

    @router.get("/evidence/documents/{document_id}")
    async def document(
        document_id: str, lang: str | None = Query(None), accept_language: str | None = Header(None)
    ) -> Response:
        found = next((document for document in library.documents if document.id == document_id), None)
        if found is None:
            raise UnknownService(Issue("not-found", "There is no such document. /evidence lists the documents."))
        language = page_language(lang, accept_language, settings.language)
        entries = _coverage(library.documents).entries
        claims = [(claim, entries[claim.id]) for claim in found.claims]
        sections = [(name, list(group)) for name, group in groupby(claims, key=lambda item: item[0].section)]
        words = page_words()[language]
        return page(
            "document.html", language, document=found, sections=sections, rules=library.by_id,
            places={place: words[f"place_{place}"] for place in Place},
            counts=Counter(entry.place for _, entry in claims), knowledge=library.version,
        )  # fmt: skip

    @router.get("/evidence/{rule_id}")
    async def evidence(
        rule_id: str, lang: str | None = Query(None), accept_language: str | None = Header(None)
    ) -> Response:
        rule = library.by_id.get(rule_id)
        if rule is None:
            raise UnknownService(Issue("not-found", "There is no such rule. /evidence lists the rules."))
        language = page_language(lang, accept_language, settings.language)
        words = page_words()[language]
        return page(
            "evidence.html", language, rule=rule, title=library.texts[rule.id].title[language],
            told=told_rule(rule, library, language), claims=library.claims_of(rule), newer=_newer(library, rule),
            outcomes={outcome: words[word] for outcome, word in _OUTCOMES.items()}, knowledge=library.version,
        )  # fmt: skip

    return router


def _topics(library: Library, language: str) -> Iterable[tuple[str, list[tuple[Rule, str]]]]:
    """The rules of each topic with their titles, the one that leads first."""
    rules = sorted(library.rules, key=lambda rule: (rule.topic, rule.priority))
    for topic, group in groupby(rules, key=lambda rule: rule.topic):
        yield topic, [(rule, library.texts[rule.id].title[language]) for rule in group]


def _newer(library: Library, rule: Rule) -> list[Newer]:
    """What has appeared since about the statements a rule rests on."""
    claims = set(rule.claims)
    return [item for document in library.documents for item in document.newer if claims & set(item.claims)]


@cache
def _coverage(documents: tuple[Document, ...]) -> Coverage:
    """Where each claim went: read when the first document is looked at."""
    return load_coverage(documents)
