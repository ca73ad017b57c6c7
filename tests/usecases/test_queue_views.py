"""Views of the queue under names: whose they are, who sees them, and what they count."""

from __future__ import annotations

from functools import partial

import pytest

from ostiary.domain.errors import InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.operators.views import MOST_QUERY_CHARACTERS, MOST_SHOWN, MOST_VIEWS, VIEW_NAME_CHARACTERS
from ostiary.domain.review.waiting import Holding, QueueFilters
from ostiary.usecases.operators.directory import change_operator, disable_operator, find_operator
from ostiary.usecases.operators.views import remove_view, rename_view, save_view, views_for
from ostiary.usecases.review import claims
from ostiary.usecases.review.queue import counted_cases
from tests.house import House
from tests.reviewing import case, operator
from tests.usecases.accounts import setup_caller

HITS = "kind=screening"


async def saved(house: House, who: Operator, name: str, *, is_shared: bool = False, query: str = HITS) -> str:
    use_case = partial(save_view, is_shared=is_shared)
    return (await house.do(use_case, who.id, name, query, caller=await setup_caller(house.context))).id


async def names(house: House, who: Operator) -> list[str]:
    return [each.view.name for each in await views_for(house.context, await find_operator(house.context, who.id))]


async def test_a_view_is_its_owners_and_a_shared_one_also_of_who_has_the_same_companies(house: House) -> None:
    acme = house.caller.company.id
    beta = (await house.found_company("Beta")).company.id
    ana, ada = await operator(house, "ana", Role.REVIEWER, acme), await operator(house, "ada", Role.VIEWER, acme)
    both, everywhere = await operator(house, "bob", Role.REVIEWER, acme, beta), await operator(house, "eve")
    await saved(house, ana, "mine alone")
    await saved(house, ana, "Ours", is_shared=True)
    await saved(house, ada, "also ours", is_shared=True)
    assert await names(house, ana) == ["mine alone", "Ours", "also ours"], "one's own first"
    assert await names(house, ada) == ["also ours", "Ours"]
    assert await names(house, both) == await names(house, everywhere) == []
    [own, other] = await views_for(house.context, await find_operator(house.context, ada.id))
    assert (own.is_own, own.may_change, own.owner_name) == (True, True, "ada")
    assert (other.is_own, other.may_change, other.owner_name) == (False, False, "ana")
    setup = await setup_caller(house.context)
    await house.do(change_operator, ana.id, Role.REVIEWER, (acme, beta), caller=setup)
    assert await names(house, ada) == ["also ours"]
    assert await names(house, both) == ["Ours"], "whoever has her companies now"
    await house.do(disable_operator, ana.id, caller=setup)
    assert await names(house, both) == [], "who is gone shares nothing"


async def test_a_view_is_renamed_and_removed_by_its_owner(house: House) -> None:
    ana, bob = await operator(house, "ana"), await operator(house, "bob")
    setup = await setup_caller(house.context)
    first, second = await saved(house, ana, "first", is_shared=True), await saved(house, ana, "second")
    await house.do(rename_view, ana.id, first, "Zuletzt", caller=setup)
    await house.do(rename_view, ana.id, first, "zuletzt", caller=setup)
    await house.do(rename_view, ana.id, first, "zuletzt", caller=setup)
    assert await names(house, ana) == ["second", "zuletzt"]
    assert await names(house, bob) == ["zuletzt"]
    for view_id in (first, second, "0" * 32):
        for change in (rename_view, remove_view):
            with pytest.raises(NotFound):
                await house.do(change, bob.id, view_id, *(["x"] if change is rename_view else []), caller=setup)
    with pytest.raises(NotFound):
        await house.do(remove_view, "0" * 32, first, caller=setup)
    await house.do(remove_view, ana.id, second, caller=setup)
    assert await names(house, ana) == ["zuletzt"]
    own = setup.company.id
    entries = await house.context.storage.audit.entries(own, own)
    noted = [entry for entry in entries if entry.action.startswith("view_")]
    renamed = ["view_renamed"] * 2
    assert [entry.action for entry in noted] == ["view_saved", "view_saved", *renamed, "view_removed"]
    assert {(entry.actor, entry.subject, entry.codes) for entry in noted} == {("operator:setup", ana.id, ())}


async def test_who_lets_others_in_puts_shared_views_in_order(house: House) -> None:
    ana, chief = await operator(house, "ana"), await operator(house, "chief", Role.ADMIN)
    setup = await setup_caller(house.context)
    shared, private = await saved(house, ana, "ours", is_shared=True), await saved(house, ana, "mine")
    await house.do(rename_view, chief.id, shared, "everybody's", caller=setup)
    assert await names(house, ana) == ["everybody's", "mine"]
    with pytest.raises(NotFound):
        await house.do(remove_view, chief.id, private, caller=setup)
    await house.do(remove_view, chief.id, shared, caller=setup)
    assert await names(house, ana) == ["mine"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "must not be blank"),
        (" \u200b", "must not be blank"),
        ("x" * (VIEW_NAME_CHARACTERS + 1), "at most 60"),
        ("two\nlines", "control characters"),
        ("odd\u2028line", "on one line"),
        ("HITS", "is another view's already"),
    ],
)
async def test_a_name_that_cannot_be_one_is_refused_in_words(house: House, name: str, words: str) -> None:
    ana = await operator(house, "ana")
    await saved(house, ana, "Hits")
    with pytest.raises(ValidationFailed, match=words):
        await saved(house, ana, name)
    other = await saved(house, ana, "other")
    with pytest.raises(ValidationFailed, match=words):
        await house.do(rename_view, ana.id, other, name, caller=await setup_caller(house.context))
    assert await names(house, ana) == ["Hits", "other"]


async def test_a_name_may_have_the_joiners_that_its_script_needs(house: House) -> None:
    ana = await operator(house, "ana")
    await saved(house, ana, "می\u200cخواهم")
    assert await names(house, ana) == ["می\u200cخواهم"]


async def test_how_many_views_and_how_much_they_ask_for_is_bounded(house: House) -> None:
    ana = await operator(house, "ana")
    with pytest.raises(ValidationFailed, match="view has at most 500"):
        await saved(house, ana, "long", query="x" * (MOST_QUERY_CHARACTERS + 1))
    for number in range(MOST_VIEWS):
        await saved(house, ana, f"view {number:02}", is_shared=True)
    with pytest.raises(InvalidState, match="Remove one first"):
        await saved(house, ana, "one more")
    for who in "bcd":
        colleague = await operator(house, who)
        for number in range(MOST_VIEWS):
            await saved(house, colleague, f"of {who} {number}", is_shared=True)
    shown = await names(house, ana)
    assert len(shown) == MOST_SHOWN
    assert shown[:MOST_VIEWS] == [f"view {number:02}" for number in range(MOST_VIEWS)]


async def test_views_are_counted_within_ones_companies(house: House) -> None:
    _, first = await case(house)
    await case(house, "AB7654321")
    acme = house.caller.company.id
    house.caller = await house.found_company("Beta")
    await case(house, "AB0000007")
    ana, of_acme = await operator(house, "ana"), await operator(house, "bob", Role.REVIEWER, acme)
    await claims.claim_case(house.context, ana, acme, first)
    asked = [
        QueueFilters(),
        QueueFilters(holding=Holding.MINE),
        QueueFilters(holding=Holding.FREE),
        QueueFilters(company_id=acme),
        QueueFilters(kind="screening"),
    ]
    assert await counted_cases(house.context, ana, asked) == [3, 1, 2, 2, 0]
    assert await counted_cases(house.context, of_acme, asked) == [2, 0, 1, 2, 0]
    assert await counted_cases(house.context, ana, []) == []
    with pytest.raises(ValidationFailed):
        await counted_cases(house.context, ana, [QueueFilters(reason="nonsense")])
