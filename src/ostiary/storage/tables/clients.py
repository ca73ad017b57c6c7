"""Clients, what they were before, and what people noted about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.clients.client import Address, Client, ClientStatus, PastProfile, Profile
from ostiary.domain.companies.company import Chain
from ostiary.domain.errors import Tampered
from ostiary.domain.ids import encode
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.review.remarks import Remark
from ostiary.domain.unit import AddRemark, Guard, KeepProfile, OwnerWrite
from ostiary.storage.audit.row_kinds import RowKind, RowWrites, row_write
from ostiary.storage.engine import Engine, Row
from ostiary.storage.marked_rows import rows_of_marks
from ostiary.storage.paging import AFTER_ALL_IDS
from ostiary.storage.statement import OwnerRow, Statement
from ostiary.storage.stored import clients as stored
from ostiary.storage.stored import remarks as stored_remarks
from ostiary.storage.stored import terms as stored_terms
from ostiary.storage.unit_context import UnitContext, client_box

EMAIL, REFERENCE = "email", "reference"
"""What lookup keys are for by which clients are found."""

# ---- statements -----------------------------------------------------------------------------------------------------

CLIENT_COLUMNS = (
    "client_id, company_id, version, status, data_key, details, chain_length, chain_head, created_at_ms, "
    "updated_at_ms, terms, details_version"
)
ANY_CLIENT = f"SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id = ?2"  # noqa: S608
"""Also one that is erased, of whom there is nothing but its chain."""
CLIENT = f"{ANY_CLIENT} AND erased_at_ms IS NULL"
CLIENT_BY_EMAIL = f"""SELECT {CLIENT_COLUMNS} FROM clients
 WHERE company_id = ?1 AND email_mark = ?2 AND erased_at_ms IS NULL"""  # noqa: S608
CLIENT_BY_REFERENCE = f"""SELECT {CLIENT_COLUMNS} FROM clients
 WHERE company_id = ?1 AND reference_mark = ?2 AND erased_at_ms IS NULL"""  # noqa: S608
CLIENTS = f"""SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id < ?2 AND erased_at_ms IS NULL
 ORDER BY client_id DESC LIMIT ?3"""  # noqa: S608
CLIENTS_BY_STATUS = f"""SELECT {CLIENT_COLUMNS} FROM clients WHERE company_id = ?1 AND client_id < ?2 AND status = ?4
 AND erased_at_ms IS NULL ORDER BY client_id DESC LIMIT ?3"""  # noqa: S608
CLIENT_IDS = """SELECT client_id FROM clients WHERE company_id = ?1 AND client_id > ?2 AND client_id < ?3
 AND erased_at_ms IS NULL ORDER BY client_id LIMIT ?4"""
ADD_CLIENT = """INSERT INTO clients (company_id, client_id, version, status, email_mark, data_key, details,
 chain_length, chain_head, created_at_ms, updated_at_ms, reference_mark, details_version)
 VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
 ON CONFLICT DO NOTHING"""
CHANGE_CLIENT = """UPDATE clients SET version = version + 1, status = ?4, chain_length = ?5, chain_head = ?6,
 updated_at_ms = ?7, email_mark = ?8, reference_mark = ?9, details = ?10, details_version = ?11
 WHERE company_id = ?1 AND client_id = ?2 AND version = ?3"""
ADD_CLIENT_BESIDE = """INSERT INTO clients (company_id, client_id, version, status, email_mark, data_key, details,
 chain_length, chain_head, created_at_ms, updated_at_ms, reference_mark, details_version)
 SELECT ?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
 WHERE NOT EXISTS (SELECT 1 FROM clients o WHERE o.company_id = ?1 AND o.email_mark = ?13)
 AND NOT EXISTS (SELECT 1 FROM clients o WHERE o.company_id = ?1 AND o.reference_mark = ?14)
 ON CONFLICT DO NOTHING"""
"""While rows move between two versions of the lookup keys: an address or a reference that somebody has under the other
version is taken, though no index says so. Either version is seen by a statement, and never neither of them: a row that
moves does so in one commit."""
CHANGE_CLIENT_BESIDE = f"""{CHANGE_CLIENT}
 AND NOT EXISTS (SELECT 1 FROM clients o WHERE o.company_id = ?1 AND o.email_mark = ?12 AND o.client_id <> ?2)
 AND NOT EXISTS (SELECT 1 FROM clients o WHERE o.company_id = ?1 AND o.reference_mark = ?13 AND o.client_id <> ?2)"""  # noqa: S608
TOUCH_CLIENT = """UPDATE clients SET version = version + 1, status = ?4, chain_length = ?5, chain_head = ?6,
 updated_at_ms = ?7 WHERE company_id = ?1 AND client_id = ?2 AND version = ?3"""
ERASE_CLIENT = """UPDATE clients SET version = version + 1, status = ?4, chain_length = ?5, chain_head = ?6,
 updated_at_ms = ?7, email_mark = ?8, reference_mark = ?9, details = ?10, data_key = ?11, terms = ?12,
 erased_at_ms = ?13, details_version = ?14
 WHERE company_id = ?1 AND client_id = ?2 AND version = ?3"""

KEEP_TERMS = "UPDATE clients SET terms = ?3 WHERE company_id = ?1 AND client_id = ?2"
PAST_PROFILE = "INSERT INTO past_profiles VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"
PAST_PROFILES = """SELECT version, at_ms, profile FROM past_profiles WHERE company_id = ?1 AND client_id = ?2
 ORDER BY version"""
ADD_REMARK = "INSERT INTO remarks VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"
REMARKS = """SELECT remark_id, at_ms, content FROM remarks WHERE company_id = ?1 AND client_id = ?2
 ORDER BY remark_id"""

CLIENT_ROW = RowKind(
    "client",
    "clients",
    "client_id",
    None,
    ("status", "erased_at_ms"),
    ("details", "email_mark", "reference_mark", "terms"),
)
ROW_WRITES: RowWrites = {
    ADD_CLIENT: row_write(CLIENT_ROW, None, status=3, email_mark=4, details=6, reference_mark=11),
    CHANGE_CLIENT: row_write(CLIENT_ROW, None, status=4, email_mark=8, reference_mark=9, details=10),
    ADD_CLIENT_BESIDE: row_write(CLIENT_ROW, None, status=3, email_mark=4, details=6, reference_mark=11),
    CHANGE_CLIENT_BESIDE: row_write(CLIENT_ROW, None, status=4, email_mark=8, reference_mark=9, details=10),
    TOUCH_CLIENT: row_write(CLIENT_ROW, None, status=4),
    ERASE_CLIENT: row_write(
        CLIENT_ROW, None, status=4, email_mark=8, reference_mark=9, details=10, terms=12, erased_at_ms=13
    ),
    KEEP_TERMS: row_write(CLIENT_ROW, None, terms=3),
}

# ---- rows -----------------------------------------------------------------------------------------------------------


def client_of(cipher: Cipher, row: Row) -> Client:
    """Raises Tampered, KeyMismatch, StoredByNewer."""
    client_id, company_id, version, status, data_key, details, length, head, created, updated, terms, bound = row
    if bound is not None and bound > version:
        raise Tampered  # details of a version that the row never had
    box = cipher.box(company_id, client_id, data_key)
    opened = stored.open_details(box.open(_details_place(client_id, bound), details))
    return Client(
        client_id,
        company_id,
        opened.profile,
        ClientStatus(status),
        created,
        updated,
        data_key,
        opened.email_key,
        opened.refusals,
        version,
        Chain(length, head),
        opened.contradictions,
        opened.risk_override,
        () if terms is None else open_terms(box, client_id, terms),
    )


def seal_details(box: Box, client: Client, bound: int | None = None) -> bytes:
    """What is kept of a client. `bound`: the version that it is sealed for, so that no older one opens in its place;
    None as versions before schema 0020 sealed it, for any."""
    return box.seal(_details_place(client.id, bound), stored.details_of(client))


def _details_place(client_id: str, bound: int | None) -> str:
    return f"clients/{client_id}/details" if bound is None else f"clients/{client_id}/details/{bound}"


def seal_terms(box: Box, client_id: str, accepted: Sequence[AcceptedTerms]) -> bytes:
    """What is kept, in short, of what a client accepted."""
    return box.seal(f"clients/{client_id}/terms", stored_terms.accepted_form(accepted))


def open_terms(box: Box, client_id: str, sealed: bytes) -> tuple[AcceptedTerms, ...]:
    """Raises Tampered, StoredByNewer."""
    return stored_terms.open_accepted(box.open(f"clients/{client_id}/terms", sealed))


def seal_past_profile(box: Box, client_id: str, version: int, profile: Profile) -> bytes:
    """A profile as it was under a version."""
    return box.seal(f"past_profiles/{client_id}/{version}", stored.past_profile_of(profile))


def past_profile_of(box: Box, row: Row, client_id: str) -> PastProfile:
    """Raises Tampered, StoredByNewer."""
    version, at_ms, profile = row
    opened = stored.open_past_profile(box.open(f"past_profiles/{client_id}/{version}", profile))
    return PastProfile(opened, version, at_ms)


def seal_remark(box: Box, remark: Remark) -> bytes:
    """What is kept of a remark."""
    return box.seal(f"remarks/{remark.id}/content", stored_remarks.content_of(remark))


def remark_of(box: Box, row: Row) -> Remark:
    """Raises Tampered, StoredByNewer."""
    remark_id, at_ms, content = row
    return stored_remarks.remark_from(remark_id, at_ms, box.open(f"remarks/{remark_id}/content", content))


# ---- reads ----------------------------------------------------------------------------------------------------------


class Clients:
    """Clients of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def find(self, company_id: str, client_id: str) -> Client | None:
        """One client by its id."""
        (rows,) = await self._engine.gather((CLIENT, (company_id, client_id)))
        return self._first(rows)

    async def any(self, company_id: str, client_id: str) -> Client | None:
        """The same, also one that is erased."""
        return self._first(await self._engine.rows(ANY_CLIENT, company_id, client_id))

    async def ids_before(self, company_id: str, created_before_ms: int, after: str, limit: int) -> list[str]:
        """Clients that came before a moment, oldest first, behind an id."""
        last = encode(max(created_before_ms, 0), 0)
        return [row[0] for row in await self._engine.rows(CLIENT_IDS, company_id, after, last, limit)]

    async def by_email(self, company_id: str, email_key: str) -> Client | None:
        """The client of an address."""
        return await self._by(CLIENT_BY_EMAIL, company_id, self._cipher.marks(EMAIL, company_id, email_key))

    async def by_reference(self, company_id: str, reference: str) -> Client | None:
        """The client that has a reference."""
        return await self._by(CLIENT_BY_REFERENCE, company_id, self._cipher.marks(REFERENCE, company_id, reference))

    async def page(self, company_id: str, status: ClientStatus | None, before: str | None, limit: int) -> list[Client]:
        """Newest first, from before an id."""
        start = before or AFTER_ALL_IDS
        if status is None:
            rows = await self._engine.rows(CLIENTS, company_id, start, limit)
        else:
            rows = await self._engine.rows(CLIENTS_BY_STATUS, company_id, start, limit, status)
        return [client_of(self._cipher, row) for row in rows]

    async def past_profiles(self, client: Client) -> list[PastProfile]:
        """What a client's profile was before each change, oldest first."""
        box = client_box(self._cipher, client)
        rows = await self._engine.rows(PAST_PROFILES, client.company_id, client.id)
        return [past_profile_of(box, row, client.id) for row in rows]

    async def remarks(self, client: Client) -> list[Remark]:
        """What people noted with their decisions about a client, oldest first."""
        box = client_box(self._cipher, client)
        return [remark_of(box, row) for row in await self._engine.rows(REMARKS, client.company_id, client.id)]

    async def _by(self, text: str, company_id: str, marks: Sequence[bytes]) -> Client | None:
        return self._first(await rows_of_marks(self._engine, text, company_id, marks))

    def _first(self, rows: Sequence[Row]) -> Client | None:
        return client_of(self._cipher, rows[0]) if rows else None


# ---- writes ---------------------------------------------------------------------------------------------------------


def owner_row(context: UnitContext, client: Client, write: OwnerWrite) -> OwnerRow:
    """The client's own row, of which a touch writes only the status and the version."""
    key = (client.company_id, client.id, client.version, client.status)
    if write is OwnerWrite.TOUCH:
        return OwnerRow(TOUCH_CLIENT, key, (client.updated_at_ms,), Guard.CLIENT)
    if write is OwnerWrite.ERASE:
        return _erased_row(context, client, key)
    bound = context.bound_to(1 if write is OwnerWrite.ADD else client.version + 1)
    details = seal_details(context.client_box, client, bound)
    mark, reference, others = _client_marks(context.cipher, client)
    if write is OwnerWrite.ADD:
        text = ADD_CLIENT_BESIDE if others else ADD_CLIENT
        values = (client.company_id, client.id, client.status, mark, client.data_key, details)
        return OwnerRow(
            text, values, (client.created_at_ms, client.updated_at_ms, reference, bound, *others), Guard.EMAIL
        )
    text = CHANGE_CLIENT_BESIDE if others else CHANGE_CLIENT
    return OwnerRow(text, key, (client.updated_at_ms, mark, reference, details, bound, *others), Guard.CLIENT)


def _client_marks(cipher: Cipher, client: Client) -> tuple[bytes, bytes | None, tuple[bytes | None, ...]]:
    """By what an address and a partner's reference are found; and the same under the other version, if there is one."""
    email, reference = (client.company_id, client.email_key), client.profile.reference
    mark = cipher.mark(EMAIL, *email)
    reference_mark = None if reference is None else cipher.mark(REFERENCE, client.company_id, reference)
    others: tuple[bytes | None, ...] = tuple(each for each in cipher.marks(EMAIL, *email) if each != mark)
    if others:
        held = () if reference is None else cipher.marks(REFERENCE, client.company_id, reference)
        others = (*others, next((each for each in held if each != reference_mark), None))
    return mark, reference_mark, others


def _erased_row(context: UnitContext, client: Client, key: tuple[object, ...]) -> OwnerRow:
    """A row that has the form of any other, and nothing in it: a new key wraps, and a blank profile is sealed by it."""
    blank = Profile("", "", "", "", Address("", "", ""))
    data_key = context.cipher.new_data_key(client.company_id, client.id)
    box = context.cipher.box(client.company_id, client.id, data_key)
    bound = context.bound_to(client.version + 1)
    details = seal_details(box, Client(client.id, client.company_id, blank, client.status, 0, 0, data_key), bound)
    mark = context.cipher.mark(EMAIL, "erased", client.company_id, client.id)
    values = (context.at_ms, mark, None, details, data_key, None, context.at_ms, bound)
    return OwnerRow(ERASE_CLIENT, key, values, Guard.CLIENT)


def keep_profiles(context: UnitContext, changes: Sequence[KeepProfile]) -> Iterator[Statement]:
    """What the owner was before this change, under the version that it had."""
    client = context.client
    for change in changes:
        sealed = seal_past_profile(context.client_box, client.id, client.version, change.profile)
        values = (context.company_id, client.id, client.version, context.at_ms, sealed)
        yield Statement(PAST_PROFILE, values, Guard.CLIENT)


def add_remarks(context: UnitContext, changes: Sequence[AddRemark]) -> Iterator[Statement]:
    """What people said of the owner."""
    for change in changes:
        remark = change.remark
        content = seal_remark(context.client_box, remark)
        values = (context.company_id, context.client.id, remark.id, remark.at_ms, content)
        yield Statement(ADD_REMARK, values, Guard.CLIENT)
