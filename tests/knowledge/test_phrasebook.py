import pytest

from knowledge.phrasebook import Match, Phrasebook

BOOK = Phrasebook(
    {"alcohol": ["alcohol dependence", "alcohol*"], "negation": ["no"], "spasticity": ["spastic paresis"]}
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alcohol dependence", [Match("alcohol", 0, 2)]),
        ("Alcoholism", [Match("alcohol", 0, 1)]),
        ("no spastic paresis", [Match("negation", 0, 1), Match("spasticity", 1, 2)]),
        ("alcohol, alcohol dependence", [Match("alcohol", 0, 1), Match("alcohol", 1, 2)]),
        ("spastic", []),
        ("", []),
    ],
)
def test_the_longest_phrase_wins_where_phrases_lie_over_each_other(text: str, found: list[Match]) -> None:
    assert BOOK.found_in(text)[0] == found


def test_a_phrase_is_compared_with_its_neighbours_only(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counted(match: Match, other: Match) -> bool:
        nonlocal compared
        compared += 1
        return False

    monkeypatch.setattr("knowledge.phrasebook._is_inside", counted)
    BOOK.found_in("alcohol " * 1_000)
    assert compared <= 3_000
