"""The edges of every network that outgoing calls may not reach: its first and last address, and those just outside."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.adapters.http_client.addresses import LONGEST_URL, inner, may_reach, url_fault

CLOSED_4 = [
    # network, whether the address before it is public, and the one after it
    ("0.0.0.0/8", None, True), ("10.0.0.0/8", True, True), ("100.64.0.0/10", True, True), ("127.0.0.0/8", True, True),
    ("168.63.129.16/32", True, True),
    ("169.254.0.0/16", True, True), ("172.16.0.0/12", True, True), ("192.0.0.0/24", True, True),
    ("192.0.2.0/24", True, True), ("192.88.99.0/24", True, True), ("192.168.0.0/16", True, True),
    ("198.18.0.0/15", True, True), ("198.51.100.0/24", True, True), ("203.0.113.0/24", True, True),
    ("224.0.0.0/4", True, False), ("240.0.0.0/4", False, None),
]  # fmt: skip
CLOSED_6 = ["fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "3fff::/20", "64:ff9b:1::/48"]
ANY_4 = st.integers(0, 2**32 - 1).map(IPv4Address)


@pytest.mark.parametrize(("network", "before", "after"), CLOSED_4, ids=[network for network, *_ in CLOSED_4])
def test_a_closed_network_is_closed_to_its_edges_and_not_beyond(
    network: str, before: bool | None, after: bool | None
) -> None:
    first, last = int(ip_network(network)[0]), int(ip_network(network)[-1])
    assert not may_reach(str(IPv4Address(first)), ())
    assert not may_reach(str(IPv4Address(last)), ())
    if before is not None:
        assert may_reach(str(IPv4Address(first - 1)), ()) is before
    if after is not None:
        assert may_reach(str(IPv4Address(last + 1)), ()) is after


@pytest.mark.parametrize("network", CLOSED_6)
def test_a_closed_network_of_ipv6_is_closed_to_its_edges(network: str) -> None:
    for address in (ip_network(network)[0], ip_network(network)[1], ip_network(network)[-1]):
        assert not may_reach(str(address), ())


def carriers(address: IPv4Address) -> dict[str, str]:
    """The same address in every form in which IPv6 carries it."""
    low = int(address)
    hidden = low ^ 0xFFFFFFFF  # Teredo shows the client's address inverted (RFC 4380, section 4)
    return {
        "mapped": str(IPv6Address((0xFFFF << 32) | low)),
        "NAT64": str(IPv6Address(int(IPv6Address("64:ff9b::")) | low)),
        "6to4": str(IPv6Address((0x2002 << 112) | (low << 80) | 1)),
        "Teredo": str(IPv6Address((0x20010000 << 96) | (0x41371378 << 64) | hidden)),
    }


@pytest.mark.parametrize("form", ["mapped", "NAT64", "6to4", "Teredo"])
@pytest.mark.parametrize("network", [network for network, *_ in CLOSED_4])
def test_no_form_of_ipv6_carries_a_call_into_a_closed_network(form: str, network: str) -> None:
    for address in (ip_network(network)[0], ip_network(network)[-1]):
        assert isinstance(address, IPv4Address)
        carried = carriers(address)[form]
        assert inner(ip_address(carried)) == address
        assert not may_reach(carried, ())


@given(ANY_4)
def test_an_address_is_as_reachable_as_the_one_it_carries(address: IPv4Address) -> None:
    plain = may_reach(str(address), ())
    for form, carried in carriers(address).items():
        assert may_reach(carried, ()) is plain, form


@given(ANY_4, st.integers(8, 32))
def test_an_opened_network_opens_its_addresses_and_nothing_that_was_closed_beside_it(
    address: IPv4Address, bits: int
) -> None:
    opened = ip_network(f"{address}/{bits}", strict=False)
    for edge in (opened[0], opened[-1]):
        assert may_reach(str(edge), (opened,))
    for beside in (int(opened[0]) - 1, int(opened[-1]) + 1):
        if 0 <= beside < 2**32:
            text = str(IPv4Address(beside))
            assert may_reach(text, (opened,)) is may_reach(text, ())


def test_a_network_of_one_kind_opens_nothing_of_the_other() -> None:
    assert not may_reach("::1", (ip_network("0.0.0.0/0"),))
    assert not may_reach("10.0.0.1", (ip_network("::/0"),))
    assert not may_reach("::", (ip_network("0.0.0.0/0"),))
    for compatible in ("::10.0.0.1", "::0.0.0.2", "::255.255.255.255"):  # RFC 4291 2.5.5.1
        assert may_reach(compatible, (ip_network("0.0.0.0/0"),))
    assert not may_reach("0:0:0:0:0:1::", (ip_network("0.0.0.0/0"),))


def test_a_carrying_address_may_be_opened_by_either_of_its_names() -> None:
    carried = "64:ff9b::a00:1"
    assert may_reach(carried, (ip_network("10.0.0.0/8"),))
    assert may_reach(carried, (ip_network("64:ff9b::/96"),))
    assert not may_reach(carried, (ip_network("64:ff9b::b00:0/112"),))


@pytest.mark.parametrize(
    "text",
    [" 8.8.8.8", "8.8.8.8 ", "8.8.8", "8.8.8.8.8", "08.8.8.8", "8.8.8.256", "0x8.8.8.8", "8,8,8,8", "[2606:4700::1]",
     "2606:4700::1::", "8.8.8.8/32", "%eth0", "\uff18.8.8.8", "8.8.8.8:80"],
    ids=repr,
)  # fmt: skip
def test_what_is_no_address_is_not_reached(text: str) -> None:
    assert not may_reach(text, ())


# ---- addresses of webhooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("more", "good"), [(-1, True), (0, True), (1, False)])
def test_a_webhooks_address_has_at_most_so_many_characters(more: int, good: bool) -> None:
    start = "https://example.com/"
    url = start + "x" * (LONGEST_URL + more - len(start))
    assert len(url) == LONGEST_URL + more
    assert (url_fault(url, False, ()) is None) is good


@pytest.mark.parametrize(
    ("port", "message"),
    [("1", None), ("65535", None), ("65536", "is not a valid address"), ("0", "port 0"), ("00", "port 0"),
     ("-1", "is not a valid address"), ("443", None), ("", None)],
)  # fmt: skip
def test_a_port_is_1_to_65535_or_left_out(port: str, message: str | None) -> None:
    fault = url_fault(f"https://example.com:{port}/hook", False, ())
    assert (fault is None) if message is None else (message in (fault or ""))


@pytest.mark.parametrize(
    ("host", "message"),
    [
        ("localhost.", "names a host inside a private network"),
        ("LOCALHOST", "names a host inside a private network"),
        ("a.b.LocalHost", "names a host inside a private network"),
        ("printer.LOCAL", "names a host inside a private network"),
        ("db.internal.", "names a host inside a private network"),
        ("localhost.example.com", None),
        ("mylocalhost", None),
        ("local", None),
        ("internal.example.com", None),
        ("10.0.0.1.example.com", None),
        ("1.2.3", "four decimal numbers"),
        ("example.1", "four decimal numbers"),
        ("example.0X1F", "four decimal numbers"),
        ("0xcafe.example", None),
        ("017700000001", "four decimal numbers"),
        ("127.0.0.1.", "points into a private network"),
        ("[::ffff:127.0.0.1]", "points into a private network"),
        ("[64:ff9b::7f00:1]", "points into a private network"),
        ("[2002:a00:1::1]", "points into a private network"),
    ],
)
def test_what_a_hosts_name_gives_away(host: str, message: str | None) -> None:
    fault = url_fault(f"https://{host}/hook", False, ())
    assert (fault is None) if message is None else (message in (fault or ""))


@pytest.mark.parametrize("sign", [chr(code) for code in (*range(0x00, 0x21), 0x7F, 0x80, 0xE9, 0x2028)], ids=repr)
def test_no_blank_control_or_foreign_character_is_in_an_address(sign: str) -> None:
    for url in (f"https://example.com/{sign}x", f"{sign}https://example.com/", f"https://exam{sign}ple.com/"):
        assert "visible ASCII" in (url_fault(url, False, ()) or "")
