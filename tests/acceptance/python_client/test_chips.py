"""The Python client sends what was read from a document's chip."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary_client import InvalidRequest, InvalidState, NewChip, NewDocument
from ostiary_client.types import Reason
from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.conftest import Connect, Start, key_of, number_like, someone
from tests.material import picture

CATALOGUE = Path(__file__).parents[3] / "src/ostiary/adapters/config/default_catalogue.yaml"
TAKES_NONE, TAKES_ONE = "    unique: true ", "    chip: optional\n    unique: true "


def with_chip(files: dict[str, Path], **answer: object) -> NewDocument:
    chip = NewChip(dict(files), **answer)  # type: ignore[arg-type]
    metadata = {"number": number_like("UT"), "issuing_country": "ARG"}
    return NewDocument("passport", front=picture(len(files)), metadata=metadata, chip=chip)


@pytest.fixture
def taking_chips(service_factory: Start, tmp_path: Path) -> RunningService:
    text = CATALOGUE.read_text()
    assert TAKES_NONE in text
    catalogue = tmp_path / "catalogue.yaml"
    catalogue.write_text(text.replace(TAKES_NONE, TAKES_ONE, 1))
    return service_factory(catalogue=catalogue)


async def test_files_of_a_chip_are_looked_at_and_taken(
    connect: Connect, taking_chips: RunningService, tmp_path: Path
) -> None:
    written = taking_chips.cli(
        "specimen", "--chip", tmp_path / "chip", "--last-name", "Barber", "--first-name", "Maria"
    )
    assert written.returncode == 0, written.stderr
    files = {path.stem: path for path in (tmp_path / "chip").glob("*.bin")}
    assert {"sod", "dg1"} <= set(files)
    async with connect(taking_chips.url, await key_of(taking_chips)) as ostiary:
        client = await ostiary.clients.create(someone())
        request = await ostiary.products.request(client, "cards_individuals", expand=["chip"])
        kinds = {kind.id: kind for kind in request.missing.documents[0].valid_documents}
        assert kinds["passport"].chip is not None
        assert kinds["passport"].chip.wanted == "optional"
        broken = await ostiary.products.upload(request, with_chip({**files, "dg1": files["dg11"]}))
        assert {item.code for item in broken.rejected_items} == {Reason.CHIP_DATA_INVALID}
        challenge = await ostiary.products.chip_challenge(request)
        assert len(bytes.fromhex(challenge.challenge)) == 8
        judged = await ostiary.products.upload(request, with_chip(files))
        assert judged.rejected_items == ()


async def test_where_no_chip_is_taken_none_is_sent(connect: Connect, service: RunningService, tmp_path: Path) -> None:
    (tmp_path / "sod.bin").write_bytes(b"sod")
    async with connect(service.url, await key_of(service)) as ostiary:
        client = await ostiary.clients.create(someone())
        request = await ostiary.products.request(client, "cards_individuals")
        with pytest.raises((InvalidRequest, InvalidState)):
            await ostiary.products.upload(request, with_chip({"sod": tmp_path / "sod.bin"}))
        with pytest.raises(ValueError, match="are called sod"):
            await ostiary.products.upload(request, with_chip({'sod"; filename="': tmp_path / "sod.bin"}))
