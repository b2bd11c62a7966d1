"""Every setting there is: one line each, with its default, the form it has and what it means.

A setting `max_depth` is `max_depth` in the site folder's site.toml and WANE_MAX_DEPTH in the environment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from app.settings.client import Client
from app.settings.kinds import (
    Address,
    Database,
    Kind,
    Language,
    Networks,
    Number,
    Origins,
    Place,
    Secret,
    Switch,
    Timezone,
)

T = TypeVar("T")
_KEY = "setting"


class Setting(NamedTuple):
    """How a setting is read. `where`: "both", or "environment" where a file that others may read is no place for it."""

    name: str
    kind: Kind
    meaning: str
    default: object
    where: str

    @property
    def variable(self) -> str:
        return f"WANE_{self.name.upper()}"

    @property
    def secret(self) -> bool:
        return isinstance(self.kind, Secret)


def _setting(default: T, kind: Kind, meaning: str, where: str = "both") -> T:
    declared: T = field(default=default, repr=not isinstance(kind, Secret), metadata={_KEY: (kind, meaning, where)})
    return declared


@dataclass(frozen=True, slots=True)
class Settings:
    """What Wane runs with. Read it with `read_settings`; `Settings()` are the defaults."""

    public_url: str = _setting(
        "http://127.0.0.1:8000",
        Address(),
        "Where clients reach Wane; the links on cards start with it. `wane serve` takes the address it listens on",
    )
    language: str = _setting("nl", Language(), "Language of an answer where the call asks for none: nl, fr, en, de")
    timezone: ZoneInfo = _setting(ZoneInfo("Europe/Brussels"), Timezone(), "Whose day is today")
    cors_origins: tuple[str, ...] = _setting(
        ("*",), Origins(), "Web pages that may call Wane from a browser; `*` for any"
    )
    open: bool = _setting(
        False,
        Switch(),
        "Answer other machines although no client is configured: for containers and demonstrations, with a banner",
    )
    trusted_proxies: tuple[str, ...] = _setting(
        (), Networks(), "Reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"
    )
    max_body_bytes: int = _setting(
        10 * 1024 * 1024, Number(1_024, 1 << 30, "bytes", "10_485_760"), "Largest body of a request; more gets 413"
    )
    max_depth: int = _setting(
        100, Number(10, 500, "levels", "100"), "How deep the JSON of a request may be nested; deeper gets 400"
    )
    max_resources: int = _setting(
        5_000, Number(1, 1_000_000, "resources", "5_000"), "FHIR resources in one request; more gets 413"
    )
    body_seconds: int = _setting(
        10, Number(1, 600, "seconds", "10"), "How long the body of a request may take to arrive; longer gets 408"
    )
    request_seconds: int = _setting(
        10, Number(1, 600, "seconds", "10"), "How long a request may take once its body is there; longer gets 503"
    )
    max_at_once: int = _setting(
        64,
        Number(1, 10_000, "requests", "64"),
        "Requests a process has in hand at once; one more gets 503 with Retry-After. A body still arriving does not count",
    )
    calls_per_minute: int | None = _setting(
        None,
        Number(0, 1_000_000, "calls", "12_000"),
        "Calls one address may make in a minute, over all processes; more gets 429 with Retry-After. 0: no limit. "
        "By default 12000, and no limit where only this machine can call",
    )
    drain_seconds: int = _setting(
        1,
        Number(0, 300, "seconds", "1"),
        "After SIGTERM readiness fails at once, and new connections are taken for so long; longer than your load "
        "balancer needs to notice",
    )
    journal: Path = _setting(
        Path("var/wane-journal.sqlite"),
        Place(),
        "The journal (SQLite), on a local disk; the spool, the lock and the key file lie beside it",
    )
    spool: Path | None = _setting(
        None,
        Place(),
        "Where answers are recorded while the database is away, on a local disk; by default beside `journal`",
    )
    database_url: str | None = _setting(None, Database(), "The journal in PostgreSQL instead", "environment")
    pseudonym_key: str | None = _setting(
        None,
        Secret(),
        "Keys of the pseudonyms in the journal, the current one first, older ones after commas; at least 32 characters each",
        "environment",
    )
    site: Path | None = _setting(None, Place(), "The site folder", "environment")
    clients: tuple[Client, ...] = ()  # those of the site folder

    @property
    def spool_folder(self) -> Path:
        """Where records wait while the database is away."""
        return self.spool or self.journal.with_suffix(".spool")


def _settings() -> Iterator[Setting]:
    for entry in fields(Settings):
        if _KEY in entry.metadata:
            kind, meaning, where = entry.metadata[_KEY]
            yield Setting(entry.name, kind, meaning, entry.default, where)


SETTINGS = tuple(_settings())
