"""Access levels: which operation needs which, written out, and that each level includes those below."""

from __future__ import annotations

import pytest

from tests.contract.partner import CARDS, CATALOGUE, CLIENTS, MARIA, WEBHOOK, Json, Partner, document, refusal
from tests.terms import body as terms_body

AT = CLIENTS + "/{client}/products"
LEVELS: list[tuple[int, str, str, Json | None]] = [
    (1, "POST", CLIENTS, MARIA),
    (1, "GET", CLIENTS, None),
    (1, "GET", CLIENTS + "/{client}", None),
    (3, "PUT", CLIENTS + "/{client}", MARIA),
    (1, "GET", AT, None),
    (1, "GET", AT + "/{request}", None),
    (3, "POST", AT, {"subproduct": CARDS}),
    (3, "POST", AT + "/{request}/documentation", {"document": document()}),
    (4, "DELETE", CLIENTS + "/{client}", None),
    (3, "POST", AT + "/{request}/submit", None),
    (3, "POST", AT + "/{request}/withdraw", None),
    (3, "POST", CLIENTS + "/{client}/onboarding-links", {}),
    (1, "GET", CLIENTS + "/{client}/onboarding-links", None),
    (3, "POST", CLIENTS + "/{client}/terms", terms_body()),
    (1, "GET", CLIENTS + "/{client}/terms", None),
    (1, "GET", CATALOGUE, None),
    (3, "GET", WEBHOOK, None),
    (3, "POST", WEBHOOK + "/subscribe", {"url": "https://partner.example", "webhook_key": "k"}),
    (3, "POST", WEBHOOK + "/key", {"key": "k"}),
    (3, "GET", WEBHOOK + "/signing-secret", None),
    (3, "DELETE", WEBHOOK, None),
]


@pytest.mark.parametrize(("needed", "method", "path", "body"), LEVELS, ids=[f"{row[1]} {row[2]}" for row in LEVELS])
async def test_an_operation_answers_from_its_level_up(
    partner: Partner, needed: int, method: str, path: str, body: Json | None
) -> None:
    client = await partner.client()
    request = (await partner.request(client)).rpartition("/")[2]
    address = path.format(client=client["id"], request=request)
    for level in range(1, 6):
        headers = {"x-api-key": await partner.key_of(level)}
        answer = await partner.call(method, address, body, headers=headers)
        if level < needed:
            assert refusal(answer) == (401, "ACCESS_DENIED")
        else:
            assert answer.status_code in (200, 201, 202, 204, 404, 412)


async def test_nothing_happens_below_the_level(partner: Partner) -> None:
    client = await partner.client()
    at = await partner.request(client)
    before = await partner.read(at)
    weak = {"x-api-key": await partner.key_of(2)}
    for path, body in (
        (f"{at}/documentation", {"document": document()}),
        (f"{at}/submit", None),
        (f"{at}/withdraw", None),
    ):
        assert (await partner.call("POST", path, body, headers=weak)).status_code == 401
    assert (await partner.call("PUT", f"{CLIENTS}/{client['id']}", MARIA, headers=weak)).status_code == 401
    assert await partner.read(at) == before
    assert await partner.ok("GET", f"{CLIENTS}/{client['id']}") == client


async def test_a_body_is_not_looked_at_below_the_level(partner: Partner) -> None:
    weak = {"x-api-key": await partner.key_of(1)}
    answer = await partner.call("POST", f"{WEBHOOK}/key", content=b"{", headers=weak)
    assert refusal(answer) == (401, "ACCESS_DENIED")


async def test_what_is_no_good_key_gets_one_and_the_same_answer(partner: Partner) -> None:
    expired = await partner.key_of(5, expires_at_ms=partner.clock.now_ms + 1_000)
    elsewhere = await partner.key_of(5, ("203.0.113.0/24",))
    assert (await partner.call("GET", CLIENTS, headers={"x-api-key": expired})).status_code == 200
    partner.clock.now_ms += 1_000
    messages = []
    for key in (expired, elsewhere, "", "nothing", partner.key[:-1], partner.key + "0", partner.key.swapcase()):
        answer = await partner.call("GET", CLIENTS, headers={"x-api-key": key})
        assert refusal(answer) == (401, "UNAUTHORIZED")
        messages.append(answer.json()["message"])
    assert len(set(messages)) == 1


@pytest.mark.parametrize(
    ("networks", "good"),
    [(("127.0.0.1/32",), True), (("127.0.0.0/8", "203.0.113.0/24"), True), (("203.0.113.0/24",), False),
     (("::/0",), False), ((), True)],
)  # fmt: skip
async def test_an_allowlist_lets_in_who_is_on_it(partner: Partner, networks: tuple[str, ...], good: bool) -> None:
    answer = await partner.call("GET", CLIENTS, headers={"x-api-key": await partner.key_of(1, networks)})
    assert (answer.status_code == 200) is good


async def test_companies_live_apart(partner: Partner) -> None:
    client, at = await partner.submitted()
    other = await partner.another()
    assert await other.ok("GET", CLIENTS) == []
    assert await other.ok("GET", f"{CLIENTS}?email={client['email']}") == []
    for method, path, body in (
        ("GET", f"{CLIENTS}/{client['id']}", None),
        ("PUT", f"{CLIENTS}/{client['id']}", MARIA),
        ("GET", at, None),
        ("POST", f"{at}/submit", None),
        ("POST", f"{at}/withdraw", None),
        ("POST", f"{at}/documentation", {"document": document()}),
    ):
        assert refusal(await other.call(method, path, body)) == (404, "NOT_FOUND")
    assert (await other.call("POST", CLIENTS, MARIA | {"email": client["email"]})).status_code == 201
