"""The example site folder, the table of settings for people, and the code say the same."""

import tomllib
from pathlib import Path

from app.settings import read_effective
from app.settings.client import CLIENT_SETTINGS
from app.settings.shown import as_markdown, clients_as_markdown, shown
from app.settings.table import SETTINGS

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "site-example"


def test_the_example_site_folder_can_be_used_as_it_stands() -> None:
    settings = read_effective({"WANE_SITE": str(EXAMPLE)}).settings
    assert settings.public_url == "https://wane.hospital.example"
    assert settings.trusted_proxies == ("10.20.0.5/32",)


def test_the_example_shows_every_setting_that_a_file_may_hold() -> None:
    written = tomllib.loads((EXAMPLE / "site.toml").read_text(encoding="utf-8"))
    assert list(written) == [setting.name for setting in SETTINGS if setting.where == "both"]


def test_the_table_for_people_is_what_the_code_reads() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    table = text.split("<!-- settings", 1)[1].split("\n", 1)[1].split("<!-- /settings -->")[0]
    assert table == as_markdown()


def test_the_example_client_shows_every_key() -> None:
    written = tomllib.loads((EXAMPLE / "clients" / "ehr.toml").read_text(encoding="utf-8"))
    commented = (EXAMPLE / "clients" / "ehr.toml").read_text(encoding="utf-8")
    assert [client.name for client in read_effective({"WANE_SITE": str(EXAMPLE)}).settings.clients] == ["ehr"]
    for setting in CLIENT_SETTINGS:
        assert setting.name in written or f"\n# {setting.name} = " in commented, setting.name


def test_the_table_of_a_clients_keys_is_what_the_code_reads() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    table = text.split("<!-- clients", 1)[1].split("\n", 1)[1].split("<!-- /clients -->")[0]
    assert table == clients_as_markdown()


def test_every_key_of_a_client_can_be_written_as_its_example_says() -> None:
    for setting in CLIENT_SETTINGS:
        if setting.name not in ("keys",):  # the figures of a key are left out of its example
            setting.kind.read(tomllib.loads(f"value = {setting.kind.example}")["value"])


def test_every_setting_can_be_written_as_its_example_says() -> None:
    for setting in SETTINGS:
        value = tomllib.loads(f"value = {setting.kind.example}")["value"]
        setting.kind.read(value)
        if not setting.secret:
            plain = setting.kind.example.strip("[]").replace('"', "").replace("_", "")
            assert setting.kind.read(setting.kind.from_text(plain)) == setting.kind.read(value)


def test_the_effective_settings_are_shown_with_their_origin_and_without_secrets() -> None:
    url = "postgresql://wane:hush@database/wane"
    environment = {"WANE_DATABASE_URL": url, "WANE_PSEUDONYM_KEY": "hush" * 8, "WANE_SITE": str(EXAMPLE)}
    told = shown(read_effective(environment))
    assert "hush" not in told
    lines = {line.split()[0]: line for line in told.splitlines()}
    assert set(lines) == {setting.name for setting in SETTINGS}
    assert "set (not shown)" in lines["database_url"]
    assert lines["database_url"].endswith("WANE_DATABASE_URL")
    assert lines["drain_seconds"].rstrip().endswith("site.toml, line 40")
    assert lines["max_at_once"].split()[1] == "64"
