"""Phrases found in text: whole words in a row, a trailing * for any ending, and the longest phrase wins."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from knowledge.medicine import words

_STEM = 3  # letters of a starred word it is filed under


class Match(NamedTuple):
    """A phrase of `name` that covers `length` words from word `start` on."""

    name: str
    start: int
    length: int


class Phrasebook:
    """Phrases by name, filed by their first word so that a text is read once."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self.names = frozenset(phrases)
        self._exact: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._starred: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name, listed in phrases.items():
            for phrase in listed:
                self._file(name, _pattern(phrase))

    def _file(self, name: str, pattern: tuple[str, ...]) -> None:
        first = pattern[0]
        if first.endswith("*"):
            self._starred.setdefault(first[:-1][:_STEM], []).append((name, pattern))
        else:
            self._exact.setdefault(first, []).append((name, pattern))

    def found_in(self, text: str) -> tuple[list[Match], int]:
        """Every match that does not lie wholly inside a longer one, and the number of words of the text."""
        said = words(text)
        matches = {match for start in range(len(said)) for match in self._at(said, start)}
        kept: list[Match] = []
        longest = Match("", 0, 0)  # of those that began before, the one that reaches furthest
        for match in sorted(matches, key=lambda match: (match.start, -match.length)):
            if not _is_inside(match, longest):
                kept.append(match)
            if match.start + match.length > longest.start + longest.length:
                longest = match
        return kept, len(said)

    def _at(self, said: tuple[str, ...], start: int) -> Iterable[Match]:
        word = said[start]
        stems = (word[:size] for size in range(1, _STEM + 1))
        filed = [*self._exact.get(word, ()), *(item for stem in set(stems) for item in self._starred.get(stem, ()))]
        for name, pattern in filed:
            if len(said) - start >= len(pattern) and all(map(_fits, pattern, said[start : start + len(pattern)])):
                yield Match(name, start, len(pattern))


def _pattern(phrase: str) -> tuple[str, ...]:
    """The words of a phrase; a * stays on the word it ends."""
    marked: list[str] = []
    for part in phrase.split():
        split = words(part)
        marked += (*split[:-1], split[-1] + "*") if part.endswith("*") and split else split
    return tuple(marked)


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def _is_inside(match: Match, other: Match) -> bool:
    ends = match.start + match.length <= other.start + other.length
    return other.length > match.length and other.start <= match.start and ends
