"""Settings are checked at start, and a wrong one says what to write instead."""

import pytest

from app.settings import SettingsFault, read_settings


def test_without_any_variable_wane_answers_in_dutch_on_loopback() -> None:
    settings = read_settings({})
    assert (settings.language, settings.public_url) == ("nl", "http://127.0.0.1:8000")


def test_a_variable_is_read() -> None:
    settings = read_settings(
        {"WANE_LANGUAGE": "fr", "WANE_PUBLIC_URL": "https://wane.example/", "WANE_MAX_DEPTH": "20"}
    )
    assert (settings.language, settings.public_url, settings.max_depth) == ("fr", "https://wane.example", 20)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WANE_LANGUAGE", "es"),
        ("WANE_PUBLIC_URL", "wane.example"),
        ("WANE_PUBLIC_URL", "ftp://wane.example"),
        ("WANE_TIMEZONE", "Europe/Nowhere"),
        ("WANE_MAX_BODY_BYTES", "-1"),
        ("WANE_MAX_DEPTH", "deep"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsFault, match=name) as raised:
        read_settings({name: value})
    assert value not in str(raised.value)
