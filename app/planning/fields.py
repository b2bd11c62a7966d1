"""Plain values, read one by one: what cannot be used is a fault that names its field, and the next one is read all the
same, so that everything wrong is told at once. The same values come as JSON, from a query string and as FHIR Parameters.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)
_AMOUNT = re.compile(r"-?\d{1,7}(?:[.,]\d{1,9})?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
_MOST_FAULTS = 50
_YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be used: where it is, what is wrong and what to write. Never the value itself."""

    path: str
    text: str


@dataclass(slots=True)
class Reading:
    """The faults found so far; of many only the first are told, so that no answer is larger than what was asked."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: str, text: str) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(path, text))

    def amount(self, value: object, path: str) -> Fraction | None:
        """A number, without loss: JSON or text, with a point or a comma, at most 7 digits before it and 9 behind."""
        if value is None:
            return None
        written = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
        if not _AMOUNT.fullmatch(written):
            self.fault(path, "This is no amount. Write a decimal number, such as 2.5.")
            return None
        return Fraction(written.replace(",", "."))

    def whole(self, value: object, path: str, at_least: int, at_most: int) -> int | None:
        """A whole number within limits."""
        if value is None:
            return None
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not at_least <= value <= at_most:
            self.fault(path, f"This is no whole number from {at_least} to {at_most}.")
            return None
        return value

    def day(self, value: object, path: str) -> date | None:
        """A day of this or the next century, as YYYY-MM-DD."""
        if value is None:
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or found.year not in _YEARS:
            self.fault(path, f"This is no day from {_YEARS.start} on. Write it like 2026-12-01.")
            return None
        return found

    def yes(self, value: object, path: str) -> bool:
        """A yes or a no; not told is no."""
        if value is None or isinstance(value, bool):
            return bool(value)
        written = value.strip().lower() if isinstance(value, str) else ""
        if written not in (*_YES, *_NO):
            self.fault(path, "This is neither true nor false.")
        return written in _YES

    def text(self, value: object, path: str, most: int = 80) -> str | None:
        """A short text; empty counts as not told."""
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > most or not value.strip():
            self.fault(path, f"This is no text of at most {most} characters.")
            return None
        return value.strip()

    def one_of(self, value: object, choices: type[E], path: str) -> E | None:
        """A code of a list."""
        if value is None:
            return None
        found = next((choice for choice in choices if choice == value), None)
        if found is None:
            self.fault(path, f"This is none of: {', '.join(choices)}.")
        return found

    def list_of(self, value: object, path: str, most: int) -> list[tuple[str, object]]:
        """The items of a list, each with its path; one item alone counts as a list of one."""
        items = value if isinstance(value, list) else [] if value is None else [value]
        if len(items) > most:
            self.fault(path, f"There are more than {most} of these.")
            return []
        return [(f"{path}[{i}]", item) for i, item in enumerate(items)]

    def table(self, value: object, path: str, keys: Iterable[str]) -> Mapping[str, object] | None:
        """An object that holds nothing but these keys."""
        if not isinstance(value, Mapping):
            self.fault(path, "This is no object.")
            return None
        known = tuple(keys)
        for key in value:
            if key not in known:
                where = key if path == "" else f"{path}.{key}"
                self.fault(
                    where if _is_name(key) else path or "$this",
                    f"There is no such field. There are: {', '.join(known)}.",
                )
        return value


def _is_name(key: object) -> bool:
    return isinstance(key, str) and bool(re.fullmatch(r"[A-Za-z_]\w{0,40}", key))
