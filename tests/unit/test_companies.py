"""Companies: who may call from where, and whose address counts behind proxies."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from ostiary.domain.companies.company import ApiKey, Environment, canonical, counted_as, is_within, source_address
from ostiary.domain.errors import InvalidRequest
from tests.material import COMPANY_ID, NOW_MS, company, id_at

KEY = ApiKey(id_at(1), COMPANY_ID, 3, b"hash", NOW_MS)
PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("allowed", "address", "good"),
    [
        ((), "203.0.113.9", True),
        (("203.0.113.0/24",), "203.0.113.9", True),
        (("203.0.113.0/24",), "203.0.114.9", False),
        (("203.0.113.9",), "203.0.113.9", True),
        (("203.0.113.0/24",), "::ffff:203.0.113.9", True),
        (("203.0.113.0/24",), "::ffff:cb00:7109", True),
        (("2001:db8::/32",), "2001:db8::1", True),
        (("2001:db8::/32",), "203.0.113.9", False),
        (("198.51.100.7", "2001:db8::/32"), "2001:db8::1%eth0", True),
        (("203.0.113.0/24",), "not an address", False),
        (("0.0.0.0/0",), "", False),
    ],
)
def test_an_allowlist_lets_in_its_networks_only(allowed: tuple[str, ...], address: str, good: bool) -> None:
    assert replace(KEY, allowed=allowed).is_good(NOW_MS, address) is good


@pytest.mark.parametrize(
    ("key", "good"),
    [
        (replace(KEY, revoked_at_ms=NOW_MS), False),
        (replace(KEY, expires_at_ms=NOW_MS), False),
        (replace(KEY, expires_at_ms=NOW_MS + 1), True),
    ],
    ids=["revoked", "expires now", "expires later"],
)
def test_a_revoked_or_expired_key_is_not_good(key: ApiKey, good: bool) -> None:
    assert key.is_good(NOW_MS, "203.0.113.9") is good


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1,198.51.100.7, 10.0.0.2,", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "rubbish, 198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2606:4700::1", "2606:4700::1"),
        ("", "198.51.100.7", ""),
    ],
    ids=[
        "direct", "a stranger's header is not believed", "proxy itself", "behind a proxy", "a hop the client wrote",
        "two proxies", "two proxies and a lie", "all trusted", "rubbish from a stranger",
        "mapped proxy", "IPv6", "unknown peer",
    ],
)  # fmt: skip
def test_the_source_is_the_last_address_that_no_trusted_proxy_has(peer: str, forwarded: str, source: str) -> None:
    assert source_address(peer, forwarded, PROXIES) == source


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("203.0.113.7:51234", "203.0.113.7"), ("203.0.113.7:", "203.0.113.7"), ('"203.0.113.7"', "203.0.113.7"),
        ('"203.0.113.7:51234"', "203.0.113.7"), ("203.0.113.7:_gazonk", "203.0.113.7"), ("[203.0.113.7]",
        "203.0.113.7"),
        (" 203.0.113.7:443 ", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7:51234", "203.0.113.7"), ("::1:2", "::1:2"), ("2001:db8::7:443", "2001:db8::7:443"),
        ("[::ffff:203.0.113.7]:443", "203.0.113.7"), ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"), ('"[2001:DB8::1]:443"', "2001:db8::1"), ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"), ("[fe80::1%25eth0]:80", "fe80::1"), ("203.0.113.7:51234, 10.0.0.2:8080",
        "203.0.113.7"),
        ('"[2001:db8::1]:9", "[::ffff:10.0.0.2]:80"', "2001:db8::1"),
    ],
)  # fmt: skip
def test_an_address_counts_however_a_proxy_writes_it(written: str, source: str) -> None:
    assert source_address("10.0.0.1", written, PROXIES) == source


@pytest.mark.parametrize(
    "written",
    [
        "rubbish", "unknown", "_hidden", "example.com", "203.0.113", "203.0.113.7.9", "203.0.113.256",
        "203.0.113.7:port",
        "203.0.113.7:123456", "203.0.113.007", "[203.0.113.7", "203.0.113.7]", "[]", '""', "-", "2001:db8::g",
        "[2001:db8::1",
        "[2001:db8::1]443", "for=203.0.113.7", "0x7f000001", "198.51.100.7, unknown", "unknown, 10.0.0.2", "1",
        "\u0661.1.1.1",
        "203.0.113.7 198.51.100.7",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_not_replaced_by_the_proxy(written: str) -> None:
    with pytest.raises(InvalidRequest, match="must name IP addresses"):
        source_address("10.0.0.1", written, PROXIES)


def test_without_trusted_proxies_nothing_forwarded_is_believed() -> None:
    assert source_address("10.0.0.1", "198.51.100.7", ()) == "10.0.0.1"


def test_a_malformed_address_is_none_and_lies_nowhere() -> None:
    assert canonical("300.1.1.1") is None
    assert not is_within("300.1.1.1", (ip_network("0.0.0.0/0"),))


def test_a_company_is_a_sandbox_by_its_environment() -> None:
    assert company().is_sandbox
    assert not company(environment=Environment.PRODUCTION).is_sandbox


def test_what_is_secret_stays_out_of_logs() -> None:
    shown = repr(company()) + repr(KEY)
    assert "whsec_" not in shown
    assert "hash" not in shown


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        (":not an address:", "None"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_counts_as_one_whatever_address_it_takes(address: str, counts_as: str) -> None:
    assert counted_as(address) == counts_as
