"""Decisions that take two people, for tests: who makes them, who confirms them, and what waits."""

from __future__ import annotations

from dataclasses import replace

from ostiary.domain.companies.company import Caller
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.review.approvals import Approval, Form, Proposal, Settled
from ostiary.domain.screening.subject import Hit
from ostiary.domain.unit import AddHit, Unit
from ostiary.usecases.operators import directory
from ostiary.usecases.review.four_eyes import settle
from ostiary.usecases.review.second_person import confirm
from tests.house import House
from tests.reviewing import acts, looked, operator

Ids = tuple[str, str]
APPROVE, REJECT = Proposal(Form.APPROVE, note="Seen."), Proposal(Form.REJECT, "Not eligible.")
END = Proposal(Form.REJECT_CLIENT, "Forged.")
BACK = Proposal(Form.RETURN, codes=("image_blurred",))
HIT = Hit("own", "1", "NK-1", "Maria Barber", 0.9, 0.8)


async def people(house: House) -> tuple[Operator, Operator]:
    """Who makes decisions, and who confirms them."""
    return await operator(house, "ana"), await operator(house, "bea", Role.APPROVER)


async def staged(house: House, ids: Ids, who: Operator, proposal: Proposal = APPROVE) -> Approval:
    await looked(house, who, *ids)
    settled = await house.do(settle, *ids, proposal, caller=acts(house, who))
    assert settled.approval is not None
    return settled.approval


async def waits(house: House, ids: Ids) -> list[Approval]:
    client = (await house.dossier(ids[0])).client
    return await house.context.storage.approvals.of_client(client)


async def confirmed(house: House, ids: Ids, who: Operator, approval: Approval, note: str = "") -> Settled:
    await looked(house, who, *ids)
    return await house.do(confirm, *ids, approval.id, note, caller=acts(house, who))


async def listed(house: House, client_id: str, *entries: str) -> list[str]:
    """Hits that nobody decided yet; their keys."""
    client = (await house.dossier(client_id)).client
    hits = tuple(AddHit(replace(HIT, entry_id=entry)) for entry in entries)
    assert await house.context.storage.commit(Unit(client.company_id, house.clock.now_ms, client, hits)) is None
    return [hit.key for hit in await house.context.storage.screening.hits(client)]


async def gone(house: House, who: Operator, how: str) -> None:
    """Somebody who decides cases of the company no more, since he was shut out or has another role."""
    caller = Caller(await directory.house(house.context), "operator:setup", 5)
    if how == "disabled":
        await house.do(directory.disable_operator, who.id, caller=caller)
    else:
        await house.do(directory.change_operator, who.id, Role.VIEWER, (), caller=caller)
