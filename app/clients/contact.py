"""The one way out of Wane: to origins a site registered for a client, and to no address that is not public unless it
registered that too.

A host name is resolved here, every address it has is looked at, and the connection is made to the address that was looked
at: a name that means something else a moment later (DNS rebinding) leads nowhere. No redirects, proxies or cookies.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

import httpcore
import httpx

from app.settings.client_kinds import origin_of
from app.settings.kinds import UnusableError

_RESOLVERS = 2  # names that are looked up at once for one client
_FIRST_S = 0.15  # for each address of a host but the last, so that one that leads nowhere does not take all the time
_NAT64 = IPv6Network("64:ff9b::/96")


class NotReached(Exception):
    """Nothing came back that can be used. `why` is one of Wane's own words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Reply(NamedTuple):
    status: int
    body: bytes
    retry_after: str | None


class Contact:
    """The way out for one client: to `origins` only, which are as `origin_of` writes them."""

    def __init__(self, origins: Iterable[str], networks: Iterable[str]) -> None:
        self._origins = frozenset(origins)
        hosts = {httpx.URL(origin).host for origin in self._origins}
        self._backend = _Looked([ip_network(network) for network in networks], hosts)
        self._client: httpx.AsyncClient | None = None

    def origin(self, url: str) -> str | None:
        """The registered origin that `url` is at; None where it is at none."""
        scheme, mark, rest = url.partition("://")
        authority = re.split(r"[/?]", rest, maxsplit=1)[0]
        if not mark or re.search(r"[\0-\x20\x7f\\]", url):
            return None
        try:
            origin = origin_of(f"{scheme}://{authority}")
        except UnusableError:
            return None
        return origin if origin in self._origins else None

    async def get(self, url: str, headers: Mapping[str, str], most_bytes: int) -> Reply:
        """GET `url`. Raises NotReached where it is not registered, nobody answers, or the answer is too large."""
        if self.origin(url) is None:
            raise NotReached("not-registered")
        try:
            async with self._opened().stream("GET", url, headers={**headers, "Accept-Encoding": "identity"}) as reply:
                return Reply(reply.status_code, await _body(reply, most_bytes), reply.headers.get("retry-after"))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            blame: BaseException | None = error
            while blame is not None and not isinstance(blame, NotReached):
                blame = blame.__cause__ or blame.__context__
            raise blame or NotReached("not-reached") from None

    async def close(self) -> None:
        """Close every connection."""
        client, self._client = self._client, None
        self._backend.close()
        if client is not None:
            await client.aclose()

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            transport = httpx.AsyncHTTPTransport(verify=_certificates(), trust_env=False)
            transport._pool = httpcore.AsyncConnectionPool(
                ssl_context=_certificates(), max_connections=100, keepalive_expiry=30, network_backend=self._backend
            )
            self._client = httpx.AsyncClient(
                transport=transport, trust_env=False, follow_redirects=False, timeout=httpx.Timeout(10)
            )
            self._client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
        return self._client


async def _body(reply: httpx.Response, most_bytes: int) -> bytes:
    if reply.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotReached("encoded")
    chunks, size = [], 0
    async for chunk in reply.aiter_raw():
        size += len(chunk)
        if size > most_bytes:
            raise NotReached("too-large")
        chunks.append(chunk)
    return b"".join(chunks)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities of the machine (SSL_CERT_FILE and SSL_CERT_DIR add a hospital's own)."""
    return ssl.create_default_context()


class _Looked(httpcore.AnyIOBackend):
    """Connects to addresses it has looked at."""

    def __init__(self, networks: Iterable[object], hosts: Iterable[str]) -> None:
        self._networks = tuple(networks)
        self._hosts = frozenset(hosts)
        # Threads of its own: a name server that does not answer must not hold up what the rest of Wane does in threads.
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, "names")
        self._asked: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    def close(self) -> None:
        """Ask for no more names."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, "names")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers. Raises NotReached if one of them may not be contacted."""
        if host not in self._hosts:
            raise NotReached("not-registered")
        *others, last = await self._addresses_of(host, port)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await super().connect_tcp(address, port, _FIRST_S, local_address, socket_options)
        return await super().connect_tcp(last, port, timeout, local_address, socket_options)

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise NotReached("not-registered")

    async def _addresses_of(self, host: str, port: int) -> list[str]:
        try:
            addresses = [str(ip_address(host))]
        except ValueError:
            addresses = await self._looked_up(host, port)
        if not all(self._may_be_contacted(host, address) for address in addresses):
            raise NotReached("address-not-public")
        return addresses

    async def _looked_up(self, host: str, port: int) -> list[str]:
        """All who ask for one name at a time share one look-up, and it goes on where one of them leaves."""
        key = (host, port)
        if key not in self._asked:
            asked = asyncio.get_running_loop().run_in_executor(self._resolvers, _look_up, host, port)
            self._asked[key] = asked
            asked.add_done_callback(lambda _: self._asked.pop(key))
        addresses = await asyncio.shield(self._asked[key])
        if not addresses:
            raise NotReached("no-address")
        return addresses

    def _may_be_contacted(self, host: str, text: str) -> bool:
        address = meant(ip_address(text.partition("%")[0]))
        if any(address in network for network in self._networks):  # type: ignore[operator]
            return True
        return is_public(address) or _names_itself(host, address)


def _look_up(host: str, port: int) -> list[str]:
    """The addresses of a name in the order to try them; none where there are none, or the name cannot be one."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _names_itself(host: str, address: IPv4Address | IPv6Address) -> bool:
    """Whether the site registered this very address, or this machine by its name."""
    if host == "localhost":
        return address.is_loopback
    try:
        return meant(ip_address(host)) == address
    except ValueError:
        return False


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the Internet at large (IANA special-purpose registries)."""
    return address.is_global and not address.is_multicast and not address.is_reserved


def meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address an IPv6 one stands for: mapped, 6to4, Teredo or NAT64 (RFC 4291, 3056, 4380, 6052)."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address
