"""Queue and cases as pages: what is shown to whom, deciding with its refusals, claims of two people, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.operators.operator import Role
from ostiary.usecases.onboarding.add_document import Upload
from tests.adapters.test_isolated_pages import as_heic, as_pdf
from tests.console.cases import WaitingRequest, actions, demo, state, waiting
from tests.console.desk import Desk, Visitor, text_of
from tests.material import picture

NUMBER = {"number": "AB1234567", "issuing_country": "ARG"}
LOOK = re.compile(r'data-look="(\d+)"')


async def opened(visitor: Visitor, request: WaitingRequest) -> dict[str, str]:
    """Opens a case; the hidden fields of its forms."""
    page = await visitor.get(request.place)
    assert page.status_code == 200, text_of(page)
    looks, tokens = LOOK.findall(page.text), re.findall(r'name="form_token" value="([0-9a-f]*)"', page.text)
    return {"look": looks[0] if looks else "0", "form_token": tokens[0]}


# ---- the queue ------------------------------------------------------------------------------------------------------


async def test_the_queue_shows_what_waits_where_one_works_and_who_has_it(desk: Desk) -> None:
    acme, other = await desk.company("Acme of the queue"), await desk.company("Beta of the queue")
    mine = await waiting(desk, acme, "name_doubtful")
    theirs = await waiting(desk, other)
    ana = await desk.signed_in("Ana of the queue", Role.REVIEWER, acme.id)
    page = await ana.get("/console/queue")
    assert f'href="{mine.place}"' in page.text
    assert theirs.id not in page.text
    assert "name doubtful" in text_of(page)
    await opened(ana, mine)
    bob = await desk.signed_in("Bob of the queue", Role.REVIEWER, acme.id)
    assert "Ana of the queue" in text_of(await bob.get("/console/queue"))
    assert mine.id in (await ana.get("/console/queue?holding=mine")).text
    assert mine.id not in (await bob.get("/console/queue?holding=unassigned")).text


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("kind=submission", True),
        ("kind=change", False),
        ("reason=name_doubtful", True),
        ("reason=no_document", False),
        ("risk=doubts", True),
        ("risk=hits", False),
        ("risk=none", False),
        ("product=cards_individuals", True),
        ("product=accounts_individuals", False),
        ("company=" + "0" * 32, False),
    ],
)
async def test_filters_live_in_the_address(desk: Desk, query: str, is_there: bool) -> None:
    company = await desk.company("Acme of filters")
    request = await waiting(desk, company, "name_doubtful")
    ana = await desk.signed_in(f"Ana of {query}", Role.VIEWER, company.id)
    page = await ana.get(f"/console/queue?{query}")
    assert (request.id in page.text) is is_there
    if not is_there:
        assert "Nothing waits with these filters." in text_of(page)


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "reason=nonsense", "risk=nonsense", "holding=nonsense", "after=nonsense"]
)
async def test_a_filter_that_there_is_not_is_named(desk: Desk, query: str) -> None:
    ana = await desk.signed_in(f"Ana with {query}", Role.VIEWER)
    page = await ana.get(f"/console/queue?{query}")
    assert page.status_code == 412
    assert f"{query.partition('=')[0]} must be" in text_of(page)


async def test_a_page_of_the_queue_leads_to_the_next(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    company = await desk.company("Acme of pages of the queue")
    first, second = await waiting(desk, company), await waiting(desk, company)
    monkeypatch.setattr("ostiary.usecases.review.queue.PAGE_CASES", 1)
    ana = await desk.signed_in("Ana of pages of the queue", Role.VIEWER, company.id)
    page = await ana.get("/console/queue?kind=submission")
    [address] = re.findall(r'rel="next" href="([^"]*)"', page.text)
    assert (f"{first.place}?" in page.text, f"{second.place}?" in page.text) == (True, False)
    page = await ana.get(address.replace("&amp;", "&"))
    assert (f"{first.place}?" in page.text, f"{second.place}?" in page.text) == (False, True)


# ---- the case -------------------------------------------------------------------------------------------------------


async def test_a_case_shows_all_that_the_command_shows(desk: Desk) -> None:
    cases = await demo(desk)
    ana = await desk.signed_in("Ana of the demo", Role.APPROVER)
    doubt = text_of(await ana.get(cases[4].place))
    for words in (
        "The name could not be confirmed.",
        "Last name",
        "doubtful",
        "FERNAN D EZ",
        "front, line 1",
        "verified",
    ):
        assert words in doubt
    hit = text_of(await ana.get(cases[14].place))
    for words in (
        "demo-list",
        "DEMO-0017",
        "Viktor Petrenko",
        "1965-02-11",
        "UKR",
        "It is somebody else",
        "A hit on a list is open",
    ):
        assert words in hit
    refused = text_of(await ana.post(f"{cases[14].place}/decide/approve", await opened(ana, cases[14])))
    [key] = re.findall(r"in its favour: (\w{8}) \(open\)\. Nobody is approved beside one: decide each", refused)
    assert f"demo-list {key}" in refused, "the card shows which it is"
    clash = text_of(await ana.get(cases[18].place))
    for words in (
        "is held by another client",
        "Whose is the number of the passport?",
        "whose the number is. Decide it",
    ):
        assert words in clash
    alike = text_of(await ana.get(cases[17].place))
    assert "A picture resembles one of another client" in alike
    change = text_of(await ana.get(cases[19].place))
    for words in ("Let it stand", "Off-board", "last name was Arce , is Arce Molina"):
        assert words in change
    assert (await state(desk, cases[19])).status is Status.ENABLED


async def test_looking_is_on_the_record_and_a_viewer_sees_neither_pictures_nor_forms(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of viewers"))
    viewer = await desk.signed_in("Vic of viewers", Role.VIEWER)
    page = await viewer.get(request.place)
    assert "Your role shows no pictures." in text_of(page)
    assert "Your role looks, and does not decide." in text_of(page)
    assert (await actions(desk, request.client_id, request.company))[-1] == "review_looked"
    assert "<img" not in page.text.partition("<main")[2]
    reviewer = await desk.signed_in("Rea of viewers", Role.REVIEWER)
    assert "Your role shows no pictures." not in text_of(await reviewer.get(request.place))
    assert (await actions(desk, request.client_id, request.company))[-2:] == ["review_looked", "pictures_looked"]


async def test_a_case_of_another_company_is_not_there(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of tenants"))
    other = await desk.company("Beta of tenants")
    ana = await desk.signed_in("Ana of tenants", Role.ADMIN)
    assert (await ana.get(f"/console/companies/{other.id}/requests/{request.id}")).status_code == 404
    bob = await desk.signed_in("Bob of tenants", Role.ADMIN, other.id)
    for path in (request.place, f"{request.place}/others/{request.client_id}"):
        assert (await bob.get(path)).status_code == 404
    assert "review_looked" not in await actions(desk, request.client_id, request.company)


MARKUP = "<img src=x onerror=alert(1)>"


async def test_markup_in_every_field_is_text(desk: Desk) -> None:
    company = await desk.company(f"Acme {MARKUP}")
    address = {"street_line1": MARKUP, "city": MARKUP}
    request = await waiting(desk, company, reference=MARKUP, attributes={"occupation": MARKUP}, address=address)
    ana = await desk.signed_in(f"Ana {MARKUP}", Role.ADMIN)
    fields = await opened(ana, request)
    note = {**fields, "note": MARKUP}
    await ana.post(f"{request.place}/note", note)
    refused = await ana.post(f"{request.place}/decide/reject", {**note, "reason": f" {MARKUP} {'x' * 600}"})
    preview = await ana.post(f"{request.place}/preview", {**note, "form": "reject", "reason": MARKUP})
    pages = [await ana.get(path) for path in (request.place, "/console/queue")]
    for page in (*pages, refused, preview):
        assert MARKUP not in page.text
        assert "&lt;img" in page.text
    assert MARKUP in text_of(pages[0]).replace("\\u003c", "<")


# ---- deciding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "fields", "status"),
    [
        ("approve", {}, Status.ENABLED),
        ("reject", {"reason": "Not\r\neligible.", "note": "Seen.\r\n\r\nTwice."}, Status.REJECTED),
        ("reject_client", {"reason": "Forged."}, Status.REJECTED),
        ("return", {"choice": ["image_blurred|passport", "data_invalid|phone"]}, Status.PENDING_DOCUMENTATION),
    ],
)
async def test_a_case_is_decided_from_its_page(
    desk: Desk, decision: str, fields: dict[str, str], status: Status
) -> None:
    request = await waiting(desk, await desk.company("Acme of decisions"))
    ana = await desk.signed_in(f"Ana of {decision}", Role.REVIEWER)
    hidden = await opened(ana, request)
    answer = await ana.post(f"{request.place}/decide/{decision}", {**hidden, "note": "Seen.", **fields})
    assert answer.status_code == 303, text_of(answer)
    assert answer.headers["location"].startswith("/console/queue?")
    after = await state(desk, request)
    assert (after.status, after.review) == (status, None)
    assert after.rejection_description in (None, "Not eligible.", "Forged.") or decision == "return"
    page = text_of(await ana.get(request.place))
    assert "Seen." in page


async def test_an_approval_against_a_doubt_comes_back_for_its_note(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of doubts"), "name_doubtful")
    ana = await desk.signed_in("Ana of doubts", Role.REVIEWER)
    hidden = await opened(ana, request)
    answer = await ana.post(f"{request.place}/decide/approve", hidden)
    assert answer.status_code == 412
    assert "needs a note that says why." in text_of(answer)
    assert "--note" not in answer.text
    assert (await state(desk, request)).status is Status.IN_KYC


async def test_what_was_typed_is_kept_when_a_decision_is_refused(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of typing"))
    ana = await desk.signed_in("Ana of typing", Role.REVIEWER)
    hidden = await opened(ana, request)
    fields = {**hidden, "choice": ["image_blurred|passport"], "text": "x" * 501, "note": "a long thought"}
    answer = await ana.post(f"{request.place}/decide/return", fields)
    assert answer.status_code == 412
    assert "a long thought" in answer.text
    assert "x" * 501 in answer.text
    assert re.search(r'value="image_blurred\|passport"[^>]* checked', answer.text)
    nothing = await ana.post(f"{request.place}/decide/return", {**hidden, "note": "why"})
    assert "Choose at least one reason" in text_of(nothing)


@pytest.mark.parametrize("fields", [{"look": "x"}, {"look": ""}, {"look": "9" * 10}, {"look": "9" * 9}, {"look": "1"}])
async def test_a_decision_without_its_look_is_refused(desk: Desk, fields: dict[str, str]) -> None:
    request = await waiting(desk, await desk.company("Acme of looks"))
    ana = await desk.signed_in(f"Ana without {fields}", Role.REVIEWER)
    hidden = await opened(ana, request)
    answer = await ana.post(f"{request.place}/decide/approve", {**hidden, **fields})
    assert answer.status_code == 412
    assert (await state(desk, request)).status is Status.IN_KYC


async def test_the_second_sees_who_has_a_case_and_cannot_decide_it(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of two"))
    ana, bob = [await desk.signed_in(name, Role.REVIEWER) for name in ("Ana of two", "Bob of two")]
    await opened(ana, request)
    hidden = await opened(bob, request)
    page = await bob.get(request.place)
    assert "Ana of two works on this case since" in text_of(page)
    assert "/decide/approve" not in page.text
    answer = await bob.post(f"{request.place}/decide/approve", hidden)
    assert (answer.status_code, "Ana of two works on this case" in text_of(answer)) == (412, True)
    assert (await bob.post(f"{request.place}/renew", hidden)).status_code == 412
    await ana.post(f"{request.place}/hand-over", {"to": "Bob of two"})
    assert "You work on this case" in text_of(await bob.get(request.place))
    hidden = await opened(bob, request)
    assert (await bob.post(f"{request.place}/renew", hidden)).status_code == 200
    await bob.post(f"{request.place}/let-go")
    assert (await ana.post(f"{request.place}/claim")).status_code == 303
    assert (await bob.post(f"{request.place}/claim")).status_code == 412
    assert (await ana.post(f"{request.place}/hand-over", {"to": "nobody"})).status_code == 412


async def test_who_may_not_offboard_cannot_end_an_enabled_product_by_another_name(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of ends"))
    ana, cleo = await desk.signed_in("Ana of ends", Role.REVIEWER), await desk.signed_in("Cleo of ends", Role.APPROVER)
    await ana.post(f"{request.place}/decide/approve", await opened(ana, request))
    for decision in ("reject", "offboard", "reject_client"):
        fields = {**await opened(ana, request), "reason": "Gone."}
        answer = await ana.post(f"{request.place}/decide/{decision}", fields)
        assert (answer.status_code, "does not allow off-boarding" in text_of(answer)) == (412, True)
        await ana.post(f"{request.place}/let-go")
    assert (await state(desk, request)).status is Status.ENABLED
    fields = {**await opened(cleo, request), "reason": "Gone."}
    assert (await cleo.post(f"{request.place}/decide/offboard", fields)).status_code == 303
    assert (await state(desk, request)).status is Status.REJECTED


async def test_a_preview_is_exactly_what_the_company_gets(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of previews"))
    ana = await desk.signed_in("Ana of previews", Role.REVIEWER)
    fields = {**await opened(ana, request), "form": "reject", "reason": "Not eligible."}
    words = text_of(await ana.post(f"{request.place}/preview", fields))
    for part in ('"status": "rejected"', '"rejection_description": "Not eligible."', "It has no webhook"):
        assert part in words
    assert "reason" in text_of(await ana.post(f"{request.place}/preview", {**fields, "reason": ""}))
    assert (await state(desk, request)).status is Status.IN_KYC


async def test_a_draft_is_there_when_the_case_is_opened_again(desk: Desk) -> None:
    request = await waiting(desk, await desk.company("Acme of drafts"))
    ana = await desk.signed_in("Ana of drafts", Role.REVIEWER)
    hidden = await opened(ana, request)
    answer = await ana.post(f"{request.place}/note", {**hidden, "note": "Half a thought"})
    assert "Kept as a draft" in text_of(answer)
    assert "Half a thought" in (await ana.get(request.place)).text
    bob = await desk.signed_in("Bob of drafts", Role.REVIEWER)
    assert "Half a thought" not in (await bob.get(request.place)).text


# ---- pictures -------------------------------------------------------------------------------------------------------


async def test_a_picture_is_marked_with_who_looks_and_kept_by_nobody(desk: Desk) -> None:
    sent = picture(78)
    request = await waiting(desk, await desk.company("Acme of pictures"), sent=[Upload("passport", NUMBER, sent)])
    ana = await desk.signed_in("Ana of pictures", Role.REVIEWER)
    page = await ana.get(request.place)
    [address] = re.findall(r'<img src="([^"]*/pictures/[^"]*)"', page.text)
    answer = await ana.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert answer.content not in (sent, (await (await desk.signed_in("Bob", Role.REVIEWER)).get(address)).content)
    assert (await (await desk.signed_in("Vic of pictures", Role.VIEWER)).get(address)).status_code == 403
    assert (await ana.get(address.replace("image_front", "image_back"))).status_code == 404


@pytest.mark.parametrize(("kind", "make"), [("PDF", as_pdf), ("HEIC", as_heic)])
async def test_what_no_browser_shows_comes_as_pictures_of_its_pages(
    desk: Desk, kind: str, make: Callable[[Image.Image], bytes]
) -> None:
    page = Image.open(BytesIO(picture(77))).convert("RGB")
    request = await waiting(desk, await desk.company(f"Acme of {kind}"), sent=[Upload("passport", NUMBER, make(page))])
    ana = await desk.signed_in(f"Ana of {kind}", Role.REVIEWER)
    address = re.findall(r'<img src="([^"]*/pictures/[^"]*)"', (await ana.get(request.place)).text)[0]
    answer = await ana.get(address)
    assert (answer.status_code, answer.headers["content-type"], answer.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    for number in ("2", "0", "x", "9"):
        assert (await ana.get(f"{address}?page={number}")).status_code == 404


async def test_the_other_client_is_shown_beside_the_case(desk: Desk) -> None:
    cases = await demo(desk)
    ana = await desk.signed_in("Ana of others", Role.REVIEWER)
    page = await ana.get(f"{cases[18].place}/others/{cases[1].client_id}")
    assert page.status_code == 200
    assert "Two clients" in text_of(page)
    assert "other_client_looked" in await actions(desk, cases[1].client_id, cases[1].company)
    for address in re.findall(r'<img src="([^"]*/pictures/[^"]*)"', page.text):
        assert (await ana.get(address)).status_code == 200
    assert (await ana.get(f"{cases[18].place}/others/{cases[4].client_id}")).status_code == 404
    viewer = await desk.signed_in("Vic of others", Role.VIEWER)
    assert (await viewer.get(f"{cases[18].place}/others/{cases[1].client_id}")).status_code == 403
