"""The forms a key of a client's file can have. Like `kinds`, they never repeat the value they were given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.settings.kinds import UnusableError
from cds_hooks.hooks import HOOKS

MODES = ("active", "shadow", "off")
_RULES = Path(__file__).parents[2] / "knowledge" / "rules"
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
_PORTS = {"https": 443, "http": 80}


class _Written:
    """A client is registered in a file only."""

    def from_text(self, text: str) -> object:
        return text


class Choice(_Written):
    """One of some words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.wanted = " or ".join(f'"{word}"' for word in words)
        self.example = f'"{words[0]}"'

    def read(self, value: object) -> str:
        if value not in self.words:
            raise UnusableError
        return str(value)


@dataclass(frozen=True, slots=True)
class Country(_Written):
    wanted: str = "a two-letter country code (ISO 3166-1)"
    example: str = '"BE"'

    def read(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch("[A-Z]{2}", value):
            raise UnusableError
        return value


@dataclass(frozen=True, slots=True)
class Texts(_Written):
    wanted: str = "a list of texts"
    example: str = '["2ddd6c3a-8e9a-44c6-a305-52111ad302a2"]'

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise UnusableError
        return tuple(value)


@dataclass(frozen=True, slots=True)
class Issuer(_Written):
    """A URI, compared letter by letter (CDS Hooks 2.0.1 "Trusting CDS Clients"; checklist T3)."""

    wanted: str = "the URI that stands in iss"
    example: str = '"https://ehr.hospital.example"'

    def read(self, value: object) -> str:
        if not isinstance(value, str) or ":" not in value or value != value.strip():
            raise UnusableError
        return value


@dataclass(frozen=True, slots=True)
class RegisteredAddress(_Written):
    """An https address; http only where the host is this machine."""

    wanted: str = "an https:// address without user, query or fragment"
    example: str = '"https://ehr.hospital.example/.well-known/jwks.json"'

    def read(self, value: object) -> str:
        origin_of(value)
        return str(value)


@dataclass(frozen=True, slots=True)
class RegisteredOrigins(_Written):
    """Origins, each as `origin_of` writes it; with `paths`, addresses that may have a path, without a slash at its end."""

    paths: bool = False

    @property
    def wanted(self) -> str:
        return "a list of https:// " + ("addresses" if self.paths else "origins (scheme, host and port, no path)")

    @property
    def example(self) -> str:
        return f'["https://{"wane" if self.paths else "fhir"}.hospital.example"]'

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise UnusableError
        if self.paths:
            return tuple(f"{origin_of(item)}{urlsplit(item).path.rstrip('/')}" for item in value)
        if any(urlsplit(str(item)).path not in ("", "/") for item in value):
            raise UnusableError
        return tuple(origin_of(item) for item in value)


def origin_of(value: object) -> str:
    """Scheme, host and port of an address, in lower case and without a port that goes without saying.

    Raises UnusableError for anything but https (http where the host is this machine), and for an address with a user,
    a query, a fragment, or characters that different readers take for different things.
    """
    if not isinstance(value, str) or not value.isascii() or re.search(r"[\s\\%@?#]", value):
        raise UnusableError
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise UnusableError from error
    if not host or parts.scheme not in _PORTS or (parts.scheme == "http" and not _is_this_machine(host)):
        raise UnusableError
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True)
class HookNames(_Written):
    wanted: str = f"a list of some of: {', '.join(HOOKS)}"
    example: str = '["order-select", "order-sign"]'

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(item in HOOKS for item in value):
            raise UnusableError
        return tuple(value)


@dataclass(frozen=True, slots=True)
class Modes(_Written):
    """Rules by id, each active, in shadow or off."""

    example: str = '{baclofen-alcohol = "active"}'

    @property
    def wanted(self) -> str:
        return f"a table of rules ({', '.join(rule_ids())}), each {', '.join(MODES[:-1])} or {MODES[-1]}"

    def read(self, value: object) -> tuple[tuple[str, str], ...]:
        if not isinstance(value, dict) or any(mode not in MODES for mode in value.values()):
            raise UnusableError
        if not set(value) <= set(rule_ids()):
            raise UnusableError
        return tuple(value.items())


def rule_ids() -> list[str]:
    """The rules there are, by their folders."""
    return sorted(path.name for path in _RULES.iterdir() if (path / "rule.toml").is_file())


@dataclass(frozen=True, slots=True)
class PublicKeys(_Written):
    """JWKs (RFC 7517) as tables. A private key is refused: it has been given away."""

    wanted: str = "a list of public JWKs with a kid: EC on P-384, or RSA"
    example: str = '[{kty = "EC", crv = "P-384", kid = "1", x = "…", y = "…"}]'

    def read(self, value: object) -> tuple[Mapping[str, Any], ...]:
        if not isinstance(value, list) or not value:
            raise UnusableError
        for item in value:
            if not isinstance(item, dict) or not isinstance(item.get("kid"), str) or "d" in item or "k" in item:
                raise UnusableError
            members = {"EC": ("x", "y"), "RSA": ("n", "e")}.get(item.get("kty", ""))
            if not members or not all(isinstance(item.get(name), str) for name in members):
                raise UnusableError
        return tuple(value)


@dataclass(frozen=True, slots=True)
class TokenHashes(_Written):
    wanted: str = "a list of hashes as `wane client token` writes them"
    example: str = f'["sha256:{"0" * 64}"]'

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise UnusableError
        if not all(isinstance(item, str) and _HASH.fullmatch(item) for item in value):
            raise UnusableError
        return tuple(value)
