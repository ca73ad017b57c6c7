"""How often somebody tried to sign in: counted for accounts and for addresses, by all processes together, under keyed
hashes, since a name that was typed and an address are personal."""

from __future__ import annotations

from ostiary.domain.operators.sign_in import FORGIVEN_AFTER_MS, NO_ATTEMPTS, Attempts
from ostiary.domain.ports import Cipher
from ostiary.storage.engine import Engine

# ---- statements -----------------------------------------------------------------------------------------------------

SIGN_IN_ATTEMPTS = "SELECT failures, at_ms, until_ms FROM sign_in_failures WHERE company_id = ?1 AND mark = ?2"
COUNT_SIGN_IN_ATTEMPT = """INSERT INTO sign_in_failures VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (company_id, mark)
 DO UPDATE SET failures = ?3, at_ms = ?4, until_ms = ?5
 WHERE sign_in_failures.failures = ?6 AND sign_in_failures.at_ms = ?7"""
"""Only where nobody counted another since it was read."""
FORGIVE_SIGN_IN_ATTEMPT = """UPDATE sign_in_failures SET failures = failures - 1, until_ms = 0
 WHERE company_id = ?1 AND mark = ?2 AND failures > 0"""
FORGET_SIGN_IN_ATTEMPTS = "DELETE FROM sign_in_failures WHERE company_id = ?1 AND mark = ?2"
SWEPT_TOGETHER = 500
"""What is forgiven is removed in batches small enough not to hold up a commit."""
SWEEP_FAILURES = f"""DELETE FROM sign_in_failures WHERE company_id = ?1 AND mark IN
 (SELECT mark FROM sign_in_failures WHERE company_id = ?1 AND at_ms <= ?2 ORDER BY at_ms LIMIT {SWEPT_TOGETHER})"""  # noqa: S608

# ---- reads and writes -----------------------------------------------------------------------------------------------


class SignInFailures:
    """Attempts at one installation."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self._engine, self._cipher = engine, cipher

    def mark(self, company_id: str, *scope: str) -> bytes:
        """What stands for an account or an address."""
        return self._cipher.lookup_hash("operator", "attempts", company_id, *scope)

    async def find(self, company_id: str, mark: bytes) -> Attempts:
        """What was counted."""
        rows = await self._engine.rows(SIGN_IN_ATTEMPTS, company_id, mark)
        return Attempts(*rows[0]) if rows else NO_ATTEMPTS

    async def count(self, company_id: str, mark: bytes, before: Attempts, after: Attempts) -> bool:
        """One more, unless somebody counted another since; whether it was."""
        values = (company_id, mark, after.failures, after.at_ms, after.until_ms, before.failures, before.at_ms)
        return await self._engine.write(COUNT_SIGN_IN_ATTEMPT, *values) == 1

    async def forgive(self, company_id: str, mark: bytes) -> None:
        """Takes one back."""
        await self._engine.write(FORGIVE_SIGN_IN_ATTEMPT, company_id, mark)

    async def forget(self, company_id: str, mark: bytes) -> None:
        """Takes all back."""
        await self._engine.write(FORGET_SIGN_IN_ATTEMPTS, company_id, mark)

    async def sweep(self, company_id: str, now_ms: int) -> int:
        """Removes a batch of what is forgiven; how many it was."""
        return await self._engine.write(SWEEP_FAILURES, company_id, now_ms - FORGIVEN_AFTER_MS)
