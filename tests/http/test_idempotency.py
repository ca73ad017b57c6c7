"""Idempotency-Key: the first answer again for the same call, and never a second effect."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from ostiary.adapters.files.pictures import PictureFiles
from ostiary.api.reading.bodies import ClientBodies
from ostiary.domain.errors import Unavailable
from ostiary.usecases.companies.companies import operator_for
from ostiary.web import idempotency
from ostiary.web.idempotency import Lease
from ostiary.web.json_body import read_json
from ostiary.wire.clients import client_answer
from tests.http.running import CLIENTS, MARIA, Running

LEASE_MS, DAY_MS = 60_000, 86_400_000
REPLAYED = "idempotency-replayed"


async def create(app: Running, key: str, name: str, **changes: Any) -> httpx.Response:
    return await app.call("POST", CLIENTS, key, json=MARIA | changes, headers={"idempotency-key": name})


async def take(app: Running, name: str, content: bytes) -> Lease:
    """Begins a call and leaves it running, as a process that dies would."""
    company = await app.company("Acme")
    caller = await operator_for(app.parts.context, company.id, "test")
    lease = await idempotency.begin(
        app.parts.context, app.parts.store.answers, caller, ("POST", CLIENTS, name), content
    )
    assert isinstance(lease, Lease)
    return lease


async def test_the_same_call_again_gives_the_first_answer_and_no_second_effect(app: Running) -> None:
    key = await app.key()
    first = await create(app, key, "one")
    again = await create(app, key, "one")
    assert (first.status_code, REPLAYED in first.headers) == (201, False)
    assert (again.status_code, again.headers[REPLAYED], again.content) == (201, "true", first.content)
    assert again.headers["x-trace-id"] != first.headers["x-trace-id"]
    assert len((await app.call("GET", CLIENTS, key)).json()) == 1


async def test_an_answer_under_a_key_is_made_once(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is what is sent."""
    shown = []

    def show(*given: Any) -> dict[str, Any]:
        shown.append(client_answer(*given))
        return shown[-1]

    monkeypatch.setattr("ostiary.api.handlers.clients.client_answer", show)
    key = await app.key()
    first = await create(app, key, "one")
    again = await create(app, key, "one")
    assert (len(shown), first.content, first.status_code) == (1, again.content, 201)


async def test_spelling_does_not_count_but_content_does(app: Running) -> None:
    key, headers = await app.key(), {"idempotency-key": "one", "content-type": "application/json"}
    await create(app, key, "one")
    turned = dict(reversed(MARIA.items())) | {"second_name": None}
    assert REPLAYED in (await app.call("POST", CLIENTS, key, json=turned, headers=headers)).headers
    other = await create(app, key, "one", first_name="Mary")
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
    broken = await app.call("POST", CLIENTS, key, content=b"{", headers=headers)
    assert broken.status_code == 422


@pytest.mark.parametrize(
    ("first", "again", "expected"),
    [
        ("", "?expand=timestamps", 422), ("?expand=timestamps", "", 422),
        ("?expand=timestamps", "?expand=decimals", 422), ("?expand=timestamps", "?expand=timestamps,decimals", 422),
        ("?expand=timestamps", "?expand=timestamps", 201),
        ("?expand=timestamps,decimals", "?expand=decimals,timestamps", 201),
        ("?expand=timestamps,decimals", "?expand[]=decimals&expand[]=timestamps&expand=decimals", 201),
    ],
)  # fmt: skip
async def test_what_the_answer_shall_show_is_content_and_its_spelling_is_not(
    app: Running, first: str, again: str, expected: int
) -> None:
    key, headers = await app.key(), {"idempotency-key": "one"}
    created = await app.call("POST", CLIENTS + first, key, json=MARIA, headers=headers)
    other = await app.call("POST", CLIENTS + again, key, json=MARIA, headers=headers)
    assert (created.status_code, other.status_code) == (201, expected)
    assert other.json().get("code") == ("IDEMPOTENCY_KEY_REUSED" if expected == 422 else None)
    assert (other.content == created.content) is (expected == 201)


async def test_expand_is_content_beside_pictures_too(app: Running) -> None:
    key = await app.key()
    product = f"{CLIENTS}/{(await create(app, key, 'c')).json()['id']}/products"
    asked = (await app.call("POST", product, key, json={"subproduct": "cards_individuals"})).json()
    form = {
        "document": ("", b'{"document_type":"passport","metadata":{"number":"AB123"}}', "application/json"),
        "image_front": ("f.jpg", b"a" * 300_000, "image/jpeg"),
    }
    for query, status in (("?expand=explain", 200), ("", 422), ("?expand=explain", 200)):
        path, headers = f"{product}/{asked['id']}/documentation{query}", {"idempotency-key": "one"}
        assert (await app.call("POST", path, key, files=form, headers=headers)).status_code == status


async def test_refusals_of_the_call_are_kept_too(app: Running) -> None:
    key = await app.key()
    for name, changes, status in (("bad", {"email": 5}, 400), ("wrong", {"email": "nothing"}, 412)):
        first, again = await create(app, key, name, **changes), await create(app, key, name, **changes)
        assert (first.status_code, again.status_code, again.headers[REPLAYED]) == (status, status, "true")
        assert again.json()["trace_id"] == first.headers["x-trace-id"]


async def test_a_key_belongs_to_one_company_and_one_address(app: Running) -> None:
    acme, other = await app.key(), await app.key(3, "Other")
    client_id = (await create(app, acme, "one")).json()["id"]
    assert (await create(app, other, "one")).json()["id"] != client_id
    asked = await app.call(
        "POST",
        f"{CLIENTS}/{client_id}/products",
        acme,
        json={"subproduct": "cards_individuals"},
        headers={"idempotency-key": "one"},
    )
    assert asked.status_code == 201


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 256, "tab\t"])
async def test_a_key_is_visible_ascii_of_bounded_length(app: Running, name: str) -> None:
    headers = {"idempotency-key": name.encode("latin-1")}
    answer = await app.call("POST", CLIENTS, await app.key(), json=MARIA, headers=headers)
    assert (answer.status_code, answer.json()["details"][0]["code"]) == (400, "HEADER_INVALID")


async def test_while_the_first_call_runs_the_key_is_in_use_until_its_lease_ends(app: Running) -> None:
    key = await app.key()
    await create(app, key, "probe")
    content = await content_of_maria(app)
    await take(app, "one", content)
    assert (await create(app, key, "one", email="lease@example.com")).json()["code"] == "IDEMPOTENCY_KEY_IN_USE"
    app.clock.ahead_ms += LEASE_MS - 1_000
    assert (await create(app, key, "one", email="lease@example.com")).status_code == 409
    app.clock.ahead_ms += 2_000
    assert (await create(app, key, "one", email="lease@example.com")).status_code == 201
    assert (await create(app, key, "one", email="lease@example.com")).headers[REPLAYED] == "true"


async def content_of_maria(app: Running) -> bytes:
    """What the call of the lease says, as it is compared."""
    body = httpx.Request("POST", "http://x", json=MARIA | {"email": "lease@example.com"}).content
    kind = ClientBodies(app.parts.context.catalogues.attributes).create
    return idempotency.content_of(read_json(body, kind), body)


async def test_after_a_day_a_key_is_fresh_again(app: Running) -> None:
    key = await app.key()
    await create(app, key, "one")
    app.clock.ahead_ms += DAY_MS + 1_000
    answer = await create(app, key, "one", email="next@example.com")
    assert (answer.status_code, REPLAYED in answer.headers) == (201, False)


@pytest.mark.parametrize("problem", [Unavailable(), RuntimeError("broken")])
async def test_what_went_wrong_on_our_side_is_not_kept(
    app: Running, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    key, name = await app.key(), "one"
    product = f"{CLIENTS}/{(await create(app, key, 'c')).json()['id']}/products"
    asked = (await app.call("POST", product, key, json={"subproduct": "cards_individuals"})).json()
    body = {"document": {"document_type": "passport", "image_front": "AAAA", "metadata": {"number": "AB123"}}}

    async def upload() -> httpx.Response:
        path, headers = f"{product}/{asked['id']}/documentation", {"idempotency-key": name}
        return await app.call("POST", path, key, json=body, headers=headers)

    async def fail(*_: object) -> None:
        raise problem

    with monkeypatch.context() as broken:
        broken.setattr(PictureFiles, "measure", fail)
        assert (await upload()).status_code in (500, 503)
    assert (await upload()).status_code == 200


async def test_two_at_once_have_one_effect(app: Running) -> None:
    key = await app.key()
    answers = await asyncio.gather(*(create(app, key, "one") for _ in range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len((await app.call("GET", CLIENTS, key)).json()) == 1


async def test_a_form_and_its_boundary_are_compared_by_their_parts(app: Running) -> None:
    key = await app.key()
    product = f"{CLIENTS}/{(await create(app, key, 'c')).json()['id']}/products"
    asked = (await app.call("POST", product, key, json={"subproduct": "cards_individuals"})).json()
    path, headers = f"{product}/{asked['id']}/documentation", {"idempotency-key": "one"}

    def form(picture: bytes) -> dict[str, tuple[str, bytes, str]]:
        document = b'{"document_type":"passport","metadata":{"number":"AB123"}}'
        return {"document": ("", document, "application/json"), "image_front": ("f.jpg", picture, "image/jpeg")}

    for picture, status, replayed in ((b"a", 200, None), (b"a", 200, "true"), (b"b", 422, None)):
        answer = await app.call("POST", path, key, files=form(picture), headers=headers)
        assert (answer.status_code, answer.headers.get(REPLAYED)) == (status, replayed)
