"""Sessions of clients: found by the keyed hash of their secret, with the link that the partner made and its client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.hosted.changes import AddHostedSession, EndHostedSession
from ostiary.domain.hosted.links import OnboardingLink
from ostiary.domain.hosted.sessions import HostedSession
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine, Row
from ostiary.storage.hosted.links import LINK_COLUMNS, OF_CLIENT, link_and_client
from ostiary.storage.statement import Statement
from ostiary.storage.unit_context import UnitContext

# ---- statements -----------------------------------------------------------------------------------------------------

HOSTED_COLUMNS = (
    "s.session_mark, s.company_id, s.client_id, s.link_id, s.via_id, s.created_at_ms, s.seen_at_ms, s.ends_at_ms"
)
HOSTED_SESSION = f"""SELECT {HOSTED_COLUMNS}, {LINK_COLUMNS}, {OF_CLIENT} FROM onboarding_sessions s
  JOIN onboarding_links l ON l.company_id = s.company_id AND l.client_id = s.client_id AND l.link_id = s.link_id
  JOIN clients c ON c.company_id = s.company_id AND c.client_id = s.client_id
 WHERE s.company_id = ?1 AND s.session_mark = ?2"""  # noqa: S608
HOSTED_SESSIONS = f"""SELECT {HOSTED_COLUMNS} FROM onboarding_sessions s WHERE s.company_id = ?1 AND s.link_id = ?2
 ORDER BY s.created_at_ms"""  # noqa: S608
ADD_HOSTED_SESSION = """INSERT INTO onboarding_sessions (company_id, session_mark, client_id, link_id, via_id,
 created_at_ms, seen_at_ms, ends_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"""
TOUCH_HOSTED_SESSION = "UPDATE onboarding_sessions SET seen_at_ms = ?3 WHERE company_id = ?1 AND session_mark = ?2"
END_HOSTED_SESSION = "DELETE FROM onboarding_sessions WHERE company_id = ?1 AND session_mark = ?2"

HOSTED_WIDTH = HOSTED_COLUMNS.count(",") + 1

# ---- rows -----------------------------------------------------------------------------------------------------------


def hosted_mark(cipher: Cipher, company_id: str, token: str) -> bytes:
    """By what a session is found: nobody who has only the database can make a token of it."""
    return cipher.lookup_hash("hosted", "session", company_id, token)


def hosted_session_of(row: Row) -> HostedSession:
    """A session, of which nothing is sealed: it says nothing of anybody."""
    mark, company_id, client_id, link_id, via_id, created_at_ms, seen_at_ms, ends_at_ms = row
    return HostedSession(
        mark=mark,
        company_id=company_id,
        client_id=client_id,
        link_id=link_id,
        via_id=via_id,
        created_at_ms=created_at_ms,
        seen_at_ms=seen_at_ms,
        ends_at_ms=ends_at_ms,
    )


# ---- reads and writes -----------------------------------------------------------------------------------------------


class HostedSessions:
    """Clients' sessions of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    def mark(self, company_id: str, token: str) -> bytes:
        """What stands for a token."""
        return hosted_mark(self._cipher, company_id, token)

    async def by_token(self, company_id: str, token: str) -> tuple[HostedSession, OnboardingLink, Client] | None:
        """A session by its secret, good or not, with the link that the partner made and its client."""
        rows = await self._engine.rows(HOSTED_SESSION, company_id, self.mark(company_id, token))
        if not rows:
            return None
        return hosted_session_of(rows[0][:HOSTED_WIDTH]), *link_and_client(self._cipher, rows[0][HOSTED_WIDTH:])

    async def of_link(self, company_id: str, link_id: str) -> list[HostedSession]:
        """All that are kept of a link that a partner made, phones' among them, oldest first."""
        return [hosted_session_of(row) for row in await self._engine.rows(HOSTED_SESSIONS, company_id, link_id)]

    async def touch(self, company_id: str, mark: bytes, now_ms: int) -> None:
        """It was used."""
        await self._engine.write(TOUCH_HOSTED_SESSION, company_id, mark, now_ms)


def add_hosted_sessions(context: UnitContext, changes: Sequence[AddHostedSession]) -> Iterator[Statement]:
    """Browsers that came by a link."""
    for change in changes:
        session = change.session
        key = (context.company_id, session.mark, session.client_id, session.link_id, session.via_id)
        yield Statement(ADD_HOSTED_SESSION, (*key, session.created_at_ms, session.seen_at_ms, session.ends_at_ms))


def end_hosted_sessions(context: UnitContext, changes: Sequence[EndHostedSession]) -> Iterator[Statement]:
    """Sessions that are over."""
    for change in changes:
        yield Statement(END_HOSTED_SESSION, (context.company_id, change.mark))
