"""A rule as a page tells it: what it says, when it speaks and when it is quiet, in words and in one language."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter

from app.render.offer import FIRST_SUPPLY_DAYS, SUPPLY_DAYS
from knowledge.asked import in_words, judged_in_words
from knowledge.asked_of_a_case import case_in_words
from knowledge.criteria import Criterion
from knowledge.library import Library
from knowledge.rule import Block, Rule
from knowledge.texts import Phrases

OUTCOMES = ("advise", "quiet", "cannot-tell")


@dataclass(frozen=True, slots=True)
class Conditions:
    """All of `all`, at least one of `any`, and none of `unless`."""

    all: tuple[str, ...]
    any: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldSay:
    """One speak block of a rule. Figures of a patient stand as their name between angle quotes; `place` is its own where
    several blocks say the same."""

    place: str
    name: str
    indicator: str
    leads: bool
    summary: str
    action: str
    why: str
    gone: str
    offers: tuple[str, ...]
    when: Conditions


@dataclass(frozen=True, slots=True)
class ToldNote:
    """A sentence that a card may also carry."""

    text: str
    when: Conditions


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A worked case: its name (in English), the facts in words, and what is said, if anything."""

    name: str
    number: str | None
    facts: tuple[str, ...]
    say: str | None


@dataclass(frozen=True, slots=True)
class ToldRule:
    """Everything a page shows of a rule, its documents aside."""

    judged: str
    says: tuple[ToldSay, ...]
    quiet: tuple[str, ...]
    notes: tuple[ToldNote, ...]
    yields_to: tuple[tuple[str, str], ...]  # rule id, title
    overrides: tuple[str, ...]
    cases: dict[str, tuple[ToldCase, ...]]  # by outcome


def told_rule(rule: Rule, library: Library, language: str) -> ToldRule:
    """The rule in words. Blocks that say the same are one say with several ways to it."""
    texts, phrases = library.texts[rule.id], library.phrases[language]

    def when(block: Block) -> Conditions:
        return Conditions(*(_sentences(part, library, language) for part in (block.all, block.any, block.unless)))

    says = []
    for number, block in enumerate(rule.speak):
        again = any(other.name == block.name for other in rule.speak[:number])
        said = texts.says[language, block.name]
        says.append(ToldSay(
            f"{block.name}-{number}" if again else block.name, block.name, block.indicator, block.leads,
            _named(said.summary[0], phrases), _named(said.action, phrases), _named(said.why, phrases),
            _named(said.gone, phrases), _offers(block, phrases), when(block),
        ))  # fmt: skip
    return ToldRule(
        judged=judged_in_words(rule.judges, language, library.medicines),
        says=tuple(says),
        quiet=_sentences(rule.unless, library, language),
        notes=tuple(ToldNote(_named(texts.notes[language, note.name], phrases), when(note)) for note in rule.notes),
        yields_to=tuple((other, library.texts[other].title[language]) for other in rule.yields_to),
        overrides=tuple(library.override_reasons[code].display[language] for code in rule.overrides),
        cases={outcome: _cases(rule, outcome, library, language) for outcome in OUTCOMES},
    )


def _sentences(criteria: Iterable[Criterion], library: Library, language: str) -> tuple[str, ...]:
    return tuple(in_words(criterion, language, library.medicines) for criterion in criteria)


def _named(text: str, phrases: Phrases) -> str:
    """The text with the names of its figures: "‹dose›"."""
    fields = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**{name: f"‹{phrases['figure_named'][name]}›" for name in fields})


def _offers(block: Block, phrases: Phrases) -> tuple[str, ...]:
    days = {"first-supply": FIRST_SUPPLY_DAYS}
    kinds = ("refer" if kind == "refer-addiction-care" else kind for kind in block.suggest)
    return tuple(phrases["suggestion"][kind].format(n=days.get(kind, SUPPLY_DAYS)) for kind in kinds)


def _cases(rule: Rule, outcome: str, library: Library, language: str) -> tuple[ToldCase, ...]:
    return tuple(
        ToldCase(case.name, case.number, case_in_words(case, language, library.medicines), case.say)
        for case in library.cases[rule.id]
        if case.expect == outcome
    )
