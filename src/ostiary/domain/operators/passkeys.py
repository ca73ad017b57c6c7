"""Passkeys of operators (W3C Web Authentication Level 3): what is kept of one, and at which address they work.

A passkey is two proofs in one: the key that never leaves the device, and whatever the device asks for before it signs.
"""

from __future__ import annotations

from dataclasses import field
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from ostiary.domain.value import value_type

MOST_PASSKEYS = 10
"""Of an operator: a telephone, a laptop, two keys in a drawer, and as many again while they are replaced."""
PASSKEY_NAME_CHARACTERS = 60
CHALLENGE_MS = 5 * 60_000
"""What Web Authentication recommends (section 15.1) where the device asks its user: a key has to be looked for."""
ANSWER_CHARACTERS = 16_384
"""A browser's answer has some 1,500; one with the largest certificates that are sent unasked some 8,000."""
CREDENTIAL_ID_BYTES = 1_023
"""Web Authentication, section 4: no credential id is longer."""
LARGEST_COUNT = 0xFFFFFFFF
USUAL_PORTS = {"https": 443, "http": 80}


class PasskeyRefused(Exception):
    """What came does not prove anybody. `problem` names the check, never what was in it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@value_type(kw_only=True)
class Passkey:
    """A passkey as it is kept. `mark` is the keyed hash of its credential id, by which it is found; `public_key` is a
    COSE key (RFC 9052 section 7). `used_at_ms` is 0 as long as nobody signed in with it."""

    mark: bytes = field(repr=False)
    operator_id: str
    name: str = field(repr=False)
    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int = 0
    created_at_ms: int
    used_at_ms: int = 0
    ended_at_ms: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether somebody may sign in with it."""
        return self.ended_at_ms is None

    @property
    def reference(self) -> str:
        """What audit entries call it: the beginning of its mark."""
        return f"passkey_{self.mark.hex()[:12]}"


@value_type
class RelyingParty:
    """Whom passkeys are made for: `id` is the name that they are bound to, `origin` the address of the pages."""

    id: str
    origin: str


@value_type
class NewCredential:
    """What a device made."""

    credential_id: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    sign_count: int


@value_type
class Claimed:
    """Who an answer says that it is of, as yet without any proof."""

    credential_id: bytes = field(repr=False)
    operator_id: str


class PasskeyChecks(Protocol):
    """Checks what browsers answer (JSON, as `PublicKeyCredential.toJSON()` writes it). All raise PasskeyRefused."""

    async def claimed(self, answer: str) -> Claimed: ...
    async def new_credential(self, answer: str, site: RelyingParty, challenge: bytes) -> NewCredential: ...
    async def signed(self, answer: str, site: RelyingParty, challenge: bytes, public_key: bytes) -> int: ...


def relying_party(public_url: str, host: str) -> RelyingParty | None:
    """Whom passkeys are made for, by the address that people come by; None where browsers make none.

    They do so for a name under HTTPS, and on one's own machine for `localhost`. Without a public address it is the
    latter if `host`, as the browser asked for it, is that.
    """
    url = public_url or f"http://{host}"
    try:
        parts = urlsplit(url)
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:  # a port that is none, a bracket that nothing closes
        return None
    is_local = name == "localhost" or name.endswith(".localhost")
    if not name.isascii() or not name or _is_number(name):
        return None
    if not (is_local if parts.scheme == "http" else bool(public_url) and parts.scheme == "https"):
        return None
    joined = name if port in (None, USUAL_PORTS[parts.scheme]) else f"{name}:{port}"
    return RelyingParty(name, f"{parts.scheme}://{joined}")


def counts_on(before: int, given: int) -> bool:
    """Whether a device counts on from where it was (Web Authentication, section 6.1.1): one that stands still or goes
    back is a copy, or has one. Those that do not count say 0 for ever."""
    return given > before or (given == 0 and before == 0)


def _is_number(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
