"""Whom another catalogue would meet: what is counted beforehand is what moving comes to."""

from __future__ import annotations

import pytest

from ostiary.adapters.config.catalogue_file import parse
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue_changes.effects import MoveEffect, MoveOutcome, MoveWish
from ostiary.domain.clients.client import Client
from ostiary.domain.review.verdicts import Decision
from ostiary.storage.live_clients import COUNT_LIVE_REQUESTS, dossiers_of, live_clients
from ostiary.usecases.catalogue.move import look_at_move
from ostiary.usecases.catalogue.preview import CataloguePreview
from tests.house import ACCOUNTS, CARDS, House
from tests.usecases.test_moving import GONE, LESS, MORE, offered

TARGETS = {name: parse(source, name, is_kept=True) for name, source in (("more", MORE), ("less", LESS), ("gone", GONE))}

TOGETHER = 2
"""So that the clients of a test come in several batches."""


async def populated(house: House) -> list[Client]:
    """Clients with and without an occupation and a phone, with documents, open, submitted and rejected requests."""
    house.caller = await house.found_company()
    await house.submitted(number="AB0000001", email="submitted@example.com")
    clients = []
    for number, attributes in enumerate(({}, {"occupation": "Cook"}, {})):
        client = await house.client(email=f"client{number}@example.com", attributes=attributes)
        request = await house.request(client.id, CARDS if number else ACCOUNTS)
        if number == 2:
            await house.send(client.id, request.id)
            await house.request(client.id, ACCOUNTS)
        clients.append(client)
    await house.client(email="nothing@example.com")
    return clients


def effects(house: House, target: Catalogue) -> list[MoveEffect]:
    preview = CataloguePreview(house.parts.catalogues, target)
    with house.parts.store.engine.snapshot() as aside:
        return [
            effect
            for packed in live_clients(aside, TOGETHER)
            for dossier in dossiers_of(house.parts.cipher, packed)
            for effect in preview.effects(dossier, house.context.today_of(house.caller.company))
        ]


@pytest.mark.parametrize(("source", "target"), [(MORE, "more"), (LESS, "less"), (GONE, "gone")])
async def test_what_is_counted_beforehand_is_what_moving_comes_to(house: House, source: str, target: str) -> None:
    await populated(house)
    beforehand = effects(house, TARGETS[target])
    with house.parts.store.engine.snapshot() as aside:
        assert aside.rows(COUNT_LIVE_REQUESTS) == [(len(beforehand),)]
    version = await offered(house, source)
    for effect in beforehand:
        request = effect.enablement
        moving = await look_at_move(house.context, house.caller, request.client_id, request.id, MoveWish(version))
        assert moving.outcome is effect.outcome
        if effect.outcome is not MoveOutcome.NOT_OPEN:
            assert (moving.more, moving.less) == (effect.more, effect.less)
    assert {each.outcome for each in effects(house, TARGETS[target])} == {each.outcome for each in beforehand}


async def test_documents_and_requests_of_a_client_come_with_it(house: House) -> None:
    clients = await populated(house)
    with house.parts.store.engine.snapshot() as aside:
        dossiers = {
            each.client.id: each
            for packed in live_clients(aside, TOGETHER)
            for each in dossiers_of(house.parts.cipher, packed)
        }
    assert len(dossiers) == 4
    for client in clients:
        whole = await house.dossier(client.id)
        assert {each.id for each in dossiers[client.id].enablements} == {each.id for each in whole.enablements}
        assert [each.id for each in dossiers[client.id].documents] == [each.id for each in whole.documents]
        assert dossiers[client.id].client == whole.client


async def test_what_is_there_already_is_not_looked_at(house: House) -> None:
    await populated(house)
    current = house.parts.catalogues.current
    assert {each.outcome for each in effects(house, current)} == {MoveOutcome.THERE_ALREADY}


async def test_what_has_ended_is_not_looked_at(house: House) -> None:
    house.caller = await house.found_company()
    client_id, ended_id = await house.submitted()
    await house.judge(client_id, ended_id, Decision.REJECT)
    waiting = await house.request(client_id, ACCOUNTS)
    dossier, today = await house.dossier(client_id), house.context.today_of(house.caller.company)
    preview = CataloguePreview(house.context.catalogues.by_version(), TARGETS["more"])
    looked_at = preview.effects(dossier, today)
    assert [effect.enablement.id for effect in looked_at] == [waiting.id]
