"""Chips in sandboxes: verified as anywhere, with specimens counting; scenarios decide the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.companies.company import Environment
from ostiary.domain.onboarding.enablement import Status
from ostiary.specimens.chip.chips import VARIANTS, SpecimenChip, specimen_chip
from ostiary.usecases.onboarding.chip_intake import ChipUpload, make_challenge
from tests.chips.builder import HOLDER, NOW
from tests.chips.house import (
    CONFIRMED_BY_A_PERSON,
    ENABLED,
    LOOKED_AT,
    SENT_BACK,
    StandInReader,
    chipped_house,
    founded,
    judged,
    lines_of,
    passport_with,
    standing,
)
from tests.house import CARDS


def utopian(variant: str) -> SpecimenChip:
    return specimen_chip(HOLDER_OF_UTOPIA, is_card=False, variant=variant, now=NOW.replace(month=4, day=15))


HOLDER_OF_UTOPIA = replace(HOLDER, country="UTO")
WHO = {"first_name": "Maria", "second_name": None, "last_name": "Alvarez", "birth_date": "1984-11-21"}
NOT_TAKEN = ("changed", "swapped")
ENDS = {
    "issuer_signed": ENABLED,
    "chip_signer_unknown": CONFIRMED_BY_A_PERSON,
    "chip_weak": CONFIRMED_BY_A_PERSON,
    "chip_data_invalid": SENT_BACK,
}


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name not in NOT_TAKEN])
async def test_each_variant_of_a_specimen_ends_in_a_sandbox_as_its_row_says(tmp_path: Path, variant: str) -> None:
    """A changed one does not come so far, nor one with another key: their hashes do not fit."""
    chip = utopian(variant)
    trusted = (chip.csca, chip.revocations) if variant == "revoked" else (chip.csca,)
    with chipped_house(tmp_path, trusted=trusted) as house:
        await founded(house, Environment.SANDBOX)
        client = await house.client(**WHO)
        request = await house.request(client.id, CARDS)
        challenge = await house.do(make_challenge, client.id, request.id)
        assert chip.key is not None
        upload = ChipUpload(
            files={ChipFile(name): content for name, content in chip.files.items()},
            challenge_id=challenge.id,
            answer=chip.key.answer(challenge.challenge),
        )
        given = passport_with(upload)
        given.metadata = {"number": HOLDER.number}
        assert (await house.send(client.id, request.id, given)).rejections == ()
        await house.submit(client.id, request.id)
        await house.work()
        house.clock.now_ms += 60_000
        await house.work()
        request = await house.enablement(client.id, request.id)
        assert standing(request) == ENDS.get(VARIANTS[variant].result, LOOKED_AT)
        assert isinstance(house.context.reader, StandInReader)
        assert house.context.reader.reads == 0, "scenarios decide about pictures"


async def test_what_utopia_signed_proves_nothing_in_production(tmp_path: Path) -> None:
    chip = utopian("genuine")
    with chipped_house(tmp_path, trusted=(chip.csca,)) as house:
        upload = ChipUpload({ChipFile(name): content for name, content in chip.files.items()})
        house.context = replace(house.context, reader=StandInReader(lines_of(HOLDER_OF_UTOPIA)))
        _, request = await judged(await founded(house), passport_with(upload))
        assert request.status is Status.IN_KYC
        assert "chip_signer_unknown" in request.review_reasons


async def test_a_sandbox_without_chips_plays_its_scenarios_as_ever(tmp_path: Path) -> None:
    with chipped_house(tmp_path) as house:
        await founded(house, Environment.SANDBOX)
        _, request = await judged(house, passport_with(None))
        house.clock.now_ms += 60_000
        await house.work()
        assert standing(await house.enablement(request.client_id, request.id)) == ENABLED
