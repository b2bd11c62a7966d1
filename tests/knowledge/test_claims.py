import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from knowledge.claim import KINDS, NOT_STATED, Document
from knowledge.claims import DOCUMENTS, ClaimsError, load_documents
from knowledge.coverage import COVERAGE
from tests.knowledge.made_up import MadeUp

EXPECTED = {
    "benzocare-policy-brief": ("BENZOCARE", 43),
    "folia-2017-baclofen-alcohol": ("BAC-ALC", 20),
    "itb-pump-benefits-risks": ("ITB", 23),
    "knmp-2025-copd-baclofen": ("BAC-COPD", 30),
    "paling-2015-benzodiazepine-dependence": ("BZD", 119),
}
RUN = 8
WORD = r"[^\W\d_]+"  # figures may well stand in the same order


def test_the_five_documents_make_235_claims_numbered_without_a_gap(documents: tuple[Document, ...]) -> None:
    found = {document.id: [claim.id for claim in document.claims] for document in documents}

    assert found == {
        name: [f"{prefix}-{number:03}" for number in range(1, count + 1)] for name, (prefix, count) in EXPECTED.items()
    }
    assert sum(len(ids) for ids in found.values()) == 235


def test_every_claim_is_of_a_known_kind_and_every_kind_is_used(documents: tuple[Document, ...]) -> None:
    assert {claim.kind for document in documents for claim in document.claims} == KINDS


def test_only_the_page_of_the_manufacturer_has_no_year(documents: tuple[Document, ...]) -> None:
    years = {document.id: document.year for document in documents}

    assert years.pop("itb-pump-benefits-risks") is None
    assert sorted(year for year in years.values() if year) == [2015, 2017, 2024, 2025]
    assert all(document.date_basis for document in documents)
    assert [document.id for document in documents if document.date == NOT_STATED] == ["itb-pump-benefits-risks"]


def test_newer_evidence_stands_beside_the_document_in_order_of_date(documents: tuple[Document, ...]) -> None:
    newer = {document.id: [entry.id for entry in document.newer] for document in documents}
    dated = [[entry.date for entry in document.newer if entry.date != NOT_STATED] for document in documents]

    assert {"france-2018", "cochrane-2023"} <= set(newer["folia-2017-baclofen-alcohol"])
    assert "asam-2025-speed" in newer["paling-2015-benzodiazepine-dependence"]
    assert all(dates == sorted(dates) for dates in dated)
    assert len({entry for entries in newer.values() for entry in entries}) == sum(map(len, newer.values()))


@pytest.fixture(scope="session")
def own_texts() -> list[tuple[str, str]]:
    """Every text of the claims and of the coverage, with its place; without titles and addresses, which are quoted
    because they are how one finds a document."""

    def texts(value: object, where: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, str) and not where.endswith((".title", ".url")):
            yield where, value
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from texts(item, f"{where}.{i}")
        if isinstance(value, dict):
            for key, item in value.items():
                yield from texts(item, f"{where}.{key}")

    files = [*sorted(DOCUMENTS.glob("*/*.toml")), COVERAGE]
    return [
        found
        for path in files
        for found in texts(tomllib.loads(path.read_text("utf-8")), f"{path.parent.name}/{path.name}")
    ]


def test_no_text_of_ours_repeats_eight_words_of_a_document(
    own_texts: list[tuple[str, str]], documents: tuple[Document, ...], document_files: Path
) -> None:
    theirs: set[tuple[str, ...]] = set()
    for document in documents:
        text = (document_files / document.file).read_text("utf-8").casefold()
        for joined in (text, re.sub(r"-\s*\n\s*", "", text)):
            words = re.findall(WORD, joined)
            theirs.update(tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))

    repeated = [
        f"{where}: {' '.join(run)}"
        for where, text in own_texts
        for words in [re.findall(WORD, text.casefold())]
        for i in range(len(words) - RUN + 1)
        if (run := tuple(words[i : i + RUN])) in theirs
    ]

    assert repeated == []


@pytest.mark.parametrize(
    ("file", "before", "after", "message"),
    [
        (
            "claims.toml",
            'kind = "threshold"',
            'kind = "treshold"',
            "leaf/claims.toml, claim TEA-001: 'kind' is 'treshold', which is not known. Did you mean 'threshold'?",
        ),
        (
            "claims.toml",
            "statement =",
            "statment =",
            "leaf/claims.toml, claim TEA-001: the key 'statment' is not known. Did you mean 'statement'?",
        ),
        (
            "claims.toml",
            'use = "card"\n',
            "",
            "leaf/claims.toml, claim TEA-001: 'use' is missing. Add a line 'use = …'.",
        ),
        (
            "claims.toml",
            'id = "TEA-002"',
            'id = "TEA-001"',
            "leaf/claims.toml, claim TEA-001: the id stands also in leaf/claims.toml. "
            "Give one of the two a free number.",
        ),
        (
            "claims.toml",
            'id = "TEA-001"',
            'id = "TEA-009"',
            "leaf/claims.toml: TEA-002 comes after TEA-009. Sort the claims by id.",
        ),
        (
            "claims.toml",
            'id = "TEA-001"',
            'id = "tea 1"',
            "leaf/claims.toml, claim tea 1: 'id' is 'tea 1'. "
            "Write letters and a number of three digits, such as BZD-055.",
        ),
        (
            "claims.toml",
            "lines = [3, 3]",
            "lines = [3, 2]",
            "leaf/claims.toml, claim TEA-001: lines [3, 2] are no range. "
            "Write [from, to], counted from 1, both ends included.",
        ),
        (
            "claims.toml",
            "lines = [11, 11]",
            "lines = [11, 99]",
            "leaf/claims.toml, claim TEA-004: lines 11-99, but the document has 11. Correct the lines.",
        ),
        (
            "claims.toml",
            "figures = ['1.5 litre']",
            "figures = ['some litres']",
            "leaf/claims.toml, claim TEA-004: the figure 'some litres' holds no number. "
            "Say it in the statement and leave it out here. See knowledge/figures.py for how a figure is compared.",
        ),
        (
            "claims.toml",
            'applies_to = {drug = "leaf"}',
            'applies_to = {drugs = "leaf"}',
            "leaf/claims.toml, claim TEA-001, applies_to: the key 'drugs' is not known. "
            "Remove it; the keys known here are: .",
        ),
        (
            "claims.toml",
            "hooks = []",
            'hooks = ["order-sing"]',
            "leaf/claims.toml, claim TEA-001: the hook 'order-sing' is not known. Write one of: encounter-discharge, "
            "encounter-start, medication-refill, order-select, order-sign, patient-view, problem-list-item-create.",
        ),
        (
            "document.toml",
            'date = "2020-03"',
            'date = "March 2020"',
            "leaf/document.toml: 'date' is 'March 2020'. Write 2015, 2015-06, 2015-06-30 or 'not stated'.",
        ),
        (
            "document.toml",
            'id = "leaf"',
            'id = "loaf"',
            "leaf/document.toml: 'id' is 'loaf', the folder is 'leaf'. Give both the same name.",
        ),
        (
            "document.toml",
            'sha256 = "',
            'sha256 = "x',
            "leaf/document.toml: 'sha256' is 'x",
        ),
    ],
)
def test_a_fault_is_told_with_what_where_and_what_next(
    made_up: Callable[..., MadeUp], file: str, before: str, after: str, message: str
) -> None:
    knowledge = made_up()
    path = knowledge.documents / "leaf" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))

    with pytest.raises(ClaimsError) as caught:
        knowledge.load()

    assert any(fault.startswith(message) for fault in caught.value.faults), caught.value.faults


def test_all_faults_are_told_at_once(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    path = knowledge.documents / "leaf" / "claims.toml"
    path.write_text(path.read_text().replace('use = "card"\n', ""))

    with pytest.raises(ClaimsError) as caught:
        knowledge.load()

    assert len(caught.value.faults) == 4


def test_newer_evidence_may_only_name_claims_of_its_document(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    path = knowledge.documents / "leaf" / "document.toml"
    path.write_text(path.read_text() + '[[issue]]\nlines = [[1, 2]]\ntext = "odd"\nclaims = ["TEA-077"]\n')

    with pytest.raises(ClaimsError, match="names TEA-077, which is no claim of this document"):
        knowledge.load()


def test_a_file_that_is_missing_or_not_toml_is_named(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    folder = knowledge.documents / "leaf"
    (folder / "claims.toml").write_text("[[claim]\n")
    (folder / "document.toml").unlink()

    with pytest.raises(ClaimsError) as caught:
        knowledge.load()

    assert caught.value.faults[0] == "leaf/document.toml: the file is missing. Add it."
    assert any(fault.startswith("leaf/claims.toml: not TOML: ") for fault in caught.value.faults)


def test_an_empty_folder_is_no_knowledge_base(tmp_path: Path) -> None:
    with pytest.raises(ClaimsError, match="no document found"):
        load_documents(tmp_path)
