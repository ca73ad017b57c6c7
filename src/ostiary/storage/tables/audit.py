"""Audit entries chain by chain, where chains end, and the census of them.

Many chains are counted at once: lists go as JSON, so that a text is the same for any number of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence

from ostiary.domain.audit.search import TrailPlace, TrailQuery, newest_first
from ostiary.domain.audit.trail import AuditEntry, Note, stamps_of
from ostiary.domain.companies.company import Chain
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement

Owner = tuple[str, str]
"""Whose a chain is: the company, and the client or the company itself."""
Ends = list[tuple[Owner, Chain]]
STAMPS_TOGETHER = 1_000
"""Chains that are looked at in one go: some eight milliseconds at most in which nothing else is done."""

# ---- statements -----------------------------------------------------------------------------------------------------

ADD_ENTRY = "INSERT INTO audit_entries VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
ENTRY_COLUMNS = "company_id, owner, position, at_ms, action, actor, subject, codes, digest, hash"
ENTRIES = f"""SELECT {ENTRY_COLUMNS} FROM audit_entries WHERE company_id = ?1 AND owner = ?2
 ORDER BY position"""  # noqa: S608
NOTED = """SELECT 1 FROM audit_entries WHERE company_id = ?1 AND owner = ?2 AND action = ?3 AND actor = ?4
 AND subject = ?5 AND codes = ?6 LIMIT 1"""
_SEARCHED = """(?2 = '' OR actor = ?2) AND (?3 = '' OR action = ?3) AND at_ms >= ?4 AND at_ms < ?5
 AND (at_ms < ?6 OR (at_ms = ?6 AND (owner > ?7 OR (owner = ?7 AND position < ?8))))
 ORDER BY at_ms DESC, owner, position DESC LIMIT ?9"""
SEARCHED_ENTRIES = f"SELECT {ENTRY_COLUMNS} FROM audit_entries WHERE company_id = ?1 AND {_SEARCHED}"  # noqa: S608
SEARCHED_OF_OWNER = f"""SELECT {ENTRY_COLUMNS} FROM audit_entries WHERE company_id = ?1 AND owner = ?10
 AND {_SEARCHED}"""  # noqa: S608
ALL_ENTRIES = f"SELECT {ENTRY_COLUMNS} FROM audit_entries ORDER BY company_id, owner, position"  # noqa: S608
ALL_CHAINS = """SELECT company_id, company_id, chain_length, chain_head FROM companies
 UNION ALL SELECT company_id, client_id, chain_length, chain_head FROM clients ORDER BY 1, 2"""

TALLY = "SELECT content FROM audit_tallies WHERE company_id = ?1"
"""Where several count, also the lock: who counts takes that of the whole first."""
BEGIN_TALLY = "INSERT INTO audit_tallies VALUES (?1, ?2) ON CONFLICT DO NOTHING"
ANY_COMPANY = "SELECT 1 FROM companies LIMIT 1"
TALLIES = """SELECT t.company_id, t.content FROM json_each(?1) j JOIN audit_tallies t ON t.company_id = j.value"""
COUNTED = """SELECT c.company_id, c.owner, c.length, c.seal, e.hash FROM json_each(?1) j
 CROSS JOIN audit_census c ON c.company_id = json_extract(j.value, '$[0]') AND c.owner = json_extract(j.value, '$[1]')
 LEFT JOIN audit_entries e ON e.company_id = c.company_id AND e.owner = c.owner AND e.position = c.length"""
"""What the census says of some chains, and the entry that it counted last in each. CROSS: SQLite takes the list first,
whatever its statistics say."""
COUNT = """INSERT INTO audit_census (company_id, owner, length, seal) SELECT json_extract(j.value, '$[0]'),
 json_extract(j.value, '$[1]'), json_extract(j.value, '$[2]'), json_extract(j.value, '$[3]')
 FROM json_each(?1) j WHERE true
 ON CONFLICT (company_id, owner) DO UPDATE SET length = excluded.length, seal = excluded.seal"""
KEEP_TALLIES = """INSERT INTO audit_tallies (company_id, content) SELECT json_extract(j.value, '$[0]'),
 json_extract(j.value, '$[1]') FROM json_each(?1) j WHERE true
 ON CONFLICT (company_id) DO UPDATE SET content = excluded.content"""

COMPANY_ENDS = """SELECT company_id, company_id, chain_length, chain_head FROM companies WHERE company_id > ?1
 ORDER BY company_id LIMIT ?2"""
CLIENT_ENDS = """SELECT company_id, client_id, chain_length, chain_head FROM clients
 WHERE (company_id, client_id) > (?1, ?2) ORDER BY company_id, client_id LIMIT ?3"""

ALL_COUNTED = "SELECT company_id, owner, length, seal FROM audit_census ORDER BY company_id, owner"
ALL_TALLIES = "SELECT company_id, content FROM audit_tallies"

# ---- rows -----------------------------------------------------------------------------------------------------------


def entry_of(row: Row) -> AuditEntry:
    """An entry, of which nothing is sealed."""
    company_id, owner, position, at_ms, action, actor, subject, codes, digest, entry_hash = row
    named = tuple(codes.split(",")) if codes else ()
    return AuditEntry(company_id, owner, position, at_ms, action, actor, subject, named, digest, entry_hash)


def add_entry(entry: AuditEntry, entry_hash: bytes) -> Statement:
    """Adds an entry under the hash that was made for it."""
    key = (entry.company_id, entry.owner, entry.position, entry.at_ms, entry.action, entry.actor, entry.subject)
    return Statement(ADD_ENTRY, (*key, ",".join(entry.codes), entry.digest, entry_hash))


# ---- reads ----------------------------------------------------------------------------------------------------------


class AuditEntries:
    """The chains of all companies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def entries(self, company_id: str, owner: str) -> list[AuditEntry]:
        """One chain from its first entry."""
        return [entry_of(row) for row in await self._engine.rows(ENTRIES, company_id, owner)]

    async def searched(
        self, asked: Sequence[tuple[str, TrailQuery]], after: TrailPlace, most: int
    ) -> tuple[AuditEntry, ...]:
        """Of all companies that are named the first entries behind a place, newest first. All entries of a company may
        have to be looked through: in a thread and on a connection of its own. Raises Unavailable."""
        return await asyncio.to_thread(self._searched, asked, after, most)

    def _searched(
        self, asked: Sequence[tuple[str, TrailQuery]], after: TrailPlace, most: int
    ) -> tuple[AuditEntry, ...]:
        newest: tuple[AuditEntry, ...] = ()
        with self._engine.snapshot() as aside:
            for company_id, query in asked:
                wanted = (company_id, query.actor, query.action, query.since_ms, query.until_ms)
                behind = (after.at_ms, after.owner, after.position, most)
                if query.owner:
                    rows = aside.rows(SEARCHED_OF_OWNER, *wanted, *behind, query.owner)
                else:
                    rows = aside.rows(SEARCHED_ENTRIES, *wanted, *behind)
                newest = newest_first((newest, [entry_of(row) for row in rows]), most)  # never more than two companies'
        return newest

    async def is_noted(self, company_id: str, owner: str, note: Note) -> bool:
        """Whether a chain has an entry that says the same, whenever it was made."""
        noted = (note.action, note.actor, note.subject, ",".join(note.codes))
        return bool(await self._engine.rows(NOTED, company_id, owner, *noted))


async def every_end(engine: Engine, together: int) -> AsyncIterator[Ends]:
    """Companies' first, so many at once. Raises Unavailable."""
    company_id = owner = ""
    while rows := await engine.rows(COMPANY_ENDS, company_id, together):
        yield _ends(rows)
        company_id = rows[-1][0]
    company_id = ""
    while rows := await engine.rows(CLIENT_ENDS, company_id, owner, together):
        yield _ends(rows)
        company_id, owner = rows[-1][0], rows[-1][1]


async def every_stamp(engine: Engine) -> AsyncIterator[set[bytes]]:
    """The stamps in the heads of all chains, page by page: some 1 us a chain. Raises Unavailable."""
    company_id = owner = ""
    while rows := await engine.rows(COMPANY_ENDS, company_id, STAMPS_TOGETHER):
        yield stamps_of(row[3] for row in rows)
        company_id = rows[-1][0]
    company_id = ""
    while rows := await engine.rows(CLIENT_ENDS, company_id, owner, STAMPS_TOGETHER):
        yield stamps_of(row[3] for row in rows)
        company_id, owner = rows[-1][0], rows[-1][1]


def _ends(rows: Iterable[Row]) -> Ends:
    """Without those of which no entry says where they come from: counted, they would look as if they belonged there."""
    return [((row[0], row[1]), Chain(row[2], bytes(row[3]))) for row in rows if row[2]]
