"""What the installation itself keeps: its lookup keys, wrapped, and every catalogue that something is pinned to."""

from __future__ import annotations

from collections.abc import Iterable

from ostiary.storage.engine import Engine, Row

OPERATORS_COMPANY = "operators_company"
"""Name under which the id of the company stands that is the installation's own: operators belong to it."""

# ---- statements -----------------------------------------------------------------------------------------------------

INSTALLATION = "SELECT name, value FROM installation"
INSTALLED = "SELECT value FROM installation WHERE name = ?1"
ADD_INSTALLATION = "INSERT INTO installation VALUES (?1, ?2) ON CONFLICT DO NOTHING"
CHANGE_INSTALLED = "UPDATE installation SET value = ?2 WHERE name = ?1 AND value = ?3"
DROP_INSTALLED = "DELETE FROM installation WHERE name = ?1"
CATALOGUES = "SELECT version, source FROM catalogues ORDER BY added_at_ms DESC"
CATALOGUE = "SELECT source FROM catalogues WHERE version = ?1"
ADD_CATALOGUE = "INSERT INTO catalogues VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
ALL_CATALOGUES = "SELECT version, source FROM catalogues"

# ---- reads and writes -----------------------------------------------------------------------------------------------


def values_of(rows: Iterable[Row]) -> dict[str, bytes]:
    """What INSTALLATION gives, by name."""
    return {str(row[0]): bytes(row[1]) for row in rows}


class InstallationValues:
    """Values and catalogues of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def value(self, name: str, fresh: bytes | None = None) -> bytes | None:
        """A value of the installation's own (a wrapped key). `fresh` is what it becomes if there is none yet."""
        if fresh is not None:
            await self._engine.write(ADD_INSTALLATION, name, fresh)
        rows = await self._engine.rows(INSTALLED, name)
        return bytes(rows[0][0]) if rows else None

    def catalogue_source(self, version: str) -> str | None:
        """Blocks, once for each version that this process has not met."""
        with self._engine.blocking() as aside:
            rows = aside.rows(CATALOGUE, version)
        return str(rows[0][0]) if rows else None

    def catalogue_versions(self) -> list[str]:
        """Newest first. Blocks."""
        with self._engine.blocking() as aside:
            return [str(row[0]) for row in aside.rows(CATALOGUES)]
