"""The forms a setting can have. A kind says in words what it wants, and never repeats the value it was given."""

from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge.texts import LANGUAGES


class UnusableError(Exception):
    """The value has not the form the kind wants."""


class Kind(Protocol):
    """`wanted` ends the sentence "is not …"; `example` is TOML."""

    @property
    def wanted(self) -> str: ...

    @property
    def example(self) -> str: ...

    def from_text(self, text: str) -> object:
        """The value as TOML would have it, from a variable of the environment."""

    def read(self, value: object) -> object:
        """The value Settings holds. Raises UnusableError."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within limits; `unit` stands behind it in words."""

    low: int
    high: int
    unit: str
    example: str

    @property
    def wanted(self) -> str:
        return f"a whole number of {self.unit} from {self.low} to {self.high}"

    def from_text(self, text: str) -> object:
        return int(text) if text.isdecimal() and text.isascii() else text

    def read(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise UnusableError
        return value


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no. In the environment also 1 and 0."""

    wanted: str = "true or false"
    example: str = "true"

    def from_text(self, text: str) -> object:
        return {"1": True, "true": True, "0": False, "false": False}.get(text.lower(), text)

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise UnusableError
        return value


class _Text:
    def from_text(self, text: str) -> object:
        return text


@dataclass(frozen=True, slots=True)
class Address(_Text):
    """An absolute http or https address, without a slash at its end."""

    wanted: str = "an address that starts with https:// or http://"
    example: str = '"https://wane.hospital.example"'

    def read(self, value: object) -> str:
        parts = _split(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise UnusableError
        return str(value).rstrip("/")


def _split(value: object) -> SplitResult:
    try:
        return urlsplit(value) if isinstance(value, str) else urlsplit("")
    except ValueError as error:
        raise UnusableError from error


@dataclass(frozen=True, slots=True)
class Language(_Text):
    wanted: str = f"one of {', '.join(LANGUAGES)}"
    example: str = '"nl"'

    def read(self, value: object) -> str:
        if not isinstance(value, str) or value not in LANGUAGES:
            raise UnusableError
        return value


@dataclass(frozen=True, slots=True)
class Timezone(_Text):
    wanted: str = "the name of a time zone"
    example: str = '"Europe/Brussels"'

    def read(self, value: object) -> ZoneInfo:
        if not isinstance(value, str):
            raise UnusableError
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UnusableError from error


class _List:
    def from_text(self, text: str) -> object:
        return text.replace(",", " ").split()


@dataclass(frozen=True, slots=True)
class Origins(_List):
    """Web origins (scheme, host and port), or "*" alone for all of them."""

    wanted: str = 'a list of origins like https://ehr.hospital.example, or "*"'
    example: str = '["https://ehr.hospital.example"]'

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UnusableError
        if value != ["*"] and not all(_is_origin(item) for item in value):
            raise UnusableError
        return tuple(value)


def _is_origin(text: str) -> bool:
    parts = _split(text)
    return parts.scheme in ("http", "https") and text == f"{parts.scheme}://{parts.netloc}" and bool(parts.hostname)


@dataclass(frozen=True, slots=True)
class Networks(_List):
    """IP addresses and networks."""

    wanted: str = "a list of IP addresses or networks"
    example: str = '["10.20.0.5", "10.30.0.0/16"]'

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UnusableError
        try:
            return tuple(str(ip_network(item)) for item in value)
        except ValueError as error:
            raise UnusableError from error


@dataclass(frozen=True, slots=True)
class Place(_Text):
    """A path; a leading ~ is the user's home."""

    wanted: str = "a path"
    example: str = '"/etc/wane"'

    def read(self, value: object) -> Path:
        if not isinstance(value, str) or not value.strip() or "\0" in value:
            raise UnusableError
        return Path(value).expanduser()


@dataclass(frozen=True, slots=True)
class Secret(_Text):
    """A text that is never shown."""

    wanted: str = "a text with a value"
    example: str = '"…"'

    def read(self, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise UnusableError
        return value.strip()


@dataclass(frozen=True, slots=True)
class Database(Secret):
    """The address of a PostgreSQL database; a secret, since it may hold a password."""

    wanted: str = "the address of a PostgreSQL database"
    example: str = '"postgresql://wane:…@database/wane"'

    def read(self, value: object) -> str:
        if _split(value).scheme not in ("postgresql", "postgres"):
            raise UnusableError
        from psycopg import Error  # noqa: PLC0415 - only where there is a PostgreSQL to reach
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

        try:
            conninfo_to_dict(str(value).strip())
            _ = _split(value).port
        except (Error, ValueError) as error:
            raise UnusableError from error
        return str(value).strip()
