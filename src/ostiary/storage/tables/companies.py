"""Companies and their keys: their rows, how they are read, and what is written of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

from ostiary.domain.companies.company import ApiKey, Chain, Company, Environment
from ostiary.domain.ports import Cipher
from ostiary.domain.unit import AddKey, ChangeKey, Guard
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.coalesced_reads import SharedReads
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import OwnerRow, Statement
from ostiary.storage.stored import companies as stored
from ostiary.storage.tables.installation import INSTALLED, OPERATORS_COMPANY
from ostiary.storage.unit_context import UnitContext, company_box

COMPANIES_KEPT = 1_024
"""Every call reads its company's row; as long as that row stays the same, it is opened once."""

# ---- statements -----------------------------------------------------------------------------------------------------

COMPANY_COLUMNS = (
    "c.company_id, c.environment, c.version, c.data_key, c.settings, c.chain_length, c.chain_head, c.created_at_ms"
)
KEY_COLUMNS = (
    "k.key_id, k.company_id, k.level, k.secret_hash, k.created_at_ms, k.allowed, k.revoked_at_ms, k.expires_at_ms"
)
COMPANY_OF_KEY = f"""SELECT {KEY_COLUMNS}, {COMPANY_COLUMNS}
  FROM api_keys k JOIN companies c ON c.company_id = k.company_id
 WHERE k.company_id = ?1 AND k.secret_hash = ?2"""  # noqa: S608
COMPANY = f"SELECT {COMPANY_COLUMNS} FROM companies c WHERE c.company_id = ?1"  # noqa: S608
COMPANIES = f"SELECT {COMPANY_COLUMNS} FROM companies c ORDER BY c.company_id"  # noqa: S608 (the operator's list)
KEYS = f"SELECT {KEY_COLUMNS} FROM api_keys k WHERE k.company_id = ?1 ORDER BY k.key_id"  # noqa: S608
KEY_BY_ID = f"SELECT {KEY_COLUMNS} FROM api_keys k WHERE k.key_id = ?1"  # noqa: S608 (operators know only the key's id)
ADD_COMPANY = "INSERT INTO companies VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING"
CHANGE_COMPANY = """UPDATE companies SET version = version + 1, settings = ?3, chain_length = ?4, chain_head = ?5
 WHERE company_id = ?1 AND version = ?2"""
ADD_KEY = "INSERT INTO api_keys VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
CHANGE_KEY = (
    "UPDATE api_keys SET allowed = ?3, revoked_at_ms = ?4, expires_at_ms = ?5 WHERE company_id = ?1 AND key_id = ?2"
)

COMPANY_ROW = RowKind("company", "companies", "company_id", None, ("environment",), ("settings",))
KEY_ROW = RowKind(
    "key", "api_keys", "company_id", "key_id", ("level", "allowed", "revoked_at_ms", "expires_at_ms"), ("secret_hash",)
)
ROW_WRITES: RowWrites = {
    ADD_COMPANY: row_write(COMPANY_ROW, None, environment=2, settings=5),
    CHANGE_COMPANY: row_write(COMPANY_ROW, None, settings=3),
    ADD_KEY: row_write(KEY_ROW, 2, secret_hash=3, level=4, allowed=5, revoked_at_ms=7, expires_at_ms=8),
    CHANGE_KEY: row_write(KEY_ROW, 2, allowed=3, revoked_at_ms=4, expires_at_ms=5),
}

# ---- rows -----------------------------------------------------------------------------------------------------------


def company_of(cipher: Cipher, row: Row) -> Company:
    """Raises Tampered, KeyMismatch, StoredByNewer."""
    company_id, environment, version, data_key, settings, length, head, created = row
    box = cipher.box(company_id, company_id, data_key)
    opened = stored.open_settings(box.open(f"companies/{company_id}/settings", settings))
    return Company(
        company_id,
        opened.name,
        Environment(environment),
        created,
        data_key,
        opened.signing_secret,
        opened.email,
        opened.webhook,
        version,
        Chain(length, head),
        opened.previous_secret,
        opened.previous_until_ms,
        opened.quota_bytes,
        opened.clock_ahead_ms,
        opened.clock_until_ms,
    )


def seal_settings(cipher: Cipher, company: Company) -> bytes:
    """What is kept of a company's settings."""
    return company_box(cipher, company).seal(f"companies/{company.id}/settings", stored.settings_of(company))


def key_of(row: Row) -> ApiKey:
    """A key, of which nothing is sealed."""
    key_id, company_id, level, secret_hash, created, allowed, revoked, expires = row
    networks = tuple(allowed.split(",")) if allowed else ()
    return ApiKey(key_id, company_id, level, secret_hash, created, networks, revoked, expires)


# ---- reads ----------------------------------------------------------------------------------------------------------


class Companies:
    """Companies and keys, as one process reads them."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine = engine
        self._open = lru_cache(maxsize=COMPANIES_KEPT)(partial(company_of, cipher))
        self._open_pair = lru_cache(maxsize=COMPANIES_KEPT)(self._pair)
        self._key_reads = SharedReads(self._key_row).ask if engine.is_shared else self._key_row

    async def find(self, company_id: str) -> Company | None:
        """One company by its id."""
        rows = await self._engine.rows(COMPANY, company_id)
        return self._open(rows[0]) if rows else None

    async def every(self) -> list[Company]:
        """The operator's view: every company, but not the installation's own, which is nobody's."""
        rows, own = await self._engine.gather((COMPANIES, ()), (INSTALLED, (OPERATORS_COMPANY,)))
        own_id = bytes(own[0][0]).decode() if own else ""
        return [self._open(row) for row in rows if row[0] != own_id]

    async def of_key(self, company_id: str, secret_hash: bytes) -> tuple[ApiKey, Company] | None:
        """A key by what it is known by, with its company."""
        row = await self._key_reads(company_id, secret_hash)
        return None if row is None else self._open_pair(row)

    async def keys(self, company_id: str) -> list[ApiKey]:
        """A company's keys, oldest first."""
        return [key_of(row) for row in await self._engine.rows(KEYS, company_id)]

    async def key(self, key_id: str) -> ApiKey | None:
        """One key, for operators who know only its id."""
        rows = await self._engine.rows(KEY_BY_ID, key_id)
        return key_of(rows[0]) if rows else None

    def _pair(self, row: Row) -> tuple[ApiKey, Company]:
        return key_of(row[:8]), self._open(row[8:])

    async def _key_row(self, company_id: str, secret_hash: bytes) -> Row | None:
        """A partner's calls come with the same key, many at a time: where each read is a round trip they share it."""
        rows = await self._engine.rows(COMPANY_OF_KEY, company_id, secret_hash)
        return rows[0] if rows else None


# ---- writes ---------------------------------------------------------------------------------------------------------


def owner_row(context: UnitContext, company: Company) -> OwnerRow:
    """The company's own row. One of version 0 is new."""
    settings = seal_settings(context.cipher, company)
    if company.version == 0:
        values = (company.id, company.environment, 1, company.data_key, settings)
        return OwnerRow(ADD_COMPANY, values, (company.created_at_ms,), Guard.COMPANY)
    return OwnerRow(CHANGE_COMPANY, (company.id, company.version, settings), (), Guard.COMPANY)


def add_keys(_: UnitContext, changes: Sequence[AddKey]) -> Iterator[Statement]:
    """New keys."""
    for change in changes:
        key = change.key
        values = (key.company_id, key.id, key.secret_hash, key.level, ",".join(key.allowed), key.created_at_ms)
        yield Statement(ADD_KEY, (*values, key.revoked_at_ms, key.expires_at_ms))


def change_keys(_: UnitContext, changes: Sequence[ChangeKey]) -> Iterator[Statement]:
    """Keys as they shall be."""
    for change in changes:
        key = change.key
        values = (key.company_id, key.id, ",".join(key.allowed), key.revoked_at_ms, key.expires_at_ms)
        yield Statement(CHANGE_KEY, values)
