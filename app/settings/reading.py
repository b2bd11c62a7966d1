"""Environment and site folder → one frozen Settings. The environment wins; every fault is told, not only the first."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.settings.clients import read_clients
from app.settings.fault import SettingsFault
from app.settings.kinds import UnusableError
from app.settings.site import CLIENTS, Written, read_site
from app.settings.table import SETTINGS, Setting, Settings

DEFAULT = "default"
# Container platforms set these by themselves for a service named "wane"; WANE_TEST_* and WANE_FAULT_* belong to the tests.
_FOREIGN = re.compile(r"WANE_((TEST|FAULT)_.*|SERVICE_(HOST|PORT.*)|PORT(_\d+_(TCP|UDP).*)?)")


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings, and for each by name where it came from: a variable, file and line, or "default"."""

    settings: Settings
    origins: Mapping[str, str]


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings. Raises SettingsFault."""
    return read_effective(environment).settings


def read_effective(environment: Mapping[str, str] = os.environ) -> Effective:
    """The settings with their origins.

    A secret may also stand in a file that `<its variable>_FILE` names. Raises SettingsFault with one line for each
    variable or line of a file that is not known or cannot be used.
    """
    faults: list[str] = []
    _refuse_unknown(environment, faults)
    folder = environment.get("WANE_SITE")
    site = read_site(Path(folder).expanduser(), faults) if folder else {}
    clients = read_clients(Path(folder).expanduser() / CLIENTS, faults) if folder else ()
    values: dict[str, Any] = {"clients": clients}
    origins: dict[str, str] = {}
    for setting in SETTINGS:
        origins[setting.name] = DEFAULT
        if setting.variable in environment:
            if setting.secret and f"{setting.variable}_FILE" in environment:
                faults.append(f"{setting.variable} and {setting.variable}_FILE are both set. Take one away.")
            _take_text(setting, setting.variable, environment[setting.variable], values, faults)
            origins[setting.name] = setting.variable
        elif setting.secret and f"{setting.variable}_FILE" in environment:
            origins[setting.name] = f"{setting.variable}_FILE"
            _take_file(setting, environment, values, faults)
        elif setting.name in site:
            origins[setting.name] = f"site.toml, line {site[setting.name].line}"
            _take_written(setting, site[setting.name], f"{folder}/site.toml", values, faults)
    if faults:
        raise SettingsFault("\n".join(faults))
    return Effective(Settings(**values), origins)


def _take_text(setting: Setting, variable: str, text: str, values: dict[str, Any], faults: list[str]) -> None:
    try:
        values[setting.name] = setting.kind.read(setting.kind.from_text(text.strip()))
    except UnusableError:
        example = setting.kind.example.strip("[]").replace('"', "").replace("_", "")
        faults.append(f"{variable} is not {setting.kind.wanted}. Write it like {variable}={example}.")


def _take_file(setting: Setting, environment: Mapping[str, str], values: dict[str, Any], faults: list[str]) -> None:
    variable = f"{setting.variable}_FILE"
    try:
        text = Path(environment[variable]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        faults.append(f"{variable}: the file it names cannot be read ({reason}). Let Wane's user read it.")
        return
    try:
        values[setting.name] = setting.kind.read(text.strip())
    except UnusableError:
        faults.append(f"{variable}: what is in the file it names is not {setting.kind.wanted}. Write it into the file.")


def _take_written(setting: Setting, written: Written, path: str, values: dict[str, Any], faults: list[str]) -> None:
    try:
        values[setting.name] = setting.kind.read(written.value)
    except UnusableError:
        faults.append(
            f"{path}, line {written.line}: {setting.name} is not {setting.kind.wanted}. "
            f"Write it like {setting.name} = {setting.kind.example}"
        )


def _refuse_unknown(environment: Mapping[str, str], faults: list[str]) -> None:
    known = {setting.variable for setting in SETTINGS}
    known |= {f"{setting.variable}_FILE" for setting in SETTINGS if setting.secret}
    for name in sorted(environment):
        if not name.startswith("WANE_") or name in known or _FOREIGN.fullmatch(name):
            continue
        close = get_close_matches(name, known, n=1)
        hint = f"Did you mean {close[0]}?" if close else "`wane config check` lists them."
        faults.append(f"{name}: there is no such setting. {hint}")
