"""Having Sumsub forget: the applicant is deactivated, once and for all, and one that is not there is as good."""

from __future__ import annotations

from ostiary.adapters.providers.sumsub import Sumsub
from tests.adapters.sumsub_server import REFERENCE, Pictures, settings, submission, sumsub


async def test_the_applicant_is_deactivated_also_when_asked_again() -> None:
    async with sumsub() as fake:
        provider = Sumsub(settings(fake.url))
        assert await provider.forget(REFERENCE) == "not_there"
        await provider.notify(submission(), Pictures())
        assert [await provider.forget(REFERENCE) for _ in range(2)] == ["deactivated"] * 2
        assert "presence" in fake.of(REFERENCE).details
        await provider.close()
