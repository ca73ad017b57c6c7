"""A house for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ostiary.domain.companies.company import Environment
from tests.house import House, open_house
from tests.provided import catalogue, providers


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An installation with one sandbox company calling."""
    with open_house(tmp_path / "data") as opened:
        opened.caller = await opened.found_company()
        yield opened


@pytest.fixture
async def provided(tmp_path: Path) -> AsyncIterator[House]:
    """One with a production company whose cards a provider called acme decides."""
    settings = {
        "OSTIARY_CATALOGUE": str(catalogue(tmp_path)),
        "OSTIARY_PROVIDERS": str(providers(tmp_path)),
        "OSTIARY_PUBLIC_URL": "https://ostiary.example",
    }
    with open_house(tmp_path / "data", **settings) as opened:
        opened.caller = await opened.found_company(environment=Environment.PRODUCTION)
        yield opened
