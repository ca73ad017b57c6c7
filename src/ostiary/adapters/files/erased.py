"""Word of clients that were erased, beside the days of their company in a store of pictures: a database that is
restored from before does not know it. Nobody makes one who does not have the keys."""

from __future__ import annotations

from ostiary.adapters.files.store import FileStore
from ostiary.domain.errors import PictureGone
from ostiary.domain.ids import is_id
from ostiary.domain.ports import Cipher

ERASED = "erased"


class ErasedClients:
    """In one store."""

    def __init__(self, store: FileStore, cipher: Cipher) -> None:
        self._store, self._cipher = store, cipher

    async def remember(self, company_id: str, client_id: str) -> None:
        """Raises Unavailable, also where there is something else already."""
        await self._store.keep(_name(company_id, client_id), self._word(company_id, client_id))

    async def erased(self, company_id: str) -> list[str]:
        """Whose names are there. Raises Unavailable."""
        names = [name async for name in self._store.names(f"{company_id}/{ERASED}/")]
        return sorted(filter(is_id, (name.rpartition("/")[2] for name in names)))

    async def is_erased(self, company_id: str, client_id: str) -> bool:
        """Whether there is word that nobody else made. Raises Unavailable."""
        try:
            return await self._store.fetch(_name(company_id, client_id)) == self._word(company_id, client_id)
        except PictureGone:
            return False

    def _word(self, company_id: str, client_id: str) -> bytes:
        return self._cipher.lookup_hash("audit", ERASED, company_id, client_id)


def _name(company_id: str, client_id: str) -> str:
    return f"{company_id}/{ERASED}/{client_id}"
