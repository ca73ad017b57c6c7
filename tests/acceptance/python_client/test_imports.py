"""The Python client sends a file of clients, has it checked and carried out, and gets back what is wrong with it."""

from __future__ import annotations

import csv
import pickle
from io import BytesIO, StringIO
from pathlib import Path
from secrets import token_hex

import pytest

from ostiary_client import AsyncOstiary, ImportUnsettled, InvalidState
from ostiary_client.imports import ImportWatch
from ostiary_client.types import Import, ImportRows

HEAD = "row_key,first_name,last_name,email,birth_date,address.street_line1,address.city,address.country"
GOOD = "Maria,Barber,{email},1984-11-21,Florida 9860,Del Viso,ARG"


def file_of(mark: str, *emails: str) -> bytes:
    rows = [f"{mark}-{number},{GOOD.format(email=email)}" for number, email in enumerate(emails, 1)]
    return "\n".join((HEAD, *rows, "")).encode()


async def test_a_file_is_checked_started_and_done_row_by_row(ostiary: AsyncOstiary, tmp_path: Path) -> None:
    mark = token_hex(4)  # both clients are of one company
    path = tmp_path / "clients.csv"
    path.write_bytes(file_of(mark, f"first.{mark}@example.com", "no address", f"third.{mark}@example.com"))
    handed: list[tuple[int, int]] = []
    sent = await ostiary.imports.create(path, progress=lambda done, total: handed.append((done, total)))
    checked = await ostiary.imports.settled(sent)
    assert (checked.status, checked.rows.good, checked.rows.faulty) == ("checked", 2, 1)
    assert handed[-1] == (path.stat().st_size,) * 2
    await ostiary.imports.start(checked)
    done = await ostiary.imports.settled(checked.id)
    assert (done.status, done.rows.done, done.rows.total) == ("done", 2, 3)
    [fault] = csv.DictReader(StringIO((await ostiary.imports.faults(done)).decode("utf-8-sig")))
    assert (fault["row_key"], "email" in " ".join(map(str, fault.values()))) == (f"{mark}-2", True)
    assert await ostiary.imports.read(done.id) == done
    assert done in [each async for each in ostiary.imports.list(page_size=1)]
    assert [each.email async for each in ostiary.clients.list(email=f"first.{mark}@example.com")]
    with pytest.raises(InvalidState):
        await ostiary.imports.start(done)


async def test_the_template_is_a_file_that_can_be_sent_and_cancelled(ostiary: AsyncOstiary) -> None:
    assert b"address.country" in await ostiary.imports.template()
    sent = await ostiary.imports.create(BytesIO(file_of("none", "fourth.import@example.com")))
    await ostiary.imports.settled(sent)
    assert (await ostiary.imports.cancel(sent)).status == "cancelled"


def test_waiting_for_an_import_ends_with_how_far_it_is() -> None:
    moments = iter([0.0, 1.0, 9.9, 10.0])
    rows = ImportRows(total=2, waiting=0, good=1, faulty=0, done=1, repeated=0)
    running = Import(id="an id", status="running", rows=rows, created_at="2026-12-01T00:00:00")
    watch = ImportWatch(10.0, now=lambda: next(moments))
    assert watch.wait_after(running) == 0.25
    assert watch.wait_after(running) == pytest.approx(0.1), "no longer than there is time"
    with pytest.raises(ImportUnsettled, match="the import an id was still running after 10 s") as late:
        watch.wait_after(running)
    assert pickle.loads(pickle.dumps(late.value)).current == running  # noqa: S301 (made one line before)
