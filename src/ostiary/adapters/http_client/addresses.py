"""Which network addresses outgoing calls may reach: checked when an address is set, and again when connecting.

Private, loopback, link-local, shared (RFC 6598), multicast and metadata addresses are refused in every spelling:
IPv4 mapped into IPv6 (RFC 4291), translated by NAT64 (RFC 6052), or carried by 6to4 (RFC 3056) and Teredo.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from ostiary.domain.companies.company import IpAddress, IpNetwork

LONGEST_URL = 2_000
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""This machine itself (RFC 1122 3.2.1.3, RFC 4291 2.5.3): where whoever tries a sandbox has a receiver."""
_NEVER_GLOBAL = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "fec0::/10",
        "3fff::/20",
        "64:ff9b:1::/48",
    )
)
"""What some versions of Python hold to be public: protocol assignments with metadata services among them (RFC 6890
2.2.2), old relays (RFC 7526), the address by which virtual machines of Azure reach their host, site-local (RFC 3879),
documentation (RFC 9637), and addresses translated by rules of the local network (RFC 8215), of which nobody can tell
where they lead."""
_OPENED_BY = "which whoever runs the service opens with OSTIARY_ALLOWED_PRIVATE_NETWORKS"
_NAT64 = IPv6Network("64:ff9b::/96")


def inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 one stands for, or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or 1 < int(address) < 1 << 32:  # :: and ::1 stand for themselves (RFC 4291 2.5.5.1)
        return IPv4Address(address.packed[-4:])
    return address


def may_reach(text: str, allowed: tuple[IpNetwork, ...]) -> bool:
    """Whether an outgoing call may go to an address: a public one, or one in the allowed private networks."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    meant = inner(address)
    if any(form in network for network in allowed for form in {address, meant} if form.version == network.version):
        return True
    public = address.is_global or meant is not address
    if any(meant in network for network in _NEVER_GLOBAL if network.version == meant.version):
        return False
    return public and meant.is_global and not meant.is_multicast and not meant.is_reserved


def url_fault(url: str, plain_http: bool, allowed: tuple[IpNetwork, ...]) -> str | None:
    """What is wrong with a webhook's address, as far as it shows without asking DNS."""
    schemes = ("https", "http") if plain_http else ("https",)
    if not url or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"must be an address of 1 to {LONGEST_URL} visible ASCII characters"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not a valid address"
    if parts.scheme not in schemes or not parts.hostname:
        return f"must start with {' or '.join(scheme + '://' for scheme in schemes)} and name a host"
    if parts.username is not None or parts.password is not None:
        return "must not contain a user name or password"
    if port == 0:
        return "must not use port 0"
    return _host_fault(parts.hostname, allowed)


def _host_fault(host: str, allowed: tuple[IpNetwork, ...]) -> str | None:
    host = host.rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        literal = "127.0.0.1" if "localhost" in host else ""
        return (
            None if literal and may_reach(literal, allowed) else f"names a host inside a private network, {_OPENED_BY}"
        )
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return _name_fault(host, allowed)
    return None if may_reach(host, allowed) else f"points into a private network, {_OPENED_BY}"


def _name_fault(host: str, allowed: tuple[IpNetwork, ...]) -> str | None:
    """Numbers in forms that some resolvers take for IPv4 (2130706433, 0x7f.1, 127.1) are no names."""
    last = host.rstrip(".").rpartition(".")[2]
    if last.isdigit() or last.lower().startswith("0x"):
        return "must name a host, or an IPv4 address as four decimal numbers"
    return None
