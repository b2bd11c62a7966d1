from pathlib import Path

import pytest

from app.settings import Settings, SettingsFault, read_effective, read_settings


def test_without_anything_set_the_defaults_hold() -> None:
    assert read_settings({}) == Settings()


def test_the_environment_wins_over_the_site_folder(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('language = "fr"\nmax_depth = 40\n')
    effective = read_effective({"WANE_SITE": str(tmp_path), "WANE_LANGUAGE": "de"})
    assert (effective.settings.language, effective.settings.max_depth) == ("de", 40)
    assert effective.origins["language"] == "WANE_LANGUAGE"
    assert effective.origins["max_depth"] == "site.toml, line 2"
    assert effective.origins["timezone"] == "default"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WANE_PUBLIC_URL", "wane.intranet"),
        ("WANE_PUBLIC_URL", "https://wane.example/?a=1"),
        ("WANE_PUBLIC_URL", "http://[::1"),
        ("WANE_LANGUAGE", "es"),
        ("WANE_TIMEZONE", "Belgium"),
        ("WANE_TIMEZONE", "../../etc/passwd"),
        ("WANE_CORS_ORIGINS", "https://ehr.example/path"),
        ("WANE_OPEN", "maybe"),
        ("WANE_TRUSTED_PROXIES", "proxy.hospital.example"),
        ("WANE_MAX_BODY_BYTES", "10MB"),
        ("WANE_MAX_BODY_BYTES", "-1"),
        ("WANE_MAX_BODY_BYTES", "٣٠٠٠"),
        ("WANE_MAX_DEPTH", "0"),
        ("WANE_BODY_SECONDS", "1.5"),
        ("WANE_DATABASE_URL", " "),
        ("WANE_DATABASE_URL", "postgresql://wane@database:port/wane"),
        ("WANE_DATABASE_URL", "postgresql://wane@database/wane?sslmod=require"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_what_to_write(variable: str, value: str) -> None:
    with pytest.raises(SettingsFault) as fault:
        read_settings({variable: value})
    assert str(fault.value).startswith(f"{variable} is not ")
    assert f"Write it like {variable}=" in str(fault.value)
    assert len(value) < 3 or value not in str(fault.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "max_depth = '100'",
            "max_depth is not a whole number of levels from 10 to 500. Write it like max_depth = 100",
        ),
        ("max_depth = true", "max_depth is not a whole number"),
        ("open = 1", "open is not true or false. Write it like open = true"),
        ('cors_origins = "*"', "cors_origins is not a list of origins"),
        ("timezone = 1", "timezone is not the name of a time zone"),
        ("trusted_proxies = [1]", "trusted_proxies is not a list of IP addresses"),
        ("max_dept = 100", "there is no setting max_dept. Did you mean max_depth?"),
        ('["max_dept"]\na = 1', "there is no setting max_dept"),
        ("database_url = 'x'", "database_url does not belong in a file. Set WANE_DATABASE_URL in the environment."),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_file(line: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(f"# a comment on max_depth = 3\nlanguage = 'nl'\n{line}\n")
    with pytest.raises(SettingsFault) as fault:
        read_settings({"WANE_SITE": str(tmp_path)})
    assert str(fault.value).startswith(f"{tmp_path}/site.toml, line 3: {says}")


def test_what_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('language = "nl"\nmax_depth = \n')
    with pytest.raises(SettingsFault, match=r"site\.toml: is not TOML: .*line 2"):
        read_settings({"WANE_SITE": str(tmp_path)})


def test_what_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b'language = "\xff"')
    with pytest.raises(SettingsFault, match="is not UTF-8 at byte 12"):
        read_settings({"WANE_SITE": str(tmp_path)})


def test_a_folder_that_is_not_there_or_is_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="there is no folder"):
        read_settings({"WANE_SITE": str(tmp_path / "none")})
    with pytest.raises(SettingsFault, match=r"site\.toml: the file is missing"):
        read_settings({"WANE_SITE": str(tmp_path)})


def test_a_file_that_nobody_reads_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site.toml").touch()
    (tmp_path / "README.md").touch()
    (tmp_path / "sites.toml").touch()
    with pytest.raises(SettingsFault, match=r"sites\.toml: Wane reads only site\.toml, clients/"):
        read_settings({"WANE_SITE": str(tmp_path)})


def test_a_misspelt_variable_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(
        SettingsFault, match=r"WANE_MAX_BODY_BYTE: there is no such setting. Did you mean WANE_MAX_BODY"
    ):
        read_settings({"WANE_MAX_BODY_BYTE": "1000"})


def test_variables_that_a_container_platform_sets_for_a_service_of_this_name_are_left_alone() -> None:
    platform = {
        "WANE_PORT": "tcp://10.0.0.1:8000",
        "WANE_PORT_8000_TCP_ADDR": "10.0.0.1",
        "WANE_SERVICE_HOST": "10.0.0.1",
        "WANE_SERVICE_PORT_HTTP": "8000",
    }
    assert read_settings(platform) == Settings()


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("max_depth = 1\nnothing = 2\n")
    with pytest.raises(SettingsFault) as fault:
        read_settings({"WANE_SITE": str(tmp_path), "WANE_LANGUAGE": "es", "WANE_NOTHING": "1"})
    assert len(str(fault.value).splitlines()) == 4


def test_a_secret_can_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://wane:secret@database/wane\n")
    effective = read_effective({"WANE_DATABASE_URL_FILE": str(tmp_path / "url")})
    assert effective.settings.database_url == "postgresql://wane:secret@database/wane"
    assert effective.origins["database_url"] == "WANE_DATABASE_URL_FILE"


def test_a_secret_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 32)
    with pytest.raises(SettingsFault, match="WANE_PSEUDONYM_KEY and WANE_PSEUDONYM_KEY_FILE are both set"):
        read_settings({"WANE_PSEUDONYM_KEY": "s" * 32, "WANE_PSEUDONYM_KEY_FILE": str(tmp_path / "key")})


def test_clients_that_are_no_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "site.toml").touch()
    (tmp_path / "clients").touch()
    with pytest.raises(SettingsFault, match="clients: cannot be read as a folder"):
        read_settings({"WANE_SITE": str(tmp_path)})


def test_a_secret_file_that_is_empty_or_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for path, says in ((tmp_path / "empty", "is not the address"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(SettingsFault, match=f"WANE_DATABASE_URL_FILE: .*the file it names {says}"):
            read_settings({"WANE_DATABASE_URL_FILE": str(path)})


def test_an_address_loses_the_slash_at_its_end() -> None:
    assert read_settings({"WANE_PUBLIC_URL": "https://wane.example/base/"}).public_url == "https://wane.example/base"
