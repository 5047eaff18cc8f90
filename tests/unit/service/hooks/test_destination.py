"""A webhook goes to public addresses by https, and nowhere else that was not allowed."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from service.hooks.destination import DestinationUnfit, look_up, may_reach, read_destination
from service.hooks.post import post
from service.sections import Webhooks
from tests.unit.service.hooks.receiver import Receiver, receiving

INSIDE = (
    "127.0.0.1", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.8", "::ffff:127.0.0.1",
    "64:ff9b::a00:8", "2002:a00:8::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "::127.0.0.1", "::ffff:0:7f00:1", "64:ff9b:1::7f00:1", "fec0::1", "192.0.0.192", "168.63.129.16",
)  # fmt: skip
OUTSIDE = ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8")


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_reached(address: str) -> None:
    assert not may_reach(ip_address(address), ())


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_addresses_are_reached(address: str) -> None:
    assert may_reach(ip_address(address), ())


def test_a_network_of_our_own_is_reached_when_the_settings_name_it() -> None:
    own = (ip_network("10.20.0.0/16"),)
    assert may_reach(ip_address("10.20.3.4"), own)
    assert may_reach(ip_address("::ffff:10.20.3.4"), own)
    assert not may_reach(ip_address("10.21.3.4"), own)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/", "ftp://hooks.example/", "hooks.example/x", "https:///x", "https://u:p@hooks.example/",
        "https://hooks.example/#x", "https://hooks.example/a b", "https://hooks.example:99999/", "https://[::1/",
        "https://hooks.example/\r\nX: y", "https://höoks.example/", "javascript:alert(1)",
        "https://x.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused(url: str) -> None:
    with pytest.raises(DestinationUnfit):
        read_destination(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.example/a?b=c", "https://hooks.example", "http://127.0.0.1:8080/x", "http://localhost/"]
)
def test_https_and_this_machine_are_addresses(url: str) -> None:
    assert read_destination(url)


def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[list[str]] = iter([["8.8.8.8"], ["8.8.8.8", "10.0.0.8"], ["169.254.169.254"]])

    def resolve(_host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, port)) for address in next(answers)]

    monkeypatch.setattr("service.hooks.destination.socket.getaddrinfo", resolve)
    to = read_destination("https://rebinding.example/")
    assert look_up(to, ()) == "8.8.8.8"
    for _ in range(2):  # what it says later counts, and one bad address among good ones is enough
        with pytest.raises(DestinationUnfit):
            look_up(to, ())


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_nothing_is_sent_to_this_machine_unless_that_is_allowed(receiver: Receiver) -> None:
    reply = post(Webhooks(), receiver.url, b"{}", {}, lambda: 0.0)
    assert "is inside a network" in reply.trouble
    assert receiver.heard == []
    assert post(Webhooks(internal_networks=("127.0.0.0/8",)), receiver.url, b"{}", {}, lambda: 0.0).accepted  # type: ignore[arg-type]


def test_an_address_that_nothing_will_reach_is_refused_when_it_is_named() -> None:
    for url in ("http://127.0.0.1:9099/hook", "http://localhost/hook", "https://10.1.2.3/x", "https://[::1]/x"):
        with pytest.raises(DestinationUnfit, match="internal_networks"):
            read_destination(url, ())
    own = (ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8"))
    assert read_destination("http://127.0.0.1:9099/hook", own)
    assert read_destination("https://hooks.example/", ())
