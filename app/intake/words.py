"""Problem names and reasons written as words: found in the phrases of codes/words.toml, in nl, fr, en and de.

A text that also holds a word of denial, of family or of suspicion is not taken as a statement about the patient.
"""

from dataclasses import dataclass

from knowledge.codes import Codes
from knowledge.medicine import words

_NOT_THE_PATIENT = ("negation", "family")
_NOT_SURE = ("suspected", "history", "remission")
_NOT_LISTS = (*_NOT_THE_PATIENT, *_NOT_SURE, "unclear")


@dataclass(frozen=True, slots=True)
class Said:
    """`whole`: the text says this and nothing else. `unclear`: it holds only words that fit several indications."""

    lists: frozenset[str] = frozenset()
    whole: bool = False
    unclear: bool = False
    denied: bool = False


def lists_in_words(written: str, codes: Codes) -> Said:
    """The lists a text names."""
    said = words(written)
    found: dict[str, int] = {}
    for name, phrases in codes.phrases.items():
        longest = max((len(phrase) for phrase in phrases if holds(phrase, said)), default=0)
        if longest:
            found[name] = longest
    if any(name in found for name in _NOT_THE_PATIENT):
        return Said(denied=True)
    lists = frozenset(name for name in found if name not in _NOT_LISTS)
    whole = bool(lists) and max(found[name] for name in lists) == len(said)
    return Said(lists, whole, unclear="unclear" in found and not lists)


def holds(phrase: tuple[str, ...], said: tuple[str, ...]) -> bool:
    """Whether the words of a phrase stand next to each other in what was said; `*` ends a word anyhow."""
    size = len(phrase)
    return any(
        all(_fits(wanted, word) for wanted, word in zip(phrase, said[start:], strict=False))
        for start in range(len(said) - size + 1)
    )


def _fits(wanted: str, word: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
