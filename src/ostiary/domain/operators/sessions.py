"""Sessions of the console: who is signed in, from where, and until when."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.operators.operator import Operator
from ostiary.domain.value import value_type

IDLE_MS = 30 * 60_000
"""OWASP's session management cheat sheet gives 15 to 30 minutes for what is no high-value application."""
WHOLE_MS = 12 * 3_600_000
"""A day's work, after which somebody proves again who he is (NIST SP 800-63B, AAL2)."""
TOUCHED_AFTER_MS = 60_000
"""A session's row is not written more often than that, however many pages are asked for."""
FRESH_MS = 10 * 60_000
"""To look for a second device; a session that was left open, or stolen, is usually older."""
AGENT_CHARACTERS = 200
"""Browsers send some 120; it is shown, and stored for every session."""


@value_type
class SignInSource:
    """Where somebody signs in from: the address, and what the browser says of itself. `earlier_token` is the secret of
    the session that the browser has, if any, which is never kept: it ends."""

    address: str
    agent: str = ""
    earlier_token: str = field(default="", repr=False)


@value_type(kw_only=True)
class Session:
    """A session as it is kept. `mark` is the keyed hash of its secret."""

    mark: bytes = field(repr=False)
    operator_id: str
    created_at_ms: int
    seen_at_ms: int
    ends_at_ms: int
    source: SignInSource

    @property
    def idle_until_ms(self) -> int:
        """When it ends if nothing more is done."""
        return min(self.seen_at_ms + IDLE_MS, self.ends_at_ms)

    def is_good(self, now_ms: int) -> bool:
        """Neither idle for too long nor too old. It also ends when the clock is set back far: nobody knows then how old
        it is."""
        is_of_now = abs(now_ms - self.seen_at_ms) < IDLE_MS and self.created_at_ms - IDLE_MS <= now_ms
        return is_of_now and now_ms < self.ends_at_ms

    def is_to_touch(self, now_ms: int) -> bool:
        """Whether it is worth writing down that it was used."""
        return abs(now_ms - self.seen_at_ms) >= TOUCHED_AFTER_MS


def is_fresh(session: Session, now_ms: int) -> bool:
    """Whether somebody proved who he is just now, as it takes to change by what he proves it."""
    return abs(now_ms - session.created_at_ms) < FRESH_MS


def begun(mark: bytes, operator: Operator, source: SignInSource, now_ms: int) -> Session:
    """A new session."""
    return Session(
        mark=mark,
        operator_id=operator.id,
        created_at_ms=now_ms,
        seen_at_ms=now_ms,
        ends_at_ms=now_ms + WHOLE_MS,
        source=SignInSource(source.address, source.agent[:AGENT_CHARACTERS]),
    )
