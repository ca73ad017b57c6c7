"""Housekeeping: what a crash leaves behind is removed, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.chores import ORPHAN_AGE_MS, SWEEP_EVERY_MS, Chores
from ostiary.domain.ids import encode
from ostiary.domain.times import DAY_MS, day_of
from tests.house import House, open_house
from tests.material import NOW_MS


def debris(house: House, made_ms: int) -> Path:
    """A picture that was written at some moment, and whose row never came."""
    folder = house.parts.settings.data_dir / "pictures" / house.caller.company.id / f"{day_of(made_ms):%Y%m%d}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{encode(made_ms, 1)}.{encode(made_ms, 2)}.image_front"
    path.write_bytes(b"sealed")
    return path


def chores(house: House) -> Chores:
    house.parts.world = house.world
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
