"""Problem names and reasons written as words: found in the phrases of codes/words.toml, in nl, fr, en and de.

A text that also holds a word of denial, of family or of suspicion is not taken as a statement about the patient.
"""

from dataclasses import dataclass

from app.limits.deadline import in_time
from knowledge.codes import Codes

_NOT_THE_PATIENT = {"negation", "family"}
_NOT_LISTS = _NOT_THE_PATIENT | {"suspected", "history", "remission", "unclear", "removal"}


@dataclass(frozen=True, slots=True)
class Said:
    """`whole`: the text says this and nothing else. `unclear`: it holds only words that fit several indications.
    `removed`: it speaks of taking something out."""

    lists: frozenset[str] = frozenset()
    whole: bool = False
    unclear: bool = False
    denied: bool = False
    removed: bool = False


def lists_in_words(written: str, codes: Codes) -> Said:
    """The lists a text names."""
    in_time()
    matches, said = codes.phrases.found_in(written)
    named = {match.name for match in matches}
    if named & _NOT_THE_PATIENT:
        return Said(denied=True)
    lists = frozenset(named - _NOT_LISTS)
    whole = any(match.name in lists and match.length == said for match in matches)
    return Said(lists, whole, unclear="unclear" in named and not lists, removed="removal" in named)
