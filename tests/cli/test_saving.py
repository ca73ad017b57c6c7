"""Pictures written for an operator: under the right ending, as pictures, and as often as asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as replace_in
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ostiary.adapters.pages.views import page_views
from ostiary.cli.review.saving import save_pictures
from ostiary.console.review.case_view import pictures_of
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.chip_kept import CHIP_PORTRAIT, AddChip, ChipContent, ChipSent
from ostiary.domain.documents.document import Document
from ostiary.domain.errors import NotFound, Refused
from ostiary.domain.unit import AddDocument, Unit
from ostiary.domain.value import replace
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.review.pictures import PicturePlace, portrait_file, see_picture
from tests.chips.portraits import SIZE_PX, face, group, record
from tests.corpus import heic_files
from tests.house import House, open_house
from tests.material import picture

KINDS: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "JPEG": (lambda: picture(1), "jpg", 0),
    "PNG": (lambda: converted("PNG"), "png", 0),
    "WEBP": (lambda: converted("WEBP"), "webp", 0),
    "PDF": (lambda: converted("PDF"), "pdf", 1),
    "HEIC": (lambda: converted("HEIF"), "heic", 1),
}


def converted(form: str) -> bytes:
    out = BytesIO()
    Image.open(BytesIO(picture(1))).convert("RGB").save(out, form)
    return out.getvalue()


def two_pages() -> bytes:
    page, out = Image.open(BytesIO(picture(1))).convert("RGB"), BytesIO()
    page.save(out, "PDF", save_all=True, append_images=[page.rotate(180)])
    return out.getvalue()


async def sent(house: House, content: bytes) -> tuple[Client, tuple[Document, ...]]:
    house.caller = await house.found_company()
    client = await house.client()
    request = await house.request(client.id)
    await house.send(client.id, request.id, Upload("passport", {"number": "AB1234567"}, content))
    dossier = await house.dossier(client.id)
    return dossier.client, dossier.documents


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_file_has_its_ending_and_can_be_looked_at(tmp_path: Path, kind: str) -> None:
    make, ending, pages = KINDS[kind]
    content, folder = make(), tmp_path / "out"
    with open_house(tmp_path / "data") as house:
        client, documents = await sent(house, content)
        first = await save_pictures(house.parts, client, documents, folder, "R")
        again = await save_pictures(house.parts, client, documents, folder, "R")
        assert first == again, "what is there is named, and nothing is written twice"
        names = [f"R-passport-front.{ending}"] + [
            f"R-passport-front-page{number}.jpg" for number in range(1, pages + 1)
        ]
        assert sorted(file.name for file in folder.iterdir()) == sorted(names)
        assert (folder / names[0]).read_bytes() == content
        for path in first:
            assert path.stat().st_mode & 0o777 == 0o600
            assert path.suffix in (".pdf", ".heic") or min(Image.open(BytesIO(path.read_bytes())).size) > 400
        (folder / names[0]).write_bytes(b"another's")
        third = await save_pictures(house.parts, client, documents, folder, "R")
        assert third[0].name == f"R-passport-front-2.{ending}"
        assert (folder / names[0]).read_bytes() == b"another's"


async def test_the_portrait_of_a_chip_is_saved_as_a_picture_alone(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        client, [document] = await sent(house, picture(1))
        await keep_chip(house, client, document, group(record(face())))
        plain = await save_pictures(house.parts, client, (document,), tmp_path / "plain", "R")
        assert [path.name for path in plain] == ["R-passport-front.jpg"], "none was kept"
        with_chip = replace(document, chip=ChipSent(("sod", "dg1", "dg2")))
        saved = await save_pictures(house.parts, client, (with_chip,), tmp_path / "out", "R")
        assert [path.name for path in saved] == ["R-passport-front.jpg", "R-passport-chip.jpg"]
        assert Image.open(BytesIO(saved[1].read_bytes())).size == SIZE_PX
        dropped = replace(document, chip=ChipSent(("sod", "dg1", "dg2"), ("dg2",)))
        assert len(await save_pictures(house.parts, client, (dropped,), tmp_path / "dropped", "R")) == 1


async def keep_chip(house: House, client: Client, document: Document, portrait: bytes) -> None:
    chip = AddChip(document.id, ChipContent({"sod": b"1", "dg1": b"2", "dg2": portrait}), bytes(32))
    unit = Unit(house.caller.company.id, house.context.now_ms(), client, changes=(chip,))
    assert await house.context.storage.commit(unit) is None


async def test_a_portrait_is_seen_on_the_record_and_only_where_it_was_kept(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        client, [document] = await sent(house, picture(1))
        [request] = (await house.dossier(client.id)).enablements
        content = group(record(face()))
        with pytest.raises(NotFound):
            await portrait_file(house.context, client, document)
        place = PicturePlace(client.id, request.id, document.id, CHIP_PORTRAIT)
        with pytest.raises(NotFound):
            await see_picture(house.context, house.caller, place)
        with_chip = replace(document, id=house.context.new_id(), chip=ChipSent(("sod", "dg1", "dg2")))
        unit = Unit(house.caller.company.id, house.context.now_ms(), client, changes=(AddDocument(with_chip),))
        assert await house.context.storage.commit(unit) is None
        client = (await house.dossier(client.id)).client
        await keep_chip(house, client, with_chip, content)
        looked_at = await see_picture(house.context, house.caller, replace_in(place, document_id=with_chip.id))
        assert (looked_at.content, looked_at.media_type) == (content, "dg2")
        assert house.actions(client.id)[-1] == "pictures_looked"
        views = pictures_of((document, with_chip))
        assert [(each.side, str(each.label)) for each in views][-1] == (
            "chip_portrait",
            "passport, portrait of its chip",
        )
        assert len(views) == 3


async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with open_house(tmp_path / "data") as house:
        client, documents = await sent(house, picture(1))
        with pytest.raises(Refused, match="cannot be saved, 0 were"):
            await save_pictures(house.parts, client, documents, tmp_path / "file", "R")


def test_a_page_is_in_colour_and_each_page_is_a_picture() -> None:
    pages = [Image.open(BytesIO(view)) for view in page_views(two_pages())]
    assert [page.mode for page in pages] == ["RGB", "RGB"]
    [heic] = page_views(heic_files.plain())
    assert Image.open(BytesIO(heic)).mode == "RGB"


def test_what_cannot_be_opened_has_no_pages() -> None:
    for content in (b"", b"%PDF-1.7 nothing", heic_files.claiming(60_000, 60_000)):
        assert page_views(content) == ()
