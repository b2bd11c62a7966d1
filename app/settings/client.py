"""A registered client: who may call, how it proves who it is, and what it gets. One file each: clients/<name>.toml."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple, TypeVar

from app.settings.client_kinds import (
    Choice,
    Country,
    HookNames,
    Issuer,
    Modes,
    PublicKeys,
    RegisteredAddress,
    RegisteredOrigins,
    Texts,
    TokenHashes,
)
from app.settings.kinds import Kind, Language, Networks, Number, Switch

T = TypeVar("T")
_KEY = "client setting"
Jwk = Mapping[str, Any]


class ClientSetting(NamedTuple):
    """How one key of a client's file is read; `required` ones have no default."""

    name: str
    kind: Kind
    meaning: str
    default: object
    required: bool


def _setting(default: T, kind: Kind, meaning: str) -> T:
    declared: T = field(default=default, metadata={_KEY: (kind, meaning)})
    return declared


@dataclass(frozen=True, slots=True)
class Client:
    """What a site says of one client. `name` is that of its file, and stands in the journal and the log."""

    name: str
    unreviewed: str = field(
        metadata={
            _KEY: (
                Choice("show", "shadow"),
                "Rules whose content nobody has reviewed clinically: `show` them, or judge and count them in `shadow`",
            )
        }
    )
    issuer: str | None = _setting(None, Issuer(), "`iss` of its JWTs, exactly")
    jku: str | None = _setting(
        None,
        RegisteredAddress(),
        "Where its public keys are; a JWT that names another address is refused. Nothing is fetched where `keys` are given",
    )
    keys: tuple[Jwk, ...] = _setting((), PublicKeys(), "Its public keys (JWK) themselves, for ES384 or RS384")
    tenants: tuple[str, ...] = _setting((), Texts(), "`tenant` of its JWTs; without this a JWT must not name one")
    audiences: tuple[str, ...] = _setting(
        (),
        RegisteredOrigins(paths=True),
        "Addresses it knows Wane by, if not `public_url`: what `aud` starts with, before /cds-services",
    )
    tokens: tuple[str, ...] = _setting(
        (),
        TokenHashes(),
        "Hashes of its bearer tokens for /fhir, /taper, summaries and /metrics; `wane client token` makes one",
    )
    fhir: tuple[str, ...] = _setting(
        (), RegisteredOrigins(), "Origins of its FHIR servers. What a call names is fetched from nowhere else"
    )
    fhir_without_token: bool = _setting(
        False, Switch(), "Also fetch where a call brings no access token: for open FHIR servers"
    )
    networks: tuple[str, ...] = _setting(
        (),
        Networks(),
        "Networks that are not public and that the hosts in `jku` and `fhir` may be in; others are never contacted",
    )
    fetch_ms: int = _setting(
        400,
        Number(10, 10_000, "milliseconds", "400"),
        "How long fetching what prefetch left out may take, for all of it",
    )
    calls_per_minute: int | None = _setting(
        None,
        Number(1, 1_000_000, "calls", "600"),
        "Calls it may make in a minute, from all its addresses and over all processes; more gets 429 with Retry-After. "
        "The limit of every address holds beside it",
    )
    missing: str = _setting(
        "412",
        Choice("412", "card"),
        "Where nothing can be advised for lack of data: status `412`, or 200 with one `card` that says so",
    )
    language: str | None = _setting(None, Language(), "Language where a call asks for none; else that of the service")
    country: str | None = _setting(
        None, Country(), "Country of a patient whose record gives none: BE, NL or another two-letter code"
    )
    icd10: str | None = _setting(
        None, Choice("who", "cm"), "Which ICD-10 its codes are from, where one address stands for both: `who`, or `cm`"
    )
    hooks: tuple[str, ...] = _setting(
        (),
        HookNames(),
        "The CDS Hooks services it sees and may call; without this all. What `$advise` judges by is not limited by them, "
        "but by `rules`",
    )
    rules: tuple[tuple[str, str], ...] = _setting(
        (),
        Modes(),
        "Rules that are `off`, or in `shadow` (judged and counted, not shown), or `active` although unreviewed",
    )
    taper: str = _setting(
        "steps",
        Choice("steps", "link", "none"),
        "What a card carries of a taper plan: the next `steps` with the order changed to the first, only a `link`, or `none`",
    )
    cds_hooks: str = _setting(
        "2.0", Choice("2.0", "3.0"), "Version of what it gets; 3.0 adds `hookVersion` and `actionSelectionBehavior`"
    )
    system_actions: bool = _setting(
        False, Switch(), "It takes `systemActions`, as agreed with it: a DetectedIssue for each advice it was shown"
    )


def _settings() -> Iterator[ClientSetting]:
    for entry in fields(Client):
        if _KEY in entry.metadata:
            kind, meaning = entry.metadata[_KEY]
            required = entry.default is MISSING
            yield ClientSetting(entry.name, kind, meaning, None if required else entry.default, required)


CLIENT_SETTINGS = tuple(_settings())
