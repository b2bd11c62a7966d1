"""Nothing of a patient is kept: no id, no reference, no text; not in the database, the spool, or the log."""

import errno
import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from app.journal.keys import Key, key_file, read_keys, rotate
from app.journal.record import hook_instance
from app.settings import Settings, SettingsFault
from tests.journal.running import RunningWane

CANARY = "kanarie"
_READ_BY_VALUE = {"resourceType", "system", "code", "status", "type", "hook", "intent", "unit", "periodUnit", "url"}


def _with_canaries(value: Any, numbers: Iterator[int], name: str = "") -> Any:
    """The same request with a canary in every text that is not a code, and as a member of every object."""
    if isinstance(value, dict):
        more = {} if name in ("prefetch", "") else {f"{CANARY}{next(numbers)}": f"{CANARY}{next(numbers)}"}
        return {key: _with_canaries(each, numbers, key) for key, each in value.items()} | more
    if isinstance(value, list):
        return [_with_canaries(each, numbers, name) for each in value]
    if not isinstance(value, str) or name in _READ_BY_VALUE or value[:4].isdigit():
        return value
    if "/" in value:  # a reference stays a reference of the same thing
        return f"{value}-{CANARY}"
    return f"{value}-{CANARY}" if name in ("id", "patientId", "userId") else f"{value} {CANARY}{next(numbers)}"


@pytest.fixture
def requests(body: Any) -> list[Any]:
    """Calls that are answered with a card, refused, out of scope, and malformed, each full of canaries."""
    full = _with_canaries(
        {**body, "fhirServer": f"https://{CANARY}.example", "fhirAuthorization": {"access_token": CANARY}}, count()
    )
    assert json.dumps(full).count(CANARY) > 30
    text = json.dumps(full)
    refused = json.loads(text) | {"prefetch": {}}
    del refused["context"]["draftOrders"]["entry"][0]["resource"]["reasonCode"]
    unknown = json.loads(text)
    unknown["context"]["draftOrders"]["entry"][0]["resource"]["medicationCodeableConcept"] = {"text": CANARY}
    return [full, refused, unknown, full | {"context": {"patientId": 1, CANARY: CANARY}}]


@pytest.mark.parametrize("where", ["on_sqlite", "away"])
def test_no_canary_of_a_request_is_left_in_the_journal_or_the_log(
    where: str, request: pytest.FixtureRequest, start: Callable[..., RunningWane], requests: list[Any], tmp_path: Path
) -> None:
    settings: Settings = request.getfixturevalue(where)
    wane = start(settings)
    assert [wane.post(each) for each in requests] == [200, 412, 200, 400]
    while_running = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    wane.stop()
    stopped = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    written = [path for path, content in [*while_running.items(), *stopped.items()] if b"order-select" in content]
    assert written, "something was written"
    kept = [path for path, content in [*while_running.items(), *stopped.items()] if CANARY.encode() in content.lower()]
    assert kept == []


def test_a_hook_instance_that_is_no_uuid_is_kept_as_a_hash() -> None:
    key = Key("s" * 32)
    assert hook_instance("D1577C69-DFBE-44AD-BA6D-3E05E953B2EA", key) == "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
    assert hook_instance("call for Mrs Peeters", key) == key.pseudonym("hookInstance", "call for Mrs Peeters")


def test_a_pseudonym_is_one_of_its_key_its_kind_and_its_value() -> None:
    keys = [Key(secret) for secret in ("s" * 32, "s" * 64, "s" * 100)]
    made = {key.pseudonym(kind, value) for key in keys for kind in ("patient", "user") for value in ("p-1", "p-2")}
    assert len(made) == 12
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in made)
    assert keys[0].pseudonym("patient", "p-1") == Key("s" * 32).pseudonym("patient", "p-1")


def test_files_of_the_journal_are_their_owners_alone(
    on_sqlite: Settings, start: Callable[..., RunningWane], body: Any
) -> None:
    wane = start(on_sqlite)
    assert wane.post(body) == 200
    mine = [on_sqlite.journal, on_sqlite.journal.with_name(f"{on_sqlite.journal.name}-wal"), key_file(on_sqlite)]
    assert [oct(path.stat().st_mode & 0o777) for path in mine] == ["0o600"] * 3


def test_a_key_file_that_others_can_read_is_refused(on_sqlite: Settings) -> None:
    read_keys(on_sqlite)
    key_file(on_sqlite).chmod(0o640)
    with pytest.raises(SettingsFault, match="chmod 600"):
        read_keys(on_sqlite)


def test_a_key_file_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsFault, match="the key file cannot be made or read"):
        read_keys(Settings(journal=tmp_path / "file" / "journal.sqlite"))


def test_a_key_that_finds_no_room_leaves_no_piece_of_it_behind(
    on_sqlite: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(SettingsFault, match="No space left on device"):
        read_keys(on_sqlite)
    assert list(on_sqlite.journal.parent.iterdir()) == []


def test_a_key_file_of_other_bytes_is_refused(on_sqlite: Settings) -> None:
    path = on_sqlite.journal.with_suffix(".key")
    path.write_bytes(bytes(range(128, 200)))
    path.chmod(0o600)
    with pytest.raises(SettingsFault, match="needs a secret"):
        read_keys(on_sqlite)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(SettingsFault, match="openssl rand -hex 32"):
        read_keys(Settings(pseudonym_key="password"))


def test_a_new_key_keeps_those_that_calls_carry_and_the_one_before_it(on_sqlite: Settings) -> None:
    first = read_keys(on_sqlite).current.id
    second = rotate(on_sqlite, frozenset({first})).current.id
    assert rotate(on_sqlite, frozenset({first})).by_id.keys() > {first, second}
    third = read_keys(on_sqlite).current.id
    assert rotate(on_sqlite, frozenset()).by_id.keys() & {first, second, third} == {third}
