"""Everything that can be wrong with the knowledge base, as sentences: what, where, and what to do next."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from string import Formatter

from knowledge.claims import all_claims
from knowledge.facts import Facts
from knowledge.library import Library
from knowledge.rule import Rule
from knowledge.sketch import Case, disagreement
from knowledge.texts import LANGUAGES
from knowledge.threshold import Threshold

SUMMARY_LIMIT = 139
PLACEHOLDERS = {"medicine", "dose", "ceiling", "duration", "days", "alternatives", "others", "equivalent"}
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
_FIGURE_ROOM = {  # characters at the longest
    "medicine": 35,
    "dose": 18,
    "ceiling": 12,
    "duration": 22,
    "days": 22,
    "alternatives": 40,
    "others": 36,
    "equivalent": 18,
}


def faults(library: Library, today: date) -> Iterator[str]:
    """Every fault of every rule: claims, cases, texts, review date. Loading has found the rest already."""
    claims = all_claims(library.documents)
    for rule in library.rules:
        yield from _unknown_claims(rule, set(claims))
        yield from _cases(rule, library)
        yield from _texts(rule, library)
        if rule.review.due < today:
            yield f"rules/{rule.id}/rule.toml: the review was due on {rule.review.due}. Review the rule, then move the date."


def _unknown_claims(rule: Rule, known: set[str]) -> Iterator[str]:
    for claim in rule.claims:
        if claim not in known:
            yield f'rules/{rule.id}/rule.toml: "{claim}" is no claim. Correct it, or add it under documents/.'
    if not rule.claims:
        yield f"rules/{rule.id}/rule.toml: rests on no claim. Name the statements it follows from."


def _cases(rule: Rule, library: Library) -> Iterator[str]:
    cases = library.cases[rule.id]
    where = f"rules/{rule.id}/cases.toml"
    for outcome in ("advise", "quiet", "cannot-tell"):
        if not any(case.expect == outcome for case in cases):
            yield f'{where}: no case expects "{outcome}". Add one.'
    for block in rule.speak:
        if not any(case.say == block.name for case in cases):
            yield f'{where}: no case makes the rule say "{block.name}". Add one.'
    for case in cases:
        differs = disagreement(case, rule, library)
        if differs:
            yield differs
    for threshold in {criterion.threshold for criterion in rule.criteria if criterion.threshold}:
        yield from _beside(threshold, rule, cases)


def _beside(threshold: Threshold, rule: Rule, cases: tuple[Case, ...]) -> Iterator[str]:
    """A bound on a dose wants a case on it and one beside it."""
    if threshold.unit != "mg/d" or not any(
        c.threshold is threshold and c.text.startswith("dose") for c in rule.criteria
    ):
        return
    doses = {dose for case in cases for dose in _doses(case.facts)}
    if threshold.bound not in doses:
        yield f"rules/{rule.id}/cases.toml: no case stands on {threshold.bound} {threshold.unit}. Add one."
    if not any(0 < abs(dose - threshold.bound) <= threshold.bound / 20 for dose in doses):
        yield f"rules/{rule.id}/cases.toml: no case stands just beside {threshold.bound} {threshold.unit}. Add one."


def _doses(facts: Facts) -> set[Decimal]:
    dosages = [order.dosage for order in facts.orders] + [use.dosage for use in facts.uses]
    return {dosage.daily.high for dosage in dosages if dosage.daily}


def _texts(rule: Rule, library: Library) -> Iterator[str]:
    texts = library.texts[rule.id]
    for (language, say), said in texts.says.items():
        where = f"rules/{rule.id}/texts.toml: {language}.{say}"
        for line in said.summary:
            if longest(line) > SUMMARY_LIMIT:
                yield f"{where}.summary: up to {longest(line)} characters, {SUMMARY_LIMIT} fit. Shorten it."
            if not line.endswith((".", "?", "!")):
                yield f"{where}.summary: is no whole sentence. End it with a full stop."
        for line in (*said.summary, said.action, said.why, said.gone, said.section):
            yield from _words(line, where)
    for (language, note), line in texts.notes.items():
        yield from _words(line, f"rules/{rule.id}/texts.toml: {language}.note.{note}")
    for block in rule.speak:
        yield from _figures_differ(rule, library, block.name)


def _words(line: str, where: str) -> Iterator[str]:
    for name in _fields(line) - PLACEHOLDERS:
        yield f"{where}: {{{name}}} is never filled in. Use one of: {', '.join(sorted(PLACEHOLDERS))}."
    for word in FORBIDDEN:
        if word in line.lower():
            yield f'{where}: "{word}" blames the reader\'s patient. Find another word.'


def _figures_differ(rule: Rule, library: Library, say: str) -> Iterator[str]:
    says = {language: library.texts[rule.id].says[language, say] for language in LANGUAGES}
    figures = {
        lang: _figures(" ".join((said.action, said.why, said.gone, said.section))) for lang, said in says.items()
    }
    for language, found in figures.items():
        if found != figures["en"]:
            differ = ", ".join(sorted(found ^ figures["en"]))
            yield f"rules/{rule.id}/texts.toml: {language}.{say} and en.{say} differ in the figures {differ}. Make them equal."


def _figures(text: str) -> set[str]:
    plain = "".join(c if c.isdigit() or c in ",." else " " for c in text)
    return {figure.strip(",.").replace(",", ".") for figure in plain.split() if figure.strip(",.")}


def longest(line: str) -> int:
    """Characters of a line with every figure at its longest."""
    return len(line) + sum(_FIGURE_ROOM.get(name, 0) - len(name) - 2 for name in _fields(line))


def _fields(line: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(line) if name}
