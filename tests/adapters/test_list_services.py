"""yente and watchman: real servers that answer as documented, wrongly, too much, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from ostiary.adapters.lists.watchman import Watchman
from ostiary.adapters.lists.yente import Yente, YenteDataset
from ostiary.domain.screening.hits import subject_of
from ostiary.domain.screening.subject import ListStanding, Screening, ScreeningUnavailable, Subject
from tests.judgement_material import zone
from tests.material import profile

PETROV = Subject(("Vladimir Petrov", "V Petrov"), "1961-04-15", ("RUS",))
CATALOG = {"datasets": [{"name": "other"}, {"name": "sanctions", "version": "20261101"}]}
NESTED = "[" * 100_000
RESULT: dict[str, Any] = {
    "id": "NK-1", "caption": "Vladimir Petrov", "schema": "Person", "score": 0.93, "match": True,
          "properties": {"topics": ["sanction"], "birthDate": ["1961"], "country": ["ru", "su"],
                         "citizenship": ["ua", "ru"]}, "datasets": ["x"],
}  # fmt: skip
ENTITY = {"name": "Vladimir PETROV", "entityType": "person", "sourceList": "us_ofac", "sourceID": "306", "match": 0.91,
          "person": {"birthDate": "1961-04-15T00:00:00Z"}}  # fmt: skip


@asynccontextmanager
async def serving(answers: dict[str, Any]) -> AsyncIterator[tuple[str, list[Any]]]:
    """Answers paths with JSON, text, or a status; keeps what was asked."""
    came: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        came.append(
            (
                request.method,
                request.path,
                list(request.query.items()),
                dict(request.headers),
                await request.json() if request.can_read_body else None,
            )
        )
        reply = answers.get(request.path, 404)
        if isinstance(reply, int):
            return web.Response(status=reply, headers={"Retry-After": "7"})
        return web.Response(text=reply) if isinstance(reply, str) else web.json_response(reply)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", came
    finally:
        await runner.cleanup()


async def test_yente_is_asked_as_documented() -> None:
    answers = {
        "/catalog": CATALOG,
        "/match/sanctions": {
            "responses": {
                "client": {
                    "status": 200,
                    "results": [RESULT, {**RESULT, "id": "NK-2", "score": 0.5}, {**RESULT, "id": "NK-9"}],
                }
            }
        },
    }
    async with serving(answers) as (url, came):
        yente = Yente("un", YenteDataset(url, "sanctions", "secret"), 0.7)
        screened = await yente.screen(PETROV, frozenset({"NK-9"}))
        await yente.close()
    [hit] = screened.hits
    assert (hit.list, hit.entry_id, hit.score, hit.version) == ("un", "NK-1", 0.93, "20261101")
    assert (hit.topics, hit.birth_dates, hit.countries) == (("sanction",), ("1961",), ("RUS", "UKR"))
    method, path, query, headers, body = came[1]
    assert (method, path, headers["Authorization"]) == ("POST", "/match/sanctions", "ApiKey secret")
    assert sorted(query) == [("exclude_entity_ids", "NK-9"), ("limit", "20"), ("threshold", "0.7")]
    assert body == {
        "queries": {
            "client": {
                "schema": "Person",
                "properties": {"name": ["Vladimir Petrov", "V Petrov"], "birthDate": ["1961-04-15"], "country": ["ru"]},
            }
        }
    }


async def test_watchman_is_asked_as_documented() -> None:
    answers = {
        "/v2/listinfo": {"listHashes": {"us_ofac": "0123456789abcdef"}, "lists": {"us_ofac": 1}},
        "/v2/search": {"entities": [ENTITY, {**ENTITY, "sourceID": "307", "match": 0.4}]},
    }
    async with serving(answers) as (url, came):
        watchman = Watchman("ofac", url, 0.7)
        screened = await watchman.screen(PETROV, frozenset())
        cleared = await watchman.screen(PETROV, frozenset({"us_ofac:306"}))
        await watchman.close()
    [hit] = screened.hits
    assert (hit.entry_id, hit.name, hit.score, hit.version) == (
        "us_ofac:306",
        "Vladimir PETROV",
        0.91,
        "us_ofac-0123456789ab",
    )
    assert (hit.birth_dates, cleared.hits) == (("1961-04-15",), ())
    asked = [dict(query) for _, path, query, _, _ in came if path == "/v2/search"][:2]
    assert [query["name"] for query in asked] == ["Vladimir Petrov", "V Petrov"]
    assert {name: asked[0][name] for name in ("type", "birthDate", "minMatch")} == {
        "type": "person",
        "birthDate": "1961-04-15",
        "minMatch": "0.7",
    }


TYPED_ODDLY = subject_of(
    profile(first_name="V.l a", second_name="d1mir", last_name="Pu\u3164 tin"),
    (zone(surname="PUTIN", given_names="VLADIMIR"),),
)
IN_CYRILLIC = Subject(("Владимир Щербаков",))


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        (TYPED_ODDLY, {"Vladmir Putin", "VLADIMIR PUTIN"}),
        (IN_CYRILLIC, {"Владимир Щербаков", "Vladimir Shcherbakov"}),
        (Subject(("José Núñez",)), {"José Núñez"}),
        (Subject(("习近平",)), {"习近平", "Xi Jin Ping"}),
    ],
)
async def test_services_are_asked_about_every_name_that_a_local_list_is(subject: Subject, wanted: set[str]) -> None:
    answers = {
        "/catalog": CATALOG,
        "/match/sanctions": {"responses": {"client": {"status": 200, "results": []}}},
        "/v2/listinfo": {"listHashes": {}},
        "/v2/search": {"entities": []},
    }
    async with serving(answers) as (url, came):
        for service in (Yente("un", YenteDataset(url, "sanctions"), 0.7), Watchman("ofac", url, 0.7)):
            await service.screen(subject, frozenset())
            await service.close()
    [body] = [body for method, _, _, _, body in came if method == "POST"]
    assert wanted <= set(body["queries"]["client"]["properties"]["name"])
    assert wanted <= {dict(query)["name"] for _, path, query, _, _ in came if path == "/v2/search"}


@pytest.mark.parametrize(
    ("exported", "of_ms"),
    [
        ("2026-11-01T00:00:00", 1_793_491_200_000),
        ("2026-11-01T00:00:00+00:00", 1_793_491_200_000),
        ("odd", None),
        (None, None),
    ],
)
async def test_how_old_a_service_is_as_far_as_it_says(exported: str | None, of_ms: int | None) -> None:
    catalog = {"datasets": [{"name": "sanctions", "version": "v1", "last_export": exported}]}
    async with serving({"/catalog": catalog, "/v2/listinfo": {"listHashes": {"a": "b"}}}) as (url, _):
        yente, watchman = Yente("un", YenteDataset(url, "sanctions"), 0.7), Watchman("ofac", url, 0.7)
        assert await yente.standing() == ListStanding("v1", of_ms=of_ms)
        assert await watchman.standing() == ListStanding("a-b")
        assert (yente.most_age_ms, watchman.most_age_ms) == (None, None)
        await yente.close()
        await watchman.close()


MAKERS: dict[str, Callable[[str], Screening]] = {
    "yente": lambda url: Yente("un", YenteDataset(url, "sanctions"), 0.7),
    "watchman": lambda url: Watchman("un", url, 0.7),
}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize(
    ("catalog", "match", "words"),
    [
        (500, {}, "answers 500"), (301, {}, "answers 301"), ("no json", {}, "answers no JSON"),
        (NESTED, {}, "answers no JSON"), ({"datasets": 5, "listHashes": 5}, {}, "not as documented"),
        (None, {"responses": 1, "entities": 1}, "not as documented"),
        (None, 429, "answers 429"),
        (None, "x" * 5_000_000, "more than"),
    ],
    ids=["500", "redirect", "no JSON", "nested", "other JSON", "other answer", "429", "too much"],
)  # fmt: skip
async def test_what_cannot_be_used_is_unavailable_and_names_nobody(
    kind: str, catalog: Any, match: Any, words: str
) -> None:
    good = {"datasets": CATALOG["datasets"], "listHashes": {}}
    first = good if catalog is None else catalog
    answers = {"/catalog": first, "/v2/listinfo": first, "/match/sanctions": match, "/v2/search": match}
    async with serving(answers) as (url, _):
        service = MAKERS[kind](url)
        with pytest.raises(ScreeningUnavailable) as away:
            await service.screen(PETROV, frozenset())
        await service.close()
    assert words in str(away.value)
    assert "Petrov" not in str(away.value)
    assert away.value.retry_after_s == (7.0 if words.startswith("answers ") and words[-3:].isdecimal() else None)


@pytest.mark.parametrize("kind", MAKERS)
async def test_a_service_that_is_not_there_is_unavailable(kind: str) -> None:
    service = MAKERS[kind]("http://127.0.0.1:9")
    with pytest.raises(ScreeningUnavailable, match="un: "):
        await service.version()
    await service.close()


async def test_a_dataset_that_is_not_there_and_an_answer_to_another_question() -> None:
    async with serving({"/catalog": {"datasets": []}}) as (url, _):
        yente = Yente("un", YenteDataset(url, "sanctions"), 0.7)
        with pytest.raises(ScreeningUnavailable, match="has no dataset sanctions"):
            await yente.version()
        await yente.close()
    async with serving({"/catalog": CATALOG, "/match/sanctions": {"responses": {}}}) as (url, _):
        yente = Yente("un", YenteDataset(url, "sanctions"), 0.7)
        with pytest.raises(ScreeningUnavailable, match="names no result"):
            await yente.screen(PETROV, frozenset())
        await yente.close()


@pytest.mark.parametrize(
    ("datasets", "version"),
    [
        ([{"name": "sanctions", "version": "20261102", "index_version": "20261101"}], "20261101"),
        ([{"name": "default", "index_version": "20261101"}, {"name": "sanctions", "version": "20261102"}], "20261101"),
        ([{"name": "sanctions", "version": "20261102", "index_version": None}], "20261102"),
        ([{"name": "sanctions", "last_export": "2026-11-02T00:00:00"}], "2026-11-02T00:00:00"),
        ([{"name": "sanctions"}], "unknown"),
    ],
)
async def test_the_version_of_yente_is_what_it_has_indexed(datasets: list[Any], version: str) -> None:
    async with serving({"/catalog": {"datasets": datasets}}) as (url, _):
        yente = Yente("un", YenteDataset(url, "sanctions"), 0.7)
        assert await yente.version() == version
        await yente.close()


async def test_entries_cleared_take_no_place_of_others() -> None:
    many = [{**ENTITY, "sourceID": str(number)} for number in range(60)]
    cleared = frozenset(f"us_ofac:{number}" for number in range(30))
    async with serving({"/v2/listinfo": {}, "/v2/search": {"entities": many}}) as (url, came):
        watchman = Watchman("ofac", url, 0.7)
        screened = await watchman.screen(PETROV, cleared)
        await watchman.close()
    assert len(screened.hits) == 20
    assert not {hit.entry_id for hit in screened.hits} & cleared
    assert dict(came[1][2])["limit"] == "50"
    ids = frozenset(f"NK-{number}" for number in range(60))
    async with serving({"/catalog": CATALOG, "/match/sanctions": {"responses": {"client": {}}}}) as (url, came):
        yente = Yente("un", YenteDataset(url, "sanctions"), 0.7)
        assert (await yente.screen(PETROV, ids)).hits == ()
        await yente.close()
    assert sum(name == "exclude_entity_ids" for name, _ in came[1][2]) == 50
    assert dict(came[1][2])["limit"] == "30"
