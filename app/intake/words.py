"""Problem names and reasons written as words: found in the phrases of codes/words.toml, in nl, fr, en and de.

A denial covers its own part of the text: "geen alcoholgebruik, spasme" denies the first and says the second. A word of
family may stand for all that follows it ("family history: …"), so nothing of such a text is taken for the patient's.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.limits.deadline import in_time
from knowledge.codes import Codes
from knowledge.medicine import words
from knowledge.phrasebook import Match

_NOT_LISTS = {"negation", "family", "suspected", "history", "remission", "unclear", "removal"}
_END = re.compile(r"([,;.()\[\]/\n|+]+|\s[-–—]\s)")
_BUT = frozenset(["maar", "wel", "mais", "but", "aber", "sondern", "doch", "however", "toch"])
_OR = frozenset(["of", "noch", "or", "nor", "ou", "ni", "oder"])


@dataclass(frozen=True, slots=True)
class Said:
    """`whole`: the text says this and nothing else. `unclear`: it holds only words that fit several indications, or
    words of which nobody can tell whether they are about the patient. `denied`: all that it names, it denies."""

    lists: frozenset[str] = frozenset()
    whole: bool = False
    unclear: bool = False
    denied: bool = False
    removed: bool = False  # it speaks of taking something out
    in_remission: bool = False  # the text, its status apart, says that it is over for now


def lists_in_words(written: str, codes: Codes) -> Said:
    """The lists a text names."""
    in_time()
    matches, said = codes.phrases.found_in(written)
    named = {match.name for match in matches}
    if "family" in named:
        return Said(denied=True, unclear=bool(named - _NOT_LISTS) and _has_parts(written))
    denied = _denied(matches, written) if "negation" in named else frozenset()
    lists = frozenset(match.name for match in matches if match.name not in _NOT_LISTS and match not in denied)
    whole = any(match.name in lists and match.length == said for match in matches)
    unclear = any(match.name == "unclear" and match not in denied for match in matches)
    nothing = not lists
    return Said(
        lists,
        whole,
        unclear=unclear and nothing,
        denied="negation" in named and nothing,
        removed="removal" in named,
        in_remission=_is_in_remission(matches, denied),
    )


def _is_in_remission(matches: list[Match], denied: frozenset[Match]) -> bool:
    """Whether a text about one thing says that it is in remission."""
    about = {match.name for match in matches if match.name not in _NOT_LISTS}
    return len(about) == 1 and any(match.name == "remission" and match not in denied for match in matches)


def _has_parts(written: str) -> bool:
    return bool(_END.search(written))


class _Part(NamedTuple):
    """A run of words between punctuation or words that turn the sense; `first` is its place among all words."""

    first: int
    words: tuple[str, ...]
    listed: bool  # only a comma or slash stands before it


def _denied(matches: list[Match], written: str) -> frozenset[Match]:
    """The matches that are denied: of the part a denial stands in those after it, else those before it; where it
    stands alone, those of the part before; and of a list ("no alcohol, drugs or tobacco") all."""
    parts = list(_parts(written))
    inside: list[list[Match]] = [[] for _ in parts]
    starts = [part.first for part in parts]
    for match in matches:
        inside[bisect_right(starts, match.start) - 1].append(match)
    ends, found = _ends_of_lists(parts), set[Match]()
    denied_to = -1  # up to this part a list is denied
    for number, part in enumerate(parts):
        denials = [match for match in inside[number] if match.name == "negation"]
        if number <= denied_to:
            found.update(inside[number])
        if not denials:
            continue
        others = [match for match in inside[number] if match.name != "negation"]
        after = [match for match in others if match.start > denials[0].start]
        alone = number > 0 and sum(match.length for match in denials) == len(part.words)
        found.update(after or others or (inside[number - 1] if alone else ()))
        if after and number + 1 < len(parts):
            denied_to = max(denied_to, ends[number + 1])
    return frozenset(found)


def _ends_of_lists(parts: list[_Part]) -> list[int]:
    """For each part the one with an "or" that ends the list it is in; -1 where it is in none."""
    ends = [-1] * (len(parts) + 1)
    for number in range(len(parts) - 1, -1, -1):
        if parts[number].listed and parts[number].words[0] not in _BUT:
            ends[number] = number if _OR & set(parts[number].words) else ends[number + 1]
    return ends


def _parts(written: str) -> Iterator[_Part]:
    first, listed = 0, False
    for index, piece in enumerate(_END.split(written)):
        if index % 2:
            listed = piece.strip() in (",", "/")
            continue
        run: list[str] = []
        for word in words(piece):
            if word in _BUT and run:
                yield _Part(first, tuple(run), listed)
                first, run, listed = first + len(run), [], False
            run.append(word)
        if run:
            yield _Part(first, tuple(run), listed)
            first += len(run)
