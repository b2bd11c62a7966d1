"""One way to say that the knowledge base itself is wrong: what, where, and what to do next.

KnowledgeFault
"""

from collections.abc import Iterable, Mapping
from typing import NoReturn


class KnowledgeFault(Exception):
    """A file of the knowledge base cannot be used. The message names the file, the place and the remedy."""


def fail(where: str, what: str, remedy: str) -> NoReturn:
    raise KnowledgeFault(f"{where}: {what} {remedy}")


def only_keys(table: Mapping[str, object], known: Iterable[str], where: str) -> None:
    """Refuse keys nobody reads: a misspelt `unles` must not silently drop a safeguard."""
    known = sorted(known)
    for key in table:
        if key not in known:
            fail(where, f'"{key}" is not a word this table knows.', f"Use one of: {', '.join(known)}.")


def text_of(table: Mapping[str, object], key: str, where: str) -> str:
    """The non-empty string under `key`."""
    value = table.get(key)
    if not isinstance(value, str) or not value:
        fail(where, f'"{key}" is missing or is not text.', f'Write {key} = "…".')
    return value


def texts_of(table: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    """The list of strings under `key`; a single string counts as a list of one; absent is empty."""
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) and item for item in values):
        fail(where, f'"{key}" is not text or a list of texts.', f'Write {key} = ["…", "…"].')
    return tuple(values)


def among(values: tuple[str, ...], known: tuple[str, ...], where: str) -> tuple[str, ...]:
    """The values, each of which must be one of `known`."""
    for value in values:
        if value not in known:
            fail(where, f'"{value}" is not known.', f"Use one of: {', '.join(known)}.")
    return values
