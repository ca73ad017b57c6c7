"""Levels by the API: shown in the catalogue, the difference asked for, and a lower one than is enabled refused."""

from __future__ import annotations

from pathlib import Path

from ostiary.domain.review.verdicts import Decision
from tests.contract.partner import document, missing, partnered, refusal
from tests.http.running import installation
from tests.usecases.test_levels import BASIC, GOLD, LEVELS, LOANS


async def test_a_client_goes_up_and_not_down(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text(LEVELS)
    with installation(tmp_path, OSTIARY_CATALOGUE=str(tmp_path / "catalogue.yaml")) as parts:
        async with partnered(parts) as partner:
            shown = (await partner.ok("GET", "/management/products"))["products"]
            assert {each["id"]: (each.get("family"), each.get("level")) for each in shown} == {
                BASIC: ("cards", 1),
                GOLD: ("cards", 2),
                LOANS: (None, None),
            }
            client = await partner.client()
            basic = await partner.request(client, BASIC)
            await partner.send(basic)
            await partner.submit(basic)
            await partner.judge(basic, Decision.APPROVE)
            gold = await partner.request(client, GOLD)
            assert missing(await partner.read(gold)) == {"funds": ["payslip"]}
            await partner.send(gold, document("payslip", seed=7))
            assert (await partner.submit(gold))["product"]["status"] == "in_kyc"
            await partner.judge(gold, Decision.APPROVE)
            await partner.judge(basic, Decision.REJECT)
            assert [(await partner.read(at))["status"] for at in (basic, gold)] == ["rejected", "enabled"]
            again = await partner.call("POST", gold.rpartition("/")[0], {"subproduct": BASIC})
            assert refusal(again) == (412, "PRODUCT_ALREADY_REQUESTED")
            [fault] = again.json()["details"]
            assert fault["product_request_id"] == gold.rpartition("/")[2]
            over = await partner.read(basic, "next_action")
            assert over["next_action"]["action"] == "none"
