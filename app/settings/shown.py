"""`wane config check`: the effective settings in plain lines, without secrets."""

from collections.abc import Iterable

from app.settings.client import CLIENT_SETTINGS
from app.settings.reading import Effective
from app.settings.table import SETTINGS, Setting


def shown(effective: Effective) -> str:
    """One line for each setting: its name, its value, where it came from. A secret is only said to be set."""
    rows = [
        (setting.name, _value(setting, getattr(effective.settings, setting.name)), effective.origins[setting.name])
        for setting in SETTINGS
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{name:<{widths[0]}}  {value:<{widths[1]}}  {origin}" for name, value, origin in rows)


def _value(setting: Setting, value: object) -> str:
    if value is None:
        return "not set"
    if setting.secret:
        return "set (not shown)"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(item) for item in value) or "none"
    return str(value)


def as_markdown() -> str:
    """Every setting as a table for people: in the README of the example site folder."""
    lines = ["| in site.toml | in the environment | default | |", "|---|---|---|---|"]
    for setting in SETTINGS:
        name = f"`{setting.name}`" if setting.where == "both" else "—"
        variable = f"`{setting.variable}`" + (f" or `{setting.variable}_FILE`" if setting.secret else "")
        default = "" if setting.default in (None, ()) else f"`{_value(setting, setting.default)}`"
        lines.append(f"| {name} | {variable} | {default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def clients_as_markdown() -> str:
    """Every key of a client's file, as a table for people."""
    lines = ["| in clients/<name>.toml | like | default | |", "|---|---|---|---|"]
    for setting in CLIENT_SETTINGS:
        value = setting.default
        default = "none: must be said" if setting.required else "" if value in (None, ()) else f"`{_toml(value)}`"
        lines.append(f"| `{setting.name}` | `{setting.kind.example}` | {default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
