"""A store beside other processes that write to the same database."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from ostiary.domain.clients.client import Client
from tests.acceptance.conftest import OSTIARY, environment
from tests.house import open_house

COMMANDS, END_S = 3, 180
BETWEEN_S = 0.02
"""Before the next client: some are written at any moment while commands start, and each is looked at in the end."""


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
        running = asyncio.gather(*(command.communicate() for command in commands))
        clients: list[Client] = []
        while not running.done():
            clients.append(await house.client(email=f"client{len(clients)}@example.com"))
            await asyncio.sleep(BETWEEN_S)
        async with asyncio.timeout(END_S):
            outputs = await running
        assert [command.returncode for command in commands] == [0] * COMMANDS, outputs
        keys = {json.loads(out)["key_id"] for out, _ in outputs}
        assert keys == {key.id for key in await house.context.storage.companies.keys(company_id)}
        assert len(clients) > COMMANDS
        for client in clients:
            assert house.actions(client.id) == ["client_created"]
        assert house.actions(company_id).count("key_created") == COMMANDS
