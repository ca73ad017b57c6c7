"""A chip's files as they come: their form at once, what is kept of them, and challenges for chips to sign."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.chip.limits import MOST_ANSWER_BYTES, MOST_BYTES, ChipFile
from ostiary.domain.clients.client import Client
from ostiary.domain.documents.chip_kept import ChipChallenge
from ostiary.domain.documents.document import BACK, FRONT, DocumentStatus
from ostiary.domain.errors import InvalidRequest, InvalidState, NotFound
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.privacy.erasure import ErasureState
from ostiary.domain.rejections import Code
from ostiary.usecases.dossiers import ProductState
from ostiary.usecases.onboarding.chip_intake import CHALLENGE_MS, ChipUpload, make_challenge
from tests.chips.attacks import ATTACKS
from tests.chips.builder import Build, built
from tests.chips.house import OPTIONAL, chip_upload, chipped_house, founded, judged, passport_with, sent
from tests.erasing import asked, last, rounds, rows_of
from tests.house import CARDS, House
from tests.material import picture

SPARED = f"{OPTIONAL}; chip_pictures: unless_chip"
SOD, DG1, DG15 = ChipFile.SOD, ChipFile.DG1, ChipFile.DG15
Items = list[tuple[str, str]]


@pytest.fixture
async def house(tmp_path: Path) -> Iterator[House]:  # type: ignore[misc]
    with chipped_house(tmp_path, chip=SPARED) as opened:
        yield await founded(opened)


async def request_of(house: House, product: str = CARDS) -> Enablement:
    client = await house.client()
    return await house.request(client.id, product)


async def answered(house: House, request: Enablement, chip: ChipUpload | None, **more: object) -> ProductState:
    return await house.send(request.client_id, request.id, passport_with(chip, **more))  # type: ignore[arg-type]


def items(state: ProductState) -> Items:
    return [(each.code.value, each.field) for each in state.rejections]


async def test_a_good_chip_is_taken_and_kept_with_its_document(house: House) -> None:
    request = await request_of(house)
    chip = chip_upload(built(Build(groups={"dg1": built().files[DG1], "dg2": b"\x75\x01a"})))
    assert items(await answered(house, request, chip)) == []
    dossier = await house.dossier(request.client_id)
    [document] = dossier.documents
    assert document.chip is not None
    assert (document.chip.files, document.chip.dropped) == (("dg1", "dg2", "sod"), ("dg2",))
    content = await house.context.storage.chips.of_document(dossier.client, document.id)
    assert content is not None
    assert content.files == {"sod": chip.files[SOD], "dg1": chip.files[DG1]}
    assert document.chip.size_bytes == len(chip.files[SOD]) + len(chip.files[DG1])


CHANGED = {
    "nothing": (ChipUpload({}), [("chip_data_missing", "chip.sod"), ("chip_data_missing", "chip.dg1")]),
    "no DG1": (chip_upload(dg1=b""), [("chip_data_missing", "chip.dg1")]),
    "no security object": (chip_upload(sod=b""), [("chip_data_missing", "chip.sod")]),
    "DG1 of somebody else": (
        chip_upload(dg1=built().files[DG1].replace(b"ALVAREZ", b"ALVARES")),
        [("chip_data_invalid", "chip.dg1")],
    ),
    "a group that is not listed": (chip_upload(dg2=b"\x75\x01a"), [("chip_data_invalid", "chip.dg2")]),
    "no security object at all": (chip_upload(sod=b"\x77\x02ab"), [("chip_data_invalid", "chip")]),
    "no zone": (chip_upload(dg1=b"\x61\x05\x5f\x1f\x02ab"), [("chip_data_invalid", "chip")]),
    "a group of another kind": (chip_upload(dg11=b"\x75\x01a"), [("chip_data_invalid", "chip.dg11")]),
    "files that are too large": (
        chip_upload(dg1=bytes(MOST_BYTES[DG1] + 1), dg15=bytes(MOST_BYTES[DG15] + 1)),
        [("chip_data_invalid", "chip.dg1"), ("chip_data_invalid", "chip.dg15")],
    ),
}


@pytest.mark.parametrize("name", CHANGED)
async def test_what_is_wrong_with_the_files_is_said_at_once(house: House, name: str) -> None:
    chip, wanted = CHANGED[name]
    request = await request_of(house)
    assert items(await answered(house, request, replace(chip, reading=None))) == wanted
    assert (await house.dossier(request.client_id)).documents == ()
    assert house.parts.trust.version is None, "nobody is asked whom to believe"


@pytest.mark.parametrize("chip", [
    chip_upload(sod=built().files[SOD][:-1] + bytes([built().files[SOD][-1] ^ 1])),
    chip_upload(built(ATTACKS["a self-made authority with the name of the real"][0]())),
])  # fmt: skip
async def test_whether_anybody_is_believed_is_not_said(house: House, chip: ChipUpload) -> None:
    """A forger learns nothing from the answer: of a signature that fits nothing, of an authority of one's own."""
    assert items(await answered(house, await request_of(house), replace(chip, reading=None))) == []


async def test_pictures_are_not_needed_beside_a_chip_where_the_catalogue_says_so(house: House, tmp_path: Path) -> None:
    request = await request_of(house)
    assert items(await answered(house, request, None, pictures=False)) == [("missing_front", FRONT)]
    assert items(await answered(house, request, chip_upload(), pictures=False)) == []
    with chipped_house(tmp_path / "always") as other:
        request = await request_of(await founded(other))
        assert items(await answered(other, request, chip_upload(), pictures=False)) == [("missing_front", FRONT)]


async def test_pictures_that_are_sent_all_the_same_have_to_be_good(house: House) -> None:
    request = await request_of(house)
    state = await answered(house, request, chip_upload(), front=b"no picture")
    assert [code for code, _ in items(state)] == ["image_not_readable"]
    given = replace(passport_with(chip_upload(), pictures=False), back=picture(3))
    assert items(await house.send(request.client_id, request.id, given)) == [("side_not_needed", BACK)]


async def test_a_chip_has_to_come_where_the_catalogue_says_so(tmp_path: Path) -> None:
    with chipped_house(tmp_path, chip="chip: required") as house:
        request = await request_of(await founded(house))
        assert items(await answered(house, request, None)) == [("chip_data_missing", "chip")]
        assert items(await answered(house, request, chip_upload())) == []


async def test_a_chip_of_a_type_that_takes_none_is_a_fault_of_the_call(tmp_path: Path) -> None:
    with chipped_house(tmp_path, "auto", chip="") as house:
        request = await request_of(await founded(house))
        with pytest.raises(InvalidRequest) as refused:
            await answered(house, request, chip_upload())
        assert [(fault.field, fault.code) for fault in refused.value.faults] == [("document.chip", "FIELD_UNKNOWN")]


async def test_a_document_that_replaces_another_brings_its_own_chip_or_none(house: House) -> None:
    request = await request_of(house)
    await answered(house, request, chip_upload())
    house.clock.now_ms += 1
    await answered(house, request, None)
    documents = await house.context.storage.documents.every((await house.dossier(request.client_id)).client)
    assert [(each.status, each.chip is None) for each in documents] == [
        (DocumentStatus.REPLACED, False),
        (DocumentStatus.ACCEPTED, True),
    ]


async def test_a_chip_s_files_count_towards_the_quota(house: House) -> None:
    chip = chip_upload()
    size = sum(map(len, chip.files.values()))
    house.context = replace(house.context, quota_bytes=size)
    request = await request_of(house)
    assert items(await answered(house, request, chip, pictures=False)) == []
    assert await house.context.storage.sums.bytes_of(house.caller.company.id) == size
    house.clock.now_ms += 1
    with pytest.raises(InvalidState, match="quota"):
        await answered(house, request, chip_upload(), pictures=False)


async def test_a_chip_whose_number_another_client_holds_is_kept_for_the_person_who_decides(house: House) -> None:
    await judged(house, passport_with(chip_upload(), pictures=False), email="1@example.com")
    client = await house.client(email="2@example.com")
    request = await house.request(client.id)
    assert items(await answered(house, request, chip_upload(), pictures=False)) == [
        ("used_by_another_client", "metadata.number")
    ]
    dossier = await house.dossier(client.id)
    [document] = dossier.documents
    assert (document.status, dossier.enablements[0].review) == (DocumentStatus.REFUSED, Review.CLASH)
    assert await house.context.storage.chips.of_document(dossier.client, document.id) is not None


# ---- challenges ----

ANSWERED = Build(groups={"dg1": built().files[DG1], "dg15": b"\x6f\x02\x30\x00"})


def answering(challenge_id: str, answer: bytes = b"signed", build: Build = ANSWERED) -> ChipUpload:
    return replace(chip_upload(built(build)), challenge_id=challenge_id, answer=answer)


async def challenge_for(house: House, request: Enablement) -> str:
    return (await house.do(make_challenge, request.client_id, request.id)).id


async def test_a_challenge_is_eight_bytes_of_chance_for_five_minutes(house: House) -> None:
    request = await request_of(house)
    first, second = [await house.do(make_challenge, request.client_id, request.id) for _ in range(2)]
    assert (len(first.challenge), first.expires_at_ms) == (8, house.clock.now_ms + CHALLENGE_MS)
    assert first.challenge != second.challenge
    assert house.actions(request.client_id)[-2:] == ["chip_challenge_made"] * 2


async def test_a_challenge_serves_once_and_is_kept_with_its_answer(house: House) -> None:
    request = await request_of(house)
    challenge_id = await challenge_for(house, request)
    assert items(await answered(house, request, answering(challenge_id))) == []
    dossier = await house.dossier(request.client_id)
    content = await house.context.storage.chips.of_document(dossier.client, dossier.documents[0].id)
    assert content is not None
    assert (len(content.challenge), content.answer) == (8, b"signed")
    house.clock.now_ms += 1
    assert items(await answered(house, request, answering(challenge_id))) == [
        ("chip_data_invalid", "chip.challenge_id")
    ]


async def test_a_document_that_is_refused_leaves_the_challenge(house: House) -> None:
    request = await request_of(house)
    challenge_id = await challenge_for(house, request)
    refused = await answered(house, request, answering(challenge_id), front=b"no picture")
    assert [code for code, _ in items(refused)] == ["image_not_readable"]
    assert items(await answered(house, request, answering(challenge_id))) == []


async def test_only_the_newest_challenge_of_this_request_in_its_time_is_one(house: House) -> None:
    request = await request_of(house)
    gone = [("chip_data_invalid", "chip.challenge_id")]
    first = await challenge_for(house, request)
    second = await challenge_for(house, request)
    elsewhere = await request_of_another(house)
    assert items(await answered(house, request, answering(first))) == gone
    assert items(await answered(house, request, answering("nothing that we made"))) == gone
    assert items(await answered(house, elsewhere, answering(second))) == gone
    house.clock.now_ms += CHALLENGE_MS
    assert items(await answered(house, request, answering(second))) == gone


async def request_of_another(house: House) -> Enablement:
    client = await house.client(email="another@example.com")
    return await house.request(client.id)


@pytest.mark.parametrize(("chip", "wanted"), [
    (answering("an id", b""), [("chip_data_missing", "chip.challenge_answer")]),
    (answering("", b"signed"), [("chip_data_missing", "chip.challenge_id")]),
    (answering("an id", bytes(MOST_ANSWER_BYTES + 1)), [("chip_data_invalid", "chip.challenge_answer")]),
])  # fmt: skip
async def test_half_of_a_challenge_or_far_too_much_is_none(house: House, chip: ChipUpload, wanted: Items) -> None:
    request = await request_of(house)
    state = await answered(house, request, replace(chip, reading=None))
    assert items(state) == wanted
    assert_says_how(state)


async def test_an_answer_needs_the_key_it_was_made_with(house: House) -> None:
    request = await request_of(house)
    chip = answering(await challenge_for(house, request), build=Build())
    state = await answered(house, request, chip)
    assert items(state) == [("chip_data_missing", "chip.dg15")]
    assert_says_how(state)


def assert_says_how(state: ProductState) -> None:
    """Who misses something of a challenge learns where one comes from."""
    assert all("chip-challenge" in each.action for each in state.rejections if each.code is Code.CHIP_DATA_MISSING)


async def test_no_challenge_is_made_where_no_chip_is_taken(house: House, tmp_path: Path) -> None:
    client_id, request = await sent(house, passport_with(chip_upload()))
    await house.submit(client_id, request.id)
    with pytest.raises(InvalidState, match="takes no documents"):
        await house.do(make_challenge, client_id, request.id)
    with pytest.raises(NotFound):
        await house.do(make_challenge, client_id, "0" * 32)
    with chipped_house(tmp_path / "none", "auto", chip="") as other:
        asked = await request_of(await founded(other))
        with pytest.raises(InvalidState, match="taken with its chip"):
            await other.do(make_challenge, asked.client_id, asked.id)


@pytest.mark.parametrize("is_under_way", [False, True], ids=["before the answer", "while the answer is looked at"])
async def test_of_a_client_who_is_erased_no_challenge_is_left_and_no_answer_taken(
    house: House, monkeypatch: pytest.MonkeyPatch, is_under_way: bool
) -> None:
    request, neighbour = await request_of(house), await house.client(email="other@example.com")
    other = await house.request(neighbour.id, CARDS)
    challenge_id, others = await challenge_for(house, request), await challenge_for(house, other)
    await asked(house, request.client_id)
    chips, looks = house.parts.store.chips, list[str]()
    challenge = chips.challenge

    async def erased_behind_it(client: Client, enablement_id: str) -> ChipChallenge | None:
        looks.append(enablement_id)
        answer = await challenge(client, enablement_id)
        if len(looks) == 1:
            await rounds(house, 1)
        return answer

    if is_under_way:
        monkeypatch.setattr(chips, "challenge", erased_behind_it)
    else:
        await rounds(house, 1)
    with pytest.raises(NotFound):
        await answered(house, request, answering(challenge_id))
    assert looks == [request.id] * is_under_way
    with pytest.raises(NotFound):
        await challenge_for(house, request)
    await rounds(house)
    assert (await last(house, request.client_id)).state is ErasureState.DONE
    left = rows_of(house, request.client_id)
    assert {name: len(rows) for name, rows in left.items() if rows and name not in ("clients", "audit_entries")} == {}
    assert house.rows("SELECT challenge_id FROM chip_challenges") == [(others,)]
    assert items(await house.send(neighbour.id, other.id, passport_with(answering(others)))) == []


async def test_two_uploads_with_one_challenge_at_once_take_one(house: House) -> None:
    """The second decides again on what the first left: the challenge is gone, and so is the place for its document."""
    request = await request_of(house)
    challenge_id = await challenge_for(house, request)
    states = await asyncio.gather(
        *(answered(house, request, answering(challenge_id), front=picture(seed)) for seed in (1, 2)),
    )
    assert sorted(len(items(state)) for state in states) == [0, 1]
    assert [each for state in states for each in items(state)] == [("chip_data_invalid", "chip.challenge_id")]
    assert (await house.enablement(request.client_id, request.id)).status is Status.PENDING_DOCUMENTATION
