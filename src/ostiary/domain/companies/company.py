"""Companies (the tenants), their API keys, and who is calling."""

from __future__ import annotations

import re
from dataclasses import field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from ostiary.domain.errors import InvalidRequest
from ostiary.domain.value import value_type

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

MOST_ALLOWED_NETWORKS = 50
"""An allowlist is read at every request; more entries than this are a firewall's job."""
LEVELS = range(1, 6)
STATUS_CHANGED = "product_enablement_status_changed"
"""The one event that a subscription hears of unless it asks for others."""


class Environment(StrEnum):
    """A sandbox company's verdicts come from scenarios; a production company's from review."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


@value_type
class Webhook:
    """Where a company hears of changes. `key` is echoed in X-Webhook-Key; the signing secret is apart.

    `with_sequence`: deliveries carry their place among the changes of their request. `event_types`: what it hears of.
    """

    url: str | None = None
    key: str | None = None
    with_sequence: bool = False
    event_types: tuple[str, ...] = (STATUS_CHANGED,)


NO_WEBHOOK = Webhook()


@value_type
class Chain:
    """The end of an audit chain: how many entries it has and the hash of the last (32 bytes)."""

    length: int = 0
    head: bytes = bytes(32)


NO_CHAIN = Chain()


@value_type
class Company:
    """A partner that uses the API; everything belongs to one. `data_key` is wrapped."""

    id: str
    name: str
    environment: Environment
    created_at_ms: int
    data_key: bytes = field(repr=False)
    signing_secret: str = field(repr=False)
    email: str | None = None
    webhook: Webhook = field(default=NO_WEBHOOK, repr=False)
    version: int = 1
    chain: Chain = NO_CHAIN
    previous_secret: str | None = field(default=None, repr=False)
    previous_until_ms: int = 0
    quota_bytes: int | None = None  # of pictures; 0: no limit, None: what holds for every company
    clock_ahead_ms: int = 0  # of machine time; other than 0 only in sandboxes
    clock_until_ms: int = 0  # where that clock is on its way to; 0: it was not moved, or is there

    @property
    def is_sandbox(self) -> bool:
        return self.environment is Environment.SANDBOX


def quota_of(company: Company, usual_bytes: int) -> int:
    """How many bytes of pictures may be kept for a company; 0: as many as there is room for."""
    return usual_bytes if company.quota_bytes is None else company.quota_bytes


def signing_secrets(company: Company, now_ms: int) -> tuple[str, ...]:
    """The secrets that sign a delivery now: the current one, and the one before it while they overlap."""
    if company.previous_secret is None or now_ms >= company.previous_until_ms:
        return (company.signing_secret,)
    return company.signing_secret, company.previous_secret


@value_type
class ApiKey:
    """A company's credential as it is kept: only a keyed hash of the secret.

    An empty allowlist lets every source address in.
    """

    id: str
    company_id: str
    level: int
    secret_hash: bytes = field(repr=False)
    created_at_ms: int
    allowed: tuple[str, ...] = ()
    revoked_at_ms: int | None = None
    expires_at_ms: int | None = None

    def is_good(self, now_ms: int, address: str) -> bool:
        """Not revoked, not expired, and the source address is on the allowlist (if there is one)."""
        if self.revoked_at_ms is not None or (self.expires_at_ms is not None and self.expires_at_ms <= now_ms):
            return False
        return not self.allowed or is_within(address, tuple(ip_network(text) for text in self.allowed))


@value_type
class Caller:
    """Who is behind a call: the company, and the actor its audit entries name."""

    company: Company
    actor: str
    level: int


def canonical(address: str) -> IpAddress | None:
    """An address, with an IPv4 one that arrives mapped into IPv6 (RFC 4291 2.5.5.2) as itself."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed


def counted_as(address: str) -> str:
    """What an address counts as for limits: an IPv6 one as its /64, which is the least a subscriber gets (RFC 6177)."""
    if ":" not in address:
        return address
    parsed = canonical(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def is_within(address: str, networks: tuple[IpNetwork, ...]) -> bool:
    """Whether an address lies in one of the networks; a malformed address lies in none."""
    parsed = canonical(address)
    return parsed is not None and any(parsed.version == network.version and parsed in network for network in networks)


def forwarded_address(hop: str) -> IpAddress | None:
    """The address that a proxy wrote: bare or in brackets, with a port or none, in quotes or not (RFC 7239 section 6
    has all of these, and proxies use them in X-Forwarded-For too). None for what is no address: `unknown`, a name."""
    match = _FORWARDED.fullmatch(hop.strip().removeprefix('"').removesuffix('"'))
    return None if match is None else canonical(match[1] or match[2] or match[3])


_PORT = r"(?::(?:[0-9]{0,5}|_[0-9A-Za-z._-]+))?"
_FORWARDED = re.compile(
    rf"\[([0-9A-Fa-f:.]+(?:%[^\]]*)?)\]{_PORT}|((?:[0-9A-Fa-f:]*:(?=[0-9]+\.))?[0-9.]+){_PORT}|([0-9A-Fa-f:.]+(?:%.*)?)"
)
"""IPv6 in brackets; IPv4, as itself or mapped into IPv6; and IPv6 by itself, which can have no port."""


def source_address(peer: str, forwarded: str, trusted: tuple[IpNetwork, ...]) -> str:
    """Who really calls: the connection's address or, behind trusted proxies, the last untrusted one forwarded.

    `forwarded` is the joined X-Forwarded-For; it is believed only as far as trusted proxies wrote it. Raises
    InvalidRequest when one of them wrote what is no address: nobody knows then who calls.
    """
    address = peer
    for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not is_within(address, trusted):
            break
        written = forwarded_address(hop)
        if written is None:
            raise InvalidRequest(
                "X-Forwarded-For, as a trusted proxy wrote it, must name IP addresses: 203.0.113.7, [2001:db8::1]:443."
            )
        address = str(written)
    return address
