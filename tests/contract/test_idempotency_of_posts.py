"""Idempotency-Key on every POST: the first answer again, refusals too, and what is not kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ostiary.domain.errors import Unavailable
from tests.contract.partner import CARDS, CLIENTS, MARIA, WEBHOOK, Json, Partner, codes, document, refusal
from tests.material import dark_picture

REPLAYED = "idempotency-replayed"


@dataclass(frozen=True)
class Post:
    """One operation: where, with what, with what else, and the status of the first answer."""

    name: str
    path: str
    body: Any
    other: Any
    status: int = 200


AT = "{request}"
POSTS = (
    Post("create_client", CLIENTS, MARIA, MARIA | {"first_name": "Mary"}, 201),
    Post("request_product", CLIENTS + "/{client}/products", {"subproduct": "accounts_individuals"},
         {"subproduct": CARDS}, 201),
    Post("documentation", AT + "/documentation", {"document": document()}, {"document": document(seed=1)}),
    Post("submit", AT + "/submit", None, {"reason": "x"}),
    Post("withdraw", AT + "/withdraw", None, {"reason": "x"}),
    Post("subscribe", WEBHOOK + "/subscribe", {"url": "https://a.example", "webhook_key": "k"},
         {"url": "https://b.example", "webhook_key": "k"}),
    Post("key", WEBHOOK + "/key", {"key": "one"}, {"key": "two"}),
)  # fmt: skip
BY_NAME = [pytest.param(post, id=post.name) for post in POSTS]


async def place(partner: Partner, post: Post) -> str:
    client = await partner.client()
    at = await partner.request(client)
    if post.name == "submit":
        await partner.send(at)
    return post.path.format(client=client["id"], request=at)


async def tell(partner: Partner, path: str, body: object, name: str = "one", **headers: str) -> httpx.Response:
    return await partner.call("POST", path, body, headers={"idempotency-key": name, **headers})


@pytest.mark.parametrize("post", BY_NAME)
async def test_the_first_answer_comes_again(partner: Partner, post: Post) -> None:
    path = await place(partner, post)
    first = await tell(partner, path, post.body)
    assert (first.status_code, REPLAYED in first.headers) == (post.status, False)
    partner.clock.now_ms += 3_600_000
    again = await tell(partner, path, post.body)
    assert (again.status_code, again.headers[REPLAYED]) == (post.status, "true")
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]


@pytest.mark.parametrize("post", BY_NAME)
async def test_other_content_is_another_call(partner: Partner, post: Post) -> None:
    path = await place(partner, post)
    first = await tell(partner, path, post.body)
    for _ in range(2):
        assert refusal(await tell(partner, path, post.other)) == (422, "IDEMPOTENCY_KEY_REUSED")
    assert (await tell(partner, path, post.body)).content == first.content


@pytest.mark.parametrize("post", BY_NAME)
async def test_another_key_is_another_call(partner: Partner, post: Post) -> None:
    path = await place(partner, post)
    await tell(partner, path, post.body)
    assert REPLAYED not in (await tell(partner, path, post.body, "two")).headers


@pytest.mark.parametrize("post", BY_NAME)
async def test_after_24_hours_it_is_forgotten(partner: Partner, post: Post) -> None:
    path = await place(partner, post)
    await tell(partner, path, post.body)
    partner.clock.now_ms += 86_400_000 - 1
    assert REPLAYED in (await tell(partner, path, post.body)).headers
    partner.clock.now_ms += 2
    assert REPLAYED not in (await tell(partner, path, post.body)).headers


@pytest.mark.parametrize("post", BY_NAME)
async def test_a_malformed_call_is_kept(partner: Partner, post: Post) -> None:
    path = await place(partner, post)
    first, again = [await tell(partner, path, {"sundry": 1}) for _ in range(2)]
    assert (first.status_code, again.status_code, again.headers[REPLAYED]) == (400, 400, "true")
    assert again.json()["trace_id"] == first.headers["x-trace-id"] != again.headers["x-trace-id"]


@pytest.mark.parametrize("post", BY_NAME)
async def test_401_is_not_kept(partner: Partner, post: Post) -> None:
    path = await place(partner, post)
    weak = await partner.key_of(1)
    assert (await tell(partner, path, post.body, **{"x-api-key": "nobody's"})).status_code == 401
    if post.name != "create_client":
        assert refusal(await tell(partner, path, post.body, **{"x-api-key": weak})) == (401, "ACCESS_DENIED")
    answer = await tell(partner, path, post.body)
    assert (answer.status_code, REPLAYED in answer.headers) == (post.status, False)


@pytest.mark.parametrize("post", BY_NAME)
@pytest.mark.parametrize(("problem", "status"), [(Unavailable(), 503), (ValueError("broken"), 500)])
async def test_what_went_wrong_on_our_side_is_not_kept(
    partner: Partner, monkeypatch: pytest.MonkeyPatch, post: Post, problem: Exception, status: int
) -> None:
    async def fails(*_: object) -> None:
        raise problem

    path = await place(partner, post)
    with monkeypatch.context() as away:
        away.setattr(partner.context.storage, "commit", fails)
        assert (await tell(partner, path, post.body)).status_code == status
    answer = await tell(partner, path, post.body)
    assert (answer.status_code, REPLAYED in answer.headers) == (post.status, False)


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [("create_client", MARIA | {"email": "nobody"}, 412, "VALIDATION_FAILED"),
     ("request_product", {"subproduct": "loans"}, 412, "PRODUCT_UNKNOWN"),
     ("request_product", {"subproduct": CARDS}, 412, "PRODUCT_ALREADY_REQUESTED"),
     ("documentation", {"document": document("utility_bill")}, 412, "DOCUMENT_NOT_REQUIRED"),
     ("subscribe", {"url": "ftp://x", "webhook_key": "k"}, 412, "VALIDATION_FAILED"),
     ("key", {"key": ""}, 412, "VALIDATION_FAILED")],
)  # fmt: skip
async def test_refusals_are_kept(partner: Partner, name: str, body: Json, status: int, code: str) -> None:
    path = await place(partner, next(post for post in POSTS if post.name == name))
    first, again = [await tell(partner, path, body) for _ in range(2)]
    assert (refusal(first), refusal(again)) == ((status, code), (status, code))
    assert again.content == first.content


async def test_a_kept_refusal_outlives_its_cause(partner: Partner) -> None:
    taken = await partner.client(email="maria@example.com")
    body = MARIA | {"email": "maria@example.com"}
    assert refusal(await tell(partner, CLIENTS, body)) == (412, "DUPLICATE_CLIENT")
    assert (await partner.replace(taken, email="other@example.com")).status_code == 200
    assert refusal(await tell(partner, CLIENTS, body)) == (412, "DUPLICATE_CLIENT")
    assert (await tell(partner, CLIENTS, body, "two")).status_code == 201


@pytest.mark.parametrize("operation", ["submit", "withdraw", "documentation"])
async def test_nothing_is_there_is_kept_too(partner: Partner, operation: str) -> None:
    client = await partner.client()
    path = f"{CLIENTS}/{client['id']}/products/{client['id']}/{operation}"
    body = {"document": document()} if operation == "documentation" else None
    first, again = [await tell(partner, path, body) for _ in range(2)]
    assert refusal(first) == (404, "NOT_FOUND")
    assert (again.content, again.headers[REPLAYED]) == (first.content, "true")


async def test_a_refused_document_is_an_answer_like_any_other(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    body = {"document": document() | {"image_front": dark_picture(1).hex()}}
    first, again = [await tell(partner, f"{at}/documentation", body) for _ in range(2)]
    assert codes(first.json()) == [("image_not_readable", "image_front")]
    assert again.content == first.content


async def test_a_replay_tells_what_was_not_what_is(partner: Partner) -> None:
    _, at = await partner.submitted()
    first = await tell(partner, f"{at}/submit", None)
    await partner.rounds()
    assert (await partner.read(at))["status"] == "enabled"
    assert (await tell(partner, f"{at}/submit", None)).content == first.content
    assert (await tell(partner, f"{at}/submit", None, "two")).status_code == 412


async def test_one_key_on_different_addresses_and_companies(partner: Partner) -> None:
    for who in (partner, await partner.another()):
        at = await who.request(await who.client())
        for path, body in ((CLIENTS, MARIA), (f"{at}/submit", None), (f"{at}/withdraw", None)):
            assert REPLAYED not in (await tell(who, path, body)).headers


async def test_get_put_and_delete_know_no_such_header(partner: Partner) -> None:
    client = await partner.client()
    headers = {"idempotency-key": "one"}
    for name in ("Mary", "Marie"):
        body = MARIA | {"email": client["email"], "first_name": name}
        answer = await partner.call("PUT", f"{CLIENTS}/{client['id']}", body, headers=headers)
        assert answer.json()["first_name"] == name
        assert REPLAYED not in answer.headers
