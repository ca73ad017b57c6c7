"""A store beside other processes that write to the same database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from ostiary.domain.clients.client import Client
from tests.acceptance.conftest import OSTIARY, environment
from tests.house import open_house

COMMANDS, END_S = 3, 180


async def test_the_command_line_writes_while_a_service_does(tmp_path: Path) -> None:
    """Nobody fails, nobody waits for ever, and all that was answered is there."""
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        company_id = house.caller.company.id
        line = [str(OSTIARY), "key", "create", "--company", company_id, "--level", "3", "--json"]
        variables, pipe = environment(tmp_path / "data"), asyncio.subprocess.PIPE
        commands = [
            await asyncio.create_subprocess_exec(*line, env=variables, stdout=pipe, stderr=pipe)
            for _ in range(COMMANDS)
        ]
        running = asyncio.gather(*(one.communicate() for one in commands))
        made: list[Client] = []
        while not running.done():
            made.append(await house.client(email=f"client{len(made)}@example.com"))
            await asyncio.sleep(0)
        async with asyncio.timeout(END_S):
            told = await running
        assert [one.returncode for one in commands] == [0] * COMMANDS, told
        keys = {json.loads(out)["key_id"] for out, _ in told}
        assert keys == {one.id for one in await house.context.storage.companies.keys(company_id)}
        assert len(made) > COMMANDS
        for one in made:
            assert house.actions(one.id) == ["client_created"]
        assert house.actions(company_id).count("key_created") == COMMANDS
