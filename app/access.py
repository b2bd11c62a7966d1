"""Who may call at all: without configured clients only this machine, unless WANE_OPEN says otherwise (DESIGN §4)."""

from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from app.errors import Issue, NotFromHere
from app.settings import Settings, SettingsFault


class Access(StrEnum):
    LOOPBACK = "loopback"  # only this machine
    OPEN = "open"  # anyone; every page says so
    CLIENTS = "clients"  # the configured clients


def access_of(settings: Settings) -> Access:
    """The mode the service is in."""
    if settings.clients:
        return Access.CLIENTS
    return Access.OPEN if settings.open else Access.LOOPBACK


def refuse_address(host: str, settings: Settings) -> None:
    """Raise SettingsFault if Wane must not listen on `host`: other machines could reach it, and nobody let them."""
    if access_of(settings) is Access.LOOPBACK and not is_loopback(host):
        raise SettingsFault(
            f"Wane does not listen on {host}: no client is configured, so that anyone there could call it. "
            "Set WANE_OPEN=1 if that is what you want (a demonstration, a container that only you reach), "
            "or listen on 127.0.0.1."
        )


def refuse_strangers(client: str, settings: Settings) -> None:
    """Raise NotFromHere (403) for a call from another machine that nobody let in, whatever server brought it here."""
    if access_of(settings) is Access.LOOPBACK and _is_elsewhere(client):
        raise NotFromHere(
            Issue("forbidden", "No client is configured, so Wane answers its own machine only. See WANE_OPEN.")
        )


def is_loopback(host: str) -> bool:
    """Whether an address (or "localhost") can be reached from this machine only. A name that is not known is not."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


@lru_cache(1024)
def _is_elsewhere(client: str) -> bool:
    """Only an IP address can be elsewhere: a socket file and a call inside this process have none."""
    try:
        ip_address(client)
    except ValueError:
        return False
    return not is_loopback(client)
