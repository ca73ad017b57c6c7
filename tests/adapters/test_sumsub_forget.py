"""Having Sumsub forget: the applicant is deactivated, once and for all, and one that is not there is as good. The call
and its answer are those of https://docs.sumsub.com/reference/deactivate-applicant-profile."""

from __future__ import annotations

import pytest

from ostiary.adapters.providers.sumsub import Sumsub
from ostiary.domain.providers.provider import ProviderRefused
from tests.adapters.sumsub_server import REFERENCE, Pictures, settings, submission, sumsub


async def test_the_applicant_is_deactivated_also_when_asked_again() -> None:
    async with sumsub() as fake:
        provider = Sumsub(settings(fake.url))
        assert await provider.forget(REFERENCE) == "not_there"
        await provider.notify(submission(), Pictures())
        applicant = fake.of(REFERENCE)
        applicant.status = "completed"
        assert [await provider.forget(REFERENCE) for _ in range(2)] == ["deactivated"] * 2
        assert fake.calls[-1] == f"PATCH /resources/applicants/{applicant.id}/presence/deactivated"
        await provider.close()


async def test_one_that_is_being_checked_is_asked_for_again_later() -> None:
    """Sumsub does not deactivate it before its check has ended."""
    async with sumsub() as fake:
        provider = Sumsub(settings(fake.url))
        await provider.notify(submission(), Pictures())
        with pytest.raises(ProviderRefused, match="400"):
            await provider.forget(REFERENCE)
        fake.of(REFERENCE).status = "completed"
        assert await provider.forget(REFERENCE) == "deactivated"
        await provider.close()


@pytest.mark.parametrize("puts_away", [False, None])
async def test_an_answer_that_does_not_say_so_is_no_word(puts_away: object) -> None:
    async with sumsub() as fake:
        provider = Sumsub(settings(fake.url))
        await provider.notify(submission(), Pictures())
        fake.of(REFERENCE).status, fake.puts_away = "completed", puts_away
        assert await provider.forget(REFERENCE) == ""
        await provider.close()
