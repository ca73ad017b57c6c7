"""Erasures for tests: who asks, the worker's rounds, what is left, and stand-ins that break off or refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ostiary.background.erasures import carry_out_due
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.privacy.erasure import Erasure
from ostiary.domain.providers.provider import ProviderRefused, ProviderUnavailable
from ostiary.domain.times import DAY_MS
from ostiary.storage.privacy.kept import REMOVED
from ostiary.usecases.privacy.request_erasure import confirm_erasure, request_erasure, stage_erasure
from tests.auditing import faults
from tests.house import House
from tests.reviewing import acts, operator

FIVE_YEARS_MS = 5 * 366 * DAY_MS


@dataclass
class Forgetting:
    """A provider that is asked to forget: refuses as often as it is told to, then says the word."""

    word: str = "erased"
    problems: list[Exception | str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    name: str = "acme"

    async def forget(self, reference: str) -> str:
        self.asked.append(reference)
        problem = self.problems.pop(0) if self.problems else self.word
        if isinstance(problem, Exception):
            raise problem
        return problem

    async def close(self) -> None:
        """Nothing is open."""


AWAY, REFUSES, SILENT = ProviderUnavailable("away"), ProviderRefused("no"), ""


def with_provider(house: House, provider: Any) -> None:
    house.context = replace(house.context, providers={provider.name: provider})


async def approvers(house: House) -> tuple[Operator, Operator]:
    return await operator(house, "bea", Role.APPROVER), await operator(house, "eva", Role.APPROVER)


async def asked(house: House, client_id: str) -> Erasure:
    """An erasure that waits for the worker."""
    return (await house.do(request_erasure, client_id)).accepted


async def early(house: House, client_id: str) -> Erasure:
    """One before its time, by the word of two."""
    bea, eva = await approvers(house)
    staged = await house.do(stage_erasure, client_id, "An order of the court.", caller=acts(house, bea))
    return await house.do(confirm_erasure, staged.id, caller=acts(house, eva))


async def rounds(house: House, count: int = 2) -> None:
    """The worker's, each once what was under way is over."""
    for _ in range(count):
        await carry_out_due(house.context)
        house.clock.now_ms += 2 * house.context.timing.lease_ms


async def last(house: House, client_id: str) -> Erasure:
    return (await house.context.storage.erasures.of_client(house.caller.company, client_id))[0]


async def counted(house: House, client_id: str) -> Mapping[str, int]:
    return await house.context.storage.removal.counted(house.caller.company.id, client_id)


def pictures(house: House) -> list[Path]:
    folder = Path(house.parts.settings.data_dir) / "pictures"
    return [path for path in folder.rglob("*") if path.is_file() and path.parent.name != "erased"]


def rows_of(house: House, client_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Whatever the database has of a client, table by table, and of a neighbour who must not change."""
    tables = [name for name in (*REMOVED, "clients", "audit_entries") if name not in ("attempts", "review_claims")]
    column = {"audit_entries": "owner"}
    return {
        name: house.rows(f"SELECT * FROM {name} WHERE {column.get(name, 'client_id')} = ?", client_id)  # noqa: S608
        for name in tables
    }


async def documented(house: House, number: str = "AB1234567", **changes: Any) -> str:
    """A client with a document that was never submitted."""
    client = await house.client(**changes)
    request = await house.request(client.id)
    await house.send(client.id, request.id)
    return client.id


async def whole_trail(house: House) -> dict[str, list[str]]:
    await house.parts.store.census.count(house.clock())
    return faults(house.parts.store, house.parts.cipher)
