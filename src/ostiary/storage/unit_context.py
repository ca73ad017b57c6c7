"""What the tables need of a unit of work while they write its changes: whose it is, when, and what seals."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Company
from ostiary.domain.ports import Box, Cipher


@dataclass(slots=True)
class UnitContext:
    """`owner_client` and `for_company` are there when the unit has changes that are sealed for them. `binds_seals`:
    what is sealed of a client is sealed for the version that the client then has."""

    cipher: Cipher
    company_id: str
    at_ms: int
    owner_client: Client | None = None
    for_company: Company | None = None
    binds_seals: bool = True
    _client_box: Box | None = field(default=None, repr=False)
    _company_box: Box | None = field(default=None, repr=False)

    def bound_to(self, version: int) -> int | None:
        """The version to seal for, if any."""
        return version if self.binds_seals else None

    @property
    def client(self) -> Client:
        """Raises ValueError for a unit of no client: its author forgot the owner, and with it the lock."""
        if self.owner_client is None:
            raise ValueError("a change of a client's rows needs the client as the unit's owner")
        return self.owner_client

    @property
    def client_box(self) -> Box:
        """Seals for the client. Raises ValueError."""
        if self._client_box is None:
            self._client_box = client_box(self.cipher, self.client)
        return self._client_box

    @property
    def company_box(self) -> Box:
        """Seals for the company. Raises ValueError for a unit that is committed without its company."""
        if self._company_box is None:
            if self.for_company is None:
                raise ValueError("a change that is sealed for the company needs the company")
            self._company_box = company_box(self.cipher, self.for_company)
        return self._company_box


def client_box(cipher: Cipher, client: Client) -> Box:
    """Seals and opens what is kept of a client."""
    return cipher.box(client.company_id, client.id, client.data_key)


def company_box(cipher: Cipher, company: Company) -> Box:
    """Seals and opens what is kept of a company itself."""
    return cipher.box(company.id, company.id, company.data_key)
