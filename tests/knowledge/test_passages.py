import re
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.claim import Document
from knowledge.figures import stands_in
from knowledge.passages import lines_of, passage, verify
from tests.knowledge.made_up import MadeUp

# A number one higher that the passage holds too: "2-3" becomes "3-3", and a citation in the passage is of 2011.
ALSO_THERE = {("BAC-COPD-016", "clonazepam 3-3 x 0.5 mg"), ("BZD-007", "2011")}


def test_every_passage_and_every_figure_stands_in_the_documents(
    documents: tuple[Document, ...], document_files: Path
) -> None:
    verification = verify(documents, document_files)

    assert [str(fault) for fault in verification.faults] == []
    assert verification.holds
    assert verification.claims == 235
    assert verification.figures == 152


def test_a_figure_that_is_one_higher_does_not_stand_in_its_passage(
    documents: tuple[Document, ...], document_files: Path
) -> None:
    def one_higher(figure: str) -> Iterator[str]:
        for match in re.finditer(r"\d+", figure):
            yield figure[: match.start()] + str(int(match[0]) + 1).zfill(len(match[0])) + figure[match.end() :]

    held = {
        (claim.id, wrong)
        for document in documents
        for lines in [lines_of((document_files / document.file).read_text("utf-8"))]
        for claim in document.claims
        for figure in claim.figures
        for wrong in one_higher(figure)
        if stands_in(wrong, passage(lines, *claim.lines))
    }

    assert held == ALSO_THERE


def test_a_passage_is_its_lines_as_they_are_without_a_newline_at_the_end() -> None:
    lines = lines_of("een\n twee \ndrie\n")

    assert lines == ("een", " twee ", "drie")
    assert passage(lines, 2, 3) == " twee \ndrie"
    assert lines_of("een\ntwee") == ("een", "twee")
    assert lines_of("een\x0ctwee\x85drie") == ("een\x0ctwee\x85drie",)


def test_a_changed_byte_in_a_passage_is_reported_with_claim_and_file(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    knowledge.file.write_bytes(knowledge.file.read_bytes().replace(b"te stoppen", b"te stopper"))

    faults = verify(knowledge.load(), knowledge.files).faults

    assert [(fault.file, fault.claim) for fault in faults] == [("leaf.txt", None), ("leaf.txt", "TEA-003")]
    assert str(faults[1]) == (
        "leaf.txt, claim TEA-003: lines 8-9 no longer have the hash of the passage it was written from. "
        "Read the passage again; then correct the claim, its lines and its hash."
    )
    assert "wane knowledge impact --document leaf leaf.txt" in str(faults[0])


def test_a_space_at_the_end_of_a_line_is_a_change_too(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    knowledge.file.write_text(knowledge.text.replace("over te\n", "over te \n"))

    assert [fault.claim for fault in verify(knowledge.load(), knowledge.files).faults] == [None, "TEA-003"]


def test_a_figure_the_passage_does_not_hold_is_reported(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up(TEA_001=((5, 6), [">=80 mg/day", "12 people"]))

    (fault,) = verify(knowledge.load(), knowledge.files).faults

    assert str(fault) == (
        "leaf.txt, claim TEA-001: the figure '>=80 mg/day' does not stand in lines 5-6. "
        "Correct the figure or the lines."
    )


def test_a_file_that_is_missing_is_a_fault_but_a_missing_folder_skips_the_check(
    made_up: Callable[..., MadeUp], tmp_path: Path
) -> None:
    knowledge = made_up()
    knowledge.file.unlink()

    missing = verify(knowledge.load(), knowledge.files)
    skipped = verify(knowledge.load(), tmp_path / "nowhere")

    assert not missing.holds
    assert str(missing.faults[0]).startswith("leaf.txt: cannot be read")
    assert not skipped.holds
    assert skipped.faults == ()
    assert skipped.skipped == "no folder 'nowhere' with the document files: passages and figures were not verified"


def test_a_file_with_foreign_line_endings_is_told_so(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    knowledge.file.write_bytes(knowledge.file.read_bytes().replace(b"\n", b"\r\n"))

    faults = verify(knowledge.load(), knowledge.files).faults

    assert "its lines end in CR LF" in str(faults[0])


def test_a_file_that_grew_and_one_that_is_not_utf_8_are_faults(made_up: Callable[..., MadeUp]) -> None:
    knowledge = made_up()
    knowledge.file.write_text(knowledge.text + "Nog een regel.\n")
    grown = verify(knowledge.load(), knowledge.files)
    knowledge.file.write_bytes(b"th\xe9")
    broken = verify(knowledge.load(), knowledge.files)

    assert "the file has 12 lines, document.toml says 11" in str(grown.faults[0])
    assert [fault.claim for fault in grown.faults] == [None, None]
    assert [str(fault) for fault in broken.faults] == ["leaf.txt: is not UTF-8. Save it as UTF-8."]
