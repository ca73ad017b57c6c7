"""One installation for the tests of a module, which name their operators and companies apart from each other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from ostiary.app import Installation
from tests.console.desk import Desk, desk_of
from tests.http.running import installation


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installation(tmp_path_factory.mktemp("console")) as parts:
        yield parts


@pytest.fixture
async def desk(shared: Installation) -> AsyncIterator[Desk]:
    """Operators are the same installation's over all tests of a module: each test names its own."""
    async with desk_of(shared) as opened_desk:
        yield opened_desk
