"""A house for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import House, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An installation with one sandbox company calling."""
    with open_house(tmp_path / "data") as opened:
        opened.caller = await opened.found_company()
        yield opened
