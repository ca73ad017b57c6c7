"""Whole ways through the page, without script: from the link to each end, with nothing asked for twice."""

from __future__ import annotations

from typing import Any

import pytest

from ostiary.domain.hosted.links import LinkWish
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.verdicts import Decision
from tests.hosted.desk import Browser, Hall, good
from tests.house import ACCOUNTS, CARDS
from tests.material import dark_picture

MOST_SCREENS, MOST_INPUTS = 6, 9
PHONE: dict[str, Any] = {"phone_country_code": None, "phone_number": None}
PASSPORT = {"number": "AB1234567", "issuing_country": "ARG", "expiration_date": "2099-01-01"}


async def sent_passport(browser: Browser, seed: int = 1, **details: str) -> None:
    """From the choice of a document to its being handed in."""
    await browser.send({"kind": "passport"})
    await browser.send(picture=good(seed))
    await browser.send({**PASSPORT, **details})


async def test_all_well_in_at_most_six_screens_and_nine_inputs(hall: Hall) -> None:
    guest = await hall.guest(**PHONE)
    browser = await guest.arrive()
    screens, inputs = ["landing", browser.path], 0
    for fields, picture in (
        ({"kind": "passport"}, b""),
        ({}, good()),
        (PASSPORT, b""),
        ({"phone": "011 6886-0622"}, b""),
        ({}, b""),
    ):
        inputs += len(fields) + bool(picture)
        await browser.send(dict(fields), picture=picture)
        screens.append(browser.path)
    assert screens[1:] == [
        "/onboarding/documents/1-identity_document",
        "/onboarding/documents/1-identity_document/front",
        "/onboarding/documents/1-identity_document/details",
        "/onboarding/details/1-personal_information",
        "/onboarding/review",
        "/onboarding/state",
    ]
    assert len(screens[:-1]) <= MOST_SCREENS
    assert inputs <= MOST_INPUTS
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]
    assert 'http-equiv="refresh"' in browser.page.text
    assert browser.heading == "We are looking at it"
    await guest.judge(Decision.APPROVE)
    await browser.open("/onboarding/state")
    assert browser.heading == "Done"
    assert 'http-equiv="refresh"' not in browser.page.text


async def test_a_blurred_picture_is_sent_back_at_once_and_a_good_one_goes_on(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    await browser.send({"kind": "national_id"})
    await browser.send(picture=good(2))
    assert browser.path.endswith("/back")
    await browser.send(picture=dark_picture(3))
    assert browser.page.status_code == 422
    assert "The picture is too dark: its bright parts reach" in browser.text
    assert "Take a new picture in brighter light" in browser.text
    await browser.send(picture=good(2))
    assert "Front and back are the same picture." in browser.text
    await browser.send(picture=good(3))
    assert browser.path.endswith("/details"), "the front is there still"
    await browser.send(PASSPORT)
    assert browser.path == "/onboarding/review"


async def test_without_a_picture_the_page_says_so(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    await browser.send({"kind": "passport"})
    await browser.send()
    assert (browser.page.status_code, "Choose a picture first." in browser.text) == (422, True)
    await browser.send(picture=b"no picture")
    assert "could not be opened" in browser.text


async def test_an_expired_document_keeps_picture_and_details_and_offers_another(hall: Hall) -> None:
    browser = await (await hall.guest()).arrive()
    await sent_passport(browser, expiration_date="2020-01-01")
    assert browser.page.status_code == 422
    assert "The document expired on 2020-01-01." in browser.text
    assert "Send a document that is still valid." in browser.text
    assert 'value="AB1234567"' in browser.page.text
    assert "Choose another document" in browser.text
    await browser.send(PASSPORT)
    assert browser.path == "/onboarding/review"


async def test_a_wrong_document_is_sent_back_with_its_reason_and_another_one_is_taken(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.send()
    await guest.judge(Decision.RETURN, reject(Kind.DOCUMENT, "passport", Code.MRZ_NOT_FOUND, "image_front"))
    await browser.open()
    assert browser.path == "/onboarding/documents/1-identity_document"
    assert "The machine-readable lines of the document could not be found." in browser.text
    await browser.send({"kind": "national_id"})
    await browser.send(picture=good(4))
    await browser.send(picture=good(5))
    await browser.send({"number": "XY7654321"})
    assert browser.path == "/onboarding/review"
    await browser.send()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]


@pytest.mark.parametrize(("field", "next_page"), [
    ("image_back", "/back"), ("image_front", "/front"), ("metadata.number", "/details"),
])  # fmt: skip
async def test_sent_back_only_what_failed_is_asked_for_again(hall: Hall, field: str, next_page: str) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await browser.send({"kind": "national_id"})
    await browser.send(picture=good(6))
    await browser.send(picture=good(7))
    await browser.send(PASSPORT)
    await browser.send()
    code = Code.NUMBER_MISMATCH if field.startswith("metadata") else Code.IMAGE_NOT_READABLE
    await guest.judge(Decision.RETURN, reject(Kind.DOCUMENT, "national_id", code, field))
    await browser.open()
    await browser.send({"again": "1"})
    assert browser.path.endswith(next_page)
    if next_page != "/details":
        await browser.send(picture=good(8))
    assert 'value="AB1234567"' in browser.page.text, "what was typed is there"
    await browser.send({**PASSPORT, "number": "AB1234568"})
    assert browser.path == "/onboarding/review"


async def test_a_name_that_differs_can_be_corrected_instead(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.send()
    await guest.judge(Decision.RETURN, reject(Kind.DOCUMENT, "passport", Code.NAME_MISMATCH, "first_name"))
    await browser.open()
    assert "Correct your own details instead" in browser.text
    await browser.open("/onboarding/details/1-about_you")
    assert 'autocomplete="given-name"' in browser.page.text
    await browser.send(
        {"first_name": "Mary", "last_name": "Barber", "birth_date": "1984-11-21", "country": "ARG", "second_name": ""}
    )
    await browser.send({"again": "1"})
    assert browser.path.endswith("/details"), "the picture is not asked for again"
    await browser.send(PASSPORT)
    assert browser.path == "/onboarding/review"
    assert "Mary Barber" in browser.text


async def test_what_is_undecided_is_asked_when_it_is_decided(hall: Hall) -> None:
    guest = await hall.guest(ACCOUNTS, attributes={"occupation": "Teacher"}, **PHONE)
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.send({"kind": "utility_bill"})
    await browser.send(picture=good(9))
    await browser.send({"issue_date": ""})
    await browser.send({"phone": "+54 9 11 6886 0622"})
    assert browser.path == "/onboarding/details/1-financial_profile"
    money = {"annual_salary": "200,000.50", "account_purpose": "savings"}
    await browser.send({**money, "expected_monthly_volume": "nothing"})
    assert browser.page.status_code == 422
    assert 'value="200,000.50"' in browser.page.text, "what was typed is there still"
    assert re_autofocus(browser.page.text) == "expected_monthly_volume"
    assert "Expected monthly volume must be a number" in browser.text
    assert "expected_monthly_volume" not in browser.text, "nobody reads the name of an attribute"
    await browser.send({**money, "expected_monthly_volume": "10"})
    assert browser.path == "/onboarding/details/1-financial_profile"
    assert "annual_salary" not in browser.page.text, "what is there is not asked for again"
    await browser.send({"source_of_funds": "employment"})
    assert browser.path == "/onboarding/details/1-tax_information"
    await browser.send({"tax_id": "20-05536168-2"})
    assert browser.path == "/onboarding/review"
    await browser.send()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC]


def re_autofocus(page: str) -> str:
    """The input where the page begins."""
    marked = next(part for part in page.split("<") if " autofocus" in part)
    return marked.partition('name="')[2].partition('"')[0]


async def test_who_is_too_young_is_told_from_when_and_may_correct_a_birth_date(hall: Hall) -> None:
    guest = await hall.guest(ACCOUNTS, birth_date="2015-03-01")
    browser = await guest.arrive()
    assert browser.path == "/onboarding/state"
    assert "2033-03-01" in browser.text
    await browser.open("/onboarding/details/1-about_you")
    await browser.send({"first_name": "Maria", "last_name": "Barber", "birth_date": "1990-03-01", "country": "ARG"})
    assert browser.path != "/onboarding/state"


async def test_a_rejection_says_what_the_company_said_and_leads_back_to_it(hall: Hall) -> None:
    wish = LinkWish(return_url="https://bank.example/back?from=us", state="a b&c")
    guest = await hall.guest(wish=wish)
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.send()
    await guest.judge(Decision.REJECT, text="We cannot offer you this card.")
    await browser.open()
    assert browser.heading == "It was not accepted"
    assert "We cannot offer you this card." in browser.text
    assert "https://bank.example/back?from=us&amp;state=a+b%26c" in browser.page.text
    assert "rejected&" not in browser.page.text


async def test_two_products_ask_once_for_what_both_need(hall: Hall) -> None:
    guest = await hall.guest(
        CARDS,
        ACCOUNTS,
        attributes={
            "occupation": "Teacher",
            "annual_salary": "1000",
            "account_purpose": "savings",
            "expected_monthly_volume": "10",
            "tax_id": "20-05536168-2",
        },
    )
    browser = await guest.arrive()
    await sent_passport(browser)
    assert browser.path == "/onboarding/documents/1-proof_of_address"
    await browser.send({"kind": "bank_statement"})
    await browser.send(picture=good(10))
    await browser.send({})
    assert browser.path == "/onboarding/review"
    assert browser.text.count("Passport") == 2, "each product shows it"
    await browser.send()
    assert [each.status for each in await guest.now()] == [Status.IN_KYC, Status.IN_KYC]


async def test_whoever_changes_something_before_sending_comes_back_to_the_review(hall: Hall) -> None:
    guest = await hall.guest()
    browser = await guest.arrive()
    await sent_passport(browser)
    await browser.open("/onboarding/details/1-personal_information")
    assert 'value="+541168860622"' in browser.page.text
    await browser.send({"phone": "+34 612 345 678"})
    assert browser.path == "/onboarding/review"
    assert "+34612345678" in browser.text
    await browser.open("/onboarding/documents/1-identity_document")
    await sent_passport(browser, 11)
    assert browser.path == "/onboarding/review"
