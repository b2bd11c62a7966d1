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

_NOT_LISTS = {"negation", "family", "suspected", "history", "remission", "unclear", "removal", "degree"}
_END = re.compile(r"([,;.()\[\]/\n|+]+|\s[-–—]\s)")
_ABBREVIATED = re.compile(r"\b([hscHSC])/([opOP])\b")  # "h/o" is no list of two
_DOUBT = re.compile(r"\?|[-–]\s*$|\(\s*-\s*\)")  # "epilepsie?", "alcohol -"
_CODE = re.compile(
    r"\b[A-Z]\d\d(?:\.\d{1,2})?\b"
)  # written before or behind its own words: "F10.2 alcoholafhankelijkheid"
_COMPOUND = re.compile(r"\b(niet|nicht|not|non)-(\w+)", re.IGNORECASE)
# After a "not" they deny what stands before it ("spasticity not present"); any other word is itself what is denied
# ("spasticity not controlled", "dementia without behavioural disturbance", "épilepsie non spécifiée").
_ABSENT_WORDS = (
    "aanwezig gekend bekend vastgesteld gevonden aangetoond weerhouden meer present known found seen evident detected"
    " identified confirmed anymore more presente connu connue retrouve retrouvee retenu retenue confirme confirmee plus"
    " vorhanden bekannt nachgewiesen nachweisbar bestatigt mehr"
)
_ABSENT = frozenset(_ABSENT_WORDS.split())
_FILLERS_WORDS = "patient pt is was er de het heeft has had there the he she il elle y a le la n es hat der die"
_FILLERS = frozenset(_FILLERS_WORDS.split())
_BUT = frozenset(["maar", "wel", "mais", "but", "aber", "sondern", "doch", "however", "toch"])
_OR = frozenset(["of", "noch", "or", "nor", "ou", "ni", "oder"])


@dataclass(frozen=True, slots=True)
class Said:
    """`whole`: the text says this and nothing else, but how severe it is or how long it lasts. `unclear`: it holds only words
    that fit several indications, or words of which nobody can tell whether they are about the patient. `denied`: all that it
    names, it denies."""

    lists: frozenset[str] = frozenset()
    whole: bool = False
    unclear: bool = False
    denied: bool = False
    removed: bool = False  # it speaks of taking something out
    in_remission: bool = False  # the text, its status apart, says that it is over for now


def lists_in_words(written: str, codes: Codes) -> Said:
    """The lists a text names."""
    in_time()
    written = _CODE.sub(" ", _ABBREVIATED.sub(r"\1 \2", written))
    if "-" in written:
        written = _COMPOUND.sub(lambda found: _as_one_word(found, codes), written)
    matches, said = codes.phrases.found_in(written)
    named = {match.name for match in matches}
    if "family" in named:
        return Said(denied=True, unclear=bool(named - _NOT_LISTS) and _has_parts(written))
    denied, all_denied = _denied(matches, written) if "negation" in named else (frozenset(), False)
    lists = frozenset(match.name for match in matches if match.name not in _NOT_LISTS and match not in denied)
    neutral = {place for match in matches if match.name == "degree" for place in _places(match)}
    alone = any(match.name in lists and len(neutral | _places(match)) == said for match in matches)
    unclear = any(match.name == "unclear" and match not in denied for match in matches)
    nothing = not lists
    return Said(
        lists,
        whole=alone and not _DOUBT.search(written),
        unclear=unclear and nothing,
        denied=all_denied and nothing,
        removed="removal" in named,
        in_remission=_is_in_remission(matches, denied),
    )


def _places(match: Match) -> set[int]:
    return set(range(match.start, match.start + match.length))


def _as_one_word(found: re.Match[str], codes: Codes) -> str:
    """ "niet-organische insomnie" denies the adjective and no insomnia; "niet-epileptische aanvallen" are none."""
    matches, _ = codes.phrases.found_in(found[2])
    return f"{found[1]} {found[2]}" if matches else f"{found[1]}{found[2]}"


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


def _denied(matches: list[Match], written: str) -> tuple[frozenset[Match], bool]:
    """The matches that are denied: of the part a denial stands in those after it, else those before it; where it
    stands alone, those of the part before; and of a list ("no alcohol, drugs or tobacco") all. And whether every part
    is denied: another one may say what nobody here knows."""
    parts = list(_parts(written))
    inside: list[list[Match]] = [[] for _ in parts]
    starts = [part.first for part in parts]
    for match in matches:
        inside[bisect_right(starts, match.start) - 1].append(match)
    ends = _ends_of_lists(parts)
    found: set[Match] = set()
    denied_to = -1  # up to this part a list is denied
    open_parts = set(range(len(parts)))
    for number, part in enumerate(parts):
        denials = [match for match in inside[number] if match.name == "negation"]
        if number <= denied_to:
            found.update(inside[number])
            open_parts.discard(number)
        if not denials:
            continue
        others = [match for match in inside[number] if match.name != "negation"]
        after = [match for match in others if match.start > denials[0].start]
        alone = number > 0 and sum(match.length for match in denials) == len(part.words)
        last = denials[-1].start + denials[-1].length - part.first
        of_before = _ABSENT.issuperset(part.words[last:])
        found.update(after or (others if of_before else ()) or (inside[number - 1] if alone else ()))
        if alone or of_before or _FILLERS.issuperset(part.words[: denials[0].start - part.first]):
            open_parts -= {number, number - 1} if alone else {number}
        if after and number + 1 < len(parts):
            denied_to = max(denied_to, ends[number + 1])
    return frozenset(found), not open_parts


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
