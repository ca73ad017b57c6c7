"""Catalogues are published, proposed and approved, taken back before their day, and followed."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.domain.catalogue_changes.publications import Publication, PublicationState
from ostiary.domain.companies.company import Caller
from ostiary.domain.errors import Broken, InvalidState, NotFound, ValidationFailed
from ostiary.domain.operators.operator import Role
from ostiary.domain.times import DAY_MS
from ostiary.usecases.catalogue.publish import (
    PublicationWish,
    approve,
    keep,
    list_publications,
    publish,
    publisher,
    withdraw,
    withdrawal_asked_by,
)
from ostiary.usecases.operators.directory import create_operator, disable_operator, fresh_house, list_operators
from ostiary.usecases.operators.directory import house as house_of
from ostiary.usecases.transaction import carried_out
from tests.house import House
from tests.material import NOW_MS
from tests.usecases.accounts import setup_caller

STRICTER = parse(default_source().replace("minimum_age: 18", "minimum_age: 21"), "stricter", is_kept=True)
LOOSER = parse(default_source().replace("minimum_age: 18", "minimum_age: 16"), "looser", is_kept=True)


async def published(
    house: House, catalogue: Catalogue = STRICTER, *, by: str = "ana", needs_two: bool = False, **wish: Any
) -> Publication:
    caller = await publisher(house.context, by, needs_two=needs_two)
    why = PublicationWish(**{"note": "A new law", **wish})
    return await carried_out(
        house.context, caller, partial(publish, catalogue=catalogue, wish=why, needs_two=needs_two)
    )


async def caller_of(house: House, name: str) -> Caller:
    return await publisher(house.context, name, needs_two=False)


def followed(house: House, publications: list[Publication]) -> str:
    """What is in force in a process that follows."""
    catalogues = house.parts.catalogues
    catalogues.follow(publications)
    return catalogues.current.version


async def test_what_is_published_is_in_force_at_once_and_says_by_whom_and_why(house: House) -> None:
    publication = await published(house, note="  A new law ")
    assert await list_publications(house.context) == [publication]
    assert (publication.state, publication.author, publication.note, publication.from_ms, publication.approver) == (
        PublicationState.PUBLISHED,
        "operator:ana",
        "A new law",
        NOW_MS,
        None,
    )
    assert followed(house, [publication]) == STRICTER.version
    own = await house_of(house.context)
    entries = await house.context.storage.audit.entries(own.id, own.id)
    assert [(each.action, each.actor, each.subject, each.codes) for each in entries[-1:]] == [
        ("catalogue_published", "operator:ana", publication.id, (STRICTER.version,))
    ]


async def test_nothing_is_published_where_nobody_ever_published(house: House) -> None:
    assert await list_publications(house.context) == []
    assert followed(house, []) == house.parts.catalogues.current.version


async def test_requests_are_made_under_what_is_published_and_earlier_ones_stay(house: House) -> None:
    house.caller = await house.found_company()
    first = await house.client()
    before = await house.request(first.id)
    followed(house, [await published(house)])
    second = await house.client(email="other@example.com")
    after = await house.request(second.id)
    assert (before.catalogue_version == after.catalogue_version, after.catalogue_version) == (False, STRICTER.version)
    assert (await house.enablement(first.id, before.id)).catalogue_version == before.catalogue_version


@pytest.mark.parametrize(("wish", "field"), [
    ({"note": " "}, "note"), ({"note": "x" * 501}, "note"), ({"from_ms": NOW_MS - 1}, "from"),
])  # fmt: skip
async def test_a_wish_that_will_not_do_is_refused(house: House, wish: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await published(house, **wish)
    assert [fault.field for fault in refused.value.faults] == [field]
    assert await list_publications(house.context) == []


async def test_what_is_in_force_then_anyway_is_not_published_again(house: House) -> None:
    await published(house)
    with pytest.raises(InvalidState, match="in force then"):
        await published(house, from_ms=NOW_MS + DAY_MS)
    await published(house, LOOSER, from_ms=NOW_MS + DAY_MS)
    await published(house, from_ms=NOW_MS + 2 * DAY_MS)
    assert len(await list_publications(house.context)) == 3


async def test_two_people_publish_where_two_have_to(house: House) -> None:
    for name, role in (("ana", Role.APPROVER), ("ben", Role.APPROVER), ("eve", Role.REVIEWER)):
        await let_in(house, name, role)
    proposed = await published(house, needs_two=True)
    assert proposed.state is PublicationState.PROPOSED
    before = house.parts.catalogues.current.version
    assert followed(house, [proposed]) == before
    with pytest.raises(InvalidState, match="Somebody else"):
        await carried_out(house.context, await publisher(house.context, "ANA", needs_two=True), approve, proposed.id)
    with pytest.raises(InvalidState, match="may not publish"):
        await publisher(house.context, "eve", needs_two=True)
    with pytest.raises(NotFound):
        await publisher(house.context, "nobody", needs_two=True)
    house.clock.now_ms += 5
    ben = await publisher(house.context, "ben", needs_two=True)
    done = await carried_out(house.context, ben, approve, proposed.id)
    assert (done.state, done.approver, done.from_ms) == (PublicationState.PUBLISHED, "operator:ben", NOW_MS + 5)
    assert await list_publications(house.context) == [done]
    with pytest.raises(InvalidState, match="approved already"):
        await carried_out(house.context, ben, approve, proposed.id)


async def let_in(house: House, name: str, role: Role) -> None:
    own = await house_of(house.context)
    setup = await setup_caller(house.context)
    caller = Caller(await fresh_house(house.context, own.id), setup.actor, setup.level)
    await carried_out(house.context, caller, create_operator, name, role, ())


async def test_what_is_not_in_force_yet_can_be_withdrawn_and_nothing_else(house: House) -> None:
    coming = await published(house, from_ms=NOW_MS + DAY_MS)
    gone = await carried_out(house.context, await caller_of(house, "ben"), withdraw, coming.id)
    assert gone.state is PublicationState.WITHDRAWN
    with pytest.raises(InvalidState, match="already"):
        await carried_out(house.context, await caller_of(house, "ben"), withdraw, coming.id)
    here = await published(house)
    with pytest.raises(InvalidState, match="in force"):
        await carried_out(house.context, await caller_of(house, "ben"), withdraw, here.id)
    with pytest.raises(NotFound):
        await carried_out(house.context, await caller_of(house, "ben"), withdraw, "unknown")


async def two_published(house: House, *names: str) -> tuple[Publication, list[Caller]]:
    """What two people put into force for tomorrow, and those who may say more of it."""
    for name in names:
        await let_in(house, name, Role.APPROVER)
    proposed = await published(house, by=names[0], needs_two=True, from_ms=NOW_MS + DAY_MS)
    callers = [await publisher(house.context, name, needs_two=True) for name in names]
    return await carried_out(house.context, callers[1], approve, proposed.id), callers


async def asked_back(house: House, caller: Caller, publication: Publication) -> Publication:
    return await carried_out(house.context, caller, partial(withdraw, needs_two=True), publication.id)


async def test_what_two_people_published_takes_two_to_withdraw(house: House) -> None:
    coming, (ana, ben) = await two_published(house, "ana", "ben")
    wanted = await asked_back(house, ana, coming)
    assert (wanted.state, wanted.approver) == (PublicationState.WITHDRAWING, "operator:ben")
    with pytest.raises(InvalidState, match="another approver has to approve that"):
        await asked_back(house, ben, coming)
    with pytest.raises(InvalidState, match="Somebody else than who wants it withdrawn"):
        await carried_out(house.context, ana, approve, coming.id)
    gone = await carried_out(house.context, ben, approve, coming.id)
    assert gone.state is PublicationState.WITHDRAWN
    own = await house_of(house.context)
    entries = await house.context.storage.audit.entries(own.id, own.id)
    assert [(each.action, each.actor) for each in entries[-2:]] == [
        ("catalogue_withdrawal_asked", "operator:ana"),
        ("catalogue_withdrawn", "operator:ben"),
    ]


async def test_what_somebody_wants_withdrawn_comes_into_force_until_another_agrees(house: House) -> None:
    coming, (ana, ben) = await two_published(house, "ana", "ben")
    wanted = await asked_back(house, ana, coming)
    house.clock.now_ms = coming.from_ms
    assert followed(house, [wanted]) == STRICTER.version
    with pytest.raises(InvalidState, match="in force"):
        await carried_out(house.context, ben, approve, coming.id)
    with pytest.raises(InvalidState, match="in force"):
        await asked_back(house, ben, coming)


async def test_what_somebody_wants_withdrawn_can_be_kept_and_be_wanted_withdrawn_by_another(house: House) -> None:
    coming, (ana, _, cat) = await two_published(house, "ana", "ben", "cat")
    with pytest.raises(InvalidState, match="Nobody wants"):
        await carried_out(house.context, cat, keep, coming.id)
    await asked_back(house, ana, coming)
    assert await carried_out(house.context, cat, keep, coming.id) == coming
    await asked_back(house, cat, coming)
    assert await withdrawal_asked_by(house.context, cat.company.id, coming.id) == "operator:cat"
    assert (await carried_out(house.context, ana, approve, coming.id)).state is PublicationState.WITHDRAWN


async def test_who_wants_it_withdrawn_is_known_of_each_by_itself(house: House) -> None:
    coming, (ana, ben) = await two_published(house, "ana", "ben")
    other = await published(house, LOOSER, by="ana", needs_two=True, from_ms=NOW_MS + 2 * DAY_MS)
    await carried_out(house.context, ben, approve, other.id)
    await asked_back(house, ana, coming)
    await asked_back(house, ben, other)
    assert [await withdrawal_asked_by(house.context, ana.company.id, each.id) for each in (coming, other)] == [
        "operator:ana",
        "operator:ben",
    ]
    with pytest.raises(Broken):
        await withdrawal_asked_by(house.context, ana.company.id, "unknown")


async def shut_out(house: House, name: str) -> None:
    [account] = [each for each in await list_operators(house.context) if each.name == name]
    await carried_out(house.context, await setup_caller(house.context), disable_operator, account.id)


async def test_the_word_of_who_was_shut_out_meanwhile_is_none(house: House) -> None:
    """Else one person would publish, or take back, what takes two."""
    coming, (ana, ben, cem) = await two_published(house, "ana", "ben", "cem")
    proposed = await published(house, LOOSER, needs_two=True, from_ms=NOW_MS + 2 * DAY_MS)
    await asked_back(house, ana, coming)
    await shut_out(house, "ana")
    for each in (coming, proposed):
        with pytest.raises(InvalidState, match="ana"):
            await carried_out(house.context, ben, approve, each.id)
    await carried_out(house.context, ben, keep, coming.id)
    await asked_back(house, ben, coming)
    assert (await carried_out(house.context, cem, approve, coming.id)).state is PublicationState.WITHDRAWN
    assert (await asked_back(house, ben, proposed)).state is PublicationState.WITHDRAWN


async def test_a_proposal_is_withdrawn_by_one(house: House) -> None:
    await let_in(house, "ana", Role.APPROVER)
    proposed = await published(house, needs_two=True)
    ana = await publisher(house.context, "ana", needs_two=True)
    assert (await asked_back(house, ana, proposed)).state is PublicationState.WITHDRAWN
    with pytest.raises(InvalidState, match="withdrawn already"):
        await carried_out(house.context, ana, approve, proposed.id)
