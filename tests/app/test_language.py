import pytest

from app.routes.language import language_of


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "nl"),
        ("", "nl"),
        ("en", "en"),
        ("fr-BE,fr;q=0.9,nl;q=0.8", "fr"),
        ("it,de;q=0.5", "de"),
        ("en;q=0.1,de;q=0.9", "de"),
        ("de;q=0,fr;q=0.2", "fr"),
        ("de;q=0", "nl"),
        ("tr, ar", "nl"),
        ("EN-us", "en"),
        ("en;q=nonsense, fr;q=0.3", "fr"),
        ("*", "nl"),
        (",".join(["xx"] * 5000), "nl"),
    ],
)
def test_the_best_language_asked_for_is_answered(accept: str | None, expected: str) -> None:
    assert language_of(accept, "nl") == expected
