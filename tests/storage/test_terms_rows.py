"""Acceptances of terms, on every engine: sealed, in the client's row in short, and part of what verification sees."""

from __future__ import annotations

from dataclasses import fields

import pytest

from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.clients.client import Client
from ostiary.domain.errors import Tampered
from ostiary.domain.terms.acceptance import Acceptance, Acceptor, AddAcceptance
from ostiary.storage import opening
from ostiary.storage.terms.acceptances import acceptance_of
from ostiary.storage.unit_context import client_box
from tests.kept import make_sealed, values
from tests.kept import terms as kept_terms
from tests.kept.differing import differing
from tests.material import NOW_MS
from tests.storage.sealed_files import SEALED_FILES, read
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company
from tests.terms import ENGLISH, circumstances, hash_of


def acceptance(number: int = 1) -> Acceptance:
    return Acceptance(
        id=f"{number:032}",
        terms_id="rules",
        name="Rules",
        version=f"v{number}",
        language="en",
        sha256=hash_of(ENGLISH),
        circumstances=circumstances(),
        recorded_at_ms=NOW_MS + number,
    )


def short(number: int = 1) -> AcceptedTerms:
    whole = acceptance(number)
    return AcceptedTerms(whole.terms_id, whole.version, whole.sha256, whole.id, NOW_MS, ("v0",))


async def accepting(trade: Trade, client: Client, *numbers: int) -> Client:
    """The client after it accepted, one unit for each."""
    for number in numbers:
        change = AddAcceptance(acceptance(number), (*client.accepted, short(number)))
        assert await trade.store.commit(trade.touching(client, changes=(change,)), trade.company) is None
        client = await trade.current(client.id)
    return client


async def test_an_acceptance_is_sealed_and_comes_back_as_it_was(trade: Trade, engine: Shelf) -> None:
    owner = await accepting(trade, await trade.remembered(), 1, 2)
    again = engine.open()
    client = await again.clients.find(owner.company_id, owner.id)
    assert client is not None
    assert client.accepted == (short(1), short(2))
    assert await again.terms.of_client(client) == [acceptance(1), acceptance(2)]
    sealed = engine.rows("SELECT content FROM terms_acceptances") + engine.rows("SELECT terms FROM clients")
    assert len(sealed) == 3
    for (content,) in sealed:
        assert not any(word in content for word in (b"Maria", b"203.0.113.7", b"Mozilla", b"rules"))


async def test_a_change_of_the_client_leaves_what_it_accepted(trade: Trade) -> None:
    client = await accepting(trade, await trade.remembered(), 1)
    assert await trade.store.commit(trade.touching(client), trade.company) is None
    assert (await trade.current(client.id)).accepted == (short(1),)


async def test_an_acceptance_is_one_client_s(trade: Trade) -> None:
    client = await accepting(trade, await trade.remembered(), 1)
    other = await found_company(trade.store, trade.cipher, 2)
    stranger = await other.remembered()
    assert await trade.store.terms.of_client(stranger) == []
    assert (await trade.current(client.id)).accepted != stranger.accepted


async def test_what_was_moved_to_another_client_is_tampered_with(trade: Trade, engine: Shelf) -> None:
    client = await accepting(trade, await trade.remembered(), 1)
    [(content,)] = engine.rows("SELECT content FROM terms_acceptances")
    row = ("0" * 32, NOW_MS, content)
    with pytest.raises(Tampered):
        acceptance_of(client_box(trade.cipher, client), row)


async def test_texts_are_kept_once_by_their_hash(trade: Trade, engine: Shelf) -> None:
    store = engine.open()
    for moment in (1, 2):
        opening.keep_catalogue(store.engine, "v1", "source", moment, {hash_of(ENGLISH): ENGLISH})
    assert engine.rows("SELECT sha256, content, added_at_ms FROM terms_texts") == [(hash_of(ENGLISH), ENGLISH, 1)]
    assert await trade.store.terms.text(hash_of(ENGLISH)) == ENGLISH
    assert await trade.store.terms.text(hash_of("another")) is None


async def test_a_text_that_is_another_now_is_tampered_with(trade: Trade, engine: Shelf) -> None:
    opening.keep_catalogue(engine.open().engine, "v1", "source", 1, {hash_of("another"): ENGLISH})
    with pytest.raises(Tampered, match=hash_of("another")):
        await trade.store.terms.text(hash_of("another"))


@pytest.mark.parametrize("path", SEALED_FILES, ids=lambda path: path.stem)
def test_what_every_version_sealed_of_an_acceptance_opens(path: object) -> None:
    sealed_file, whole = read(path), kept_terms.ACCEPTANCE  # type: ignore[arg-type]
    if "terms_acceptances.content" not in sealed_file.sealed:
        return  # before schema 0015 there were none
    box = client_box(make_sealed.keyring(), values.client(sealed_file.data_keys["client"]))
    content = sealed_file.sealed["terms_acceptances.content"]
    assert acceptance_of(box, (whole.id, whole.recorded_at_ms, content)) == whole


def test_the_kept_acceptance_has_nothing_by_default() -> None:
    met = differing(kept_terms.ACCEPTANCE, *kept_terms.ACCEPTED)
    for kind in (Acceptance, Acceptor, AcceptedTerms):
        assert {field.name for field in fields(kind)} == met[kind]
