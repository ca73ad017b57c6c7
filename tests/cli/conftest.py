"""Commands called in this process, on an installation in a folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from ostiary.cli import main
from ostiary.domain.companies.company import Environment
from tests.commands import own_logs
from tests.house import House, open_house, template

T = TypeVar("T")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass
class Desk:
    """An operator's desk: commands, and the installation they work on."""

    data: Path
    capsys: pytest.CaptureFixture[str]
    environment: pytest.MonkeyPatch

    def __call__(self, *words: object, **settings: object) -> Ended:
        """Runs `ostiary` with the words. `log_level="x"` is OSTIARY_LOG_LEVEL."""
        self.capsys.readouterr()
        with self.environment.context() as changed:
            for name, value in settings.items():
                changed.setenv(f"OSTIARY_{name.upper()}", str(value))
            with pytest.raises(SystemExit) as end, own_logs():
                main([str(word) for word in words])
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return Ended(int(end.value.code or 0), out, err)

    def answer(self, *words: object, **settings: object) -> Any:
        """The JSON answer of a command that has to work."""
        done = self(*words, "--json", **settings)
        assert (done.status, done.err) == (0, ""), done
        return json.loads(done.out)

    def refused(self, *words: object, **settings: object) -> str:
        """What a command says that could not be done, which is the same for people and for machines."""
        result = self(*words, **settings)
        assert (result.status, result.out) == (1, ""), result
        machine = self(*words, "--json", **settings)
        assert (machine.status, machine.out) == (1, "")
        message = str(json.loads(machine.err)["error"])
        assert result.err.startswith(f"ostiary: {message}\n")
        return message

    def install(self) -> None:
        """An installation without a company: migrating one takes half a second for every test."""
        shutil.copytree(template(), self.data)


def prepare(
    folder: Path, work: Callable[[House], Coroutine[Any, Any, T]], *, is_real: bool = False, **settings: str
) -> T:
    """Makes an installation with a company, and does something to it as the service would."""

    async def whole() -> T:
        with open_house(folder, **settings) as house:
            kind = Environment.PRODUCTION if is_real else Environment.SANDBOX
            house.caller = await house.found_company("Acme", kind)
            try:
                return await work(house)
            finally:
                await house.parts.close_connections()

    return asyncio.run(whole())


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with no installation yet."""
    for name in [variable for variable in os.environ if variable.startswith("OSTIARY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OSTIARY_DATA_DIR", str(tmp_path / "data"))
    return Desk(tmp_path / "data", capsys, monkeypatch)


@pytest.fixture
def company(desk: Desk) -> str:
    """The id of a company, in an installation that is there."""

    async def founded(house: House) -> str:
        return house.caller.company.id

    return prepare(desk.data, founded)
