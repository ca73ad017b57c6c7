"""Requests for products: the states, what each operation does in each, one live request, withdrawing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision
from tests.contract.partner import (
    ACCOUNTS,
    CARDS,
    CLIENTS,
    PRODUCT_FIELDS,
    PROFILE,
    Json,
    Partner,
    document,
    faults,
    missing,
    refusal,
)

NOTHING: Json = {"documents": [], "data": []}


async def requested(partner: Partner) -> str:
    """With a document from an earlier request, nothing is missing at creation."""
    client = await partner.client()
    earlier = await partner.request(client)
    await partner.send(earlier)
    await partner.ok("POST", f"{earlier}/withdraw")
    return await partner.request(client)


async def pending(partner: Partner) -> str:
    return await partner.request(await partner.client())


async def complete(partner: Partner) -> str:
    """Nothing is missing any more, but it was: waits for submit."""
    at = await pending(partner)
    await partner.send(at)
    return at


async def in_kyc(partner: Partner) -> str:
    return (await partner.submitted())[1]


async def sent_back(partner: Partner) -> str:
    at = await in_kyc(partner)
    await partner.send_back(at, "passport", Code.IMAGE_BLURRED)
    return at


async def enabled(partner: Partner) -> str:
    return (await partner.enabled())[1]


async def rejected(partner: Partner) -> str:
    _, at = await partner.submitted("REJECT1")
    await partner.rounds()
    return at


async def withdrawn(partner: Partner) -> str:
    at = await pending(partner)
    await partner.ok("POST", f"{at}/withdraw")
    return at


async def off_boarded(partner: Partner) -> str:
    at = await enabled(partner)
    await partner.judge(at, Decision.REJECT)
    return at


Reach = Callable[[Partner], Awaitable[str]]
REFUSED = "INVALID_STATE"
STATES: list[tuple[Reach, str, dict[str, str]]] = [
    # how it is reached, its status, and what each operation makes of it
    (requested, "requested", {"documentation": "requested", "submit": "in_kyc", "withdraw": "rejected"}),
    (pending, "pending_documentation",
     {"documentation": "pending_documentation", "submit": "pending_documentation", "withdraw": "rejected"}),
    (complete, "pending_documentation",
     {"documentation": "pending_documentation", "submit": "in_kyc", "withdraw": "rejected"}),
    (sent_back, "pending_documentation",
     {"documentation": "pending_documentation", "submit": "pending_documentation", "withdraw": "rejected"}),
    (in_kyc, "in_kyc", {"documentation": REFUSED, "submit": "in_kyc", "withdraw": "rejected"}),
    (enabled, "enabled", {"documentation": REFUSED, "submit": REFUSED, "withdraw": REFUSED}),
    (rejected, "rejected", {"documentation": REFUSED, "submit": REFUSED, "withdraw": REFUSED}),
    (withdrawn, "rejected", {"documentation": REFUSED, "submit": REFUSED, "withdraw": REFUSED}),
    (off_boarded, "rejected", {"documentation": REFUSED, "submit": REFUSED, "withdraw": REFUSED}),
]  # fmt: skip
ROWS = [
    pytest.param(reach, before, operation, after, id=f"{reach.__name__}-{operation}")
    for reach, before, ways in STATES
    for operation, after in ways.items()
]


@pytest.mark.parametrize(("reach", "before", "operation", "after"), ROWS)
async def test_each_operation_in_each_state(
    partner: Partner, reach: Reach, before: str, operation: str, after: str
) -> None:
    at = await reach(partner)
    was = await partner.read(at)
    assert was["status"] == before
    body = {"document": document()} if operation == "documentation" else None
    answer = await partner.call("POST", f"{at}/{operation}", body)
    if after == REFUSED:
        assert refusal(answer) == (412, REFUSED)
        assert await partner.read(at) == was
        return
    assert answer.status_code == 200
    product = answer.json() if operation == "withdraw" else answer.json()["product"]
    assert product["status"] == after
    assert product.keys() == PRODUCT_FIELDS | ({"rejection_description"} if after == "rejected" else set())
    assert await partner.read(at) == product


@pytest.mark.parametrize(("reach", "status"), [(reach, status) for reach, status, _ in STATES])
async def test_each_state_as_it_is_read_and_listed(partner: Partner, reach: Reach, status: str) -> None:
    at = await reach(partner)
    product = await partner.read(at)
    assert product["status"] == status
    assert product["product"] == CARDS
    assert product.keys() == PRODUCT_FIELDS | ({"rejection_description"} if status == "rejected" else set())
    asked = product["missing_requirements"]
    assert (asked == NOTHING) is (reach not in (pending, sent_back))
    assert (await partner.ok("GET", at.rpartition("/")[0]))[0] == product


@pytest.mark.parametrize(("reach", "status"), [(reach, status) for reach, status, _ in STATES])
async def test_there_is_one_live_request_for_a_product(partner: Partner, reach: Reach, status: str) -> None:
    at = await reach(partner)
    products, _, live = at.rpartition("/")
    again = await partner.call("POST", products, {"subproduct": CARDS})
    if status == "rejected":
        assert again.status_code == 201
        assert again.json()["id"] != live
    else:
        assert refusal(again) == (412, "PRODUCT_ALREADY_REQUESTED")
        assert live in again.json()["details"][0]["message"]
    assert (await partner.call("POST", products, {"subproduct": ACCOUNTS})).status_code == 201


@pytest.mark.parametrize(
    ("reach", "why"),
    [(withdrawn, "withdrawn by the company"), (rejected, "REJECT refuses"), (off_boarded, "As decided.")],
)
async def test_a_rejected_request_says_why(partner: Partner, reach: Reach, why: str) -> None:
    assert why in (await partner.read(await reach(partner)))["rejection_description"]


async def test_withdrawing_in_review_ends_the_review(partner: Partner) -> None:
    at = await in_kyc(partner)
    partner.clock.now_ms += 60_000
    answer = await partner.ok("POST", f"{at}/withdraw")
    assert answer["rejection_description"].startswith("withdrawn")
    assert answer["updated_at"] == "2026-04-15T10:31:00"
    await partner.rounds()
    assert await partner.read(at) == answer


async def test_withdrawing_keeps_the_documents(partner: Partner) -> None:
    at = await complete(partner)
    await partner.ok("POST", f"{at}/withdraw")
    again = await partner.ok("POST", at.rpartition("/")[0], {"subproduct": CARDS}, 201)
    assert (again["status"], again["missing_requirements"]) == ("requested", NOTHING)


@pytest.mark.parametrize("content", [b"", b"{}", b" {} "])
@pytest.mark.parametrize("operation", ["submit", "withdraw"])
async def test_no_body_or_an_empty_object(partner: Partner, operation: str, content: bytes) -> None:
    at = await pending(partner)
    assert (await partner.call("POST", f"{at}/{operation}", content=content)).status_code == 200


@pytest.mark.parametrize("operation", ["submit", "withdraw"])
async def test_anything_else_is_no_body(partner: Partner, operation: str) -> None:
    at = await pending(partner)
    for content in (b"[]", b"null", b"{", b'{"reason": "x"}', b"x"):
        answer = await partner.call("POST", f"{at}/{operation}", content=content)
        assert refusal(answer) == (400, "INVALID_REQUEST")
    assert (await partner.read(at))["status"] == "pending_documentation"


async def test_an_unknown_field_of_a_request_is_answered_with_the_nearest(partner: Partner) -> None:
    client = await partner.client()
    answer = await partner.call("POST", f"{CLIENTS}/{client['id']}/products", {"subproducts": CARDS})
    assert faults(answer) == {("subproducts", "FIELD_UNKNOWN"), ("subproduct", "FIELD_MISSING")}
    assert "did you mean subproduct?" in answer.json()["details"][0]["message"]


async def test_a_request_is_judged_by_the_client_of_today(partner: Partner) -> None:
    client = await partner.client(**PROFILE)
    at = await partner.request(client, ACCOUNTS)
    await partner.send(at)
    await partner.send(at, document("utility_bill", 1))
    assert missing(await partner.read(at)) == {}
    assert (await partner.replace(client, tax_id=None)).status_code == 200
    assert missing(await partner.read(at)) == {"tax_information": ["tax_id"]}
    assert (await partner.submit(at))["product"]["status"] == "pending_documentation"
    assert (await partner.replace(client, **PROFILE)).status_code == 200
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"
