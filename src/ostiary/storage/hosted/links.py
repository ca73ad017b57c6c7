"""Links to the page on which clients onboard themselves, sealed for their client and found by the keyed hash of their
secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.hosted.changes import AddLink, ChangeLink, DropLink
from ostiary.domain.hosted.links import LinkStatus, OnboardingLink
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.unit import Guard
from ostiary.storage.audit.row_kinds import RowKind, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored import hosted as stored
from ostiary.storage.tables.clients import CLIENT_COLUMNS, client_of
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

LINK_COLUMNS = (
    "l.company_id, l.client_id, l.link_id, l.link_mark, l.parent_id, l.status, l.sequence, l.created_at_ms, "
    "l.expires_at_ms, l.opened_at_ms, l.ended_at_ms, l.due_at_ms, l.content"
)
OF_CLIENT = ", ".join(f"c.{column}" for column in CLIENT_COLUMNS.split(", "))
LINK_BY_MARK = f"""SELECT {LINK_COLUMNS}, {OF_CLIENT} FROM onboarding_links l
  JOIN clients c ON c.company_id = l.company_id AND c.client_id = l.client_id
 WHERE l.company_id = ?1 AND l.link_mark = ?2"""  # noqa: S608
LINKS = f"""SELECT {LINK_COLUMNS} FROM onboarding_links l WHERE l.company_id = ?1 AND l.client_id = ?2
 ORDER BY l.link_id DESC"""  # noqa: S608
LINK = f"""SELECT {LINK_COLUMNS} FROM onboarding_links l
 WHERE l.company_id = ?1 AND l.client_id = ?2 AND l.link_id = ?3"""  # noqa: S608
DUE_TOGETHER = 100
"""Links that are due are ended in batches."""
DUE_LINKS = f"""SELECT company_id, client_id, link_id FROM onboarding_links WHERE due_at_ms <= ?1
 ORDER BY due_at_ms LIMIT {DUE_TOGETHER}"""  # noqa: S608 (the worker serves every company)
ADD_LINK = """INSERT INTO onboarding_links (company_id, client_id, link_id, link_mark, parent_id, status, sequence,
 created_at_ms, expires_at_ms, opened_at_ms, ended_at_ms, due_at_ms, content)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"""
CHANGE_LINK = """UPDATE onboarding_links SET status = ?4, sequence = ?5, opened_at_ms = ?6, ended_at_ms = ?7,
 due_at_ms = ?8 WHERE company_id = ?1 AND client_id = ?2 AND link_id = ?3"""
PUT_OFF_LINK = """UPDATE onboarding_links SET due_at_ms = ?4
 WHERE company_id = ?1 AND client_id = ?2 AND link_id = ?3 AND due_at_ms < ?4"""
DROP_LINK = "DELETE FROM onboarding_links WHERE company_id = ?1 AND client_id = ?2 AND link_id = ?3"
DROP_SESSIONS_OF_LINK = "DELETE FROM onboarding_sessions WHERE company_id = ?1 AND link_id = ?2"

# ---- what entries say of them ---------------------------------------------------------------------------------------

LINK_ROW = RowKind("link", "onboarding_links", "client_id", "link_id", ("status",), ("link_mark", "content"))
ROW_WRITES = {
    ADD_LINK: row_write(LINK_ROW, 3, link_mark=4, status=6, content=13),
    CHANGE_LINK: row_write(LINK_ROW, 3, status=4),
}
"""When it is looked at again, and how many events it had, prove nothing."""

LINK_WIDTH = LINK_COLUMNS.count(",") + 1

# ---- rows -----------------------------------------------------------------------------------------------------------


def link_mark(cipher: Cipher, company_id: str, token: str) -> bytes:
    """By what a link is found: nobody who has only the database can make a token of it."""
    return cipher.lookup_hash("hosted", "link", company_id, token)


def seal_wish(box: Box, link: OnboardingLink) -> bytes:
    """What is kept of what a link is for."""
    return box.seal(f"onboarding_links/{link.id}/content", stored.wish_of(link.wish))


def link_of(box: Box, row: Row) -> OnboardingLink:
    """Raises Tampered, StoredByNewer."""
    company_id, client_id, link_id, mark, parent_id, status, sequence, created, expires, opened, ended, due, wish = row
    return OnboardingLink(
        id=link_id,
        company_id=company_id,
        client_id=client_id,
        mark=mark,
        wish=stored.open_wish(box.open(f"onboarding_links/{link_id}/content", wish)),
        status=LinkStatus(status),
        created_at_ms=created,
        expires_at_ms=expires,
        due_at_ms=due,
        opened_at_ms=opened,
        ended_at_ms=ended,
        parent_id=parent_id,
        sequence=sequence,
    )


def link_and_client(cipher: Cipher, row: Row) -> tuple[OnboardingLink, Client]:
    """Of a row that has both. Raises Tampered, KeyMismatch, StoredByNewer."""
    client = client_of(cipher, row[LINK_WIDTH:])
    return link_of(client_box(cipher, client), row[:LINK_WIDTH]), client


# ---- reads ----------------------------------------------------------------------------------------------------------


class OnboardingLinks:
    """Links of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    def mark(self, company_id: str, token: str) -> bytes:
        """What stands for a token."""
        return link_mark(self._cipher, company_id, token)

    async def by_token(self, company_id: str, token: str) -> tuple[OnboardingLink, Client] | None:
        """A link by its secret, however it stands, with its client."""
        rows = await self._engine.rows(LINK_BY_MARK, company_id, self.mark(company_id, token))
        return link_and_client(self._cipher, rows[0]) if rows else None

    async def of_client(self, client: Client) -> list[OnboardingLink]:
        """All that are kept of a client, newest first, those for phones among them."""
        box = client_box(self._cipher, client)
        return [link_of(box, row) for row in await self._engine.rows(LINKS, client.company_id, client.id)]

    async def find(self, client: Client, link_id: str) -> OnboardingLink | None:
        """One of a client's."""
        rows = await self._engine.rows(LINK, client.company_id, client.id, link_id)
        return link_of(client_box(self._cipher, client), rows[0]) if rows else None

    async def due(self, now_ms: int) -> list[tuple[str, str, str]]:
        """Some that are to be looked at, of whatever company: each by its company, client and id."""
        return [(row[0], row[1], row[2]) for row in await self._engine.rows(DUE_LINKS, now_ms)]

    async def put_off(self, company_id: str, client_id: str, link_id: str, until_ms: int) -> None:
        """Looks at a link later, whatever is in it."""
        await self._engine.write(PUT_OFF_LINK, company_id, client_id, link_id, until_ms)


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_links(context: UnitContext, changes: Sequence[AddLink]) -> Iterator[Statement]:
    """Links just made."""
    for change in changes:
        link = change.link
        key = (context.company_id, context.client.id, link.id, link.mark, link.parent_id)
        times = (link.created_at_ms, link.expires_at_ms, link.opened_at_ms, link.ended_at_ms, link.due_at_ms)
        content = seal_wish(context.client_box, link)
        yield Statement(ADD_LINK, (*key, link.status, link.sequence, *times, content), Guard.CLIENT)


def change_links(context: UnitContext, changes: Sequence[ChangeLink]) -> Iterator[Statement]:
    """Links as they shall be. What they are for never changes."""
    for change in changes:
        link = change.link
        key = (context.company_id, context.client.id, link.id)
        values = (link.status, link.sequence, link.opened_at_ms, link.ended_at_ms, link.due_at_ms)
        yield Statement(CHANGE_LINK, (*key, *values), Guard.CLIENT)


def drop_links(context: UnitContext, changes: Sequence[DropLink]) -> Iterator[Statement]:
    """Links that are forgotten, with the sessions that came by them."""
    for change in changes:
        yield Statement(DROP_SESSIONS_OF_LINK, (context.company_id, change.link_id))
        yield Statement(DROP_LINK, (context.company_id, change.client_id, change.link_id))
