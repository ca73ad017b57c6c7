"""What waits for an approver, sealed for the client it is about. The kind and whose it is stand beside it, for the
queue; what counts is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.domain.clients.client import Client
from ostiary.domain.ports import Box, Cipher
from ostiary.domain.review.approvals import AddApproval, Approval, DropApproval
from ostiary.domain.unit import Guard
from ostiary.storage.engine import Engine, Row
from ostiary.storage.statement import Statement
from ostiary.storage.stored import approvals as stored
from ostiary.storage.unit_context import UnitContext, client_box

# ---- statements -----------------------------------------------------------------------------------------------------

APPROVALS = """SELECT enablement_id, approval_id, at_ms, content FROM approvals
 WHERE company_id = ?1 AND client_id = ?2 ORDER BY enablement_id, approval_id"""
ADD_APPROVAL = """INSERT INTO approvals (company_id, client_id, enablement_id, approval_id, kind, operator_id, at_ms,
 content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"""
DROP_APPROVAL = """DELETE FROM approvals
 WHERE company_id = ?1 AND client_id = ?2 AND enablement_id = ?3 AND approval_id = ?4"""

# ---- rows and values ------------------------------------------------------------------------------------------------


def seal_approval(box: Box, approval: Approval) -> bytes:
    """What is kept of it."""
    return box.seal(_place(approval.enablement_id, approval.id), stored.content_of(approval))


def approval_of(box: Box, row: Row) -> Approval:
    """Raises Tampered, StoredByNewer."""
    enablement_id, approval_id, at_ms, content = row
    return stored.approval_from(
        enablement_id, approval_id, at_ms, box.open(_place(enablement_id, approval_id), content)
    )


def _place(enablement_id: str, approval_id: str) -> str:
    return f"approvals/{enablement_id}/{approval_id}/content"


# ---- reads ----------------------------------------------------------------------------------------------------------


class Approvals:
    """What waits for approvers, of all companies."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    async def of_client(self, client: Client) -> list[Approval]:
        """Of all requests of a client, by request and in the order in which they came. Raises Tampered."""
        box = client_box(self._cipher, client)
        return [approval_of(box, row) for row in await self._engine.rows(APPROVALS, client.company_id, client.id)]


# ---- writes ---------------------------------------------------------------------------------------------------------


def add_approvals(context: UnitContext, changes: Sequence[AddApproval]) -> Iterator[Statement]:
    for change in changes:
        approval = change.approval
        key = (context.company_id, context.client.id, approval.enablement_id, approval.id)
        content = seal_approval(context.client_box, approval)
        values = (*key, ",".join(approval.kinds), approval.operator_id, approval.at_ms, content)
        yield Statement(ADD_APPROVAL, values, Guard.CLIENT)


def drop_approvals(context: UnitContext, changes: Sequence[DropApproval]) -> Iterator[Statement]:
    for change in changes:
        key = (context.company_id, context.client.id, change.enablement_id, change.approval_id)
        yield Statement(DROP_APPROVAL, key, Guard.CLIENT)
