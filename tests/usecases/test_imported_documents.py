"""Documents beside an import, where something came between looking and sending; and what a list's line says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from ostiary.adapters.pictures.types import media_type_of
from ostiary.domain.catalogue.catalogue import DataType, DocumentType, Field
from ostiary.domain.errors import Fault
from ostiary.domain.imports.documents import (
    DocumentLine,
    UnusableFile,
    details_of,
    document_key,
    read_document_list,
)
from ostiary.usecases.imports.carry_out import work_at
from ostiary.usecases.imports.documents import DocumentsBeside, LineEnd, client_rows, line_faults, send_line
from ostiary.usecases.imports.imports import start_import
from ostiary.usecases.imports.receive import read_import_file
from ostiary.usecases.onboarding.products import list_products
from tests.house import CARDS, House
from tests.importing import checked, csv_of, row
from tests.material import picture


@dataclass
class Papers:
    """Files that may go away."""

    contents: Mapping[str, bytes]

    def read(self, name: str, most_bytes: int) -> bytes:
        if name not in self.contents:
            raise UnusableFile("is gone")
        return self.contents[name]


@pytest.fixture
def files() -> bytes:
    phone = {"phone_country_code": "54", "phone_number": "1168860622"}
    return csv_of([row(1, reference="r1", product=CARDS, **phone), row(2, product=CARDS, **phone)])


def listed(**changes: str) -> DocumentLine:
    usual = {"reference": "r1", "document_type": "passport", "image_front": "f", "metadata.number": "AB1234567"}
    (line,) = read_document_list(csv_of([{**usual, **changes}])).lines
    return line


def beside(house: House, content: bytes, **contents: bytes) -> DocumentsBeside:
    file = read_import_file(content, house.context.catalogues.attributes)
    rows = client_rows(house.context, file, frozenset())
    return DocumentsBeside(rows, Papers(contents or {"f": picture(1)}), media_type_of)


async def carried_out(house: House, content: bytes) -> None:
    bulk = await checked(house, content)
    await house.do(start_import, bulk.id)
    await work_at(house.context, house.caller.company, bulk.id)


async def sent(house: House, papers: DocumentsBeside, line: DocumentLine) -> LineEnd:
    return await send_line(house.context, house.caller, papers, line)


def codes(end: LineEnd) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in end.faults]


async def test_a_row_is_known_by_its_reference_or_its_e_mail(house: House, files: bytes) -> None:
    await carried_out(house, files)
    papers = beside(house, files)
    by_mail = listed(reference="", email="C2@example.com", **{"metadata.number": "AB7654321"})
    other = DocumentsBeside(papers.rows, Papers({"f": picture(2)}), media_type_of)
    assert (await sent(house, papers, listed())).is_new
    assert (await sent(house, other, by_mail)).is_new
    assert await sent(house, papers, listed()) == LineEnd()


async def test_a_row_of_an_earlier_file_may_have_documents_too(house: House, files: bytes) -> None:
    await carried_out(house, files)
    papers = beside(house, csv_of([row(3)]))
    assert await line_faults(house.context, house.caller, papers, listed(product=CARDS)) == ()
    assert [fault.field for fault in await line_faults(house.context, house.caller, papers, listed())] == ["product"]
    assert (await sent(house, papers, listed(product=CARDS))).is_new


async def test_a_file_that_went_away_meanwhile_is_a_fault(house: House, files: bytes) -> None:
    await carried_out(house, files)
    papers = beside(house, files, f=picture(1))
    assert codes(await sent(house, papers, listed(image_back="b"))) == [("image_back", "FILE_UNUSABLE")]
    away = beside(house, files, other=b"")
    both = [("image_front", "FILE_UNUSABLE"), ("image_back", "FILE_UNUSABLE")]
    assert codes(await sent(house, away, listed(image_back="b"))) == both


async def test_nothing_is_sent_for_a_row_that_was_not_carried_out(house: House, files: bytes) -> None:
    assert codes(await sent(house, beside(house, files), listed())) == [("product", "INVALID_STATE")]


async def test_nothing_is_sent_for_a_request_that_is_in_review(house: House, files: bytes) -> None:
    await carried_out(house, files)
    papers = beside(house, files)
    assert (await sent(house, papers, listed())).is_new
    (enablement,) = await requests_of(house, "reference:r1")
    await house.submit(*enablement)
    later = DocumentsBeside(papers.rows, Papers({"f": picture(2)}), media_type_of)
    assert codes(await sent(house, later, listed())) == [("product", "INVALID_STATE")]


async def requests_of(house: House, key: str) -> list[tuple[str, str]]:
    client_id = await house.context.storage.imports.carried_out(house.caller.company.id, key)
    assert client_id is not None
    states = await list_products(house.context, house.caller, client_id)
    return [(client_id, state.enablement.id) for state in states]


def test_details_are_of_their_type() -> None:
    number = Field(id="copies", name="Copies", data_type=DataType.INTEGER)
    kind = DocumentType("deed", "Deed", "A deed.", metadata=(number,))
    faults = list[Fault]()
    assert details_of(kind, listed(**{"metadata.number": "", "metadata.copies": "3"}), faults) == {"copies": 3}
    assert faults == []
    details_of(kind, listed(**{"metadata.number": "", "metadata.copies": "three"}), faults)
    assert [fault.field for fault in faults] == ["metadata.copies"]


def test_what_differs_in_anything_is_another_document() -> None:
    line, contents = listed(), {"image_front": b"a", "image_back": b"b"}
    keys = {
        document_key(line, CARDS, contents),
        document_key(line, "other", contents),
        document_key(line, CARDS, {"image_front": b"ab", "image_back": b""}),
        document_key(listed(**{"metadata.number": "X"}), CARDS, contents),
        document_key(listed(document_type="national_id"), CARDS, contents),
        document_key(listed(reference="r2"), CARDS, contents),
    }
    assert len(keys) == 6
    assert document_key(listed(), CARDS, contents) in keys
