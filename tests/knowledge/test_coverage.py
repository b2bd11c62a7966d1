import re
from collections.abc import Callable
from pathlib import Path

import pytest

import knowledge
from knowledge.citations import User, unknown_claims, users_of_claims
from knowledge.claim import Document
from knowledge.claims import ClaimsError, all_claims
from knowledge.coverage import Coverage, Covered, Place, disagreements, load_coverage, render
from tests.knowledge.made_up import MadeUp

KNOWLEDGE = Path(knowledge.__file__).parent

# The lines of each table of the Paling review that hold content: without captions and column heads.
TABLES = {
    1: [(102, 120)],
    2: [(191, 206)],
    3: [(211, 233)],
    4: [(388, 424), (428, 451)],
    5: [(482, 491), (495, 503)],
    6: [(529, 556)],
}
RULES = {
    "baclofen-alcohol",
    "baclofen-alcohol-dose",
    "baclofen-taper",
    "baclofen-stop",
    "baclofen-sedatives",
    "baclofen-respiratory",
    "itb-stop",
    "itb-imaging",
    "itb-monitoring",
    "bzra-first-use",
    "bzra-duration",
    "bzra-taper",
    "bzra-high-dose",
    "bzra-multiple",
    "bzra-prescribers",
    "bzra-stop",
    "bzra-check-indication",
    "bzra-special-care",
    "bzra-taper-support",
    "bzra-discharge",
    "bzra-record-dependence",
}


@pytest.fixture(scope="session")
def coverage(documents: tuple[Document, ...]) -> Coverage:
    return load_coverage(documents)


def test_every_claim_has_a_place_and_a_reason(documents: tuple[Document, ...], coverage: Coverage) -> None:
    assert set(coverage.entries) == set(all_claims(documents))
    assert all(entry.where and entry.reason.endswith(".") for entry in coverage.entries.values())


def test_every_rule_rests_on_a_claim(coverage: Coverage) -> None:
    decided = {
        name for entry in coverage.entries.values() if entry.place in (Place.RULE, Place.PARTLY) for name in entry.where
    }

    assert set(coverage.rules) >= RULES
    assert decided >= set(coverage.rules)


def test_coverage_md_is_what_claims_and_coverage_toml_say(documents: tuple[Document, ...], coverage: Coverage) -> None:
    written = (KNOWLEDGE / "COVERAGE.md").read_text("utf-8")

    assert written == render(documents, coverage), "write what knowledge.coverage.render() returns to COVERAGE.md"


def test_all_27_recommendations_have_a_place(documents: tuple[Document, ...], coverage: Coverage) -> None:
    numbers = {
        int(match[1]): coverage.entries[claim.id].place
        for document in documents
        for claim in document.claims
        if (match := re.match(r"Recommendation (\d+) ", claim.section))
    }

    assert sorted(numbers) == list(range(1, 28))
    unsupported = {number for number, place in numbers.items() if place is Place.DELIBERATELY_NOT}
    assert unsupported == {7, 10, 23}


def test_everything_in_tables_1_to_6_of_the_review_has_a_place(
    documents: tuple[Document, ...], document_files: Path
) -> None:
    review = next(document for document in documents if document.id.startswith("paling"))
    lines = (document_files / review.file).read_text("utf-8").split("\n")

    for number, ranges in TABLES.items():
        claimed = {
            line
            for claim in review.claims
            if claim.section.startswith(f"Tabel {number}:")
            for line in range(claim.lines[0], claim.lines[1] + 1)
        }
        content = {line for first, last in ranges for line in range(first, last + 1) if lines[line - 1].strip()}
        assert content <= claimed, f"table {number}"


def test_rules_cite_the_claims_that_coverage_places_with_them(
    documents: tuple[Document, ...], coverage: Coverage
) -> None:
    users = users_of_claims(KNOWLEDGE)

    assert disagreements(coverage, users) == ()
    assert unknown_claims(users, all_claims(documents)) == ()


def test_a_rule_and_a_coverage_that_differ_are_told_apart_both_ways() -> None:
    entries = [
        Covered("TEA-001", Place.RULE, ("tea-limit",), "Cited and placed."),
        Covered("TEA-002", Place.RULE, ("tea-limit", "tea-later"), "Placed, not cited; the other rule does not exist."),
        Covered("TEA-003", Place.TEXT, ("tea-limit",), "A text need not be cited."),
        Covered("TEA-004", Place.BACKGROUND, ("evidence page",), "Cited, not placed."),
    ]
    coverage = Coverage(("tea-limit", "tea-later"), {entry.claim: entry for entry in entries})
    rule = User("rule", "tea-limit", "rules/tea-limit/rule.toml")
    users = {"TEA-001": (rule,), "TEA-004": (rule, User("text", "tea-limit", "rules/tea-limit/texts.toml"))}

    assert disagreements(coverage, users) == (
        "tea-limit cites TEA-004, coverage.toml does not place it there. Add 'tea-limit' to its where.",
        "TEA-002 is placed at tea-limit, whose rule.toml does not cite it. Cite it, or change its place.",
    )


def test_a_hole_in_the_coverage_is_told_with_what_to_add(made_up: Callable[..., MadeUp], tmp_path: Path) -> None:
    leaf = made_up(TEA_001=((3, 3), []), TEA_002=((5, 6), []))
    path = tmp_path / "coverage.toml"
    path.write_text(
        '[places]\nrules = ["tea-limit"]\nothers = ["leaflet"]\n'
        '[claims.TEA-001]\nplace = "rules"\nwhere = ["tea-limt"]\nreason = "So."\n'
        '[claims.TEA-003]\nplace = "text"\nwhere = []\nreason = "So."\n'
    )

    with pytest.raises(ClaimsError) as caught:
        load_coverage(leaf.load(), path)

    assert caught.value.faults == (
        "coverage.toml, TEA-001: 'place' is 'rules', which is not known. Did you mean 'rule'?",
        "coverage.toml, TEA-001: 'tea-limt' is no place. Write a rule id or another place named under [places].",
        "coverage.toml, TEA-003: 'where' names no place. Name a rule, or 'evidence page' where it is only listed.",
        "coverage.toml: TEA-002 has no entry. Add [claims.TEA-002] with place, where and reason.",
        "coverage.toml, TEA-003: no document makes this claim. Correct the id or remove the entry.",
    )


def test_the_rendering_counts_lists_and_escapes(made_up: Callable[..., MadeUp]) -> None:
    (document,) = made_up(TEA_001=((5, 6), [">80 mg"])).load()
    entries = {"TEA-001": Covered("TEA-001", Place.RULE, ("tea-limit",), "Above | <80 mg.")}

    text = render([document], Coverage(("tea-limit",), entries))

    assert "| Leaf 2020 | 1 | 0 | 0 | 0 | 0 | 1 |" in text
    assert "| TEA-001 | 5-6 | What TEA-001 says. | rule | tea-limit | Above \\| \\<80 mg. |" in text
