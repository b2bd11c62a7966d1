"""Settings from the environment (WANE_*), read and checked once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from knowledge.texts import LANGUAGES


class SettingsFault(Exception):
    """A setting cannot be used. The message names it and says what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`public_url` is where clients reach Wane: the links on cards start with it. Never taken from a request."""

    public_url: str = "http://127.0.0.1:8000"
    language: str = "nl"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Brussels"))
    cors_origins: tuple[str, ...] = ("*",)
    max_body_bytes: int = 10 * 1024 * 1024
    max_depth: int = 100
    journal: Path = Path("var/wane-journal.sqlite")  # the spool, the lock and the key file lie beside it
    database_url: str | None = field(default=None, repr=False)  # holds a password
    pseudonym_key: str | None = field(default=None, repr=False)
    spool: Path | None = None

    @property
    def spool_folder(self) -> Path:
        """Where records wait while the database is away."""
        return self.spool or self.journal.with_suffix(".spool")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read WANE_PUBLIC_URL, WANE_LANGUAGE, WANE_TIMEZONE, WANE_CORS_ORIGINS, WANE_MAX_BODY_BYTES, WANE_MAX_DEPTH,
    WANE_JOURNAL, WANE_DATABASE_URL, WANE_PSEUDONYM_KEY, WANE_SPOOL.

    Raises SettingsFault naming the first one that cannot be used.
    """
    defaults = Settings()
    return Settings(
        public_url=_url(environment.get("WANE_PUBLIC_URL", defaults.public_url)),
        language=_language(environment.get("WANE_LANGUAGE", defaults.language)),
        timezone=_timezone(environment.get("WANE_TIMEZONE", defaults.timezone.key)),
        cors_origins=tuple(environment.get("WANE_CORS_ORIGINS", "*").replace(",", " ").split()),
        max_body_bytes=_number(environment, "WANE_MAX_BODY_BYTES", defaults.max_body_bytes),
        max_depth=_number(environment, "WANE_MAX_DEPTH", defaults.max_depth),
        journal=Path(environment.get("WANE_JOURNAL") or defaults.journal),
        database_url=_database(environment.get("WANE_DATABASE_URL")),
        pseudonym_key=environment.get("WANE_PSEUDONYM_KEY") or None,
        spool=Path(environment["WANE_SPOOL"]) if environment.get("WANE_SPOOL") else None,
    )


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsFault('WANE_PUBLIC_URL is no address. Write it like "https://wane.hospital.example".')
    return value.rstrip("/")


def _database(value: str | None) -> str | None:
    if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
        raise SettingsFault('WANE_DATABASE_URL is no PostgreSQL address. Write it like "postgresql://wane@host/wane".')
    return value or None


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise SettingsFault(f"WANE_LANGUAGE is not known. Use one of: {', '.join(LANGUAGES)}.")
    return value


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsFault('WANE_TIMEZONE is not known. Write it like "Europe/Amsterdam".') from error


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    value = environment.get(name, str(default))
    if not value.isdigit() or int(value) == 0:
        raise SettingsFault(f"{name} is not a whole number above 0.")
    return int(value)
