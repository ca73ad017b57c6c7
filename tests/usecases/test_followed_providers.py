"""A process that follows a publication says which providers of the catalogue it does not know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from ostiary import app
from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.adapters.config.providers_file import undeclared
from ostiary.telemetry.metrics import REGISTRY
from tests.house import House
from tests.usecases.test_publishing import published

PROVIDED = parse(default_source().replace("    policy: auto\n", "    policy: auto\n    provider: acme\n"), "provided")
FAULT = "The catalogue's product cards_individuals names the provider acme; declared are: builtin"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_provider_that_a_published_catalogue_names_and_the_process_does_not_know_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "PUBLISHED_EVERY_S", 0.01)
    before = house.parts.catalogues.current
    with capture_logs() as logs:
        following = asyncio.create_task(house.parts.follow_publications())
        await published(house, PROVIDED)
        await until(lambda: house.parts.catalogues.current.version == PROVIDED.version)
        await until(lambda: missing() == 1)
        await published(house, before)
        await until(lambda: missing() == 0)
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
    problems = [line["problem"] for line in logs if line["event"] == "provider_unknown"]
    assert problems == [FAULT]


def missing() -> float | None:
    return REGISTRY.get_sample_value("ostiary_catalogue_providers_missing")


def test_what_is_not_declared_is_named_and_the_builtin_one_always_is_there() -> None:
    assert undeclared(["acme"], {"cards": "acme", "accounts": ""}) == []
    assert len(undeclared(["other"], {"cards": "acme", "accounts": "acme"})) == 2
