"""The trust store on a page: whose signatures are believed by country, from where, and what of it is old, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ostiary.adapters.trust.importing import plan_import
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import EntryKind, TrustStore, write_store
from ostiary.domain.operators.operator import Role
from ostiary.specimens.chip.chips import specimen_chip
from tests.chips.builder import HOLDER
from tests.console.desk import desk_of, text_of
from tests.http.running import installation


async def page(folder: Path, **settings: str) -> str:
    """What a viewer reads."""
    (folder / "data").mkdir()
    with installation(folder / "data", **settings) as parts:
        async with desk_of(parts) as desk:
            viewer = await desk.signed_in("Vic of trust", Role.VIEWER)
            assert "Whose signatures are believed" in text_of(await viewer.get("/console/about"))
            text = text_of(await viewer.get("/console/trust"))
        await parts.close_connections()
    return text


async def test_without_a_store_it_says_so(tmp_path: Path) -> None:
    assert "Trust store none There is no trust store: no chip and no seal is believed." in await page(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "empty The trust store holds nobody"), ("{}\n", "not right The trust store cannot be read")],
)
async def test_what_is_wrong_is_said(tmp_path: Path, content: str | None, words: str) -> None:
    path = tmp_path / "trust.jsonl"
    if content is not None:
        path.write_text(content)
    assert words in await page(tmp_path, OSTIARY_TRUST=str(path))


@pytest.mark.parametrize(("days", "words"), [(10, "Trust store in order"), (91, "Trust store old The newest list")])
async def test_countries_are_shown_with_where_they_are_from_and_their_age(
    tmp_path: Path, days: int, words: str
) -> None:
    path, now = tmp_path / "trust.jsonl", datetime.now(UTC)
    chip = specimen_chip(HOLDER, is_card=False, variant="genuine", now=now - timedelta(days=400))
    store = TrustStore()
    for content in (chip.csca, chip.revocations):
        store = plan_import(store, read_import(content), ()).store
    signed = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    listed = replace(store.entries[0], kind=EntryKind.LIST, country="DE", sha256="1" * 64, begin=signed, der=b"")
    write_store(path, TrustStore((listed, *store.entries)), instead_of=TrustStore())
    text = await page(tmp_path, OSTIARY_TRUST=str(path))
    assert words in text
    assert "Revocation lists that are overdue 1 overdue" in text
    assert "UT 1 0 operator" in text
    assert "DE" in text.partition("Lists of certificates")[2]
