"""The command line, as it is typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import main
from app.showing import shown
from knowledge.library import read_library
from knowledge.texts import LANGUAGES
from tests.given import given

ROOT = Path(__file__).parents[2]
run = CliRunner().invoke


def test_openapi_writes_the_file_that_is_in_the_repository() -> None:
    result = run(main, ["openapi"])
    assert result.exit_code == 0
    assert result.stdout == (ROOT / "openapi.yaml").read_text(encoding="utf-8")


def test_openapi_check_fails_on_a_file_that_is_behind(tmp_path: Path) -> None:
    behind = tmp_path / "openapi.yaml"
    behind.write_text("openapi: 3.1.0\n")
    result = run(main, ["openapi", "--check", str(behind)])
    assert result.exit_code == 1
    assert "make openapi" in result.stderr


def test_knowledge_check_finds_no_fault() -> None:
    result = run(main, ["knowledge", "check"])
    assert result.exit_code == 0, result.stderr
    assert "No fault found" in result.stdout


def test_every_passage_is_held_against_its_document() -> None:
    result = run(main, ["knowledge", "check", "--documents", str(given("documents"))])
    assert result.exit_code == 0, result.stderr
    assert "235 passages" in result.stdout


def test_a_check_without_the_documents_says_that_no_passage_was_held_against_them(tmp_path: Path) -> None:
    result = run(main, ["knowledge", "check", "--documents", str(tmp_path / "documents")])
    assert result.exit_code == 0, result.stderr
    assert "not verified" in result.stderr


def test_a_newer_edition_names_what_to_read_again_and_who_rests_on_it(tmp_path: Path) -> None:
    older = given("documents", "paling-2015-benzodiazepine-dependence.txt")
    newer = tmp_path / "newer.txt"
    newer.write_text("Herzien.\n" + older.read_text("utf-8").replace("20 mg", "15 mg"), encoding="utf-8")

    arguments = ["--document", "paling-2015-benzodiazepine-dependence", "--older", str(older), str(newer)]
    result = run(main, ["knowledge", "impact", *arguments])

    assert result.exit_code == 0, result.stderr
    assert "BZD-055 changed (was lines 234-237, now lines 235-238; no longer there: >=20 mg" in result.stdout
    assert "rule bzra-high-dose (rules/bzra-high-dose/rule.toml)" in result.stdout
    assert "Only moved" in result.stdout


@pytest.mark.parametrize(
    ("document", "content", "said"),
    [
        ("no-such-document", b"", "Documents: benzocare-policy-brief"),
        ("itb-pump-benefits-risks", b"\xff\xfe", "UTF-8"),
    ],
)
def test_an_edition_that_cannot_be_compared_says_why(tmp_path: Path, document: str, content: bytes, said: str) -> None:
    file = tmp_path / "newer.txt"
    file.write_bytes(content)
    result = run(main, ["knowledge", "impact", "--document", document, str(file)])
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_rule_is_shown_with_its_claims_and_cases() -> None:
    result = run(main, ["knowledge", "show", "baclofen-alcohol", "--lang", "nl"])
    assert result.exit_code == 0
    for part in (
        "Nazicht: niet klinisch nagekeken; te doen voor 2027-06-30",
        "BAC-ALC-020",
        "against-probably (Waarschuwing)",
        "[A1]",
        "- de toedieningsweg is intrathecaal of op de huid (niet verteld telt als nee)",
        "- op de probleemlijst, niet voorlopig: alcoholafhankelijkheid (actief)",
    ):
        assert part in result.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_can_be_shown_in_every_language(language: str) -> None:
    library = read_library()
    for rule in library.rules:
        text = shown(rule, library, language)
        assert [claim for claim in rule.claims if claim not in text] == []
        assert [case.name for case in library.cases[rule.id] if case.name not in " ".join(text.split())] == []
        assert max(len(line) for line in text.splitlines()[2:]) <= 110


@pytest.mark.parametrize("arguments", [["no-such-rule"], ["bzra-stop", "--lang", "it"]])
def test_showing_what_is_not_there_says_what_is(arguments: list[str]) -> None:
    result = run(main, ["knowledge", "show", *arguments])
    assert result.exit_code == 1
    assert "baclofen-alcohol" in result.stderr or "nl, fr, en, de" in result.stderr


def test_a_new_rule_is_laid_out_to_be_filled_in(tmp_path: Path) -> None:
    result = run(main, ["knowledge", "new", "bzra-something", "--folder", str(tmp_path)])
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "bzra-something").iterdir()} == {"rule.toml", "cases.toml", "texts.toml"}


def test_dose_answers_each_line_with_one_line() -> None:
    lines = [
        json.dumps(
            {
                "id": "a",
                "medicationCodeableConcept": {"text": "oxazepam 10 mg"},
                "dosageInstruction": [{"text": "1x per dag 1 tablet"}],
            }
        ),
        "",
        "{broken",
        '{"id": "b"}',
    ]
    result = run(main, ["dose"], input="\n".join(lines).encode())
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["id"], one["daily"], one["reason"]) for one in answers] == [
        ("a", {"low": 10, "high": 10, "unit": "mg"}, None),
        (None, None, "not-json"),
        ("b", None, "no-dose"),
    ]


@pytest.mark.parametrize("name", ["Bzra", "bzra_x", "-x", "", "a b"])
def test_a_new_rule_wants_a_proper_name(tmp_path: Path, name: str) -> None:
    result = run(main, ["knowledge", "new", "--folder", str(tmp_path), "--", name])
    assert result.exit_code == 1
    assert not list(tmp_path.iterdir())


def test_a_rule_is_not_laid_out_over_another(tmp_path: Path) -> None:
    (tmp_path / "bzra-stop").mkdir()
    result = run(main, ["knowledge", "new", "bzra-stop", "--folder", str(tmp_path)])
    assert result.exit_code == 1
    assert "is there already" in result.stderr


def test_the_command_line_can_be_started_as_a_module() -> None:
    started = subprocess.run(
        [sys.executable, "-m", "app.cli", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "serve" in started.stdout
