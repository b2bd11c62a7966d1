"""The way out: registered origins, public or registered addresses, and nothing else."""

import asyncio
import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest

from app.clients.contact import Contact, NotReached, is_public, meant
from tests.app.clients.counting import Counted, outward


def get(contact: Contact, *urls: str, most: int = 1000) -> list[str]:
    """The bodies, or why there is none."""

    async def asked() -> list[str]:
        found = []
        for url in urls:
            try:
                found.append((await contact.get(url, {}, most)).body.decode())
            except NotReached as error:
                found.append(error.why)
        await contact.close()
        return found

    return asyncio.run(asked())


@pytest.mark.parametrize(
    "text",
    [
        *(
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "0.0.0.0",  # noqa: S104
            "100.64.0.1",
            "224.0.0.1",
        ),
        *(
            "255.255.255.255",
            "0.1.2.3",
            "192.0.2.1",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
        ),
        *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:a00:1::", "64:ff9b::a9fe:a9fe", "2001:db8::1"),
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",  # Teredo for 10.0.0.1
    ],
)
def test_an_address_that_is_not_of_the_internet_is_known(text: str) -> None:
    assert not is_public(meant(ip_address(text)))


@pytest.mark.parametrize("text", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_known(text: str) -> None:
    assert is_public(meant(ip_address(text)))


@pytest.fixture
def server(servers: Callable[..., Counted]) -> Counted:
    return servers(lambda path, headers: (200, {"Set-Cookie": "session=1"}, b"here"))


def test_a_registered_origin_is_contacted_and_no_other(server: Counted, servers: Callable[..., Counted]) -> None:
    other = servers(lambda path, headers: (200, {}, b"there"))
    contact = Contact([server.origin], [])
    port = server.port
    with outward() as heard:
        found = get(
            contact,
            *(f"{server.origin}/a", f"{other.origin}/a", f"https://127.0.0.1:{port}/", f"http://localhost:{port}/"),
            *(f"http://2130706433:{port}/", f"http://0x7f000001:{port}/", f"http://0177.0.0.1:{port}/"),
            *(f"http://127.1:{port}/", f"http://[::ffff:127.0.0.1]:{port}/", f"http://127.0.0.1.:{port}/"),
            *(
                f"http://me@127.0.0.1:{port}/",
                f"http://127.0.0.1:{port}@{other.origin[7:]}/",
                f"http://127.0.0.1:{port}0/",
            ),
            *(
                f"http://127.0.0.1\\@evil.example:{port}/",
                f"//127.0.0.1:{port}/",
                "file:///etc/passwd",
                "",
                "http://[/",
            ),
            *(
                "http://169.254.169.254/latest/meta-data/",
                f"http://%31%32%37.0.0.1:{port}/",
                f"gopher://127.0.0.1:{port}/",
            ),
        )
    assert found == ["here", *["not-registered"] * 20]
    assert {where for event, where in heard if event == "socket.connect"} == {("127.0.0.1", port)}
    assert other.asked == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::ffff:127.0.0.1", "fe80::1%eth0", "64:ff9b::7f00:1"]
)
def test_a_registered_name_that_leads_to_an_address_within_is_not_contacted(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving(address))
    with outward() as heard:
        assert get(Contact(["https://fhir.example"], []), "https://fhir.example/Patient/1") == ["address-not-public"]
    assert not [event for event, _ in heard if event == "socket.connect"]


def test_one_address_within_among_several_is_enough_to_contact_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving("8.8.8.8", "127.0.0.1"))
    with outward() as heard:
        assert get(Contact(["https://fhir.example"], []), "https://fhir.example/Patient/1") == ["address-not-public"]
    assert not [event for event, _ in heard if event == "socket.connect"]


def test_a_name_that_means_something_else_a_moment_later_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: what is connected to is the address that was looked at, so a second answer is never asked for."""
    asked = []

    def rebinding(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return resolving("192.0.2.1" if len(asked) == 1 else "127.0.0.1")(host)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with outward() as heard:
        contact = Contact(["https://fhir.example"], ["192.0.2.1/32"])

        async def brief() -> None:
            with pytest.raises((NotReached, TimeoutError)):
                async with asyncio.timeout(0.2):
                    await contact.get("https://fhir.example/Patient/1", {}, 1000)
            await contact.close()

        asyncio.run(brief())
    connected = {where for event, where in heard if event == "socket.connect"}
    assert connected <= {("192.0.2.1", 443)}
    assert asked == ["fhir.example"]


def test_an_address_within_is_contacted_where_the_site_registered_its_network(
    monkeypatch: pytest.MonkeyPatch, server: Counted
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving("127.0.0.1"))
    origin = f"https://fhir.example:{server.port}"
    with outward() as heard:
        assert get(Contact([origin], ["127.0.0.0/8"]), f"{origin}/") == ["not-reached"], (
            "the server there speaks no TLS"
        )
    assert ("socket.connect", ("127.0.0.1", server.port)) in heard


def test_this_machine_is_contacted_where_it_was_registered_by_its_name(server: Counted) -> None:
    origin = f"http://localhost:{server.port}"
    assert get(Contact([origin], []), f"{origin}/") == ["here"]
    assert get(Contact([f"http://fhir.example:{server.port}"], []), f"http://fhir.example:{server.port}/") == [
        "not-registered"
    ], "http is for this machine only"


def resolving(*addresses: str) -> Callable[..., Any]:
    def getaddrinfo(host: str, port: int = 0, *_: Any, **__: Any) -> Any:
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return getaddrinfo


def test_a_redirect_is_not_followed_and_a_cookie_is_not_kept(server: Counted) -> None:
    contact = Contact([server.origin], [])
    assert get(contact, f"{server.origin}/1", f"{server.origin}/2") == ["here", "here"]
    assert not [headers for headers in server.headers if "Cookie" in headers]
    server.answer = lambda path, headers: (302, {"Location": f"{server.origin}/3"}, b"moved")
    assert get(contact, f"{server.origin}/1") == ["moved"]
    assert "/3" not in server.asked


def test_an_answer_that_is_too_large_or_compressed_is_not_read(server: Counted) -> None:
    server.answer = lambda path, headers: (200, {}, b"x" * 1001)
    assert get(Contact([server.origin], []), f"{server.origin}/") == ["too-large"]
    server.answer = lambda path, headers: (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")
    assert get(Contact([server.origin], []), f"{server.origin}/") == ["encoded"]


def test_a_hundred_requests_that_were_given_up_leave_the_way_open(server: Counted) -> None:
    """A connection of which nobody waits for the answer any more is given back: there are a hundred of them in all."""
    silent, speaks = threading.Event(), server.answer
    server.answer = lambda path, headers: (200, {}, b"late") if silent.wait(20) else speaks(path, headers)
    contact = Contact([server.origin], [])

    async def given_up() -> str:
        async with asyncio.timeout(0.3):
            await contact.get(f"{server.origin}/", {}, 100)
        return "answered"

    async def rush() -> list[object]:
        outcomes = await asyncio.gather(*(given_up() for _ in range(120)), return_exceptions=True)
        silent.set()
        last = await contact.get(f"{server.origin}/last", {}, 100)
        await contact.close()
        return [*{type(outcome) for outcome in outcomes}, last.body]

    assert asyncio.run(rush()) == [TimeoutError, b"late"]


def test_a_name_server_that_does_not_answer_holds_up_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are looked up in threads of their own, and once for all who ask for one at a time."""
    answering, asked = threading.Event(), []

    def silent(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        answering.wait(20)
        raise OSError("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    contact = Contact(["https://fhir.example"], [])

    async def rush() -> tuple[set[type], str]:
        waiting = [asyncio.create_task(contact.get("https://fhir.example/", {}, 100)) for _ in range(50)]
        while not asked:
            await asyncio.sleep(0)
        other = await asyncio.wait_for(asyncio.to_thread(lambda: "done"), 5)
        answering.set()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        await contact.close()
        return {type(outcome) for outcome in outcomes}, other

    assert asyncio.run(rush()) == ({NotReached}, "done")
    assert asked == ["fhir.example"]


def test_a_name_that_cannot_be_one_has_no_address() -> None:
    long = f"https://{'a' * 64}.example"
    assert get(Contact([long], []), f"{long}/") == ["no-address"]


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine knows no IPv6")
def test_a_server_is_reached_by_its_ipv6_address(servers: Callable[..., Counted]) -> None:
    server = servers(lambda path, headers: (200, {}, b"six"), "::1")
    origin = f"http://[::1]:{server.port}"
    assert get(Contact([origin], []), f"{origin}/") == ["six"]
    elsewhere = (f"http://[0:0:0:0:0:0:0:1]:{server.port}/", f"http://[::1%25lo]:{server.port}/", "http://[::1]/")
    assert get(Contact([origin], []), *elsewhere) == ["not-registered"] * 3


def test_where_one_address_of_a_host_leads_nowhere_the_next_is_tried(
    monkeypatch: pytest.MonkeyPatch, server: Counted
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving("127.0.0.9", "127.0.0.1"))
    origin = f"http://localhost:{server.port}"
    assert get(Contact([origin], []), f"{origin}/") == ["here"]


def test_proxies_of_the_environment_are_not_used(server: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert get(Contact([server.origin], []), f"{server.origin}/") == ["here"]
