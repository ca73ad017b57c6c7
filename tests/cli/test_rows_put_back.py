"""An operator's row that is put back to an older one, of before a reset, shows when the trail is verified."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from ostiary.storage import opening
from tests.cli.conftest import Desk, prepare
from tests.house import House


async def founded(house: House) -> str:
    return house.caller.company.id


def test_an_operators_row_of_before_a_reset_is_named(desk: Desk) -> None:
    prepare(desk.data, founded)
    desk.answer("operator", "create", "ana", "--role", "admin", "--operator", "setup")
    with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database:
        [before] = database.execute("SELECT content FROM operators").fetchone()
    desk.answer("operator", "reset", "ana", "--operator", "setup")
    assert desk("audit", "verify").status == 0
    with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database, database:
        database.execute("UPDATE operators SET content = ?", (before,))
    done = desk("audit", "verify", "--json")
    assert done.status == 1
    [fault] = json.loads(done.out)["broken"]
    assert fault["fault"].startswith("operator ")
    assert "content is not what was written last" in fault["fault"]
