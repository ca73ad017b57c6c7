"""Chips judged with their documents: what they prove, what goes back, and what a person is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ostiary.adapters.chip.tlv import members
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.chip.rules import RULES
from ostiary.domain.documents.chip_kept import ChipContent
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import Reading, ReadingOutcome, Result
from ostiary.domain.errors import Tampered
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.files import details_group, zone_group
from ostiary.specimens.zone_lines import Holder, passport_lines
from tests.chips.attacks import ATTACKS
from tests.chips.builder import HOLDER, NOW, Build, BuiltChip, built
from tests.chips.house import (
    CONFIRMED_BY_A_PERSON,
    ENABLED,
    LOOKED_AT,
    NOTHING_READ,
    SENT_BACK,
    StandInReader,
    chip_upload,
    chipped_house,
    founded,
    judged,
    lines_of,
    passport_with,
    sent,
    standing,
)
from tests.house import House
from tests.provided import providers

UNKNOWN = "a self-made authority with the name of the real"
SPEAKS_AGAINST = {
    "a signer of master lists": "chip_signer_wrong",
    "a self-made authority with name and key identifier of the real": "chip_signer_wrong",
}
PICTURES_ONLY, SPARED = "chip: optional", "chip: optional; chip_pictures: unless_chip"


async def document_of(house: House, client_id: str) -> Document:
    return max((await house.dossier(client_id)).documents, key=lambda document: document.id)


def attack(name: str) -> BuiltChip:
    return built(ATTACKS[name][0]())


def forged() -> BuiltChip:
    """The last bit of the signature is another."""
    genuine = built()
    sod = genuine.files[ChipFile.SOD]
    return replace(genuine, files={**genuine.files, ChipFile.SOD: sod[:-1] + bytes([sod[-1] ^ 1])})


async def test_a_chip_that_its_state_signed_enables_under_proven_and_says_why(tmp_path: Path) -> None:
    with chipped_house(tmp_path) as house:
        client_id, request = await judged(await founded(house), passport_with(chip_upload()))
        document = await document_of(house, client_id)
        assert standing(request) == ENABLED
        assert document.judgement is not None
        assert document.judgement.outcome is ReadingOutcome.PASS
        chip_rules = [each.rule for each in document.judgement.compared if each.rule.startswith("chip")]
        assert chip_rules == [*(rule.__name__ for rule in RULES), "chip_picture"]
        assert document.reading is not None
        assert (document.reading.side, document.reading.certainty) == ("chip, DG1", 1.0)
        evidence = document.chip_evidence
        assert evidence is not None
        assert evidence.signer is not None
        assert (evidence.proof, evidence.trust) == ("issuer_signed", house.parts.trust.version)
        assert (evidence.signer.serial, [each.country for each in evidence.anchors]) == ("98", ["AR"])
        assert (evidence.groups, evidence.revocation) == ({"dg1": "fits"}, "no_list")


@pytest.mark.parametrize(("policy", "proven", "unproven"), [
    ("auto", ENABLED, ENABLED),
    ("proven", ENABLED, CONFIRMED_BY_A_PERSON),
    ("assisted", CONFIRMED_BY_A_PERSON, CONFIRMED_BY_A_PERSON),
    ("manual", LOOKED_AT, LOOKED_AT),
])  # fmt: skip
async def test_the_policy_says_what_a_proof_is_for(
    tmp_path: Path, policy: str, proven: tuple[Status, Review | None], unproven: tuple[Status, Review | None]
) -> None:
    """A country without anchors is unproven, and so is a document without its chip: neither ever goes back."""
    with chipped_house(tmp_path, policy) as house:
        await founded(house)
        for number, (build, wanted) in enumerate(
            [(Build(), proven), (ATTACKS[UNKNOWN][0](), unproven), (None, unproven)]
        ):
            holder = replace(HOLDER, number=f"AB123456{number}")
            house.context = replace(house.context, reader=StandInReader(lines_of(holder)))
            chip = None if build is None else chip_upload(built(replace(build, groups=zone_of(holder))))
            given = passport_with(chip, number=holder.number)
            _, request = await judged(house, given, email=f"{number}@example.com")
            assert standing(request) == wanted, number
            is_unknown = number == 1 and request.review is not None
            assert request.review_reasons == (("chip_signer_unknown",) if is_unknown else ())


def zone_of(holder: Holder) -> dict[str, bytes]:
    return {"dg1": zone_group(passport_lines(holder))}


@pytest.mark.parametrize("policy", ["auto", "proven", "assisted"])
async def test_an_unproven_chip_without_pictures_is_for_a_person_and_never_goes_back(
    tmp_path: Path, policy: str
) -> None:
    with chipped_house(tmp_path, policy, SPARED) as house:
        given = passport_with(chip_upload(attack(UNKNOWN)), pictures=False)
        client_id, request = await judged(await founded(house), given)
        assert standing(request) == LOOKED_AT
        assert request.review_reasons == ("chip_signer_unknown",)
        document = await document_of(house, client_id)
        assert document.sides == ()
        assert document.reading is not None
        assert document.reading.zone is not None, "the person sees what the chip says"


async def test_a_proven_chip_needs_no_pictures_where_the_catalogue_says_so(tmp_path: Path) -> None:
    with chipped_house(tmp_path, chip=SPARED) as house:
        _, request = await judged(await founded(house), passport_with(chip_upload(), pictures=False))
        assert standing(request) == ENABLED


async def test_a_chip_of_an_unknown_form_is_for_a_person_and_never_goes_back(tmp_path: Path) -> None:
    """Nothing of it is read, so that nothing is there to compare."""
    with chipped_house(tmp_path, "auto", SPARED) as house:
        given = passport_with(chip_upload(built(Build(content=of_an_unknown_hash))), pictures=False)
        client_id, request = await judged(await founded(house), given)
        assert standing(request) == LOOKED_AT
        assert request.review_reasons == ("chip_signer_unknown",)
        reading = (await document_of(house, client_id)).reading
        assert reading == Reading(zone=None)


def of_an_unknown_hash(content: bytes) -> bytes:
    version, _, hashes = members(content)
    return der.sequence(version.encoded, der.sequence(der.oid("1.2.3.4")), hashes.encoded)


@pytest.mark.parametrize("policy", ["auto", "proven", "assisted", "manual"])
@pytest.mark.parametrize("name", SPEAKS_AGAINST)
async def test_what_speaks_against_a_chip_keeps_every_policy_from_passing(
    tmp_path: Path, policy: str, name: str
) -> None:
    with chipped_house(tmp_path, policy) as house:
        chip = attack(name)
        house.context = replace(house.context, reader=StandInReader(zone_reading(chip)))
        client_id, request = await judged(await founded(house), passport_with(chip_upload(chip)))
        assert request.status is Status.IN_KYC
        assert request.review is Review.SUBMISSION
        assert SPEAKS_AGAINST[name] in request.review_reasons
        evidence = (await document_of(house, client_id)).chip_evidence
        assert evidence is not None
        assert evidence.proof == "not_proven"


def zone_reading(chip: BuiltChip) -> Reading:
    """The pictures say what the chip says."""
    return replace(lines_of(HOLDER), zone=chip.read().zone)


@pytest.mark.parametrize("variant", ["expired", "revoked"])
async def test_who_signed_too_late_or_is_revoked_is_for_a_person_under_auto(tmp_path: Path, variant: str) -> None:
    year = timedelta(days=365)
    build = Build(begin=NOW - 11 * year, end=NOW - year) if variant == "expired" else Build()
    trust = (built(build).csca, revocations(build)) if variant == "revoked" else (built(build).csca,)
    with chipped_house(tmp_path, "auto", trusted=trust) as house:
        _, request = await judged(await founded(house), passport_with(chip_upload(built(build))))
        assert standing(request) == LOOKED_AT
        assert request.review_reasons == (f"chip_signer_{variant}",)


def revocations(build: Build) -> bytes:
    return issuing.revocation_list(build.csca_name, build.csca, (build.serial,), NOW, NOW.replace(year=NOW.year + 1))


async def test_a_signature_that_does_not_fit_goes_back_once_and_then_to_a_person(tmp_path: Path) -> None:
    with chipped_house(tmp_path, "auto") as house:
        client_id, request = await judged(await founded(house), passport_with(chip_upload(forged())))
        assert standing(request) == SENT_BACK
        assert [(each.code, each.field) for each in (await house.dossier(client_id)).client.refusals] == [
            ("chip_data_invalid", "chip")
        ]
        await house.send(client_id, request.id, passport_with(chip_upload(forged()), front=None))
        await house.submit(client_id, request.id)
        await house.work()
        request = await house.enablement(client_id, request.id)
        assert standing(request) == LOOKED_AT
        assert request.review_reasons == ("chip_signature_invalid",)


@pytest.mark.parametrize(("printed", "wanted", "result"), [
    (lines_of(HOLDER), ENABLED, Result.AGREES),
    (NOTHING_READ, ENABLED, Result.NOT_COMPARED),
    (lines_of(replace(HOLDER, number="XY7654321")), SENT_BACK, Result.DIFFERS),
    (lines_of(replace(HOLDER, number="XY7654321"), certainty=0.1), LOOKED_AT, Result.DOUBTFUL),
    (lines_of(replace(HOLDER, given_names="Mario")), LOOKED_AT, Result.DOUBTFUL),
])  # fmt: skip
async def test_the_pictures_have_to_be_of_the_same_document(
    tmp_path: Path, printed: Reading, wanted: tuple[Status, Review | None], result: Result
) -> None:
    with chipped_house(tmp_path) as house:
        house.context = replace(house.context, reader=StandInReader(printed))
        client_id, request = await judged(await founded(house), passport_with(chip_upload()))
        assert standing(request) == wanted
        judgement = (await document_of(house, client_id)).judgement
        assert judgement is not None
        [compared] = [each for each in judgement.compared if each.rule == "chip_picture"]
        assert compared.result is result
        refusals = (await house.dossier(client_id)).client.refusals
        assert [each.code for each in refusals] == (["chip_mismatch"] if wanted == SENT_BACK else [])


@pytest.mark.parametrize("is_there", [False, True])
async def test_without_a_trust_store_that_can_be_read_a_person_confirms(tmp_path: Path, is_there: bool) -> None:
    with chipped_house(tmp_path, trusted=()) as house:
        if is_there:
            (tmp_path / "trust.jsonl").write_bytes(b"no store\n")
        _, request = await judged(await founded(house), passport_with(chip_upload()))
        assert standing(request) == CONFIRMED_BY_A_PERSON
        assert request.review_reasons == ("trust_unavailable",)


async def test_the_rules_about_the_holder_are_asked_over_what_the_chip_says(tmp_path: Path) -> None:
    """What was typed is compared with the chip, whatever is read on the pictures."""
    with chipped_house(tmp_path) as house:
        given = passport_with(chip_upload())
        client_id, request = await judged(await founded(house), given, birth_date="1990-01-02")
        assert standing(request) == SENT_BACK
        [refusal] = (await house.dossier(client_id)).client.refusals
        assert refusal.code == "birth_date_mismatch"
        judgement = (await document_of(house, client_id)).judgement
        assert judgement is not None
        [compared] = [each for each in judgement.compared if each.rule == "birth_date"]
        assert (compared.read, compared.where) == ("1984-11-21", "chip, DG1")


async def test_a_name_that_the_zone_cuts_off_is_the_whole_one_of_dg11(tmp_path: Path) -> None:
    holder = replace(HOLDER, surname="Alvarez de la Fuente y Montealegre", given_names="Maria Guadalupe")
    name = "ALVAREZ<DE<LA<FUENTE<Y<MONTEALEGRE<<MARIA<GUADALUPE"
    groups = {"dg1": zone_group(passport_lines(holder)), "dg11": details_group(name, holder.birth_date)}
    with chipped_house(tmp_path, chip=SPARED) as house:
        given = passport_with(chip_upload(built(Build(groups=groups))), pictures=False)
        names = {"last_name": holder.surname, "first_name": "Maria Guadalupe"}
        _, request = await judged(await founded(house), given, **names)
        assert standing(request) == ENABLED


async def test_the_same_chip_under_another_number_is_for_a_person(tmp_path: Path) -> None:
    with chipped_house(tmp_path, chip=SPARED) as house:
        chip = chip_upload()
        await judged(await founded(house), passport_with(chip, pictures=False), email="1@example.com")
        given = passport_with(chip_upload(), pictures=False, number="AB1234568")
        client_id, request = await judged(house, given, email="2@example.com")
        assert request.review is Review.SUBMISSION
        judgement = (await document_of(house, client_id)).judgement
        assert judgement is not None
        assert "used_by_another_client" in judgement.reasons


async def test_a_portrait_is_verified_and_dropped_or_kept_on_the_catalogue_s_word(tmp_path: Path) -> None:
    portrait = b"\x75\x02\x7f\x61"
    groups = {"dg1": zone_group(passport_lines(HOLDER)), "dg2": portrait}
    for keys, word in ((PICTURES_ONLY, "fits, dropped"), (f"{PICTURES_ONLY}; chip_portrait: true", "fits")):
        with chipped_house(tmp_path / word, chip=keys) as house:
            given = passport_with(chip_upload(built(Build(groups=groups))))
            client_id, request = await judged(await founded(house), given)
            assert standing(request) == ENABLED
            document = await document_of(house, client_id)
            assert document.chip_evidence is not None
            assert document.chip_evidence.groups == {"dg1": "fits", "dg2": word}
            dossier = await house.dossier(client_id)
            content = await house.context.storage.chips.of_document(dossier.client, document.id)
            assert content is not None
            assert ("dg2" in content.files) is (word == "fits")


async def test_a_chip_that_is_gone_is_never_taken_for_none(tmp_path: Path) -> None:
    with chipped_house(tmp_path) as house:
        client_id, request = await sent(await founded(house), passport_with(chip_upload()))
        await house.submit(client_id, request.id)
        house.context = replace(house.context, storage=_WithoutChips(house.context.storage))  # type: ignore[arg-type]
        await house.work()
        assert (await house.enablement(client_id, request.id)).status is Status.IN_KYC
        assert issubclass(Tampered, Exception)


class _WithoutChips:
    """As if somebody had deleted the row."""

    def __init__(self, storage: object) -> None:
        self._storage, self.chips = storage, self

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)

    async def of_document(self, client: object, document_id: str) -> None:
        return None


async def test_deciding_again_verifies_no_chip_again(tmp_path: Path) -> None:
    """Somebody changes the client while his document is judged."""
    with chipped_house(tmp_path) as house:
        client_id, request = await sent(await founded(house), passport_with(chip_upload()))
        await house.submit(client_id, request.id)
        chips = _Counting(house)
        house.context = replace(house.context, chips=chips)
        await house.work()
        assert standing(await house.enablement(client_id, request.id)) == ENABLED
        assert chips.verified == 1


class _Counting:
    """Verifies as ever, and has the client written meanwhile."""

    def __init__(self, house: House) -> None:
        self._house, self._chips, self.verified = house, house.context.chips, 0

    async def check(self, content: ChipContent, now: datetime) -> ChipReading:
        return await self._chips.check(content, now)

    async def verify(self, content: ChipContent, now: datetime) -> ChipReading:
        self.verified += 1
        [(client_id,)] = self._house.rows("SELECT client_id FROM clients")
        await self._house.put((await self._house.dossier(client_id)).enablements[0])
        return await self._chips.verify(content, now)


async def test_pictures_are_for_the_provider_where_a_product_has_one(tmp_path: Path) -> None:
    """It sees no chip, and has to see something."""
    policy, file, here = "auto\n    provider: acme", str(providers(tmp_path)), "http://127.0.0.1:9"
    with chipped_house(tmp_path, policy, SPARED, OSTIARY_PROVIDERS=file, OSTIARY_PUBLIC_URL=here) as house:
        client = await (await founded(house)).client()
        request = await house.request(client.id)
        state = await house.send(client.id, request.id, passport_with(chip_upload(), pictures=False))
        assert [each.code for each in state.rejections] == ["missing_front"]
