"""An edition of a document as a stream of words that know their lines, so that a passage is found again after
lines were inserted, broken elsewhere or hyphenated differently.

Compared are words in lower case, without punctuation and hyphens; a word that holds a digit, and the signs of a
limit, are compared as written: 1,82 is not 18,2.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from knowledge.passages import fingerprint, lines_of, passage

_SIGNS = frozenset("<>≤≥=%")
_GAP = "\x00"


@dataclass(frozen=True)
class Place:
    """Where a passage was found. `similarity` runs from 0 to 1; 1 means the same words."""

    lines: tuple[int, int]
    words: tuple[str, ...]
    similarity: float


class Edition:
    """One text of a document."""

    def __init__(self, text: str) -> None:
        self.lines = lines_of(text)
        self._hashes: dict[int, dict[str, list[int]]] = {}

    def passage(self, first: int, last: int) -> str:
        return passage(self.lines, first, last)

    def by_hash(self, wanted: str, length: int, near: int) -> tuple[int, int] | None:
        """The `length` lines that have this hash, those nearest to line `near` if there are several."""
        if length not in self._hashes:
            starts: dict[str, list[int]] = {}
            for first in range(1, len(self.lines) - length + 2):
                starts.setdefault(fingerprint(self.passage(first, first + length - 1)), []).append(first)
            self._hashes[length] = starts
        found = self._hashes[length].get(wanted)
        if not found:
            return None
        first = min(found, key=lambda start: abs(start - near))
        return first, first + length - 1

    def words_at(self, first: int, last: int) -> tuple[str, ...]:
        """The words of these lines; a word broken at an end of them counts whole."""
        return tuple(word for word, start, end in self._stream if start <= last and end >= first)

    def by_words(self, words: tuple[str, ...], near: int) -> tuple[int, int] | None:
        """The lines that hold exactly these words in this order, those nearest to line `near` if there are several."""
        return min(self.places_of(words), key=lambda lines: abs(lines[0] - near), default=None)

    def places_of(self, words: tuple[str, ...]) -> list[tuple[int, int]]:
        wanted = _GAP + _GAP.join(words) + _GAP
        found: list[tuple[int, int]] = []
        at = self._joined.find(wanted) if words else -1
        while at >= 0:
            start = self._joined.count(_GAP, 0, at)
            found.append(self._lines_of_words(start, start + len(words)))
            at = self._joined.find(wanted, at + 1)
        return found

    def closest(self, words: tuple[str, ...]) -> list[Place]:
        """The stretches most like these words, the best first; empty where no word of them is left."""
        whole = len(words)
        third = max(whole // 3, 1)
        parts = [(0, whole)] + [(start, min(start + third, whole)) for start in range(0, whole, third)]
        self._matcher.set_seq1(words)
        starts = set()
        for low, high in parts:
            match = self._matcher.find_longest_match(low, high, 0, len(self._words))
            if match.size:
                starts.add(match.b - match.a)
        places = [place for start in sorted(starts) if (place := self._compare(words, start))]
        return sorted(places, key=lambda place: -place.similarity)

    def _compare(self, words: tuple[str, ...], start: int) -> Place | None:
        slack = len(words) // 5 + 3
        low = max(start - slack, 0)
        window = self._words[low : max(start + len(words) + slack, low)]
        matcher = SequenceMatcher(None, words, window, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        solid = [block for block in blocks if block.size > 1] or blocks
        if not solid:
            return None
        first, last = solid[0].b, solid[-1].b + solid[-1].size
        found = window[first:last]
        ratio = SequenceMatcher(None, words, found, autojunk=False).ratio()
        return Place(self._lines_of_words(low + first, low + last), found, round(ratio, 3))

    def _lines_of_words(self, start: int, end: int) -> tuple[int, int]:
        return self._stream[start][1], self._stream[end - 1][2]

    @cached_property
    def _stream(self) -> tuple[tuple[str, int, int], ...]:
        return tuple(_stream(self.lines))

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(word for word, _, _ in self._stream)

    @cached_property
    def _joined(self) -> str:
        return _GAP + _GAP.join(self._words) + _GAP

    @cached_property
    def _matcher(self) -> "SequenceMatcher[str]":
        matcher: SequenceMatcher[str] = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(self._words)
        return matcher


def _stream(lines: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Each word with the lines it begins and ends on."""
    found: list[tuple[str, int, int]] = []
    broken: tuple[str, int] | None = None
    for number, line in enumerate(lines, 1):
        pieces = line.split()
        for i, piece in enumerate(pieces):
            start, text = number, piece
            if broken:
                text, start, broken = broken[0] + piece, broken[1], None
            if i == len(pieces) - 1 and re.search(r"\w-$", text):
                broken = text, start
                continue
            if word := _word(text):
                found.append((word, start, number))
    if broken and (word := _word(broken[0])):
        found.append((word, broken[1], len(lines)))
    return found


def _word(piece: str) -> str:
    text = piece.casefold()
    if re.search(r"\d", text):
        return text.strip(".,;:()[]\"'“”‘’•▶*")
    bare = re.sub(r"\W", "", text)
    return bare or (text if _SIGNS & set(text) else "")
