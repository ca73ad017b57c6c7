"""Documents: taken or refused with every reason, bytes first, numbers held, refused pictures remembered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.errors import DocumentNotRequired, InvalidState, NotFound
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.onboarding.products import withdraw_product
from tests.house import ACCOUNTS, CARDS, House, open_house, upload
from tests.material import dark_picture, id_at, picture

CLOSED = """\
document_types:
  passport: {name: Passport}
  national_id: {name: National identity card}
products:
  cards_individuals:
    name: Cards
    documents:
      identity:
        name: Identity
        one_of: [passport, {type: national_id, when: country == 'BRA'}]
"""


async def asked(house: House, product: str = CARDS, email: str = "a@example.com") -> tuple[str, str]:
    client = await house.client(email=email)
    return client.id, (await house.request(client.id, product)).id


def card(seed: int = 0, number: str = "AB1234567") -> Upload:
    return Upload("national_id", {"number": number}, picture(seed), picture(seed + 1000))


def files(house: House) -> list[Path]:
    return [path for path in (house.parts.settings.data_dir / "pictures").rglob("*") if path.is_file()]


async def codes(house: House, ids: tuple[str, str], given: Upload) -> list[Code]:
    return [rejection.code for rejection in (await house.send(*ids, given)).rejections]


async def test_a_good_document_is_taken_and_can_be_read_back(house: House) -> None:
    ids = await asked(house)
    state = await house.send(*ids, card())
    assert state.rejections == ()
    assert state.assessment.is_complete
    dossier = await house.dossier(ids[0])
    (document,) = dossier.documents
    assert (document.type, document.status) == ("national_id", DocumentStatus.ACCEPTED)
    contents = [await house.context.pictures.fetch(dossier.client, document.id, side) for side in document.sides]
    assert contents == [picture(0), picture(1000)]
    assert house.actions(ids[0])[-1] == "document_accepted"


async def test_a_refused_document_says_everything_and_leaves_no_file(house: House) -> None:
    ids = await asked(house)
    given = Upload("passport", {"colour": "red"}, dark_picture(), picture())
    assert await codes(house, ids, given) == [
        Code.SIDE_NOT_NEEDED,
        Code.IMAGE_TOO_DARK,
        Code.METADATA_MISSING,
        Code.METADATA_INVALID,
    ]
    assert files(house) == []
    assert house.rows("SELECT codes FROM audit_entries WHERE action = 'document_refused'") == [
        ("side_not_needed,image_too_dark,metadata_missing,metadata_invalid",)
    ]


async def test_a_call_that_makes_no_sense_is_an_error(house: House) -> None:
    client_id, enablement_id = await asked(house)
    with pytest.raises(DocumentNotRequired, match="passport, national_id, drivers_license"):
        await house.send(client_id, enablement_id, upload("utility_bill"))
    for wrong in ((client_id, id_at(1)), (id_at(1), enablement_id)):
        with pytest.raises(NotFound):
            await house.send(*wrong)
    await house.do(withdraw_product, client_id, enablement_id)
    with pytest.raises(InvalidState, match="rejected takes no documents"):
        await house.send(client_id, enablement_id)


async def test_a_request_in_review_takes_no_documents(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    with pytest.raises(InvalidState, match="in_kyc takes no documents"):
        await house.send(client_id, enablement_id)


# ---- replacing ------------------------------------------------------------------------------------------------------


async def test_a_newer_document_replaces_the_old_and_a_refused_one_does_not(house: House) -> None:
    ids = await asked(house)
    await house.send(*ids, upload())
    assert (await house.send(*ids, Upload("passport", {}, picture()))).assessment.is_complete
    assert [document.type for document in (await house.dossier(ids[0])).documents] == ["passport"]
    await house.send(*ids, card(1))
    assert [document.type for document in (await house.dossier(ids[0])).documents] == ["national_id"]
    assert house.rows("SELECT type, status FROM documents ORDER BY document_id") == [
        ("passport", "replaced"),
        ("national_id", "accepted"),
    ]


async def test_a_replaced_documents_number_is_released(house: House) -> None:
    mine, other = await asked(house), await asked(house, email="b@example.com")
    await house.send(*mine, upload(number="AB1234567"))
    assert await codes(house, other, upload(number="ab 123-4567")) == [Code.USED_BY_ANOTHER_CLIENT]
    await house.send(*mine, upload(number="CD7654321"))
    assert await codes(house, other, upload(number="ab 123-4567")) == []
    assert house.rows("SELECT client_id FROM document_numbers ORDER BY client_id") == [(mine[0],), (other[0],)]


async def test_a_client_may_send_its_own_number_again(house: House) -> None:
    ids = await asked(house)
    for seed in range(2):
        assert await codes(house, ids, upload(seed=seed)) == []
    assert house.rows("SELECT count(*) FROM document_numbers") == [(1,)]


async def test_the_same_number_of_another_country_or_company_is_another(house: House) -> None:
    await house.send(*await asked(house), upload(issuing_country="ARG"))
    assert await codes(house, await asked(house, email="b@example.com"), upload(issuing_country="BRA")) == []
    house.caller = await house.found_company("Other")
    assert await codes(house, await asked(house), upload(issuing_country="ARG")) == []


async def test_a_document_without_a_unique_number_holds_none(house: House) -> None:
    ids = await asked(house, ACCOUNTS)
    await house.send(*ids, upload("utility_bill", number=None))
    assert house.rows("SELECT count(*) FROM document_numbers") == [(0,)]


async def test_twelve_uploads_at_once_leave_one_accepted_document(house: House) -> None:
    ids = await asked(house)
    states = await asyncio.gather(*(house.send(*ids, upload(seed=seed)) for seed in range(12)))
    assert all(state.rejections == () for state in states)
    assert house.rows("SELECT status, count(*) FROM documents GROUP BY status ORDER BY status") == [
        ("accepted", 1),
        ("replaced", 11),
    ]
    assert house.rows("SELECT count(*) FROM document_numbers") == [(1,)]
    assert len(files(house)) == 12  # each kept once, however often it was decided


async def test_of_twelve_clients_with_one_number_at_once_one_has_it(house: House) -> None:
    everyone = [await asked(house, email=f"c{number}@example.com") for number in range(12)]
    states = await asyncio.gather(*(house.send(*ids, upload(seed=at)) for at, ids in enumerate(everyone)))
    refused = [state for state in states if state.rejections]
    assert len(refused) == 11
    assert {state.rejections[0].code for state in refused} == {Code.USED_BY_ANOTHER_CLIENT}


# ---- pictures refused before, and what verdicts refused -------------------------------------------------------------


async def test_a_picture_refused_for_itself_is_remembered_and_a_good_one_is_not(house: House) -> None:
    ids = await asked(house)
    dark = Upload("passport", {"number": "AB1234567"}, dark_picture())
    assert await codes(house, ids, dark) == [Code.IMAGE_TOO_DARK]
    assert await codes(house, ids, dark) == [Code.IMAGE_TOO_DARK, Code.DUPLICATE_OF_REJECTED]
    assert await codes(house, ids, Upload("passport", {}, picture())) == [Code.METADATA_MISSING]
    assert await codes(house, ids, upload()) == []


async def test_one_clients_refused_picture_is_nothing_to_another(house: House) -> None:
    dark = Upload("passport", {"number": "AB1234567"}, dark_picture())
    await house.send(*await asked(house), dark)
    assert await codes(house, await asked(house, email="b@example.com"), dark) == [Code.IMAGE_TOO_DARK]


async def test_what_a_verdict_refused_is_mended_by_another_picture(house: House) -> None:
    client_id, enablement_id = await house.submitted()
    blurred = reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front")
    back = await house.judge(client_id, enablement_id, Decision.RETURN, blurred)
    assert back.status is Status.PENDING_DOCUMENTATION
    ids = (client_id, enablement_id)
    assert await codes(house, ids, upload()) == [Code.DUPLICATE_OF_REJECTED]
    assert [refusal.code for refusal in (await house.dossier(client_id)).client.refusals] == [Code.IMAGE_BLURRED]
    assert await codes(house, ids, upload(seed=1)) == []
    assert (await house.dossier(client_id)).client.refusals == ()
    assert (await house.submit(*ids)).enablement.attempt == 2


async def test_a_type_whose_condition_closes_it_is_refused_and_displaces_nothing(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(CLOSED)
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(file)) as house:
        house.caller = await house.found_company()
        ids = await asked(house)
        assert await codes(house, ids, upload(number=None)) == []
        given = Upload("national_id", {}, picture(1))
        assert await codes(house, ids, given) == [Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY]
        assert [document.type for document in (await house.dossier(ids[0])).documents] == ["passport"]
