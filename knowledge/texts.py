"""The sentences: what each rule says in each language, and the words that all cards share.

A summary is a list: the first line all of whose figures are known is used, so that no card ever shows a blank.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.fault import fail, only_keys, text_of, texts_of
from knowledge.rule import Rule

LANGUAGES = ("nl", "fr", "en", "de")


@dataclass(frozen=True, slots=True)
class Said:
    """The sentences of one say in one language."""

    summary: tuple[str, ...]
    action: str
    why: str
    gone: str
    section: str


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """A rule's texts: title, says and notes by language."""

    title: Mapping[str, str]
    says: Mapping[tuple[str, str], Said]  # (language, say)
    notes: Mapping[tuple[str, str], str]  # (language, note)


Phrases = Mapping[str, Mapping[str, str]]


def read_rule_texts(table: Mapping[str, object], rule: Rule, where: str) -> RuleTexts:
    """Read texts.toml and hold it against its rule.

    Raises KnowledgeFault where a say or a note has no text in one of the languages, or a text has no say.
    """
    only_keys(table, LANGUAGES, where)
    says = [block.name for block in rule.speak]
    notes = [block.name for block in rule.notes]
    title, said, noted = {}, {}, {}
    for language in LANGUAGES:
        here = f"{where}: {language}"
        part = _table(table, language, here)
        only_keys(part, ("title", *says, *(["note"] if notes else [])), here)
        title[language] = text_of(part, "title", here)
        for say in says:
            said[language, say] = _said(_table(part, say, f"{here}.{say}"), f"{here}.{say}")
        note_table = _table(part, "note", f"{here}.note") if notes else {}
        only_keys(note_table, notes, f"{here}.note")
        for note in notes:
            noted[language, note] = text_of(note_table, note, f"{here}.note")
    return RuleTexts(title, said, noted)


def _said(table: Mapping[str, object], where: str) -> Said:
    only_keys(table, ("summary", "action", "why", "gone", "section"), where)
    summary = texts_of(table, "summary", where)
    if not summary:
        fail(where, "summary is missing.", "Give at least one line, the last one without figures that may be unknown.")
    parts = {key: text_of(table, key, where) for key in ("action", "why", "gone", "section")}
    return Said(summary=summary, **parts)


def read_phrases(table: Mapping[str, object], where: str) -> Phrases:
    """Read texts/<language>.toml: tables of words that all cards share."""
    phrases = {}
    for key in table:
        part = _table(table, key, f"{where}: {key}")
        phrases[key] = {name: text_of(part, name, f"{where}: {key}") for name in part}
    return phrases


def _table(table: Mapping[str, object], key: str, where: str) -> Mapping[str, object]:
    value = table.get(key)
    if not isinstance(value, Mapping):
        fail(where, "is missing.", "Write the text; a card without words in one language is a card not shown there.")
    return value
