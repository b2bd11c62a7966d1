"""The pharmacist's worked cases, sections A to H: each has its number in a rule's cases, a conversation, the planner's
cases, or a test below for what no single call shows. A test counts that none is missing."""

import re
from pathlib import Path

import pytest

from knowledge.claims import all_claims
from knowledge.coverage import Place, load_coverage
from knowledge.facts import Facts
from knowledge.library import Library
from knowledge.rule import SUGGESTIONS
from knowledge.texts import LANGUAGES, Said
from tests.given import given

TESTS = Path(__file__).parents[1]
PLANNER = TESTS / "knowledge" / "taper" / "test_clinical_cases.py"
SECTION_OF_THE_PLANNER = {range(121, 141): "G", range(141, 159): "H"}


def worked_cases() -> set[str]:
    """The numbers of the pharmacist's list; a missing list skips the test that counts."""
    section, found = "", set()
    for line in given("clinical", "edge_cases.md").read_text("utf-8").splitlines():
        if head := re.match(r"## ([A-H])\.", line):
            section = head[1]
        if row := re.match(r"\| (\d+) \|", line):
            found.add(f"{section}{row[1]}")
    return found


def of_the_planner() -> set[str]:
    numbers = {int(number) for number in re.findall(r"^def test_(\d+)_", PLANNER.read_text("utf-8"), re.MULTILINE)}
    return {f"{section}{n}" for n in numbers for of, section in SECTION_OF_THE_PLANNER.items() if n in of}


def of_conversations() -> set[str]:
    names = [path.stem for path in (TESTS / "conversations").glob("*.json")]
    return {f"{match[1].upper()}{int(match[2])}" for name in names if (match := re.match(r"([a-h])-(\d+)-", name))}


def of_this_file() -> set[str]:
    found = re.findall(r"^def test_([a-h])(\d+)_", Path(__file__).read_text("utf-8"), re.MULTILINE)
    return {f"{section.upper()}{number}" for section, number in found}


def test_no_worked_case_is_missing(library: Library) -> None:
    tried = {case.number for cases in library.cases.values() for case in cases if case.number}

    assert worked_cases() - tried - of_conversations() - of_the_planner() - of_this_file() == set()


def message(library: Library, language: str, name: str) -> str:
    return library.phrases[language]["message"][name].lower()


SIGNS_OF_TOO_LITTLE = {
    "nl": ("koorts", "jeuk zonder uitslag", "stijfheid"),
    "fr": ("fièvre", "démangeaisons sans éruption", "raideur"),
    "en": ("fever", "itching without a rash", "stiffness"),
    "de": ("fieber", "juckreiz ohne ausschlag", "steifigkeit"),
}
SIGNS_OF_TOO_MUCH = {
    "nl": ("slaperig", "moeilijk ademen", "lage lichaamstemperatuur"),
    "fr": ("somnolence", "respiration difficile", "température basse"),
    "en": ("sleepiness", "trouble breathing", "low body temperature"),
    "de": ("schläfrigkeit", "atemnot", "niedrige körpertemperatur"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_c51_the_leaflet_on_the_pump_tells_the_signs_of_too_little(library: Library, language: str) -> None:
    assert [s for s in SIGNS_OF_TOO_LITTLE[language] if s not in message(library, language, "leaflet-pump")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_c52_the_leaflet_on_the_pump_tells_the_signs_of_too_much(library: Library, language: str) -> None:
    assert [s for s in SIGNS_OF_TOO_MUCH[language] if s not in message(library, language, "leaflet-pump")] == []


def test_g133_no_other_medicine_is_ever_suggested_as_an_order(library: Library) -> None:
    """What a suggestion may make: the draft again, referrals, tasks, messages, problems. None starts a medicine."""
    changes_the_draft = {"delete-order", "delete-order-and-refer", "first-supply", "shorter-supply"}

    for language in LANGUAGES:
        said = library.phrases[language]
        for kind in set(SUGGESTIONS) - changes_the_draft:
            words = f"{said['suggestion'].get(kind, '')} {said['action'].get(kind, '')}".lower()
            assert not re.search(r"paroxet|imipram|melaton", words), kind


def test_h153_what_found_no_support_is_shown_as_such_and_nobody_is_scored(library: Library) -> None:
    unsupported = ("BENZOCARE-034", "BENZOCARE-035", "BENZOCARE-036")
    coverage = load_coverage(library.documents)

    assert {coverage.entries[claim].place for claim in unsupported} == {Place.DELIBERATELY_NOT}
    assert set(unsupported).isdisjoint(claim for rule in library.rules for claim in rule.claims)
    assert "requesters" not in Facts.__dataclass_fields__, "who prescribes is known of one patient only"


def test_h155_no_word_of_any_text_blames(library: Library) -> None:
    blaming = re.compile(r"addict|abus|verslaafd|junk|toxicoman|drogué|süchtig|missbrauch|misbruik", re.IGNORECASE)

    for rule, texts in library.texts.items():
        for said in texts.says.values():
            assert not blaming.search(" ".join(parts_of(said))), rule
    for language in LANGUAGES:
        for table, phrases in library.phrases[language].items():
            assert not blaming.search(" ".join(phrases.values())), (language, table)
        assert not blaming.search(" ".join(r.display[language] for r in library.override_reasons.values())), language


def test_h158_every_say_names_a_source_with_its_year_or_the_product_information(library: Library) -> None:
    dated = re.compile(
        r"(BCFI|CBIP|KNMP|Paling|ASAM|EMA|ANSM|Cochrane|NHG|Medtronic)[^.]*|SmPC|RCP|BENZOCARE|RIZIV|INAMI"
    )

    for rule, texts in library.texts.items():
        for (language, say), said in texts.says.items():
            text = " ".join((*said.summary, said.why))
            assert dated.search(text), f"{rule}: {language}.{say} names no source"
            assert dated.search(said.section), f"{rule}: {language}.{say}: the section names no source"


def test_every_document_a_card_may_name_is_dated(library: Library) -> None:
    claims = all_claims(library.documents)

    assert {claim.document for claim in claims.values()} == set(library.citations)


def parts_of(said: Said) -> tuple[str, ...]:
    return (*said.summary, said.action, said.why, said.gone, said.section)
