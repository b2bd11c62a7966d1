"""Everything that can be wrong with the knowledge base, as sentences: what, where, and what to do next."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from string import Formatter

from knowledge.case_check import case_faults
from knowledge.claims import all_claims
from knowledge.library import Library
from knowledge.rule import ORDER_HOOKS, Rule
from knowledge.texts import LANGUAGES, Said

SUMMARY_LIMIT = 139
PLACEHOLDERS = {
    *("medicine", "dose", "ceiling", "duration", "related", "days", "alternatives", "others", "equivalent"),
}
FORBIDDEN = (
    "addict",
    "abuse",
    "abuser",
    "verslaafd",
    "junk",
    "toxicoman",
    "drogué",
    "süchtig",
    "missbrauch",
    "misbruik",
)
_SHARE = {"en": re.compile(r"[\d}] +%")} | dict.fromkeys(
    ("nl", "fr", "de"), re.compile(r"[\d}]%")
)  # as it is not written
_FIGURE_ROOM = {  # characters at the longest
    "medicine": 35,
    "dose": 18,
    "ceiling": 12,
    "duration": 22,
    "related": 22,
    "days": 22,
    "alternatives": 40,
    "others": 36,
    "equivalent": 22,
}


def faults(library: Library, today: date) -> Iterator[str]:
    """Every fault of every rule: claims, cases, texts, review date. Loading has found the rest already."""
    claims = all_claims(library.documents)
    for rule in library.rules:
        yield from _unknown_claims(rule, set(claims))
        yield from _hooks(rule)
        yield from case_faults(rule, library)
        yield from _texts(rule, library)
        if rule.review.due < today:
            yield f"rules/{rule.id}/rule.toml: the review was due on {rule.review.due}. Review the rule, then move the date."
    yield from _phrases(library)


def _unknown_claims(rule: Rule, known: set[str]) -> Iterator[str]:
    for claim in rule.claims:
        if claim not in known:
            yield f'rules/{rule.id}/rule.toml: "{claim}" is no claim. Correct it, or add it under documents/.'
    if not rule.claims:
        yield f"rules/{rule.id}/rule.toml: rests on no claim. Name the statements it follows from."


def _hooks(rule: Rule) -> Iterator[str]:
    """A hook at which the rule has nothing to judge would be a promise nobody keeps."""
    where = f"rules/{rule.id}/rule.toml"
    orders = rule.judges.order or bool(rule.judges.examinations)
    for hook in rule.hooks:
        if not (orders if hook in ORDER_HOOKS else rule.judges.use):
            judged = "an order" if hook in ORDER_HOOKS else "a use"
            yield f'{where}: at "{hook}" there is {judged} to judge, and it judges none. Remove the hook or judge it.'
    if not rule.hooks:
        yield f"{where}: names no hook, so it never speaks. Add hooks."


def _phrases(library: Library) -> Iterator[str]:
    """The words that all cards share: each there in every language."""
    wanted = {(table, name) for phrases in library.phrases.values() for table, part in phrases.items() for name in part}
    for language in LANGUAGES:
        phrases = library.phrases.get(language, {})
        for table, name in sorted(wanted - {(table, name) for table, part in phrases.items() for name in part}):
            yield f"texts/{language}.toml: [{table}] {name} is missing, and another language has it. Write it."
        for table, part in phrases.items():
            for name, line in part.items():
                yield from _blame(line, f"texts/{language}.toml: [{table}] {name}")
                yield from _share(line, language, f"texts/{language}.toml: [{table}] {name}")


def _texts(rule: Rule, library: Library) -> Iterator[str]:
    texts = library.texts[rule.id]
    for (language, say), said in texts.says.items():
        where = f"rules/{rule.id}/texts.toml: {language}.{say}"
        for line in said.summary:
            if longest(line) > SUMMARY_LIMIT:
                yield f"{where}.summary: up to {longest(line)} characters, {SUMMARY_LIMIT} fit. Shorten it."
            if not line.endswith((".", "?", "!")):
                yield f"{where}.summary: is no whole sentence. End it with a full stop."
        if needed := _fields(said.summary[-1]) - {"medicine"}:
            yield f"{where}.summary: the last line needs {', '.join(sorted(needed))}, which may be unknown. Add one without."
        for line in (*said.summary, said.action, said.why, said.gone, said.section):
            yield from _words(line, language, where)
    for (language, note), line in texts.notes.items():
        yield from _words(line, language, f"rules/{rule.id}/texts.toml: {language}.note.{note}")
    for language, title in texts.title.items():
        yield from _words(title, language, f"rules/{rule.id}/texts.toml: {language}.title")
    where = f"rules/{rule.id}/texts.toml"
    for say in dict.fromkeys(block.name for block in rule.speak):
        lines = {lang: _all_of(texts.says[lang, say]) for lang in LANGUAGES}
        yield from _figures_differ(lines, say, where)
    for block in rule.notes:
        lines = {lang: texts.notes[lang, block.name] for lang in LANGUAGES}
        yield from _figures_differ(lines, f"note.{block.name}", where)


def _words(line: str, language: str, where: str) -> Iterator[str]:
    for name in _fields(line) - PLACEHOLDERS:
        yield f"{where}: {{{name}}} is never filled in. Use one of: {', '.join(sorted(PLACEHOLDERS))}."
    yield from _blame(line, where)
    yield from _share(line, language, where)


def _share(line: str, language: str, where: str) -> Iterator[str]:
    """A share as plans write it: "10%" in English, "10 %" in the other languages."""
    if found := _SHARE[language].search(line):
        right = found[0].replace(" ", "") if language == "en" else f"{found[0][0]} %"
        yield f'{where}: "{found[0]}" is not how this language writes a share. Write "{right}".'


def _blame(line: str, where: str) -> Iterator[str]:
    for word in FORBIDDEN:
        if word in line.lower():
            yield f'{where}: "{word}" blames the reader\'s patient. Find another word.'


def _all_of(said: Said) -> str:
    return " ".join((*said.summary, said.action, said.why, said.gone, said.section))


def _figures_differ(lines: Mapping[str, str], what: str, where: str) -> Iterator[str]:
    figures = {language: _figures(line) for language, line in lines.items()}
    for language, found in figures.items():
        if found != figures["en"]:
            differ = ", ".join(sorted(found ^ figures["en"]))
            yield f"{where}: {language}.{what} and en.{what} differ in the figures {differ}. Make them equal."


def _figures(text: str) -> set[str]:
    plain = "".join(c if c.isdigit() or c in ",." else " " for c in text)
    return {figure.strip(",.").replace(",", ".") for figure in plain.split() if figure.strip(",.")}


def longest(line: str) -> int:
    """Characters of a line with every figure at its longest."""
    return len(line) + sum(_FIGURE_ROOM.get(name, 0) - len(name) - 2 for name in _fields(line))


def _fields(line: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(line) if name}
