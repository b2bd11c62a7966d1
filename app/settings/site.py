"""The site folder: what a hospital adds to Wane, its settings in site.toml, its clients, and its products and codes beside
them. Anything else in it is refused, so that nobody believes a file is read that is not."""

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from app.settings.clients import line_of, listed
from app.settings.table import SETTINGS

CLIENTS = "clients"
_READ = "site.toml"
_READ_ELSEWHERE = ("products.csv", "codes.toml")  # app/site_knowledge.py
_IGNORED = ("README.md",)


class Written(NamedTuple):
    """A value as TOML gives it, and where it stands."""

    value: object
    line: int


def read_site(folder: Path, faults: list[str]) -> dict[str, Written]:
    """The settings of the folder by name. What cannot be read is added to `faults`, with file and line."""
    if not folder.is_dir():
        faults.append(f"WANE_SITE: there is no folder {folder}. Name the folder that holds {_READ}.")
        return {}
    for path in listed(folder, faults):
        if path.name not in (_READ, CLIENTS, *_READ_ELSEWHERE, *_IGNORED) and not path.name.startswith("."):
            read = ", ".join((_READ, f"{CLIENTS}/", *_READ_ELSEWHERE))
            faults.append(f"{path}: Wane reads only {read} in a site folder. Take it away.")
    path = folder / _READ
    try:
        text = path.read_bytes().decode("utf-8")
        values = tomllib.loads(text)
    except FileNotFoundError:
        faults.append(f"{path}: the file is missing. Add it, empty if you like.")
    except OSError as error:
        faults.append(f"{path}: cannot be read ({error.strerror}). Let Wane's user read it.")
    except UnicodeDecodeError as error:
        faults.append(f"{path}: is not UTF-8 at byte {error.start}. Save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path}: is not TOML: {error}. Mend that place.")
    else:
        return dict(_known(values, text, path, faults))
    return {}


def _known(values: dict[str, object], text: str, path: Path, faults: list[str]) -> list[tuple[str, Written]]:
    allowed = {setting.name for setting in SETTINGS if setting.where == "both"}
    elsewhere = {setting.name: setting.variable for setting in SETTINGS if setting.where != "both"}
    found = []
    for name, value in values.items():
        line = line_of(name, text)
        if name in allowed:
            found.append((name, Written(value, line)))
        elif name in elsewhere:
            faults.append(
                f"{path}, line {line}: {name} does not belong in a file. Set {elsewhere[name]} in the environment."
            )
        else:
            close = get_close_matches(name, allowed, n=1)
            hint = f"Did you mean {close[0]}?" if close else f"The settings are: {', '.join(sorted(allowed))}."
            faults.append(f"{path}, line {line}: there is no setting {name}. {hint}")
    return found
