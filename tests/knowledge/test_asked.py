"""What a rule asks, in words: every criterion and every case of every rule, in four languages."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from knowledge.asked import in_words, judged_in_words, words_of
from knowledge.asked_of_a_case import case_in_words
from knowledge.criteria import Criterion, read_criterion, unknown_of
from knowledge.library import Library, read_library
from knowledge.rule import Rule
from knowledge.texts import LANGUAGES

LIBRARY = read_library()
BLAMING = re.compile(r"addict|abus|verslaafd|junk|toxicoman|drogué|süchtig|missbrauch|misbruik", re.IGNORECASE)


def criteria_of(rule: Rule) -> Iterator[Criterion]:
    yield from rule.unless
    for block in (*rule.speak, *rule.notes):
        yield from (*block.all, *block.any, *block.unless)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_everything_a_rule_asks_has_words_in_every_language(rule: Rule, language: str) -> None:
    said = [in_words(criterion, language, LIBRARY.medicines) for criterion in criteria_of(rule)]
    said.append(judged_in_words(rule.judges, language, LIBRARY.medicines))

    assert [text for text in said if re.search(r"[{}\[\]=_]|\bNone\b", text)] == [], "a mark of the file is left"
    assert not BLAMING.search(" ".join(said))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_every_bound_a_rule_asks_for_stands_in_its_words(rule: Rule, language: str) -> None:
    for criterion in criteria_of(rule):
        if criterion.threshold and not criterion.parts:
            bound = criterion.threshold.bound.normalize()
            assert f"{bound:f}" in in_words(criterion, language, LIBRARY.medicines), criterion.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.id)
def test_every_case_has_words_in_every_language(rule: Rule, language: str) -> None:
    for case in LIBRARY.cases[rule.id]:
        said = " ".join(case_in_words(case, language, LIBRARY.medicines))
        assert not re.search(r"[{}\[\]=_]|\bNone\b", said), case.name
        if language != "en":
            assert not re.search(r"\d\.\d", said), f"a point for a decimal: {said}"


def test_the_languages_have_words_for_the_same_things() -> None:
    names = [{(table, name) for table, part in words_of(each).items() for name in part} for each in LANGUAGES]
    assert names == [names[0]] * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_state_and_change_a_rule_may_ask_for_has_words(language: str, library: Library) -> None:
    asked = {name for rule in library.rules for criterion in rule.criteria for name in criterion.lists}
    assert sorted(asked - set(words_of(language)["list"])) == []


ASKED = [
    (
        {"problem": "epilepsy", "state": ["active", "unclear"]},
        "on the problem list: epilepsy (active or perhaps active)",
    ),
    ({"once": True, "unknown": "no"}, "it is a single dose (not told counts as no)"),
    (
        {"dose": {"above": 80, "unit": "mg/d", "end": "high"}},
        "with what may be taken as needed, is more than 80 mg a day",
    ),
    ({"use": ["bzra", "opioid"]}, "in use or ordered in the same call: a benzodiazepine or Z-drug or an opioid"),
    ({"any": [{"once": True}, {"overlap": True}]}, "one of: it is a single dose; or the same dose is prescribed twice"),
    ({"all": [{"once": True}], "unless": [{"overlap": True}]}, "it is a single dose, but not if the same dose"),
    ({"lowered_by": {"above": 15, "unit": "mg/d"}}, "takes off more than 15 mg a day from the dose in use"),
    (
        {"lowered_to": {"at_most": 25, "unit": "%", "held": 7}},
        "has been at most 25% of the highest of the last year for 7 days",
    ),
]


@pytest.mark.parametrize(("asked", "words"), ASKED, ids=[words for _, words in ASKED])
def test_a_question_in_english(asked: dict[str, object], words: str, library: Library) -> None:
    criterion = read_criterion(asked, "here", unknown_of(asked, "here"))
    assert words in in_words(criterion, "en", library.medicines)


def test_a_case_tells_its_facts_in_days(library: Library) -> None:
    case = next(c for c in library.cases["bzra-duration"] if c.name == "written half a year ago with a status nobody "
                "knows, no end and no supply: nothing tells of a day it was taken")  # fmt: skip
    assert case_in_words(case, "nl", library.medicines) == (
        "voorgeschreven: diazepam (voortzetting)",
        "in gebruik: diazepam, sinds 201 dagen",
    )
    assert Decimal((case.facts.today - case.facts.uses[0].periods[0].start).days + 1) == 201  # type: ignore[operator]
