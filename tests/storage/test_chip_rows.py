"""Chips of documents: sealed for their client, found again by what was signed, and challenges that serve once."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256

import pytest

from ostiary.domain.clients.client import Client
from ostiary.domain.documents.chip_kept import (
    AddChip,
    ChipChallenge,
    ChipContent,
    ChipEvidence,
    ChipSent,
    KeepChallenge,
    KeptAnchor,
    KeptSigner,
    TakeChallenge,
)
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import Tampered
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.unit import AddDocument, AddEnablement, ChangeDocument, ChangeEnablement, Guard
from ostiary.domain.value import replace
from ostiary.storage.stored.chips import open_chip
from ostiary.storage.unit_context import client_box
from tests.kept import chip as kept
from tests.kept import make_sealed, values
from tests.kept.differing import differing
from tests.material import NOW_MS
from tests.storage.sealed_files import SEALED_FILES, read
from tests.storage.shelf import Shelf
from tests.storage.values import Trade, found_company

CONTENT = ChipContent(files={"sod": b"\x77signed", "dg1": b"\x61ALVAREZ"}, challenge=b"8 bytes!", answer=b"an answer")
DIGEST = sha256(b"what was signed").digest()


async def with_chip(trade: Trade, status: Status = Status.PENDING_DOCUMENTATION) -> tuple[Client, Document]:
    """A client with a request, and a document with the chip."""
    owner = await trade.remembered()
    sent = trade.document(owner, chip=ChipSent(("sod", "dg1"), ("dg2",), 30))
    changes = (AddEnablement(trade.enablement(owner, status)), AddDocument(sent), AddChip(sent.id, CONTENT, DIGEST))
    assert await trade.store.commit(trade.touching(owner, changes=changes), trade.company) is None
    return await trade.current(owner.id), sent


async def test_a_chip_comes_back_as_it_was_sent_and_lies_sealed(trade: Trade, engine: Shelf) -> None:
    owner, sent = await with_chip(trade)
    again = engine.open()
    assert await again.chips.of_document(owner, sent.id) == CONTENT
    dossier = await again.dossier(owner.company_id, owner.id)
    assert dossier is not None
    assert dossier.documents[0].chip == sent.chip
    assert sent.stored_bytes == 30 + sum(side.findings.size_bytes for side in sent.sides)
    [(content,)] = engine.rows("SELECT content FROM document_chips")
    assert b"ALVAREZ" not in content
    assert not [row for row in engine.rows("SELECT chip_mark FROM chip_marks") if row[0] == DIGEST]


async def test_a_document_without_a_chip_has_none(trade: Trade) -> None:
    owner = await trade.remembered()
    assert await trade.store.chips.of_document(owner, trade.new_id()) is None


async def test_one_chip_is_found_with_another_client_of_the_company_alone(trade: Trade) -> None:
    owner, _ = await with_chip(trade)
    other = await trade.remembered()
    assert await trade.store.chips.holder(other, DIGEST) == owner.id
    assert await trade.store.chips.holder(owner, DIGEST) is None
    assert await trade.store.chips.holder(other, sha256(b"another").digest()) is None
    elsewhere = await found_company(trade.store, trade.cipher, 2)
    assert await trade.store.chips.holder(await elsewhere.remembered(), DIGEST) is None


async def test_a_chip_whose_document_was_replaced_serves_nobody(trade: Trade) -> None:
    owner, sent = await with_chip(trade)
    replaced = ChangeDocument(replace(sent, status=DocumentStatus.REPLACED))
    assert await trade.store.commit(trade.touching(owner, changes=(replaced,)), trade.company) is None
    assert await trade.store.chips.holder(await trade.remembered(), DIGEST) is None


async def test_a_chip_of_a_client_without_a_live_request_serves_nobody(trade: Trade) -> None:
    owner, _ = await with_chip(trade)
    dossier = await trade.store.dossier(owner.company_id, owner.id)
    assert dossier is not None
    rejected = ChangeEnablement(replace(dossier.enablements[0], status=Status.REJECTED))
    assert await trade.store.commit(trade.touching(owner, changes=(rejected,)), trade.company) is None
    assert await trade.store.chips.holder(await trade.remembered(), DIGEST) is None


async def test_a_chip_that_was_moved_to_another_document_is_tampered_with(trade: Trade, engine: Shelf) -> None:
    owner, _ = await with_chip(trade)
    elsewhere = trade.new_id()
    engine.spoil("UPDATE document_chips SET document_id = ?", elsewhere)
    with pytest.raises(Tampered):
        await trade.store.chips.of_document(owner, elsewhere)


async def test_a_challenge_is_kept_until_another_takes_its_place_and_serves_once(trade: Trade) -> None:
    owner, request_id = await trade.remembered(), trade.new_id()
    assert await trade.store.chips.challenge(owner, request_id) is None
    for number in (1, 2):
        newest = ChipChallenge(str(number), request_id, bytes([number]) * 8, NOW_MS + number)
        assert await trade.store.commit(trade.touching(owner, changes=(KeepChallenge(newest),)), trade.company) is None
        owner = await trade.current(owner.id)
    assert await trade.store.chips.challenge(owner, request_id) == newest
    assert await trade.store.chips.challenge(owner, trade.new_id()) is None
    before = replace(newest, id="1")
    lost = await trade.store.commit(trade.touching(owner, changes=(TakeChallenge(before),)), trade.company)
    assert lost is Guard.CLIENT
    for wanted in (None, Guard.CLIENT):
        lost = await trade.store.commit(trade.touching(owner, changes=(TakeChallenge(newest),)), trade.company)
        assert lost is wanted
        owner = await trade.current(owner.id)
    assert await trade.store.chips.challenge(owner, request_id) is None


@pytest.mark.parametrize("path", SEALED_FILES, ids=lambda path: path.stem)
def test_what_every_version_sealed_of_a_chip_opens(path: object) -> None:
    sealed_file = read(path)  # type: ignore[arg-type]
    if "document_chips.content" not in sealed_file.sealed:
        return  # before schema 0016 there were none
    box = client_box(make_sealed.keyring(), values.client(sealed_file.data_keys["client"]))
    place = f"document_chips/{values.DOCUMENT_ID}/content"
    assert open_chip(box.open(place, sealed_file.sealed["document_chips.content"])) == kept.CHIP_CONTENT


def test_what_is_kept_of_a_chip_has_nothing_by_default() -> None:
    met = differing(kept.CHIP_SENT, kept.CHIP_CONTENT, kept.CHIP_EVIDENCE)
    for kind in (ChipSent, ChipContent, ChipEvidence, KeptSigner, KeptAnchor):
        assert {field.name for field in fields(kind)} == met[kind]
