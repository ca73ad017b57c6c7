"""Pictures written for an operator: under the right ending, as pictures, and as often as asked."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ostiary.adapters.pages.views import page_views
from ostiary.cli.review.saving import save_pictures
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.document import Document
from ostiary.domain.errors import Refused
from ostiary.usecases.onboarding.add_document import Upload
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
