"""Imports: rows are checked and nothing is done, and what is good is carried out, each row once, whoever is cut off."""

from __future__ import annotations

import pytest

from ostiary.domain.errors import InvalidRequest, InvalidState, NotFound
from ostiary.domain.imports.bulk import MOST_OPEN, ImportState
from ostiary.usecases.imports.carry_out import work_at
from ostiary.usecases.imports.imports import (
    cancel_import,
    faults_file,
    import_template,
    list_imports,
    read_import,
    start_import,
)
from ostiary.usecases.imports.receive import read_import_file
from tests.house import CARDS, House
from tests.importing import carried_out, cells_of, checked, clients, counts, csv_of, faults_of, received, row, spoil
from tests.material import id_at


async def test_a_file_is_checked_and_nothing_is_done(house: House) -> None:
    bulk = await checked(house, csv_of([row(1), row(2, email="x", birth_date="1.1.80"), row(3, product="none")]))
    assert (bulk.state, counts(bulk)) == (ImportState.CHECKED, {"good": 1, "faulty": 2})
    assert await faults_of(house, bulk) == {
        2: [("email", "VALUE_INVALID"), ("birth_date", "VALUE_INVALID")],
        3: [("product", "PRODUCT_UNKNOWN")],
    }
    assert clients(house) == 0


async def test_a_fault_of_form_hides_no_other(house: House) -> None:
    bulk = await checked(house, csv_of([row(1, email="", birth_date="x", phone_number="n")]))
    assert await faults_of(house, bulk) == {
        1: [("email", "FIELD_MISSING"), ("phone_number", "FIELD_TYPE"), ("birth_date", "VALUE_INVALID")]
    }


async def test_what_another_client_or_row_has_is_a_fault(house: House) -> None:
    await house.client(email="c1@example.com", reference="r")
    rows = [row(1, reference="q"), row(2, reference="r"), row(3), row(3, row_key="k"), row(4, row_key="k")]
    bulk = await checked(house, csv_of(rows))
    assert await faults_of(house, bulk) == {
        1: [("email", "DUPLICATE_CLIENT")],
        2: [("reference", "DUPLICATE_CLIENT")],
        4: [("email", "DUPLICATE_CLIENT")],
        5: [("row_key", "DUPLICATE_CLIENT")],
    }


async def test_what_is_good_is_carried_out_once_it_is_started(house: House) -> None:
    bulk = await carried_out(house, csv_of([row(1), row(2, email="x"), row(3, reference="r-3")]))
    assert (bulk.state, counts(bulk)) == (ImportState.DONE, {"done": 2, "faulty": 1})
    assert bulk.ended_at_ms == house.clock.now_ms
    client = await house.context.storage.clients.by_reference(house.caller.company.id, "r-3")
    assert client is not None
    assert client.profile.email == "c3@example.com"
    assert house.rows("SELECT action, codes FROM audit_entries WHERE owner = ?", client.id) == [
        ("client_created", bulk.id)
    ]


async def test_cells_of_rows_that_are_done_are_kept_no_longer(house: House) -> None:
    await carried_out(house, csv_of([row(1), row(2, email="x")]))
    columns = house.rows("SELECT state, content IS NULL FROM import_rows ORDER BY position")
    assert columns == [("done", 1), ("faulty", 0)]


async def test_rows_lie_sealed(house: House) -> None:
    await checked(house, csv_of([row(1, last_name="Bartholdy")]))
    assert not [each for each in house.rows("SELECT content FROM import_rows") if b"Bartholdy" in each[0]]


async def test_a_mended_file_does_only_what_is_not_done(house: House) -> None:
    await carried_out(house, csv_of([row(1), row(2, email="x", row_key="two")]))
    again = await carried_out(house, csv_of([row(1, first_name="Other"), row(2, row_key="two")]))
    assert counts(again) == {"repeated": 1, "done": 1}
    assert clients(house) == 2


async def test_the_faults_are_a_file_to_be_mended_and_sent_again(house: House) -> None:
    bulk = await carried_out(house, csv_of([row(1), row(2, birth_date="x", last_name="=cmd")]))
    content = await faults_file(house.context, house.caller, bulk.id)
    [cells] = cells_of(content)
    assert (cells["import_row"], cells["last_name"]) == ("2", "'=cmd")
    assert cells["import_faults"] == "birth_date: birth_date must be a real date written YYYY-MM-DD"
    again = await faults_file(house.context, house.caller, (await checked(house, content)).id)
    assert cells_of(again) == [{**cells, "import_row": "1"}]
    mended = content.replace(b",x,", b",1984-11-21,")
    assert counts(await carried_out(house, mended)) == {"done": 1}
    client = await house.context.storage.clients.by_email(house.caller.company.id, "c2@example.com")
    assert client is not None
    assert client.profile.last_name == "=cmd"


async def test_a_product_is_requested_for_each_row_that_asks_for_it(house: House) -> None:
    content = csv_of([row(1, product=CARDS), row(2, product="")])
    assert counts(await carried_out(house, content)) == {"done": 2}
    assert house.rows("SELECT product FROM enablements") == [(CARDS,)]
    assert counts(await carried_out(house, content)) == {"repeated": 2}
    assert house.rows("SELECT count(*) FROM enablements") == [(1,)]


async def test_a_product_that_is_asked_for_later_is_requested_for_the_client_there_is(house: House) -> None:
    await carried_out(house, csv_of([row(1)]))
    assert counts(await checked(house, csv_of([row(1, product="none")]))) == {"faulty": 1}
    assert counts(await carried_out(house, csv_of([row(1, product=CARDS)]))) == {"done": 1}
    assert (clients(house), len(house.rows("SELECT 1 FROM enablements"))) == (1, 1)


async def test_a_product_that_was_requested_otherwise_is_not_requested_again(house: House) -> None:
    await carried_out(house, csv_of([row(1)]))
    [(client_id,)] = house.rows("SELECT client_id FROM clients")
    await house.request(client_id)
    assert counts(await carried_out(house, csv_of([row(1, product=CARDS)]))) == {"done": 1}
    assert len(house.rows("SELECT 1 FROM enablements")) == 1


async def test_a_client_that_appears_meanwhile_makes_its_row_faulty(house: House) -> None:
    bulk = await checked(house, csv_of([row(1), row(2)]))
    await house.client(email="c1@example.com")
    await house.do(start_import, bulk.id)
    await work_at(house.context, house.caller.company, bulk.id)
    done = await read_import(house.context, house.caller, bulk.id)
    assert counts(done) == {"faulty": 1, "done": 1}
    assert await faults_of(house, done) == {1: [("email", "DUPLICATE_CLIENT")]}


async def test_a_client_that_was_rejected_gets_no_product(house: House) -> None:
    await carried_out(house, csv_of([row(1)]))
    spoil(house, "UPDATE clients SET status = 'rejected'")
    bulk = await carried_out(house, csv_of([row(1, product=CARDS)]))
    assert await faults_of(house, bulk) == {1: [("product", "INVALID_STATE")]}


async def test_imports_are_listed_newest_first_and_seen_by_their_company_alone(house: House) -> None:
    imports = [await received(house, csv_of([row(number)])) for number in range(3)]
    page = await list_imports(house.context, house.caller, before=None, limit=2)
    assert [each.id for each in page.imports] == [imports[2].id, imports[1].id]
    rest = await list_imports(house.context, house.caller, before=page.next, limit=2)
    assert [each.id for each in rest.imports] == [imports[0].id]
    assert rest.next is None
    other = await house.found_company("Other")
    for import_id in (imports[0].id, id_at(1), "rubbish"):
        with pytest.raises(NotFound, match="There is no such import"):
            await read_import(house.context, other, import_id)


async def test_few_imports_of_a_company_are_open_at_once(house: House) -> None:
    imports = [await received(house, csv_of([row(number)])) for number in range(MOST_OPEN)]
    with pytest.raises(InvalidState, match="3 imports are not over yet"):
        await received(house, csv_of([row(9)]))
    await house.do(cancel_import, imports[0].id)
    await received(house, csv_of([row(9)]))


async def test_a_file_without_rows_is_refused(house: House) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_import_file(import_template(house.context), house.context.catalogues.attributes)
    assert refused.value.faults[0].message == "the file has no rows below its head"
