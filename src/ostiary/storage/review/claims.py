"""Who works on which case: a lease in a row of its own, taken by one statement, so that of two only one has it."""

from __future__ import annotations

from ostiary.domain.review.claims import Claim
from ostiary.storage.engine import Engine

# ---- statements -----------------------------------------------------------------------------------------------------

CLAIM_OF = """SELECT company_id, enablement_id, client_id, operator_id, claimed_at_ms, until_ms FROM review_claims
 WHERE company_id = ?1 AND enablement_id = ?2 AND until_ms > ?3"""
# Whoever has it keeps the moment from which he has it, and a longer lease that he was given.
TAKE_CLAIM = """INSERT INTO review_claims (company_id, enablement_id, client_id, operator_id, claimed_at_ms, until_ms)
 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (company_id, enablement_id) DO UPDATE SET
  claimed_at_ms = CASE WHEN review_claims.operator_id = ?4 AND review_claims.until_ms > ?5
   THEN review_claims.claimed_at_ms ELSE ?5 END,
  until_ms = CASE WHEN review_claims.operator_id = ?4 AND review_claims.until_ms > ?6
   THEN review_claims.until_ms ELSE ?6 END, operator_id = ?4
 WHERE review_claims.operator_id = ?4 OR review_claims.until_ms <= ?5"""
HAND_OVER_CLAIM = """UPDATE review_claims SET operator_id = ?4, claimed_at_ms = ?5, until_ms = ?6
 WHERE company_id = ?1 AND enablement_id = ?2 AND operator_id = ?3 AND until_ms > ?5"""
DROP_CLAIM = "DELETE FROM review_claims WHERE company_id = ?1 AND enablement_id = ?2 AND operator_id = ?3"

SWEPT_TOGETHER = 500
"""What is over is removed in batches small enough not to hold up a commit."""
SWEEP_CLAIMS = f"""DELETE FROM review_claims WHERE company_id = ?1 AND enablement_id IN
 (SELECT enablement_id FROM review_claims WHERE company_id = ?1 AND until_ms <= ?2
   ORDER BY until_ms LIMIT {SWEPT_TOGETHER}) AND until_ms <= ?2"""  # noqa: S608
"""One that somebody takes meanwhile stays."""

# ---- reads and writes -----------------------------------------------------------------------------------------------


class Claims:
    """Claims on the cases of all companies."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def find(self, company_id: str, enablement_id: str, now_ms: int) -> Claim | None:
        """Who works on a case now."""
        rows = await self._engine.rows(CLAIM_OF, company_id, enablement_id, now_ms)
        return Claim(*rows[0]) if rows else None

    async def take(self, claim: Claim) -> bool:
        """Takes a free case, or goes on with one's own; False when somebody else has it."""
        key = (claim.company_id, claim.enablement_id, claim.client_id, claim.operator_id)
        return await self._engine.write(TAKE_CLAIM, *key, claim.claimed_at_ms, claim.until_ms) == 1

    async def hand_over(self, claim: Claim, to_operator_id: str, now_ms: int, until_ms: int) -> bool:
        """Gives a claim to somebody else; False when it is not its holder's any more."""
        key = (claim.company_id, claim.enablement_id, claim.operator_id)
        return await self._engine.write(HAND_OVER_CLAIM, *key, to_operator_id, now_ms, until_ms) == 1

    async def drop(self, company_id: str, enablement_id: str, operator_id: str) -> bool:
        """Lets a case go; False when it was not the operator's."""
        return await self._engine.write(DROP_CLAIM, company_id, enablement_id, operator_id) == 1

    async def sweep(self, company_id: str, now_ms: int) -> int:
        """Removes a batch of claims that are over; how many it was."""
        return await self._engine.write(SWEEP_CLAIMS, company_id, now_ms)
