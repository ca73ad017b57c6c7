"""The challenge, from the call that makes it to the rule: a chip that is there, and a copy of its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.documents.reading import Result
from ostiary.usecases.onboarding.chip_intake import ChipUpload, make_challenge
from tests.adapters.test_chip_presence import CURVE, RSA, plain, recovered, rsa_key
from tests.chips.builder import Build, built
from tests.chips.house import (
    CONFIRMED_BY_A_PERSON,
    ENABLED,
    LOOKED_AT,
    chip_upload,
    chipped_house,
    founded,
    judged,
    passport_with,
    standing,
)
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


# ---- where the catalogue demands it ---------------------------------------------------------------------------------

DEMANDED = "chip: optional; chip_present: true"


def with_key(kind: str = "curve") -> ChipUpload:
    return chip_upload(built(Build(groups={"dg1": built().files[ChipFile.DG1], "dg15": KEYS[kind]})))


@pytest.mark.parametrize(("is_sent", "wanted"), [
    (True, [("chip_data_missing", "chip.challenge_answer")]),
    (False, [("chip_data_missing", "chip.dg15"), ("chip_data_missing", "chip.challenge_answer")]),
])  # fmt: skip
async def test_a_chip_that_could_show_its_presence_is_asked_to_at_once(
    tmp_path: Path, is_sent: bool, wanted: list[tuple[str, str]]
) -> None:
    """That it could is signed: whoever copied its files gains nothing by leaving the key out."""
    with chipped_house(tmp_path, chip=DEMANDED) as house:
        await founded(house)
        client = await house.client(**WHO)
        request = await house.request(client.id)
        chip = with_key()
        files = {name: content for name, content in chip.files.items() if is_sent or name is not ChipFile.DG15}
        state = await house.send(client.id, request.id, passport_with(replace(chip, files=files)))
        assert [(each.code.value, each.field) for each in state.rejections] == wanted
        assert {str(each.reason) for each in state.rejections} == {
            "The chip has to show that it is there, by signing a challenge."
        }
        assert all(each.retryable for each in state.rejections)


@pytest.mark.parametrize("kind", KEYS)
async def test_a_chip_that_showed_it_is_enabled_where_that_is_demanded(tmp_path: Path, kind: str) -> None:
    with chipped_house(tmp_path, chip=DEMANDED) as house:
        await came_out(await founded(house), kind, is_copy=False, policy_ends=ENABLED)


@pytest.mark.parametrize(("policy", "pictures", "ends"), [
    ("proven", "always", CONFIRMED_BY_A_PERSON),
    ("auto", "always", ENABLED),
    ("auto", "unless_chip", LOOKED_AT),
    ("proven", "unless_chip", LOOKED_AT),
])  # fmt: skip
async def test_a_chip_that_cannot_show_it_is_taken_and_proves_nothing(
    tmp_path: Path, policy: str, pictures: str, ends: object
) -> None:
    """It is no fault of its holder's: beside pictures that agree it keeps nobody out of `auto`."""
    with chipped_house(tmp_path, policy, f"{DEMANDED}; chip_pictures: {pictures}") as house:
        given = passport_with(chip_upload(), pictures=pictures == "always")
        client_id, request = await judged(await founded(house), given)
        assert standing(request) == ends
        if request.review is not None:
            assert request.review_reasons == ("chip_presence_unknown",)
        [document] = (await house.dossier(client_id)).documents
        assert document.chip_evidence is not None
        assert document.chip_evidence.proof == "not_proven"
