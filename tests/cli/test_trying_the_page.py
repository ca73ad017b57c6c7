"""The link that a sandbox prints: for the same client as long as he has something to give, and never a dead end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.cli.hosted import trying
from ostiary.domain.clients.client import Client
from ostiary.domain.hosted.links import MOST_LIVE, OnboardingLink
from ostiary.domain.onboarding.enablement import Status
from ostiary.usecases.hosted.sessions import look_at_link
from tests.house import House, open_house

BASE = "http://127.0.0.1:8080"


async def printed(house: House) -> OnboardingLink:
    url = await trying.page_link(house.parts, house.caller.company.id, BASE)
    address, _, token = url.rpartition("/")
    assert address == f"{BASE}/onboarding"
    look = await look_at_link(house.parts.context, token)
    assert look.link is not None
    assert look.problem is None
    return look.link


async def clients(house: House) -> list[Client]:
    return await house.context.storage.clients.page(house.caller.company.id, None, None, 100)


async def test_each_start_prints_another_link_of_the_same_client(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        first, second = await printed(house), await printed(house)
        assert first.client_id == second.client_id
        assert first.id != second.id
        dossier = await house.dossier(first.client_id)
        assert [each.id for each in dossier.enablements] == list(first.wish.request_ids)
        for _ in range(MOST_LIVE):
            last = await printed(house)
        assert last.client_id != first.client_id, "as many links as one may have: somebody else comes"


async def test_who_has_given_everything_makes_room_for_somebody_new(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        link = await printed(house)
        [request_id] = link.wish.request_ids
        request = await house.enablement(link.client_id, request_id)
        await house.put(replace(request, status=Status.IN_KYC))
        assert (await printed(house)).client_id != link.client_id
        assert len(await clients(house)) == 2


async def test_a_catalogue_without_cards_has_no_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "PRODUCT", "no_such_product")
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        assert await trying.page_link(house.parts, house.caller.company.id, BASE) == ""
        assert await clients(house) == []
