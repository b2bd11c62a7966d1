from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.citations import User
from knowledge.claim import Document
from knowledge.impact import Fate, impact
from knowledge.passages import fingerprint, lines_of, passage
from tests.knowledge.made_up import MadeUp

RULE = User("rule", "tea-limit", "rules/tea-limit/rule.toml")
TEXT = User("text", "tea-limit", "rules/tea-limit/texts.toml")
USERS = {"TEA-002": (RULE, TEXT), "TEA-001": (RULE,)}


@pytest.fixture
def newer(made_up: Callable[..., MadeUp]) -> str:
    """The made-up document with two lines put in, a figure changed and a paragraph taken out."""
    text = made_up().text
    text = text.replace("\nBoven", "\nHerziene uitgave.\n\nBoven").replace("80 mg", "90 mg")
    return text.replace(
        "Aan het eind van de middag is het beter te stoppen met thee en over te\ngaan op water.\n\n", ""
    )


def test_a_newer_edition_tells_what_stayed_moved_changed_and_vanished(
    made_up: Callable[..., MadeUp], newer: str
) -> None:
    knowledge = made_up()
    (document,) = knowledge.load()

    found = impact(document, newer, USERS, older=knowledge.text)

    assert {finding.claim: (finding.fate, finding.now) for finding in found.findings} == {
        "TEA-001": (Fate.UNCHANGED, (3, 3)),
        "TEA-002": (Fate.CHANGED, (7, 8)),
        "TEA-003": (Fate.VANISHED, None),
        "TEA-004": (Fate.MOVED, (10, 10)),
    }
    (changed,) = found.of(Fate.CHANGED)
    assert changed.gone == (">80 mg/day",)
    assert changed.similarity == pytest.approx(0.947, abs=0.01)
    assert changed.passage == fingerprint(passage(lines_of(newer), 7, 8))
    assert found.users == (RULE, TEXT)
    assert found.sha256 == fingerprint(newer)


def test_without_the_older_text_what_is_not_there_to_the_letter_is_not_found(
    made_up: Callable[..., MadeUp], newer: str
) -> None:
    (document,) = made_up().load()

    found = impact(document, newer, USERS)

    assert {finding.claim: finding.fate for finding in found.findings} == {
        "TEA-001": Fate.UNCHANGED,
        "TEA-002": Fate.NOT_FOUND,
        "TEA-003": Fate.NOT_FOUND,
        "TEA-004": Fate.MOVED,
    }
    assert found.users == (RULE, TEXT)


def test_other_line_breaks_and_hyphens_only_move_a_passage(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    (document,) = knowledge.load()
    newer = knowledge.text.replace(
        "neemt het hartkloppen toe, zo vond men\nin", "neemt het hart-\nkloppen toe, zo\nvond men in"
    )

    found = impact(document, newer, {}, older=knowledge.text)

    assert [finding.claim for finding in found.of(Fate.MOVED)] == ["TEA-002", "TEA-003", "TEA-004"]
    assert found.of(Fate.MOVED)[0].now == (5, 7)
    assert found.users == ()


def test_a_moved_decimal_comma_is_a_change(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    (document,) = knowledge.load()

    found = impact(document, knowledge.text.replace("1,5", "15,0"), {}, older=knowledge.text)

    assert [(finding.claim, finding.gone) for finding in found.of(Fate.CHANGED)] == [("TEA-004", ("1.5 litre",))]


def test_the_same_edition_changes_nothing(documents: tuple[Document, ...], document_files: Path) -> None:
    for document in documents:
        text = (document_files / document.file).read_text("utf-8")

        found = impact(document, text, {}, older=text)

        assert len(found.of(Fate.UNCHANGED)) == len(document.claims)


def test_a_revised_review_names_exactly_the_claims_it_touches(
    documents: tuple[Document, ...], document_files: Path
) -> None:
    document = next(document for document in documents if document.id == "paling-2015-benzodiazepine-dependence")
    older = (document_files / document.file).read_text("utf-8")
    lines = older.split("\n")
    lines[235:237] = [line.replace("20 mg", "15 mg") for line in lines[235:237]]
    del lines[157:168]
    lines[20:20] = ["Een nieuwe alinea.", ""]

    found = impact(document, "\n".join(lines), {}, older=older)

    assert [finding.claim for finding in found.of(Fate.CHANGED)] == ["BZD-002", "BZD-039", "BZD-055", "BZD-056"]
    assert [finding.claim for finding in found.of(Fate.VANISHED)] == ["BZD-040", "BZD-041"]
    assert found.of(Fate.NOT_FOUND) == ()
    assert [finding.gone for finding in found.of(Fate.CHANGED)] == [(), (), (">=20 mg diazepam equivalent",), ()]
    assert all(finding.now for finding in found.of(Fate.MOVED))


def test_every_paragraph_that_is_taken_out_vanishes_and_takes_only_its_neighbours_lines(
    documents: tuple[Document, ...], document_files: Path
) -> None:
    for document in documents:
        if document.id.startswith("paling"):
            continue  # the longest document takes longest and shows nothing more
        older = (document_files / document.file).read_text("utf-8")
        lines = older.split("\n")
        for claim in document.claims:
            first, last = claim.lines
            found = impact(document, "\n".join(lines[: first - 1] + lines[last:]), {}, older=older)

            touched = {finding.claim for finding in found.of(Fate.CHANGED, Fate.VANISHED)}
            assert touched == {
                other.id for other in document.claims if other.lines[0] <= last and other.lines[1] >= first
            }
            assert claim.id in {finding.claim for finding in found.of(Fate.VANISHED)}


def test_an_older_text_of_another_edition_is_refused(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    (document,) = knowledge.load()

    with pytest.raises(ValueError, match="leaf: the older text is not the edition the claims were written from"):
        impact(document, knowledge.text, {}, older=knowledge.text + "x")
