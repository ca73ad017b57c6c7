"""Half-sent documents: kept as they come, tied together by a sealed text that is good for one client and step alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.documents.document import BACK, FRONT
from ostiary.domain.errors import InvalidState, NotFound, Unavailable, ValidationFailed
from ostiary.domain.hosted.events import HostedEvent
from ostiary.domain.hosted.links import LinkStatus, LinkWish
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.usecases.dossiers import load_dossier
from ostiary.usecases.hosted import drafts
from ostiary.usecases.hosted.arrival import ClientSession
from ostiary.usecases.hosted.drafts import (
    Draft,
    contents_of,
    is_handed_in,
    keep_side,
    next_side,
    opened_draft,
    read_draft,
    sealed_draft,
)
from ostiary.usecases.hosted.links import make_link, read_link
from ostiary.usecases.hosted.progress import (
    give_details,
    give_document,
    load_journey,
    request_id_of,
    submit_request,
)
from tests.house import ACCOUNTS, House, upload
from tests.material import dark_picture, document, picture, shipped
from tests.usecases.hosted import any_address, arrived, heard, hears, linked

PASSPORT, CARD = (shipped().document_types[name] for name in ("passport", "national_id"))
PLACE = "1-identity_document"
EMPTY = Draft(PLACE, "national_id")


async def here_at(house: House) -> ClientSession:
    _, link = await linked(house)
    return (await arrived(house, link)).here


async def sides(house: House, here: ClientSession, kind: DocumentType = CARD, draft: Draft = EMPTY) -> Draft:
    for at, name in enumerate(drafts.sides_of(kind)):
        given = await keep_side(house.context, here.company, here.client, kind, draft, (name, picture(at)))
        assert isinstance(given, Draft)
        draft = given
    return draft


async def test_sides_are_kept_one_after_another_and_come_back_as_they_were(house: House) -> None:
    here = await here_at(house)
    assert next_side(EMPTY, CARD) == FRONT
    draft = await sides(house, here)
    assert next_side(draft, CARD) is None
    assert next_side(draft.without(BACK), CARD) == BACK
    opened = opened_draft(house.context, here.client, sealed_draft(house.context, here.client, draft), PLACE)
    assert opened == draft
    assert await contents_of(house.context, here.client, draft) == {FRONT: picture(0), BACK: picture(1)}


async def test_what_was_typed_survives_with_the_pictures(house: House) -> None:
    here = await here_at(house)
    draft = replace(EMPTY, details={"number": "ÄB 123"})
    sealed = sealed_draft(house.context, here.client, draft)
    assert "123" not in sealed
    assert opened_draft(house.context, here.client, sealed, PLACE) == draft


@pytest.mark.parametrize("text", ["", "x", "é", "A" * 3_000, "AAAA====", "-_-_"])
async def test_what_is_no_draft_is_none(house: House, text: str) -> None:
    here = await here_at(house)
    assert opened_draft(house.context, here.client, text, PLACE) is None


async def test_a_draft_is_good_for_its_client_and_step_alone(house: House) -> None:
    here = await here_at(house)
    sealed = sealed_draft(house.context, here.client, EMPTY)
    other = await house.client(email="other@example.com")
    assert opened_draft(house.context, other, sealed, PLACE) is None
    assert opened_draft(house.context, here.client, sealed, "2-identity_document") is None
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    assert opened_draft(house.context, here.client, changed, PLACE) is None


@pytest.mark.parametrize("text", ["9" * drafts.MOST_DRAFT_CHARACTERS, "\N{CYRILLIC SMALL LETTER A}" * 500])
async def test_of_what_is_too_long_for_a_cookie_the_pictures_are_kept(house: House, text: str) -> None:
    here = await here_at(house)
    draft = await sides(house, here)
    sealed = sealed_draft(house.context, here.client, replace(draft, details={"number": text}))
    assert len(sealed) <= drafts.MOST_DRAFT_CHARACTERS
    assert opened_draft(house.context, here.client, sealed, PLACE) == draft


@pytest.mark.parametrize(("content", "code"), [
    (dark_picture(), Code.IMAGE_TOO_DARK), (b"", Code.IMAGE_NOT_READABLE), (picture(0), Code.IDENTICAL_SIDES),
])  # fmt: skip
async def test_a_bad_side_is_refused_and_nothing_is_kept(house: House, content: bytes, code: Code) -> None:
    here = await here_at(house)
    front = (await sides(house, here)).without(BACK)
    given = await keep_side(house.context, here.company, here.client, CARD, front, (BACK, content))
    assert not isinstance(given, Draft)
    assert [each.code for each in given] == [code]


async def test_a_side_sent_again_takes_the_place_of_the_one_before(house: House) -> None:
    here = await here_at(house)
    draft = await sides(house, here)
    again = await keep_side(house.context, here.company, here.client, CARD, draft, (FRONT, picture(7)))
    assert isinstance(again, Draft)
    assert len(again.sides) == 2
    assert (await contents_of(house.context, here.client, again))[FRONT] == picture(7)


async def test_without_room_nothing_is_kept(house: House) -> None:
    here = await here_at(house)
    with pytest.raises(InvalidState, match="no room"):
        await keep_side(
            replace(house.context, quota_bytes=10), here.company, here.client, CARD, EMPTY, (FRONT, picture(0))
        )


async def test_a_picture_that_was_swept_is_missing(house: House) -> None:
    here = await here_at(house)
    draft = await sides(house, here)
    (house.parts.settings.data_dir / "pictures" / draft.sides[0].side.file).unlink()
    assert set(await contents_of(house.context, here.client, draft)) == {BACK}


async def test_a_picture_that_cannot_be_fetched_now_is_not_missing(house: House) -> None:
    here = await here_at(house)
    draft = await sides(house, here)
    path = house.parts.settings.data_dir / "pictures" / draft.sides[0].side.file
    path.unlink()
    path.mkdir()  # what no disk can read
    with pytest.raises(Unavailable):
        await contents_of(house.context, here.client, draft)
    assert await read_draft(house.context, here.company, here.client, CARD, draft) == draft


@pytest.mark.parametrize(("problem", "left"), [
    (reject(Kind.DOCUMENT, "national_id", Code.IMAGE_BLURRED, BACK), [FRONT]),
    (reject(Kind.DOCUMENT, "national_id", Code.MRZ_NOT_FOUND, ""), []),
    (reject(Kind.DOCUMENT, "national_id", Code.NUMBER_MISMATCH, "metadata.number"), [FRONT, BACK]),
    (reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, BACK), [FRONT, BACK]),
])  # fmt: skip
def test_of_what_was_sent_back_the_good_is_kept(problem: Any, left: list[str]) -> None:
    side = document("national_id").sides[0]
    both = document("national_id", sides=(side, replace(side, field=BACK)))
    draft = drafts.refused_as_draft(PLACE, both, (problem,))
    assert [each.side.field for each in draft.sides] == left
    assert draft.details == {"number": "AB1234567"}


async def test_what_is_handed_in_is_told_of_in_the_same_unit(house: House) -> None:
    await hears(house)
    here = await here_at(house)
    draft = await sides(house, here, PASSPORT, Draft(PLACE, "passport"))
    contents = await contents_of(house.context, here.client, draft)
    refused = await house.do(give_document, here, PLACE, drafts.upload_of(draft, contents, {}), caller=here.caller)
    assert [each.code for each in refused.rejections] == [Code.METADATA_MISSING]
    taken = await house.do(
        give_document, here, PLACE, drafts.upload_of(draft, contents, {"number": "AB1234567"}), caller=here.caller
    )
    assert not taken.rejections
    await house.do(give_details, here, "1-personal_information", {"occupation": "Nurse"}, caller=here.caller)
    await house.do(give_details, here, "1-personal_information", {"occupation": "Nurse"}, caller=here.caller)
    await house.do(submit_request, here, here.link.wish.request_ids[0], caller=here.caller)
    await house.do(submit_request, here, here.link.wish.request_ids[0], caller=here.caller)
    while await house.work():
        pass
    events = [(event, data.get("step")) for event, data in heard(house) if event.startswith("onboarding")]
    assert events == [
        (HostedEvent.OPENED, None),
        (HostedEvent.STEP_COMPLETED, "identity_document"),
        (HostedEvent.STEP_COMPLETED, "personal_information"),
        (HostedEvent.FINISHED, None),
    ]
    link = await read_link(house.context, house.caller, here.client.id, here.link.id)
    assert link.status is LinkStatus.FINISHED


async def test_the_link_is_finished_with_the_last_of_its_requests(house: House) -> None:
    client = await house.client(attributes={})
    await house.request(client.id)
    await house.request(client.id, ACCOUNTS)
    link = await house.do(make_link, client.id, LinkWish(), any_address)
    here = (await arrived(house, link)).here
    await house.send(client.id, here.link.wish.request_ids[0], upload())
    journey = await load_journey(house.context, here)
    ready = journey.plan.to_submit[0]
    state = await house.do(submit_request, here, ready.enablement.id, caller=here.caller)
    assert state.enablement.status is Status.IN_KYC
    standing = await read_link(house.context, house.caller, client.id, here.link.id)
    assert standing.status is LinkStatus.OPENED
    assert journey.request(ready.number) == ready
    with pytest.raises(NotFound):
        journey.request(9)


async def test_what_is_not_complete_is_not_finished(house: House) -> None:
    here = await here_at(house)
    state = await house.do(submit_request, here, here.link.wish.request_ids[0], caller=here.caller)
    assert state.asks


async def test_no_request_but_the_links_is_reached(house: House) -> None:
    here = await here_at(house)
    other = await house.request(here.client.id, ACCOUNTS)
    with pytest.raises(NotFound):
        await house.do(submit_request, here, other.id, caller=here.caller)
    with pytest.raises(ValidationFailed):
        await house.do(give_details, here, "1-about_you", {"birth_date": "soon"}, caller=here.caller)


@pytest.mark.parametrize("place", ["", "1", "-x", "0-x", "2-x", "²-x", "-1-x", "x-1", "99999999999-x"])
async def test_no_other_place_is_one_of_the_link(house: House, place: str) -> None:
    here = await here_at(house)
    with pytest.raises(NotFound):
        request_id_of(here, place)
    assert request_id_of(here, "1-anything") == here.link.wish.request_ids[0]


async def test_what_was_handed_in_is_known_by_its_pictures_and_details(house: House) -> None:
    here = await here_at(house)
    draft = await sides(house, here)
    details = {"number": "XY7654321"}
    contents = await contents_of(house.context, here.client, draft)
    given = drafts.upload_of(draft, contents, details)
    await house.do(give_document, here, PLACE, given)
    dossier = await load_dossier(house.context, house.caller, here.client.id)
    assert is_handed_in(dossier, draft, details)
    assert is_handed_in(dossier, replace(draft, sides=()), details), "nothing is kept in the browser any more"
    assert not is_handed_in(dossier, draft, {"number": "XY7654322"})
    assert not is_handed_in(dossier, draft.without(BACK), details)
    assert not is_handed_in(dossier, replace(draft, kind="passport"), details)
