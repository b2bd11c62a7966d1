"""Reading TOML so that nothing passes unseen: every key is asked for, and a key nobody asked for is a fault.

Faults are gathered, not raised one by one: who edits a hundred claims wants to see all that is wrong with them.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import tomli

MISSING = object()


def read_toml(path: Path, name: str, faults: list[str]) -> dict[str, Any] | None:
    """The file as a dictionary; None, with a fault added, where it is absent or is not TOML."""
    try:
        return tomli.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        faults.append(f"{name}: the file is missing. Add it.")
    except UnicodeDecodeError as error:
        faults.append(f"{name}: not UTF-8 ({error.reason} at byte {error.start}). Save it as UTF-8.")
    except tomli.TOMLDecodeError as error:
        faults.append(f"{name}: not TOML: {error}. Mend that place.")
    return None


class Table:
    """One table of a file. Ask for its keys, then `close()` it.

    Each question adds a fault where the value is missing or has the wrong form, and then answers with an empty
    value of the right form, so that reading can go on to the next fault.
    """

    def __init__(self, values: object, where: str, faults: list[str]) -> None:
        self.where = where
        self._faults = faults
        self._asked: set[str] = set()
        self._values: dict[str, Any] = {}
        if isinstance(values, dict):
            self._values = values
        else:
            self.fault(f"a table is expected here, not {values!r}", "Write [table] or {key = value}.")

    def fault(self, what: str, next_step: str) -> None:
        self._faults.append(f"{self.where}: {what}. {next_step}")

    def text(self, key: str) -> str:
        value = self._ask(key)
        if value is MISSING:
            return self._absent(key)
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            self.fault(
                f"'{key}' is {value!r}",
                "Write a text in quotes, not empty and without spaces at its ends.",
            )
            return ""
        return value

    def text_or_none(self, key: str) -> str | None:
        self._asked.add(key)
        return self.text(key) if key in self._values else None

    def one_of(self, key: str, allowed: Iterable[str]) -> str:
        value, words = self.text(key), sorted(allowed)
        if value and value not in words:
            close = get_close_matches(value, words, n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"Write one of: {', '.join(words)}."
            self.fault(f"'{key}' is '{value}', which is not known", hint)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._ask(key)
        if value is MISSING:
            self._absent(key)
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.fault(f"'{key}' is {value!r}", 'Write a list of texts, such as ["a", "b"] or [].')
            return ()
        if len(set(value)) < len(value):
            self.fault(f"'{key}' says the same thing twice", "Remove one of the two.")
        return tuple(value)

    def number(self, key: str) -> int:
        value = self._ask(key)
        if value is MISSING:
            self._absent(key)
            return 0
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            self.fault(f"'{key}' is {value!r}", "Write a whole number of at least 1.")
            return 0
        return value

    def truth(self, key: str) -> bool:
        value = self._ask(key)
        if value is MISSING:
            self._absent(key)
        elif not isinstance(value, bool):
            self.fault(f"'{key}' is {value!r}", "Write true or false.")
        return value is True

    def tables(self, key: str) -> tuple[object, ...]:
        """The tables under `key`; none where the key is absent."""
        value = self._ask(key)
        if value is MISSING:
            return ()
        if not isinstance(value, list):
            self.fault(f"'{key}' is {value!r}", f"Write each entry under its own [[{key}]].")
            return ()
        return tuple(value)

    def anything(self, key: str) -> object:
        """The value as it stands, MISSING where there is none: for forms that only the caller knows."""
        value = self._ask(key)
        if value is MISSING:
            self._absent(key)
        return value

    def close(self) -> None:
        """Adds a fault for every key that was never asked for."""
        for key in self._values:
            if key in self._asked:
                continue
            close = get_close_matches(key, self._asked, n=1)
            known = ", ".join(sorted(self._asked))
            hint = f"Did you mean '{close[0]}'?" if close else f"Remove it; the keys known here are: {known}."
            self.fault(f"the key '{key}' is not known", hint)

    def _ask(self, key: str) -> Any:
        self._asked.add(key)
        return self._values.get(key, MISSING)

    def _absent(self, key: str) -> str:
        self.fault(f"'{key}' is missing", f"Add a line '{key} = …'.")
        return ""
