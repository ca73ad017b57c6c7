"""Submit: advances when nothing is missing, says what is otherwise, and is safe to repeat."""

from __future__ import annotations
from tests.contract.partner import Partner, CARDS


async def test_smoke(partner: Partner) -> None:
    c, at = await partner.enabled()
    assert (await partner.read(at))["status"] == "enabled"


async def test_smoke2(tailored: Partner) -> None:
    c = await tailored.client()
    at = await tailored.request(c, "savings")
