"""The whole application in this process: real storage in a temporary folder, requests without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from ostiary.app import Installation
from tests.http.running import Running, installation, running

Begin = Callable[..., AbstractAsyncContextManager[Running]]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for all: opening one takes longer than most tests."""
    with installation(tmp_path_factory.mktemp("http")) as parts:
        yield parts


@pytest.fixture
async def app(shared: Installation) -> AsyncIterator[Running]:
    async with running(shared) as application:
        yield application


@pytest.fixture
def app_with(tmp_path: Path) -> Begin:
    """An application with settings of the test's own."""

    @asynccontextmanager
    async def begin(**settings: str) -> AsyncIterator[Running]:
        with installation(tmp_path, **settings) as parts:
            async with running(parts) as application:
                yield application

    return begin
