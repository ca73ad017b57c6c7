"""Individual clients: one e-mail one client, replacing the whole, status, what may change when; lists."""

from __future__ import annotations

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.rejections import Code
from ostiary.domain.review.verdicts import Decision
from tests.contract.partner import ACCOUNTS, CARDS, CLIENTS, MARIA, PROFILE, Json, Partner, faults, refusal, without


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("maria@example.com", "maria@example.com", True), ("maria@example.com", "MARIA@EXAMPLE.COM", True),
     ("Maria@Example.com", " maria@example.com ", True), ("josé@example.com", "JOSE\u0301@example.com", True),
     ("m@bücher.example", "m@xn--bcher-kva.example", True), ("straße@example.com", "STRASSE@example.com", True),
     ("maria@example.com", "maria+1@example.com", False), ("maria@example.com", "m.aria@example.com", False),
     ("maria@example.com", "maria@example.org", False)],
)  # fmt: skip
async def test_one_e_mail_is_one_client(partner: Partner, first: str, second: str, same: bool) -> None:
    client = await partner.client(email=first)
    answer = await partner.call("POST", CLIENTS, MARIA | {"email": second})
    assert answer.status_code == (412 if same else 201)
    if same:
        assert (answer.json()["code"], faults(answer)) == ("DUPLICATE_CLIENT", {("email", "DUPLICATE_CLIENT")})
        assert [client["id"] for client in await partner.ok("GET", CLIENTS)] == [client["id"]]


async def test_replacing_may_not_take_another_clients_e_mail_but_its_own_in_any_case(partner: Partner) -> None:
    maria, other = await partner.client(), await partner.client()
    assert refusal(await partner.replace(maria, email=other["email"].upper())) == (412, "DUPLICATE_CLIENT")
    answer = await partner.replace(maria, email=maria["email"].upper())
    assert (answer.status_code, answer.json()["email"]) == (200, maria["email"].upper())


async def test_an_e_mail_given_up_is_free_again(partner: Partner) -> None:
    maria = await partner.client()
    assert (await partner.replace(maria, email="new@example.com")).status_code == 200
    await partner.client(email=maria["email"])


@pytest.mark.parametrize(("environment", "status"), [(Environment.SANDBOX, 201), (Environment.PRODUCTION, 412)])
@pytest.mark.parametrize("email", ["john@acme.test", "john@acme.invalid", "john@localhost"])
async def test_addresses_reserved_for_trials_are_for_trials(
    partner: Partner, email: str, environment: Environment, status: int
) -> None:
    company = await partner.another(environment)
    assert (await company.call("POST", CLIENTS, MARIA | {"email": email})).status_code == status
    twice = await company.call("POST", CLIENTS, without(MARIA | {"email": email}, "last_name"))
    assert {field for field, _ in faults(twice)} == ({"last_name"} if status == 201 else {"last_name", "email"})


async def test_get_change_put(partner: Partner) -> None:
    maria = await partner.client(**PROFILE)
    got = await partner.ok("GET", f"{CLIENTS}/{maria['id']}")
    assert await partner.ok("PUT", f"{CLIENTS}/{maria['id']}", got) == maria
    put = await partner.ok("PUT", f"{CLIENTS}/{maria['id']}", got | {"occupation": "Pilot"})
    assert put == maria | {"occupation": "Pilot"}
    assert await partner.ok("GET", f"{CLIENTS}/{maria['id']}") == put


@pytest.mark.parametrize("name", ["id", "type", "status", "created_at", "updated_at"])
@pytest.mark.parametrize("value", ["x", None, 5, {}, [1]])
async def test_fields_that_only_reading_gives_are_ignored_in_put_and_unknown_in_post(
    partner: Partner, name: str, value: object
) -> None:
    maria = await partner.client()
    assert (await partner.replace(maria, **{name: value})).json() == maria
    answer = await partner.call("POST", CLIENTS, MARIA | {name: value})
    assert (answer.status_code, faults(answer)) == (400, {(name, "FIELD_UNKNOWN")})


async def test_put_replaces_the_whole(partner: Partner) -> None:
    maria = await partner.client(**PROFILE)
    bare = without(MARIA, "second_name", "phone_country_code", "phone_number", "address.postal_code", "address.state")
    put = await partner.ok("PUT", f"{CLIENTS}/{maria['id']}", bare)
    assert put == {"id": maria["id"], "type": "individual", "status": "pending"} | bare


async def test_a_refused_put_changes_nothing(partner: Partner) -> None:
    maria = await partner.client()
    for changes in ({"email": "nobody"}, {"first_name": None}, {"sundry": 1}, {"birth_date": "2090-01-01"}):
        assert (await partner.replace(maria, last_name="Changed", **changes)).status_code in (400, 412)
    assert await partner.ok("GET", f"{CLIENTS}/{maria['id']}") == maria


async def test_status_is_active_with_the_first_product(partner: Partner) -> None:
    maria, _ = await partner.submitted()
    path = f"{CLIENTS}/{maria['id']}"
    assert (await partner.ok("GET", path))["status"] == "pending"
    await partner.rounds()
    assert (await partner.ok("GET", path))["status"] == "active"


async def test_a_client_is_rejected_as_such_with_every_live_request(partner: Partner) -> None:
    maria, cards = await partner.enabled(**PROFILE)
    accounts = await partner.request(maria, ACCOUNTS)
    await partner.judge(accounts, Decision.REJECT_CLIENT, because="Not wanted here.")
    assert (await partner.ok("GET", f"{CLIENTS}/{maria['id']}"))["status"] == "rejected"
    for at in (cards, accounts):
        product = await partner.read(at)
        assert (product["status"], product["rejection_description"]) == ("rejected", "Not wanted here.")
    for product_id in (CARDS, ACCOUNTS):
        answer = await partner.call("POST", f"{CLIENTS}/{maria['id']}/products", {"subproduct": product_id})
        assert refusal(answer) == (412, "INVALID_STATE")


async def test_a_rejected_product_does_not_reject_the_client(partner: Partner) -> None:
    maria, at = await partner.submitted("REJECT1")
    await partner.rounds()
    assert (await partner.read(at))["status"] == "rejected"
    assert (await partner.ok("GET", f"{CLIENTS}/{maria['id']}"))["status"] == "pending"


# ---- what is reviewed does not move ---------------------------------------------------------------------------------

REVIEWED: list[tuple[str, Json]] = [
    ("first_name", {"first_name": "Mary"}),
    ("second_name", {"second_name": None}),
    ("last_name", {"last_name": "Barbera"}),
    ("birth_date", {"birth_date": "1984-11-22"}),
    ("address.country", {"address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "URY"}}),
]


@pytest.mark.parametrize(("name", "changes"), REVIEWED, ids=[name for name, _ in REVIEWED])
async def test_in_review_it_stands_still_and_afterwards_it_is_looked_at(
    partner: Partner, name: str, changes: Json
) -> None:
    maria, at = await partner.submitted()
    answer = await partner.replace(maria, **changes)
    assert (refusal(answer), faults(answer)) == ((412, "INVALID_STATE"), {(name, "INVALID_STATE")})
    assert await partner.ok("GET", f"{CLIENTS}/{maria['id']}") == maria
    await partner.rounds()
    assert (await partner.replace(maria, **changes)).status_code == 200
    product = await partner.read(at, "next_action")
    assert (product["status"], product["next_action"]["owner"]) == ("enabled", "operator")
    await partner.judge(at, Decision.APPROVE)
    assert (await partner.read(at, "next_action"))["next_action"]["owner"] == "nobody"


@pytest.mark.parametrize(
    "changes",
    [{"email": "other@example.com"}, {"phone_number": 1168860623}, {"occupation": "Pilot"},
     {"address": MARIA["address"] | {"street_line1": "Florida 1", "city": "Pilar", "state": "ARG-C"}}],
)  # fmt: skip
async def test_what_is_not_reviewed_may_change_at_any_time(partner: Partner, changes: Json) -> None:
    maria, at = await partner.submitted()
    assert (await partner.replace(maria, **changes)).status_code == 200
    await partner.rounds()
    assert (await partner.read(at, "next_action"))["next_action"]["owner"] == "nobody"


async def test_what_came_back_from_review_may_move_again(partner: Partner) -> None:
    maria, at = await partner.submitted("REVIEW1")
    await partner.send_back(at, "passport", Code.NAME_MISMATCH)
    assert (await partner.replace(maria, last_name="Barbera")).status_code == 200


# ---- lists ----------------------------------------------------------------------------------------------------------


async def pages(partner: Partner, path: str) -> list[list[Json]]:
    """Every page, following the Link header to its end."""
    pages_read = []
    while path:
        answer = await partner.call("GET", path)
        assert answer.status_code == 200
        pages_read.append(answer.json())
        path = answer.links["next"]["url"] if "next" in answer.links else ""
        assert path == "" or path.startswith(CLIENTS)
    return pages_read


@pytest.mark.parametrize(
    ("limit", "sizes"),
    [(1, [1] * 7), (2, [2, 2, 2, 1]), (3, [3, 3, 1]), (6, [6, 1]), (7, [7]), (200, [7]), (None, [7])],
)
async def test_pages_are_newest_first_and_lead_to_the_end(
    partner: Partner, limit: int | None, sizes: list[int]
) -> None:
    ids = [(await partner.client())["id"] for _ in range(7)]
    listed = await pages(partner, CLIENTS if limit is None else f"{CLIENTS}?limit={limit}")
    assert [len(page) for page in listed] == sizes
    assert [client["id"] for page in listed for client in page] == ids[::-1]


async def test_a_page_has_50_unless_asked_and_at_most_200(partner: Partner) -> None:
    ids = [(await partner.client())["id"] for _ in range(203)]
    assert [len(page) for page in await pages(partner, CLIENTS)] == [50, 50, 50, 50, 3]
    listed = await pages(partner, f"{CLIENTS}?limit=200")
    assert [client["id"] for page in listed for client in page] == ids[::-1]
    assert [len(page) for page in listed] == [200, 3]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.5", "", "all", "1e2", "٣", "99999999999999999999", "+5", " 5"])
async def test_other_limits_are_refused(partner: Partner, limit: str) -> None:
    answer = await partner.call("GET", CLIENTS, params={"limit": limit})
    assert (answer.status_code, faults(answer)) == (400, {("limit", "QUERY_INVALID")})


@pytest.mark.parametrize("cursor", ["", "1", "x" * 31, "x" * 33, "-" * 32, "é" * 32])
async def test_a_cursor_is_taken_from_a_page(partner: Partner, cursor: str) -> None:
    answer = await partner.call("GET", CLIENTS, params={"cursor": cursor})
    assert (answer.status_code, faults(answer)) == (400, {("cursor", "QUERY_INVALID")})


async def test_wrong_queries_are_told_all_at_once(partner: Partner) -> None:
    answer = await partner.call("GET", f"{CLIENTS}?limit=0&cursor=x&status=new")
    assert {field for field, _ in faults(answer)} == {"limit", "cursor", "status"}


@pytest.mark.parametrize("query", ["limit=1&limit=2", "status=active&status=pending", "email=a&email=a"])
async def test_a_query_says_each_thing_once(partner: Partner, query: str) -> None:
    answer = await partner.call("GET", f"{CLIENTS}?{query}")
    assert (answer.status_code, faults(answer)) == (400, {(query.partition("=")[0], "QUERY_REPEATED")})


async def test_who_comes_while_pages_are_read_disturbs_none(partner: Partner) -> None:
    ids = [(await partner.client())["id"] for _ in range(4)]
    first = await partner.call("GET", f"{CLIENTS}?limit=2")
    await partner.client()
    rest = await pages(partner, first.links["next"]["url"])
    assert [client["id"] for page in [first.json(), *rest] for client in page] == ids[::-1]


async def test_filters(partner: Partner) -> None:
    pending = [await partner.client(email=f"Pending{number}@Example.com") for number in range(3)]
    active, _ = await partner.enabled("AB000001")
    rejected, at = await partner.submitted("AB000002")
    await partner.judge(at, Decision.REJECT_CLIENT)
    for query, expected in (
        ("status=pending", pending[::-1]),
        ("status=active", [active]),
        ("status=rejected", [rejected]),
        ("email=pending1@example.com", [pending[1]]),
        ("email=PENDING1@EXAMPLE.COM", [pending[1]]),
        ("email=nobody@example.com", []),
        ("email=nonsense", []),
        ("email=", []),
        ("email=pending1@example.com&status=pending", [pending[1]]),
        ("email=pending1@example.com&status=active", []),
        ("status=pending&limit=2", pending[:0:-1]),
    ):
        got = await partner.ok("GET", f"{CLIENTS}?{query}")
        assert [client["id"] for client in got] == [client["id"] for client in expected], query
    followed = await pages(partner, f"{CLIENTS}?status=pending&limit=1")
    assert [page[0]["id"] for page in followed] == [client["id"] for client in pending[::-1]]
    answer = await partner.call("GET", f"{CLIENTS}?status=new")
    assert all(status in answer.json()["details"][0]["message"] for status in ("pending", "active", "rejected"))


async def test_a_clients_products_come_whole_newest_first(partner: Partner) -> None:
    client = await partner.client()
    ids = []
    for _ in range(60):
        at = await partner.request(client)
        ids.append(at.rpartition("/")[2])
        await partner.ok("POST", f"{at}/withdraw")
    answer = await partner.call("GET", f"{CLIENTS}/{client['id']}/products")
    assert [product["id"] for product in answer.json()] == ids[::-1]
    assert "link" not in answer.headers
    assert (await partner.call("GET", f"{CLIENTS}/{client['id']}/products?limit=5")).status_code == 400
