"""A client comes under new lookup keys with all that its documents are found by; what nothing stands for is named."""

from __future__ import annotations

from ostiary.domain.clients.marks import MarkKind, OldMark
from ostiary.domain.value import replace
from ostiary.storage.keys.rotating import Rotation
from ostiary.storage.tables.documents import CONTEST_NUMBER
from ostiary.usecases.clients.move_marks import MovedClient, move_marks
from tests.house import House
from tests.material import NOW_MS


async def rotated(house: House) -> None:
    """The second version is written."""
    rotation = Rotation(house.parts.store.engine, house.parts.cipher)
    await rotation.know(NOW_MS)
    await rotation.write()


async def test_numbers_move_with_their_client_and_what_nothing_stands_for_stays(house: House) -> None:
    client_id, _ = await house.submitted("AB123", email="ana@example.com")
    company_id, cipher = house.caller.company.id, house.parts.cipher
    [document] = [each.id for each in (await house.dossier(client_id)).documents][:1]
    contested = cipher.mark("number", company_id, "ARG|passport|AB123")
    nobodys = cipher.mark("number", company_id, "ARG|passport|OTHER")
    for mark in (contested, nobodys):
        await house.parts.store.engine.write(CONTEST_NUMBER, company_id, mark, client_id, document)
    await rotated(house)
    moved = await house.do(move_marks, client_id)
    assert moved == MovedClient(2, (OldMark(MarkKind.CONTESTED, nobodys, document),))
    marks = house.parts.store.marks
    assert await marks.old_of_client(company_id, client_id, 2) == list(moved.left)
    assert await marks.clients_to_move(company_id, 2, "", 9) == [client_id]
    assert await house.parts.store.documents.number_holder(company_id, "ARG|passport|AB123") == client_id
    entry = (await house.context.storage.audit.entries(company_id, client_id))[-1]
    assert (entry.action, entry.codes) == ("marks_moved", ("key_2",))
    assert await house.do(move_marks, client_id) == replace(moved, moved=0)
    assert (await house.context.storage.audit.entries(company_id, client_id))[-1] == entry, (
        "nothing moved, nothing said"
    )


async def test_a_document_that_does_not_open_keeps_its_number_and_nothing_else_from_moving(house: House) -> None:
    client_id, _ = await house.submitted("AB123", email="ana@example.com")
    company_id, store = house.caller.company.id, house.parts.store
    await store.engine.write("UPDATE documents SET facts = ?1", b"none of ours")
    await rotated(house)
    moved = await house.do(move_marks, client_id)
    assert (moved.moved, {each.kind for each in moved.left}) == (0, {MarkKind.NUMBER})
    assert not await store.marks.is_old(company_id, client_id, 2)
    assert await store.clients.by_email(company_id, "ana@example.com") is not None


async def test_a_client_that_is_gone_moves_no_more(house: House) -> None:
    assert await house.do(move_marks, "nobody") == MovedClient()
    company_id, cipher = house.caller.company.id, house.parts.cipher
    mark = cipher.mark("number", company_id, "ARG|passport|AB123")
    await house.parts.store.engine.write(CONTEST_NUMBER, company_id, mark, "nobody", "none")
    await rotated(house)
    assert await house.do(move_marks, "nobody") == MovedClient(left=(OldMark(MarkKind.CONTESTED, mark, "none"),))


async def test_a_client_without_documents_moves_by_its_address(house: House) -> None:
    client = await house.client(email="bea@example.com")
    await rotated(house)
    assert await house.do(move_marks, client.id) == MovedClient()
    assert await house.parts.store.marks.clients_to_move(house.caller.company.id, 2, "", 9) == []
