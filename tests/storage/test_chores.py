"""Housekeeping: what a crash leaves behind is removed, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.adapters.files.object_store import ObjectStore
from ostiary.background.maintenance import MESSAGES_KEPT_MS, ORPHAN_AGE_MS, SWEEP_EVERY_MS, Chores
from ostiary.domain.errors import Unavailable
from ostiary.domain.hosted.links import MOST_LIVE, LinkWish
from ostiary.domain.ids import encode
from ostiary.domain.times import DAY_MS, day_of
from ostiary.storage.hosted.links import DUE_TOGETHER
from ostiary.usecases.hosted.lapse import PUT_OFF_MS
from ostiary.usecases.hosted.links import make_link
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.servers.ports import free_port
from tests.usecases.hosted import any_address, linked


def debris(house: House, made_ms: int) -> Path:
    """A picture that was written at some moment, and whose row never came."""
    folder = house.parts.settings.data_dir / "pictures" / house.caller.company.id / f"{day_of(made_ms):%Y%m%d}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{encode(made_ms, 1)}.{encode(made_ms, 2)}.image_front"
    path.write_bytes(b"sealed")
    return path


def chores(house: House) -> Chores:
    house.parts.context = house.context
    return Chores(house.parts)


@pytest.mark.parametrize(
    ("age_ms", "is_removed"),
    [
        (0, False),
        (ORPHAN_AGE_MS - 1, False),
        (ORPHAN_AGE_MS, True),
        (DAY_MS + ORPHAN_AGE_MS, True),
        (30 * DAY_MS, True),
    ],
)
async def test_pictures_without_a_row_go_after_an_hour(tmp_path: Path, age_ms: int, is_removed: bool) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        path = debris(house, NOW_MS - age_ms)
        await chores(house).do()
        assert path.exists() is not is_removed


async def test_pictures_with_a_row_stay(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        client_id, _ = await house.submitted()
        house.clock.now_ms += 2 * ORPHAN_AGE_MS
        await chores(house).do()
        dossier = await house.dossier(client_id)
        [document] = dossier.documents
        assert await house.parts.files.fetch(dossier.client, document.id, document.sides[0])


async def test_pictures_are_looked_through_once_an_hour(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        doing = chores(house)
        await doing.do()
        path = debris(house, NOW_MS - ORPHAN_AGE_MS)
        house.clock.now_ms += SWEEP_EVERY_MS - 1
        await doing.do()
        assert path.exists()
        house.clock.now_ms += 1
        await doing.do()
        assert not path.exists()


async def test_old_answers_go(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        await house.parts.store.answers.begin(house.caller.company.id, b"m", b"c", "lease", NOW_MS - DAY_MS)
        await house.parts.store.answers.begin(house.caller.company.id, b"n", b"c", "lease", NOW_MS)
        await chores(house).do()
        assert house.rows("SELECT mark FROM answers") == [(b"n",)]


async def test_a_store_that_cannot_be_listed_holds_up_nothing_else_and_is_looked_through_as_far_back_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT": f"http://127.0.0.1:{free_port()}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }.items():
        monkeypatch.setenv(name, value)
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        await house.submitted()
        await house.work()
        assert set(house.messages("provider")) == {"delivered"}
        house.clock.now_ms += MESSAGES_KEPT_MS + DAY_MS
        orphan, doing = debris(house, house.clock.now_ms - 30 * DAY_MS), chores(house)
        folder, house.parts.files.store = house.parts.files.store, ObjectStore("s3://nobody-listens")
        with pytest.raises(Unavailable):
            await doing.do()
        assert house.messages("provider") == []
        house.parts.files.store = folder
        house.clock.now_ms += SWEEP_EVERY_MS
        await doing.do()
        assert not orphan.exists()


async def test_links_that_nobody_used_are_ended_at_the_next_round(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        client, link = await linked(house, LinkWish(minutes=1))
        await chores(house).do()
        assert house.rows("SELECT status FROM onboarding_links") == [("active",)]
        house.clock.now_ms = link.link.expires_at_ms
        await chores(house).do()
        assert house.rows("SELECT status FROM onboarding_links") == [("expired",)]
        assert house.actions(client.id)[-1] == "onboarding_expired"


async def test_more_links_than_a_batch_are_ended_in_one_round(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        for number in range(DUE_TOGETHER // MOST_LIVE + 1):
            client = await house.client(email=f"client{number}@example.com")
            await house.request(client.id)
            for _ in range(MOST_LIVE):
                link = await house.do(make_link, client.id, LinkWish(minutes=1), any_address)
        house.clock.now_ms = link.link.expires_at_ms
        await chores(house).do()
        assert house.rows("SELECT DISTINCT status FROM onboarding_links") == [("expired",)]


async def test_a_link_that_cannot_be_ended_keeps_no_other(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        _, spoilt = await linked(house, LinkWish(minutes=1))
        other = await house.client(email="other@example.com")
        await house.request(other.id)
        good = await house.do(make_link, other.id, LinkWish(minutes=2), any_address)
        with closing(sqlite3.connect(house.path)) as database, database:
            database.execute("UPDATE onboarding_links SET content = x'00' WHERE link_id = ?", (spoilt.link.id,))
        house.clock.now_ms = good.link.expires_at_ms
        await chores(house).do()
        statuses = dict(house.rows("SELECT link_id, status FROM onboarding_links"))
        assert statuses == {spoilt.link.id: "active", good.link.id: "expired"}
        assert await house.context.storage.onboarding_links.due(house.clock.now_ms) == [], "it stands before no other"
        house.clock.now_ms += PUT_OFF_MS
        due = await house.context.storage.onboarding_links.due(house.clock.now_ms)
        assert [link_id for _, _, link_id in due] == [spoilt.link.id]
