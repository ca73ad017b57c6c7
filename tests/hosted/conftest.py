"""One installation for the tests of a module; each test makes its own company and client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from ostiary.app import Installation
from tests.hosted.desk import Hall, hall_of
from tests.http.running import installation


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("hosted")) as parts:
        yield parts


@pytest.fixture
async def hall(shared: Installation) -> AsyncIterator[Hall]:
    async with hall_of(shared) as opened:
        yield opened
