"""What expand tells: whose turn it is in every state, and why each requirement stands as it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision
from tests.contract.partner import ACCOUNTS, PROFILE, Json, Partner, document

NO_PHONE: Json = {"phone_country_code": None, "phone_number": None}


async def new(partner: Partner) -> str:
    return await partner.request(await partner.client(**NO_PHONE))


async def phoneless(partner: Partner) -> str:
    at = await new(partner)
    await partner.send(at)
    return at


async def complete(partner: Partner) -> str:
    at = await partner.request(await partner.client())
    await partner.send(at)
    return at


async def requested(partner: Partner) -> str:
    at = await complete(partner)
    await partner.ok("POST", f"{at}/withdraw")
    request = await partner.ok("POST", at.rpartition("/")[0], {"subproduct": "cards_individuals"}, 201)
    return f"{at.rpartition('/')[0]}/{request['id']}"


async def in_kyc(partner: Partner) -> str:
    return (await partner.submitted("REVIEW01"))[1]


async def reviewed(partner: Partner) -> str:
    at = await in_kyc(partner)
    await partner.rounds()
    return at


async def sent_back(partner: Partner) -> str:
    at = await reviewed(partner)
    await partner.send_back(at, "passport", Code.IMAGE_BLURRED)
    return at


async def corrected(partner: Partner) -> str:
    at = await reviewed(partner)
    await partner.send_back(at, "last_name", Code.NAME_MISMATCH)
    return at


async def enabled(partner: Partner) -> str:
    return (await partner.enabled())[1]


async def moved(partner: Partner) -> str:
    client, at = await partner.enabled()
    await partner.replace(client, last_name="Barbera")
    return at


async def rejected(partner: Partner) -> str:
    at = await reviewed(partner)
    await partner.judge(at, Decision.REJECT)
    return at


async def withdrawn(partner: Partner) -> str:
    at = await new(partner)
    await partner.ok("POST", f"{at}/withdraw")
    return at


TURNS: list[tuple[Callable[[Partner], Awaitable[str]], str, str, list[str] | None]] = [
    (new, "company", "complete_documentation", ["identity_document", "phone"]),
    (phoneless, "company", "update_client", ["phone"]),
    (complete, "company", "submit", None),
    (requested, "company", "submit", None),
    (in_kyc, "provider", "decide", None),
    (reviewed, "operator", "review", None),
    (sent_back, "company", "complete_documentation", ["identity_document"]),
    (corrected, "company", "update_client", ["last_name"]),
    (enabled, "nobody", "none", None),
    (moved, "operator", "review", None),
    (rejected, "company", "request_again", None),
    (withdrawn, "company", "request_again", None),
]


@pytest.mark.parametrize(("reach", "owner", "action", "absent"), TURNS, ids=[row[0].__name__ for row in TURNS])
async def test_whose_turn_it_is(
    partner: Partner, reach: Callable[[Partner], Awaitable[str]], owner: str, action: str, absent: list[str] | None
) -> None:
    step = (await partner.read(await reach(partner), "next_action"))["next_action"]
    assert step.pop("description").endswith(".")
    assert step == {"owner": owner, "action": action} | ({} if absent is None else {"missing": absent})


# ---- explain --------------------------------------------------------------------------------------------------------


async def explained(partner: Partner, at: str) -> dict[str, Json]:
    lines = (await partner.read(at, "explain"))["explain"]
    for line in lines:
        assert line.keys() <= {"requirement", "applies", "condition", "satisfied_by", "since", "missing"}
    return {line.pop("requirement"): line for line in lines}


async def test_every_requirement_has_a_line(partner: Partner) -> None:
    at = await partner.request(await partner.client(**NO_PHONE), ACCOUNTS)
    lines = await explained(partner, at)
    taxed = lines.pop("tax_information")
    assert lines == {
        "identity_document": {"applies": True, "missing": ["passport", "national_id", "drivers_license"]},
        "proof_of_address": {"applies": True, "missing": ["utility_bill", "bank_statement", "lease_agreement"]},
        "personal_information": {"applies": True, "missing": ["phone", "occupation"]},
        "financial_profile": {
            "applies": True,
            "missing": ["annual_salary", "account_purpose", "expected_monthly_volume"],
        },
    }
    assert taxed.pop("condition").startswith("country in ['ARG'")
    assert taxed == {"applies": True, "missing": ["tax_id"]}


async def test_what_satisfies_it_and_since_when(partner: Partner) -> None:
    at = await partner.request(await partner.client(**PROFILE), ACCOUNTS)
    partner.clock.now_ms += 60_000
    await partner.send(at, document("national_id", 1, 2))
    partner.clock.now_ms += 60_000
    await partner.send(at, document("lease_agreement", 3))
    lines = await explained(partner, at)
    for name, kind, since in (
        ("identity_document", "national_id", "10:31:00"),
        ("proof_of_address", "lease_agreement", "10:32:00"),
    ):
        assert lines[name]["satisfied_by"].startswith(f"{kind} ")
        assert lines[name]["since"] == f"2026-04-15T{since}"
        assert "missing" not in lines[name]
    for name in ("personal_information", "financial_profile", "tax_information"):
        assert lines[name]["satisfied_by"] == "client"


async def test_what_does_not_apply(partner: Partner) -> None:
    address = {"street_line1": "F", "city": "C", "country": "URY"}
    at = await partner.request(await partner.client(address=address), ACCOUNTS)
    line = (await explained(partner, at))["tax_information"]
    assert line["applies"] is False
    assert "missing" not in line


@pytest.mark.parametrize("reach", [in_kyc, reviewed, enabled, rejected], ids=lambda reach: reach.__name__)
async def test_it_stays_explained_after_submit(partner: Partner, reach: Callable[[Partner], Awaitable[str]]) -> None:
    lines = await explained(partner, await reach(partner))
    assert lines["identity_document"]["satisfied_by"].startswith("passport ")
    assert lines["personal_information"]["satisfied_by"] == "client"
