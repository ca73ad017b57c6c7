"""A condition that fails for one client: undecided, asked for, told to the operator, and never a 500."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.errors import CatalogueInvalid
from tests.contract.partner import CLIENTS, MARIA, partnered
from tests.http.running import installation

FAILING = """
attributes:
  children: {name: Children, type: INTEGER, minimum: 0, maximum: 20}
document_types:
  passport: {name: Passport}
products:
  savings:
    name: Savings
    data:
      family: {name: Family, fields: [children]}
      contact: {name: Contact, when: 100 / children > 20, fields: [phone]}
"""
IMPOSSIBLE = FAILING.replace("100 / children > 20", '"1 / 0 == children"')


async def test_the_client_is_asked_the_operator_is_told_and_another_value_decides(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yaml").write_text(FAILING)
    with installation(tmp_path, OSTIARY_CATALOGUE=str(tmp_path / "catalogue.yaml")) as parts:
        async with partnered(parts) as partner:
            client = await partner.ok("POST", CLIENTS, MARIA | {"children": 0}, 201)
            at = f"{CLIENTS}/{client['id']}/products"
            with structlog.testing.capture_logs() as lines:
                asked = await partner.ok("POST", f"{at}?expand=explain", {"subproduct": "savings"}, 201)
            [logged] = [line for line in lines if line["event"] == "condition_failed"]
            assert (logged["log_level"], logged["problem"]) == ("error", "100 / children > 20")
            assert (asked["status"], asked["missing_requirements"]["data"][0]["id"]) == (
                "pending_documentation",
                "needed_to_decide",
            )
            assert [field["key"] for field in asked["missing_requirements"]["data"][0]["fields"]] == ["children"]
            assert [line["applies"] for line in asked["explain"]] == [True, "undecided"]
            at += f"/{asked['id']}"
            assert (await partner.ok("POST", f"{at}/submit"))["product"]["status"] == "pending_documentation"
            await partner.ok("PUT", f"{CLIENTS}/{client['id']}", MARIA | {"children": 20})
            assert (await partner.ok("POST", f"{at}/submit"))["product"]["status"] == "in_kyc"
            answer = await partner.http.get("/metrics")
            assert "ostiary_conditions_failed_total" in answer.text


def test_a_kept_version_that_stricter_rules_refuse_still_serves_what_is_pinned_to_it() -> None:
    with pytest.raises(CatalogueInvalid, match="can never be evaluated"):
        catalogue_file.parse(IMPOSSIBLE, "new.yaml")
    current = catalogue_file.parse(FAILING, "new.yaml")
    earlier = catalogue_file.parse(IMPOSSIBLE, "kept", is_kept=True)
    pinned = PinnedCatalogues(current, [], lambda version: IMPOSSIBLE if version == earlier.version else None)
    assert pinned[earlier.version].products.keys() == {"savings"}
