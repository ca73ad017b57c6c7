"""How a unit becomes statements: every kind of change has its writer, and none depends on how a use case is written."""

from __future__ import annotations

import random
from typing import get_args

import pytest

from ostiary.domain.screening.hits import HitState
from ostiary.domain.unit import (
    AddDocument,
    AddEnablement,
    AddKey,
    AddMessage,
    Change,
    ClaimNumber,
    DecideHit,
    RefusePicture,
)
from ostiary.storage.store import Store
from ostiary.storage.unit_writer import WRITERS, Writing
from tests.storage.conftest import ENGINES
from tests.storage.values import Trade

SHUFFLES = 20


def test_every_kind_of_change_has_its_writer() -> None:
    assert set(WRITERS) == set(get_args(Change))


@pytest.mark.parametrize("engine", ENGINES[:1], indirect=True)
async def test_statements_come_in_one_order_whatever_order_changes_are_given_in(trade: Trade) -> None:
    client = trade.client()
    document = trade.document(client)
    changes: list[Change] = [
        AddEnablement(trade.enablement(client)),
        AddDocument(document),
        ClaimNumber("key", document.id),
        RefusePicture("ef" * 32),
        AddKey(trade.key()),
        AddMessage(trade.message(client)),
    ]
    writing, shuffle = Writing(trade.cipher), random.Random(1).shuffle
    texts = set()
    for _ in range(SHUFFLES):
        shuffle(changes)
        written = writing.written(trade.adding(client, changes=tuple(changes)), trade.company)
        texts.add(tuple(statement.text for statement in written.statements))
    assert len(texts) == 1


@pytest.mark.parametrize("engine", ENGINES[:1], indirect=True)
async def test_changes_of_one_kind_stay_in_their_order(trade: Trade) -> None:
    client = trade.client()
    given = [trade.enablement(client, product=name) for name in ("b", "a", "c")]
    written = Writing(trade.cipher).written(
        trade.adding(client, changes=tuple(map(AddEnablement, given))), trade.company
    )
    added = [
        statement.parameters[0]
        for statement in written.statements
        if statement.text.startswith("INSERT INTO enablements")
    ]
    assert added == [enablement.id for enablement in given]


@pytest.mark.parametrize("engine", ENGINES[:1], indirect=True)
@pytest.mark.parametrize("change", [RefusePicture("ef" * 32), DecideHit("ef" * 32, HitState.CLEARED)])
async def test_a_change_of_a_client_without_the_client_is_a_mistake(trade: Trade, change: Change) -> None:
    with pytest.raises(ValueError, match="owner"):
        await trade.store.commit(trade.unit(changes=(change,)), trade.company)


@pytest.mark.parametrize("engine", ENGINES[:1], indirect=True)
async def test_a_message_without_its_company_is_a_mistake(trade: Trade) -> None:
    store: Store = trade.store
    with pytest.raises(ValueError, match="company"):
        await store.commit(trade.unit(changes=(AddMessage(trade.message(trade.client())),)))
