"""The phrases of `sig.lexicon`, and the units and lengths of time, by their first word."""

from app.intake.quantity import TIME_WORDS
from app.intake.sig import lexicon
from app.intake.span import Span, exactly
from app.intake.units import WORDS, Unit

Value = Span | Unit | str | None
AT_END = "at end"  # marks a verb that stands after what it changes
DENIED = "denied"  # marks a "not" that says: do not take it
A_DAY = "a day"  # marks a "maximum" that is one of a day


def _phrases() -> dict[tuple[str, ...], tuple[str, Value]]:
    table: dict[tuple[str, ...], tuple[str, Value]] = {}

    def add(kind: str, words: str, value: Value = None) -> None:
        for phrase in words.split("|"):
            table[tuple(phrase.split())] = (kind, value)

    for word, unit in WORDS.items():
        if len(word) > 1 or word in ("g", "l"):
            add("U", word, unit)
    for word, code in TIME_WORDS.items():
        if word.isalpha() and word not in ("a", "an", "ans", "mo"):
            add("D", word, code)
    add("U", "t", WORDS["tablet"])
    add("u", "u", WORDS["u"])
    add("D", "j|etmaal", "d")
    for kind, numbers in (("N", lexicon.NUMBERS), ("NX", lexicon.TIMES)):
        for number, words in numbers.items():
            add(kind, words, exactly(number))
    for words, part in lexicon.PARTS.items():
        add("H" if part < 1 else "N", words, exactly(part))
    for words, per_day in lexicon.PER_DAY.items():
        add("F", words, exactly(per_day))
    for moment, words in lexicon.MOMENTS.items():
        add("W", words, moment)
    for day, words in enumerate(lexicon.DAYS):
        add("Y", words, str(day))
    for kind, words in lexicon.PHRASES.items():
        add(kind, words)
    add("c", lexicon.CHANGES_AT_END, AT_END)
    add("k", lexicon.DENIALS, DENIED)
    add("M", lexicon.MOST_IN_A_DAY, A_DAY)
    return table


def _by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], str, Value], ...]]:
    """Every phrase under its first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str, Value]]] = {}
    for phrase, (kind, value) in sorted(_phrases().items(), key=lambda item: -len(item[0])):
        found.setdefault(phrase[0], []).append((phrase, kind, value))
    return {first: tuple(rows) for first, rows in found.items()}


PHRASES = _by_first_word()
