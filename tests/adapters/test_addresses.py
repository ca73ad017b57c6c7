"""Which addresses outgoing calls may reach, and what a webhook's address must be."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from ostiary.adapters.http_client.addresses import LONGEST_URL, may_reach, url_fault

PRIVATE = (ip_network("10.1.0.0/16"), ip_network("127.0.0.0/8"), ip_network("fd00::/8"))

REACH = [
    ("203.0.113.9", False),  # documentation (RFC 5737)
    ("93.184.216.34", True),
    ("::ffff:93.184.216.34", True),
    ("64:ff9b::5db8:d822", True),
    ("2002:5db8:d822::1", True),
    ("2606:4700:4700::1111", True),
    ("127.0.0.1", False),
    ("127.255.255.254", False),
    ("0.0.0.0", False),
    ("10.0.0.1", False),
    ("172.16.0.1", False),
    ("192.168.1.1", False),
    ("169.254.169.254", False),
    ("100.64.0.1", False),
    ("100.100.100.200", False),
    ("198.18.0.1", False),
    ("224.0.0.1", False),
    ("239.1.2.3", False),
    ("240.0.0.1", False),
    ("255.255.255.255", False),
    ("::", False),
    ("::1", False),
    ("::127.0.0.1", False),
    ("::ffff:127.0.0.1", False),
    ("::ffff:a9fe:a9fe", False),
    ("64:ff9b::7f00:1", False),
    ("64:ff9b::a9fe:a9fe", False),
    ("64:ff9b:1::a00:1", False),
    ("2002:7f00:1::", False),
    ("2002:a9fe:a9fe::1", False),
    ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ("fe80::1", False),
    ("fe80::1%eth0", False),
    ("fd00:ec2::254", False),
    ("ff02::1", False),
    ("2001:db8::1", False),
    ("localhost", False),
    ("", False),
    ("127.1", False),
]


@pytest.mark.parametrize(("address", "reachable"), REACH, ids=[address for address, _ in REACH])
def test_only_a_public_address_may_be_reached(address: str, reachable: bool) -> None:
    assert may_reach(address, ()) is reachable


def test_the_metadata_service_among_the_protocol_assignments_is_not_reached() -> None:
    """192.0.0.192 (RFC 6890 2.2.2)."""
    assert not may_reach("192.0.0.192", ())


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("10.1.2.3", True),
        ("10.2.0.1", False),
        ("::ffff:10.1.2.3", True),
        ("64:ff9b::a01:203", True),
        ("fd12::1", True),
        ("127.0.0.1", True),
        ("::1", False),
    ],
)
def test_a_private_network_may_be_opened(address: str, reachable: bool) -> None:
    assert may_reach(address, PRIVATE) is reachable


@pytest.mark.parametrize(
    "url",
    ["https://example.com", "https://example.com:8443/a?b=c#d", "https://93.184.216.34/", "https://xn--bcher-kva.example",
     "https://[2606:4700:4700::1111]/", "HTTPS://EXAMPLE.com/", "https://1.example.com"],
)  # fmt: skip
def test_a_public_address_is_good(url: str) -> None:
    assert url_fault(url, False, ()) is None


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "must be an address of 1 to"),
        ("https://example.com/" + "x" * LONGEST_URL, "must be an address of 1 to"),
        ("https://example.com/é", "visible ASCII"),
        ("https://example.com/a b", "visible ASCII"),
        ("https://example.com/\n", "visible ASCII"),
        ("http://example.com", "must start with https:// and"),
        ("ftp://example.com", "must start with https://"),
        ("example.com", "must start with https://"),
        ("https://", "name a host"),
        ("https:///path", "name a host"),
        ("https://[::1", "is not a valid address"),
        ("https://example.com:99999/", "is not a valid address"),
        ("https://example.com:x/", "is not a valid address"),
        ("https://example.com:0/", "must not use port 0"),
        ("https://user@example.com/", "user name or password"),
        ("https://user:pass@example.com/", "user name or password"),
        ("https://@example.com/", "user name or password"),
        ("https://localhost/", "inside a private network"),
        ("https://a.localhost/", "inside a private network"),
        ("https://printer.local/", "inside a private network"),
        ("https://metadata.google.internal/", "inside a private network"),
        ("https://127.0.0.1/", "points into a private network"),
        ("https://[::1]/", "points into a private network"),
        ("https://[fe80::1%25eth0]/", "points into a private network"),
        ("https://[::ffff:10.0.0.1]/", "points into a private network"),
        ("https://169.254.169.254/latest/meta-data", "points into a private network"),
        ("https://2130706433/", "must name a host, or an IPv4 address as four decimal numbers"),
        ("https://0x7f000001/", "four decimal numbers"),
        ("https://0x7f.1/", "four decimal numbers"),
        ("https://127.1/", "four decimal numbers"),
        ("https://0177.0.0.1/", "four decimal numbers"),
        ("https://127.0.0.1./", "private network"),
    ],
)
def test_a_faulty_address_is_told_what_would_be_right(url: str, message: str) -> None:
    assert message in (url_fault(url, False, ()) or "")


def test_plain_http_is_for_sandboxes() -> None:
    assert url_fault("http://example.com", True, ()) is None
    assert "https:// or http://" in (url_fault("ftp://example.com", True, ()) or "")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://localhost:9000/", True),
        ("https://hook.localhost/", True),
        ("https://10.1.2.3/", True),
        ("https://10.2.0.1/", False),
        ("https://printer.local/", False),
    ],
)
def test_an_opened_network_may_be_pointed_to(url: str, good: bool) -> None:
    assert (url_fault(url, False, PRIVATE) is None) is good
