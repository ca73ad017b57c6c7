"""After submit: what the sandbox decides in rounds of the worker, and what is to be redone until it is mended."""

from __future__ import annotations

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.rejections import EXPLANATIONS, Code, Kind, reject
from ostiary.domain.review.verdicts import Decision
from tests.contract.partner import (
    ACCOUNTS,
    CLIENTS,
    ITEM_FIELDS,
    MARIA,
    PROFILE,
    Json,
    Partner,
    codes,
    document,
    missing,
    refusal,
)

SCENARIOS = [
    # number, status after the rounds, whose turn it is then
    ("AB1234567", "enabled", "nobody"), ("ABREJECT1", "enabled", "nobody"), ("REJECT01", "rejected", "company"),
    ("reject-2", "rejected", "company"), ("RETRY001", "pending_documentation", "company"),
    ("Retry", "pending_documentation", "company"), ("REVIEW01", "in_kyc", "operator"),
    ("SLOW0001", "in_kyc", "provider"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "status", "owner"), SCENARIOS)
async def test_scenarios(partner: Partner, number: str, status: str, owner: str) -> None:
    _, at = await partner.submitted(number)
    assert (await partner.read(at, "next_action"))["next_action"]["owner"] == "provider"
    await partner.rounds()
    product = await partner.read(at, "next_action")
    assert (product["status"], product["next_action"]["owner"]) == (status, owner)
    assert ("rejection_description" in product) is (status == "rejected")


@pytest.mark.parametrize(("waited_ms", "status"), [(0, "in_kyc"), (9_999, "in_kyc"), (10_000, "enabled")])
async def test_slow_takes_ten_seconds(partner: Partner, waited_ms: int, status: str) -> None:
    _, at = await partner.submitted("SLOW0001")
    assert await partner.rounds() == ["in_kyc"]
    partner.clock.now_ms += waited_ms
    await partner.rounds()
    assert (await partner.read(at))["status"] == status


async def test_retry_comes_back_once_and_is_enabled_the_second_time(partner: Partner) -> None:
    _, at = await partner.submitted("RETRY001")
    await partner.rounds()
    back = await partner.read(at, "rejected_items")
    assert list(missing(back)) == ["identity_document"]
    assert codes(back) == [("image_not_readable", "image_front")]
    assert (await partner.submit(at))["product"]["status"] == "pending_documentation"
    await partner.send(at, document(seed=1, number="RETRY001"))
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"
    await partner.rounds()
    assert (await partner.read(at))["status"] == "enabled"


async def test_only_what_was_refused_is_missing_again(partner: Partner) -> None:
    at = await partner.request(await partner.client(**PROFILE), ACCOUNTS)
    await partner.send(at, document(number="RETRY001"))
    await partner.send(at, document("utility_bill", 1))
    await partner.submit(at)
    await partner.rounds()
    assert list(missing(await partner.read(at))) == ["identity_document"]


async def test_in_production_a_picture_without_lines_goes_back_twice_and_then_people_decide(partner: Partner) -> None:
    company = await partner.another(Environment.PRODUCTION)
    _, at = await company.submitted("REJECT01")
    for seed in (1, 2):
        await company.rounds()
        product = await company.read(at, "rejected_items,explain")
        assert codes(product) == [("mrz_not_found", "image_front")]
        judged = {line["requirement"]: line.get("judged") for line in product["explain"]}
        assert judged["identity_document"]["outcome"] == "return"
        await company.send(at, document(number="REJECT01", seed=seed))
        await company.submit(at)
    await company.rounds()
    product = await company.read(at, "next_action")
    assert (product["status"], product["next_action"]["owner"]) == ("in_kyc", "operator")
    await company.judge(at, Decision.APPROVE)
    assert (await company.read(at))["status"] == "enabled"


async def test_a_verdict_after_withdrawing_changes_nothing(partner: Partner) -> None:
    _, at = await partner.submitted()
    await partner.ok("POST", f"{at}/withdraw")
    assert await partner.rounds() == ["rejected"]
    assert (await partner.read(at))["rejection_description"].startswith("withdrawn")


async def test_a_new_request_after_a_rejection_is_judged_anew(partner: Partner) -> None:
    client, at = await partner.submitted("REJECT01")
    await partner.rounds()
    again = await partner.request(client)
    assert (await partner.read(again))["status"] == "requested"
    await partner.send(again, document(seed=1))
    await partner.submit(again)
    await partner.rounds()
    assert [(await partner.read(request))["status"] for request in (at, again)] == ["rejected", "enabled"]


# ---- what is open, and what mends it --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(Code))
async def test_every_reason_of_a_verdict_is_told_in_its_own_words(partner: Partner, code: Code) -> None:
    _, at = await partner.submitted("REVIEW01")
    await partner.send_back(at, "passport", code)
    (item,) = (await partner.read(at, "rejected_items"))["rejected_items"]
    explanation = EXPLANATIONS[code]
    assert item.keys() == ITEM_FIELDS
    assert item == {
        "type": "document",
        "key": "passport",
        "code": code.value,
        "field": "image_front",
        "reason": explanation.reason,
        "retryable": explanation.retryable,
        "action": explanation.action,
    }


async def test_a_refused_document_is_open_until_another_is_accepted(partner: Partner) -> None:
    _, at = await partner.submitted("REVIEW01")
    await partner.send_back(at, "passport", Code.NAME_MISMATCH)
    mending: list[tuple[Json, list[str]]] = [
        (document(number=None), ["name_mismatch"]),
        (document("national_id", 1), ["name_mismatch"]),
        (document("national_id", 1, 2), []),
    ]
    for given, left in mending:
        await partner.send(at, given)
        product = await partner.read(at, "rejected_items")
        assert [code for code, _ in codes(product)] == left
        assert bool(missing(product)) is bool(left)


ATTRIBUTES: list[tuple[str, Json, Json]] = [
    # what was refused, a change that does not mend it, one that does
    ("occupation", {"annual_salary": 1}, {"occupation": "Pilot"}),
    ("phone", {"occupation": "Pilot"}, {"phone_number": 1168860623}),
    ("annual_salary", {"occupation": "Pilot"}, {"annual_salary": 30_001}),
    ("last_name", {"first_name": "Mary"}, {"last_name": "Barbera"}),
    ("birth_date", {"first_name": "Mary"}, {"birth_date": "1984-11-22"}),
    ("email", {"first_name": "Mary"}, {"email": "mended@example.com"}),
    ("country", {"address": MARIA["address"] | {"city": "Pilar"}},
     {"address": {"street_line1": "F", "city": "C", "country": "URY"}}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "beside", "mended"), ATTRIBUTES, ids=[row[0] for row in ATTRIBUTES])
async def test_a_refused_value_is_open_until_it_changes(partner: Partner, key: str, beside: Json, mended: Json) -> None:
    client, at = await partner.submitted("REVIEW01", **PROFILE)
    await partner.send_back(at, key, Code.DATA_INVALID)
    for changes, is_open in (({}, True), (beside, True), (mended, False)):
        assert (await partner.replace(client, **changes)).status_code == 200
        product = await partner.read(at, "rejected_items")
        assert [(item["type"], item["key"]) for item in product["rejected_items"]] == [("data", key)] * is_open
        assert [key for each in missing(product).values() for key in each] == [key] * is_open
        if is_open:
            assert (await partner.submit(at))["product"]["status"] == "pending_documentation"
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"


async def test_several_at_once_are_mended_one_by_one(partner: Partner) -> None:
    client, at = await partner.submitted("REVIEW01", **PROFILE)
    await partner.judge(
        at,
        Decision.RETURN,
        reject(Kind.DOCUMENT, "passport", Code.DOCUMENT_EXPIRED, "metadata.expiration_date"),
        reject(Kind.DATA, "occupation", Code.DATA_INVALID, "occupation"),
    )
    assert set(missing(await partner.read(at))) == {"identity_document", "corrections"}
    assert (await partner.replace(client, occupation="Pilot")).status_code == 200
    assert codes(await partner.submit(at)) == [("document_expired", "metadata.expiration_date")]
    await partner.send(at, document(seed=1))
    assert (await partner.submit(at))["rejected_items"] == []


async def test_nothing_is_open_in_review_or_afterwards(partner: Partner) -> None:
    _, at = await partner.submitted("RETRY001")
    for _ in range(2):
        assert (await partner.read(at, "rejected_items"))["rejected_items"] == []
        await partner.rounds()
        if (await partner.read(at))["status"] == "pending_documentation":
            await partner.send(at, document(seed=1))
            await partner.submit(at)
    assert (await partner.read(at, "rejected_items"))["rejected_items"] == []


async def test_off_boarding_ends_what_was_enabled_and_a_new_request_may_follow(partner: Partner) -> None:
    client, at = await partner.enabled()
    await partner.judge(at, Decision.REJECT, because="Account closed.")
    product = await partner.read(at)
    assert (product["status"], product["rejection_description"]) == ("rejected", "Account closed.")
    assert refusal(await partner.call("POST", f"{at}/submit")) == (412, "INVALID_STATE")
    again = await partner.request(client)
    assert (await partner.submit(again))["product"]["status"] == "in_kyc"
    assert (await partner.ok("GET", f"{CLIENTS}/{client['id']}/products"))[1] == product
