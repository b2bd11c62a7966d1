"""Names that are nearly those of a medicine: one letter more, less, other or exchanged. Such a name is asked about, and
never read as the medicine it may be a slip for."""

from collections.abc import Iterable, Iterator

_SHORTEST = 8  # letters; shorter names are too near to names of other things


class NearNames:
    """One-word names, found again where one letter of them is wrong. `others` are real names that only look alike."""

    def __init__(self, names: Iterable[tuple[str, ...]], others: Iterable[tuple[str, ...]]) -> None:
        self._others = frozenset(word for name in others for word in name)
        self._by_rest: dict[str, set[str]] = {}
        for (name,) in (name for name in names if len(name) == 1 and len(name[0]) >= _SHORTEST):
            for rest in _without_a_letter(name):
                self._by_rest.setdefault(rest, set()).add(name)

    def near(self, said: Iterable[str]) -> bool:
        """Whether a word is nearly such a name."""
        return any(self._is_near(word) for word in said if len(word) >= _SHORTEST - 1 and word not in self._others)

    def _is_near(self, word: str) -> bool:
        candidates = {name for rest in _without_a_letter(word) for name in self._by_rest.get(rest, ())}
        return any(_one_apart(word, name) for name in candidates)


def _without_a_letter(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter was added, left out or changed, or two neighbours exchanged."""
    if len(one) == len(other):
        wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        first = wrong[0] if wrong else 0
        exchanged = wrong == [first, first + 1] and one[first] == other[first + 1] and one[first + 1] == other[first]
        return len(wrong) == 1 or exchanged
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return len(longer) - len(shorter) == 1 and shorter in {
        longer[:place] + longer[place + 1 :] for place in range(len(longer))
    }
