"""The clients of a site folder: every clients/<name>.toml read and checked at start, all faults at once."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Any

from app.settings.client import CLIENT_SETTINGS, Client
from app.settings.kinds import UnusableError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_TAKEN = ("open",)  # what the journal calls a caller where nobody is registered


def read_clients(folder: Path, faults: list[str]) -> tuple[Client, ...]:
    """The clients in the order of their names. What cannot be used is added to `faults`, with file and line."""
    found: list[Client] = []
    for path in listed(folder, faults):
        if path.name.startswith("."):
            continue
        if path.suffix != ".toml" or not _NAME.fullmatch(path.stem) or path.stem in _TAKEN:
            faults.append(
                f"{path}: a client's file is named <name>.toml, in small letters, digits and hyphens. Rename it."
            )
            continue
        before = len(faults)
        values = _read(path, faults)
        if len(faults) == before:
            found.append(Client(name=path.stem, **values))
    for client in found:
        faults += [f"{folder / client.name}.toml: {fault}" for fault in _faults_of(client)]
    faults += [f"{folder}: {fault}" for fault in _between(found)]
    return tuple(found)


def listed(folder: Path, faults: list[str]) -> list[Path]:
    """What is in a folder, by name; nothing where there is none."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        faults.append(f"{folder}: cannot be read as a folder ({error.strerror}). Let Wane's user read it.")
        return []


def _read(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8")
        written = tomllib.loads(text)
    except OSError as error:
        faults.append(f"{path}: cannot be read ({error.strerror}). Let Wane's user read it.")
        return {}
    except UnicodeDecodeError as error:
        faults.append(f"{path}: is not UTF-8 at byte {error.start}. Save it as UTF-8.")
        return {}
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path}: is not TOML: {error}. Mend that place.")
        return {}
    known = {setting.name: setting for setting in CLIENT_SETTINGS}
    values: dict[str, Any] = {}
    for name, value in written.items():
        where = f"{path}, line {line_of(name, text)}"
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"The keys are: {', '.join(known)}."
            faults.append(f"{where}: there is no key {name}. {hint}")
            continue
        kind = known[name].kind
        try:
            values[name] = kind.read(value)
        except UnusableError:
            faults.append(f"{where}: {name} is not {kind.wanted}. Write it like {name} = {kind.example}")
    for setting in CLIENT_SETTINGS:
        if setting.required and setting.name not in written:
            wanted = f"Write {setting.name} = {setting.kind.wanted}"
            faults.append(f"{path}: {setting.name} is missing, and has no default. {wanted}.")
    return values


def _faults_of(client: Client) -> Iterator[str]:
    if client.issuer is None and not client.tokens:
        yield "nobody can prove to be this client. Give issuer with jku or keys, or tokens."
    if client.issuer is not None and client.jku is None and not client.keys:
        yield "there is an issuer and no way to check its JWTs. Give jku or keys."
    if client.issuer is None and (client.jku or client.keys or client.tenants):
        yield "jku, keys and tenants are about JWTs. Give issuer too."


def _between(clients: Sequence[Client]) -> Iterator[str]:
    """Every JWT and every token must lead to one client."""
    for one, other in combinations(clients, 2):
        if one.issuer and one.issuer == other.issuer and _share(one.tenants, other.tenants):
            yield f"{one.name} and {other.name} have the same issuer and no tenants that tell them apart."
        if set(one.tokens) & set(other.tokens):
            yield f"{one.name} and {other.name} have the same token."


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return (not one and not other) or bool(set(one) & set(other))


def line_of(name: str, text: str) -> int:
    """The line a key of the top level, or the header of a table, stands on."""
    written = re.compile(rf"""\s*\[{{0,2}}\s*["']?{re.escape(name)}["']?\s*[\].=]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if written.match(line)), 1)
