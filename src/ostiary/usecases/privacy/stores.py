"""What erasure needs of the tables."""

from __future__ import annotations

from typing import Protocol

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.privacy.erasure import Erasure
from ostiary.domain.privacy.holds import Hold


class ErasureStore(Protocol):
    """Erasures of clients."""

    async def claim(self, company: Company, now_ms: int, until_ms: int, most: int) -> list[Erasure]: ...
    async def find(self, company: Company, erasure_id: str) -> Erasure | None: ...
    async def of_client(self, company: Company, client_id: str) -> list[Erasure]: ...
    async def page(self, company: Company, before: str | None, limit: int) -> list[Erasure]: ...
    async def due_before(self, company: Company, moment_ms: int, limit: int) -> list[Erasure]: ...


class HoldStore(Protocol):
    """Why clients' data may not end."""

    async def of_client(self, client: Client) -> list[Hold]: ...


class RemovalStore(Protocol):
    """What there is of clients, table by table."""

    async def counted(self, company_id: str, client_id: str) -> dict[str, int]: ...
    async def sweep(self, company_id: str, client_id: str) -> None: ...
