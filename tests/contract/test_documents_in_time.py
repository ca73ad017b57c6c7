"""Documents belong to the client: replaced, expiring, counted twice, used by somebody else, refused before."""

from __future__ import annotations

import pytest

from ostiary.domain.rejections import Code
from ostiary.usecases.review.decide import release_number
from ostiary.usecases.transaction import execute
from tests.contract.partner import ACCOUNTS, CARDS, PROFILE, Json, Partner, codes, data_uri, document, missing
from tests.material import dark_picture

IDENTITY = ["passport", "national_id", "drivers_license"]
USED, DUPLICATE = ("used_by_another_client", "metadata.number"), ("duplicate_of_rejected", "image_front")
DARK = ("image_too_dark", "image_front")


async def evidence(partner: Partner, at: str) -> str | None:
    """What satisfies the identity requirement, as type and id."""
    lines = (await partner.read(at, "explain"))["explain"]
    document: str | None = next(line for line in lines if line["requirement"] == "identity_document").get(
        "satisfied_by"
    )
    return document


def dark(kind: str = "passport", number: str = "AB1234567") -> Json:
    return document(kind, number=number) | {"image_front": data_uri(dark_picture(3))}


@pytest.mark.parametrize("kind", IDENTITY)
async def test_a_newer_document_replaces_the_old(partner: Partner, kind: str) -> None:
    at = await partner.request(await partner.client())
    await partner.send(at)
    first = await evidence(partner, at)
    judged = await partner.send(at, document(kind, 1, None if kind == "passport" else 2, number="CD7654321"))
    assert judged["rejected_items"] == []
    assert missing(judged["product"]) == {}
    second = await evidence(partner, at)
    assert first is not None
    assert second is not None
    assert second.startswith(f"{kind} ")
    assert second != first


@pytest.mark.parametrize("given", [dark(), document(number=None), document(expiration_date="2020-01-01"),
                                   document("national_id", 1), document(seed=1, back=2)])  # fmt: skip
async def test_a_refused_document_displaces_nothing(partner: Partner, given: Json) -> None:
    at = await partner.request(await partner.client())
    await partner.send(at)
    before, product = await evidence(partner, at), await partner.read(at)
    judged = await partner.send(at, given)
    assert judged["rejected_items"]
    assert judged["product"] == product
    assert await evidence(partner, at) == before


async def test_it_counts_for_a_second_product_live_or_later(partner: Partner) -> None:
    client = await partner.client(**PROFILE)
    accounts, cards = await partner.request(client, ACCOUNTS), await partner.request(client, CARDS)
    await partner.send(cards, document("drivers_license", 1, 2))
    assert list(missing(await partner.read(accounts))) == ["proof_of_address"]
    await partner.ok("POST", f"{cards}/withdraw")
    assert list(missing(await partner.read(accounts))) == ["proof_of_address"]
    again = await partner.request(client, CARDS)
    assert (await partner.read(again))["status"] == "requested"


async def test_what_a_verdict_refused_counts_for_no_product(partner: Partner) -> None:
    client, cards = await partner.submitted(**PROFILE)
    await partner.send_back(cards, "passport", Code.SUSPECTED_MANIPULATION)
    accounts = await partner.request(client, ACCOUNTS)
    for at in (cards, accounts):
        assert "identity_document" in missing(await partner.read(at))


async def test_a_rejected_request_does_not_refuse_its_documents(partner: Partner) -> None:
    client, cards = await partner.submitted("REJECT1", **PROFILE)
    await partner.rounds()
    assert (await partner.read(cards))["status"] == "rejected"
    assert "identity_document" not in missing(await partner.read(await partner.request(client, ACCOUNTS)))


# ---- expiry ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "today", "counts"),
    [("2026-04-15", "2026-04-15", True), ("2026-04-15", "2026-04-16", False), ("2026-12-31", "2026-12-31", True),
     ("2026-12-31", "2027-01-01", False), ("2028-02-29", "2028-02-29", True), ("2028-02-29", "2028-03-01", False)],
)  # fmt: skip
async def test_a_document_counts_to_the_end_of_its_last_day(
    partner: Partner, expires: str, today: str, counts: bool
) -> None:
    at = await partner.request(await partner.client())
    assert (await partner.send(at, document(expiration_date=expires)))["rejected_items"] == []
    partner.clock.noon_of(today)
    assert missing(await partner.read(at)) == ({} if counts else {"identity_document": IDENTITY})
    judged = await partner.submit(at)
    assert judged["product"]["status"] == ("in_kyc" if counts else "pending_documentation")
    assert codes(judged) == ([] if counts else [("document_expired", "metadata.expiration_date")])


async def test_days_end_at_midnight_utc(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    await partner.send(at, document(expiration_date="2026-04-15"))
    to_midnight_ms = (13 * 60 + 30) * 60_000
    partner.clock.now_ms += to_midnight_ms - 1
    assert missing(await partner.read(at)) == {}
    partner.clock.now_ms += 1
    assert missing(await partner.read(at)) == {"identity_document": IDENTITY}


async def test_what_expired_in_a_request_that_was_complete_sends_it_back(partner: Partner) -> None:
    client = await partner.client()
    first = await partner.request(client)
    await partner.send(first, document(expiration_date="2026-04-20"))
    await partner.ok("POST", f"{first}/withdraw")
    at = await partner.request(client)
    assert (await partner.read(at))["status"] == "requested"
    partner.clock.noon_of("2026-04-21")
    assert (await partner.read(at))["status"] == "requested"
    assert missing(await partner.read(at)) == {"identity_document": IDENTITY}
    assert (await partner.submit(at))["product"]["status"] == "pending_documentation"
    await partner.send(at, document(seed=1, number="CD7654321"))
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"


async def test_expiry_does_not_reach_into_a_review(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    await partner.send(at, document(expiration_date="2026-04-15"))
    await partner.submit(at)
    partner.clock.noon_of("2026-04-20")
    assert missing(await partner.read(at)) == {}
    await partner.rounds()
    assert (await partner.read(at))["status"] == "enabled"


# ---- one number, one client -----------------------------------------------------------------------------------------

SAME = [
    # another client's document beside "AB1234567" of ARG, and whether it is the same
    (document(), True),
    (document(seed=5, number="ab1234567"), True),
    (document(seed=5, number="AB 123.456-7"), True),
    (document(seed=5, issuing_country="ARG"), True),
    (document(number="AB1234568"), False),
    (document(issuing_country="URY"), False),
    (document("national_id", 1, 2), False),
]


@pytest.mark.parametrize(("given", "same"), SAME)
async def test_a_number_serves_one_client_of_a_company(partner: Partner, given: Json, same: bool) -> None:
    await partner.send(await partner.request(await partner.client()))
    judged = await partner.send(await partner.request(await partner.client()), given)
    assert codes(judged) == ([USED] if same else [])
    assert not any(item["retryable"] for item in judged["rejected_items"])
    other = await partner.another()
    assert codes(await other.send(await other.request(await other.client()), given)) == []


async def test_documents_without_a_number_of_their_own_may_be_shared(partner: Partner) -> None:
    for _ in range(2):
        at = await partner.request(await partner.client(), ACCOUNTS)
        assert codes(await partner.send(at, document("utility_bill", 9, issue_date="2026-04-01"))) == []


async def test_a_replaced_document_gives_its_number_free(partner: Partner) -> None:
    mine, other = [await partner.request(await partner.client()) for _ in range(2)]
    await partner.send(mine)
    await partner.send(mine, document(seed=1, number="CD7654321"))
    assert codes(await partner.send(other)) == []
    assert codes(await partner.send(mine)) == [USED]


async def test_a_client_may_use_its_own_number_again(partner: Partner) -> None:
    client = await partner.client()
    at = await partner.request(client)
    for seed in (0, 0, 1):
        assert codes(await partner.send(at, document(seed=seed))) == []


async def test_withdrawing_gives_a_number_free_and_an_operator_can(partner: Partner) -> None:
    client, at = await partner.submitted()
    held = (await evidence(partner, at) or "").partition(" ")[2]
    other = await partner.request(await partner.client())
    assert codes(await partner.send(other)) == [USED]
    caller = await partner.operator()
    request_id = at.rpartition("/")[2]
    await execute(
        partner.context, caller, lambda: release_number(partner.context, caller, client["id"], request_id, held)
    )
    assert codes(await partner.send(other)) == []
    third = await partner.request(await partner.client())
    assert codes(await partner.send(third)) == [USED]
    await partner.ok("POST", f"{other}/withdraw")
    assert codes(await partner.send(third)) == []


# ---- the same picture again -----------------------------------------------------------------------------------------


async def test_a_picture_refused_for_itself_is_recognised(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    assert codes(await partner.send(at, dark())) == [DARK]
    assert codes(await partner.send(at, dark())) == [DARK, DUPLICATE]
    assert codes(await partner.send(at, dark("national_id"))) == [("missing_back", "image_back"), DARK, DUPLICATE]
    assert codes(await partner.send(at)) == []


async def test_it_is_recognised_on_the_other_side_and_in_another_request(partner: Partner) -> None:
    client = await partner.client()
    at = await partner.request(client)
    await partner.send(at, dark())
    accounts = await partner.request(client, ACCOUNTS)
    turned = document("national_id", 1) | {"image_back": data_uri(dark_picture(3))}
    assert codes(await partner.send(accounts, turned)) == [
        ("image_too_dark", "image_back"),
        ("duplicate_of_rejected", "image_back"),
    ]


async def test_it_is_nothing_to_another_client(partner: Partner) -> None:
    await partner.send(await partner.request(await partner.client()), dark())
    assert codes(await partner.send(await partner.request(await partner.client()), dark())) == [DARK]


@pytest.mark.parametrize(
    "first",
    [document(number=None), document(number="A"), document(expiration_date="2020-01-01"), document(back=1),
     document(issuing_country="AR"), document("national_id", 0), document("national_id", 0, 0)],
)  # fmt: skip
async def test_correcting_what_stands_beside_a_good_picture_is_never_punished(partner: Partner, first: Json) -> None:
    at = await partner.request(await partner.client())
    assert codes(await partner.send(at, first)) != []
    assert codes(await partner.send(at)) == []


async def test_a_picture_that_a_verdict_refused_is_recognised(partner: Partner) -> None:
    _, at = await partner.submitted()
    await partner.send_back(at, "passport", Code.IMAGE_BLURRED)
    assert codes(await partner.send(at)) == [DUPLICATE]
    assert codes(await partner.send(at, document(seed=1))) == []
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"


async def test_a_number_that_a_verdict_refused_is_corrected_beside_the_same_picture(partner: Partner) -> None:
    _, at = await partner.submitted()
    await partner.send_back(at, "passport", Code.NUMBER_MISMATCH)
    assert codes(await partner.send(at, document(number="AB1234568"))) == []
