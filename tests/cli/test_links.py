"""`ostiary link`, and what a subscription hears of as it is set at the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk, prepare
from tests.house import House

ANA = ("--operator", "ana")


@pytest.fixture
def ids(desk: Desk) -> tuple[str, str, str]:
    """A company, its client, and what he asks for."""

    async def work(house: House) -> tuple[str, str, str]:
        client = await house.client()
        return house.caller.company.id, client.id, (await house.request(client.id)).id

    return prepare(desk.data, work)


def test_a_link_is_made_listed_and_revoked(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, client, request = ids
    at = (client, "--company", company)
    link = desk.answer("link", "create", *at, *ANA, "--language", "es", public_url="https://kyc.example.com")
    assert link["url"].startswith("https://kyc.example.com/onboarding/")
    assert (link["status"], link["product_request_ids"], link["language"]) == ("active", [request], "es")
    [listed] = desk.answer("link", "list", *at)
    assert listed == {name: value for name, value in link.items() if name != "url"}
    assert link["id"] in desk("link", "list", *at).out
    revoked = desk.answer("link", "revoke", *at[:1], link["id"], *at[1:], *ANA)
    assert revoked["status"] == "revoked"
    entries = desk.answer("audit", "show", "--company", company, "--client", client)
    trail = [(entry["actor"], entry["action"]) for entry in entries]
    assert trail[-2:] == [("operator:ana", "onboarding_link_created"), ("operator:ana", "onboarding_link_revoked")]


def test_words_say_what_a_link_is_worth_and_where_it_is(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, client, _ = ids
    assert desk("link", "list", client, "--company", company).out == "This client has no link.\n"
    result = desk("link", "create", client, "--company", company, "--minutes", "5")
    assert result.status == 0
    assert result.out.startswith("http://127.0.0.1:8080/onboarding/")
    assert "works once" in result.out
    [link] = desk.answer("link", "list", client, "--company", company)
    done = desk("link", "revoke", client, link["id"], "--company", company)
    assert done.out == f"{link['id']} leads nowhere: it is revoked, and so is who came by it\n"


REFUSED = {
    "no such client": (("create", "0" * 32), "no such client"),
    "no such link": (("revoke", "CLIENT", "0" * 32), "no such onboarding link"),
    "too long": (("create", "CLIENT", "--minutes", "10081"), "break a rule"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(desk: Desk, ids: tuple[str, str, str], name: str) -> None:
    words, message = REFUSED[name]
    asked = [ids[1] if word == "CLIENT" else word for word in words]
    assert message in desk.refused("link", *asked, "--company", ids[0])


def test_a_link_is_for_the_requests_that_are_named(desk: Desk, ids: tuple[str, str, str]) -> None:
    company, client, request = ids
    link = desk.answer("link", "create", client, "--company", company, "--request", request)
    assert link["product_request_ids"] == [request]
    assert "break a rule" in desk.refused("link", "create", client, "--company", company, "--request", "0" * 32)


def test_a_subscription_hears_of_what_is_chosen(desk: Desk, ids: tuple[str, str, str]) -> None:
    address = ("webhook", "subscribe", "https://example.com/hook", "--key", "k", "--company", ids[0])
    usual = {"url": "https://example.com/hook", "include_sequence": False}
    assert desk.answer(*address) == usual | {"event_types": ["product_enablement_status_changed"]}
    chosen = desk.answer(*address, "--event", "onboarding_expired", "--event", "onboarding_opened", "--sequence")
    assert chosen == usual | {"include_sequence": True, "event_types": ["onboarding_opened", "onboarding_expired"]}
    assert "hears of onboarding_finished\n" in desk(*address, "--event", "onboarding_finished").out
    assert "break a rule" in desk.refused(*address, "--event", "nothing")


def test_the_words_of_the_parser_are_the_page_s_own() -> None:
    """They stand there again, so that `--help` needs none of the service."""
    from ostiary.cli.parsing import link_words
    from ostiary.domain.hosted import links

    assert (link_words.LANGUAGES, link_words.USUAL_MINUTES) == (links.LANGUAGES, links.USUAL_MINUTES)
