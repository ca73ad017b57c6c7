"""The challenge, from the call that makes it to the rule: a chip that is there, and a copy of its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.documents.reading import Result
from ostiary.usecases.onboarding.chip_intake import make_challenge
from tests.adapters.test_chip_presence import CURVE, RSA, plain, recovered, rsa_key
from tests.chips.builder import Build, built
from tests.chips.house import ENABLED, LOOKED_AT, chip_upload, chipped_house, founded, passport_with, standing
from tests.house import House

WHO = {"first_name": "Maria", "second_name": None, "last_name": "Alvarez", "birth_date": "1984-11-21"}
KEYS = {"rsa": RSA[1], "curve": CURVE[1]}


def answer_of(kind: str, challenge: bytes) -> bytes:
    return recovered("sha256", rsa_key(), challenge) if kind == "rsa" else plain("sha256", challenge)


async def came_out(house: House, kind: str, *, is_copy: bool, policy_ends: object) -> None:
    client = await house.client(**WHO)
    request = await house.request(client.id)
    challenge = await house.do(make_challenge, client.id, request.id)
    chip = built(Build(groups={"dg1": built().files["dg1"], "dg15": KEYS[kind]}))  # type: ignore[index]
    signed = answer_of(kind, b"another!" if is_copy else challenge.challenge)
    upload = replace(chip_upload(chip), challenge_id=challenge.id, answer=signed)
    assert (await house.send(client.id, request.id, passport_with(upload))).rejections == ()
    await house.submit(client.id, request.id)
    await house.work()
    decided = await house.enablement(client.id, request.id)
    assert standing(decided) == policy_ends
    [document] = (await house.dossier(client.id)).documents
    assert document.judgement is not None
    [compared] = [each for each in document.judgement.compared if each.rule == "chip_present"]
    assert compared.result is (Result.DOUBTFUL if is_copy else Result.AGREES)
    assert ("chip_copied" in decided.review_reasons) is is_copy
    assert document.chip_evidence is not None
    assert document.chip_evidence.proof == ("not_proven" if is_copy else "issuer_signed")


@pytest.mark.parametrize("kind", KEYS)
async def test_a_chip_that_signs_the_challenge_is_at_hand(tmp_path: Path, kind: str) -> None:
    with chipped_house(tmp_path) as house:
        await came_out(await founded(house), kind, is_copy=False, policy_ends=ENABLED)


@pytest.mark.parametrize("policy", ["auto", "proven"])
@pytest.mark.parametrize("kind", KEYS)
async def test_a_copy_of_its_files_is_for_a_person_under_every_policy(tmp_path: Path, kind: str, policy: str) -> None:
    with chipped_house(tmp_path, policy) as house:
        await came_out(await founded(house), kind, is_copy=True, policy_ends=LOOKED_AT)
