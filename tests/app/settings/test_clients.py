"""clients/<name>.toml: read at start, and every fault named with its file and line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.clients.commands import client as commands
from app.clients.door import hash_of
from app.settings import Settings, SettingsFault, read_settings

GOOD = 'unreviewed = "show"\nissuer = "https://ehr.example"\njku = "https://ehr.example/jwks.json"\n'
HASH = f"sha256:{'0' * 64}"


def read(tmp_path: Path, **files: str) -> Settings:
    (tmp_path / "site.toml").touch()
    (tmp_path / "clients").mkdir()
    for name, text in files.items():
        (tmp_path / "clients" / f"{name.replace('_', '-')}.toml").write_text(text)
    return read_settings({"WANE_SITE": str(tmp_path)})


def test_a_client_is_what_its_file_says(tmp_path: Path) -> None:
    text = GOOD + 'fhir = ["https://FHIR.example:443"]\nhooks = ["order-sign"]\n[rules]\nbzra-taper = "shadow"\n'
    [client] = read(tmp_path, ward_1=text).clients
    assert (client.name, client.unreviewed, client.fetch_ms, client.missing) == ("ward-1", "show", 400, "412")
    assert client.fhir == ("https://fhir.example",)
    assert client.rules == (("bzra-taper", "shadow"),)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('unreviewd = "show"', "line 4: there is no key unreviewd. Did you mean unreviewed?"),
        ('missing = "200"', 'line 4: missing is not "412" or "card". Write it like missing = "412"'),
        ('country = "be"', "line 4: country is not a two-letter country code"),
        ("fetch_ms = 0", "line 4: fetch_ms is not a whole number of milliseconds from 10 to 10000"),
        ('fhir = ["http://fhir.example"]', "line 4: fhir is not a list of https:// origins"),
        ('fhir = ["https://fhir.example/r4"]', "line 4: fhir is not a list of https:// origins"),
        ('fhir = ["https://me@fhir.example"]', "line 4: fhir is not"),
        ('fhir = ["https://fhir.example:99999"]', "line 4: fhir is not"),
        ('fhir = "https://fhir.example"', "line 4: fhir is not"),
        ('networks = ["10.0.0.1/8"]', "line 4: networks is not a list of IP addresses or networks"),
        ('hooks = ["order-review"]', "line 4: hooks is not a list of some of"),
        ('rules = {bzra-tapper = "off"}', "line 4: rules is not a table of rules"),
        ('rules = {bzra-taper = "silent"}', "line 4: rules is not"),
        ('tokens = ["secret"]', "line 4: tokens is not a list of hashes as `wane client token` writes them"),
        ('keys = [{kty = "oct", k = "secret", kid = "1"}]', "line 4: keys is not a list of public JWKs"),
        ('keys = [{kty = "EC", crv = "P-384", kid = "1", x = "a", y = "b", d = "private"}]', "line 4: keys is not"),
        ('icd10 = "gm"', 'line 4: icd10 is not "who" or "cm"'),
        ('cds_hooks = "1.0"', "line 4: cds_hooks is not"),
        ('language = "es"', "line 4: language is not one of nl"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(SettingsFault) as fault:
        read(tmp_path, ehr=GOOD + line + "\n")
    assert str(fault.value).startswith(f"{tmp_path}/clients/ehr.toml, {says}")
    assert "secret" not in str(fault.value)


@pytest.mark.parametrize("jku", ["http://ehr.example/jwks", "https://ehr.example/jwks?a=1", "file:///etc/passwd", ""])
def test_an_address_of_keys_is_https(tmp_path: Path, jku: str) -> None:
    with pytest.raises(SettingsFault, match=r"line 3: jku is not an https:// address"):
        read(tmp_path, ehr=f'unreviewed = "show"\nissuer = "https://ehr.example"\njku = "{jku}"\n')


def test_whether_unreviewed_content_is_shown_must_be_said(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsFault, match=r'ehr\.toml: unreviewed is missing, and has no default\. Write .* "shadow"'
    ):
        read(tmp_path, ehr=GOOD.split("\n", 1)[1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('unreviewed = "show"\n', "nobody can prove to be this client"),
        ('unreviewed = "show"\nissuer = "https://ehr.example"\n', "no way to check its JWTs"),
        (f'unreviewed = "show"\ntokens = ["{HASH}"]\njku = "https://ehr.example/jwks"\n', "Give issuer too"),
    ],
)
def test_a_client_that_nobody_can_be_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsFault, match=says):
        read(tmp_path, ehr=text)


def test_two_clients_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault) as fault:
        read(tmp_path, one=f'{GOOD}tokens = ["{HASH}"]\n', two=f'{GOOD}tokens = ["{HASH}"]\n')
    assert "one and two have the same issuer" in str(fault.value)
    assert "one and two have the same token" in str(fault.value)


def test_clients_of_one_issuer_with_tenants_of_their_own_are_two(tmp_path: Path) -> None:
    assert len(read(tmp_path, one=f'{GOOD}tenants = ["1"]\n', two=f'{GOOD}tenants = ["2"]\n').clients) == 2


@pytest.mark.parametrize("name", ["EHR", "open", "a b", "-ehr"])
def test_a_file_that_is_no_clients_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsFault, match="a client's file is named <name>"):
        read(tmp_path, **{name: GOOD})


def test_a_token_is_made_once_and_only_its_hash_is_to_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read(tmp_path, ehr=GOOD)
    monkeypatch.setenv("WANE_SITE", str(tmp_path))
    printed = CliRunner().invoke(commands, ["token", "ehr"]).stdout.splitlines()
    token = next(line for line in printed if line.startswith("wane_"))
    line = next(line for line in printed if line.startswith("tokens = "))
    assert token not in line
    (tmp_path / "clients/ehr.toml").write_text(f"{GOOD}{line}\n")
    assert read_settings({"WANE_SITE": str(tmp_path)}).clients[0].tokens == (hash_of(token),)
