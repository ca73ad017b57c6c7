"""Every page and action by role and company: what the table of the console says is what happens, and was meant."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest

from ostiary.console.menu import MENU
from ostiary.console.table import TABLE, Action
from ostiary.domain.ids import encode
from ostiary.domain.operators.operator import ROLES, Role
from ostiary.domain.operators.permissions import FROM_ROLE, OF_THE_WHOLE
from tests.console.desk import Desk, Visitor
from tests.console.rights import PUBLIC, RIGHTS, SIGNED_IN, Right

NOBODYS = encode(1, 1)
"""An id that nothing has: an action that is let through finds nothing and changes nothing."""
SIGN_IN = "/console/sign-in"
LOOKS = Right("POST", "/console/doctor", Role.ADMIN, whole=True)


@dataclass(frozen=True, slots=True)
class Cast:
    """A browser for each role, for all companies and for one, and that company with another."""

    everywhere: dict[Role, Visitor]
    of_one: dict[Role, Visitor]
    own: str
    other: str


async def cast_of(desk: Desk, name: str) -> Cast:
    own = (await desk.company(f"Own {name}")).id
    other = (await desk.company(f"Other {name}")).id
    everywhere = {role: await desk.signed_in(f"{role} of all, {name}", role) for role in ROLES}
    of_one = {role: await desk.signed_in(f"{role} of one, {name}", role, own) for role in ROLES}
    return Cast(everywhere, of_one, own, other)


async def ask(visitor: Visitor, right: Right | Action, company_id: str) -> httpx.Response:
    """Asks for it as a page of ours would. Whatever else is named in the address is nobody's."""
    others = {
        "operatorId": NOBODYS,
        "keyId": NOBODYS,
        "messageId": NOBODYS,
        "token": "none",
        "provider": "x",
        "viewId": NOBODYS,
    }
    others |= {
        "requestId": NOBODYS,
        "documentId": NOBODYS,
        "clientId": NOBODYS,
        "hitKey": "none",
        "passkeyMark": "00" * 32,
        "publicationId": NOBODYS,
        "approvalId": NOBODYS,
        "erasureId": NOBODYS,
        "holdId": NOBODYS,
        "side": "image_front",
    }
    path = right.path.format(companyId=company_id, decision="approve", **others)
    if right.method == "GET":
        return await visitor.get(path)
    takes_files = any(row.takes_files for row in TABLE if (row.method, row.path) == (right.method, right.path))
    return await visitor.post(path, **({"files": {"file": ("a.png", b"no picture")}} if takes_files else {}))


def is_refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "Your role does not allow this" in answer.text


def meant(right: Right, role: Role, *, everywhere: bool) -> bool:
    """Whether somebody may, by the list written by hand."""
    if right.lowest in (PUBLIC, SIGNED_IN):
        return True
    assert isinstance(right.lowest, Role)
    return ROLES.index(role) >= ROLES.index(right.lowest) and (everywhere or not right.whole)


def test_the_list_by_hand_and_the_table_name_the_same() -> None:
    assert sorted((right.method, right.path) for right in RIGHTS) == sorted((row.method, row.path) for row in TABLE)


@pytest.mark.parametrize("right", RIGHTS, ids=lambda right: f"{right.method} {right.path}")
def test_the_table_asks_for_what_was_meant(right: Right) -> None:
    row = next(row for row in TABLE if (row.method, row.path) == (right.method, right.path))
    assert row.is_public == (right.lowest == PUBLIC)
    if row.permission is None:
        assert right.lowest in (PUBLIC, SIGNED_IN)
    else:
        assert FROM_ROLE[row.permission] is right.lowest
        assert (row.permission in OF_THE_WHOLE) == right.whole


async def test_a_role_may_what_its_row_says_and_nothing_else(desk: Desk) -> None:
    cast = await cast_of(desk, "matrix")
    for right in RIGHTS:
        for everywhere, visitors in ((True, cast.everywhere), (False, cast.of_one)):
            for role, visitor in visitors.items():
                if right.path.startswith(("/console/sign-out", "/console/sessions/", "/console/sign-in")):
                    continue  # these end what the next row needs; anybody may
                if right == LOOKS and meant(right, role, everywhere=everywhere):
                    continue  # for seconds: test_house_pages does
                answer = await ask(visitor, right, cast.own)
                where = f"{right.method} {right.path} as {role}, everywhere: {everywhere}: {answer.status_code}"
                assert is_refused(answer) is not meant(right, role, everywhere=everywhere), where
                assert answer.status_code < 500, where


async def test_a_company_that_is_not_ones_own_is_not_there(desk: Desk) -> None:
    cast = await cast_of(desk, "elsewhere")
    for right in RIGHTS:
        if not right.is_of_company:
            continue
        for role, visitor in cast.of_one.items():
            foreign, nobodys = await ask(visitor, right, cast.other), await ask(visitor, right, NOBODYS)
            assert foreign.status_code == nobodys.status_code
            assert foreign.status_code == (404 if meant(right, role, everywhere=False) else 403)
            assert (await desk.company("Other elsewhere")).name not in foreign.text


async def test_nobody_finds_the_company_that_operators_belong_to(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of the house")
    house_id = await desk.parts.context.storage.operators.house_id()
    assert house_id is not None
    for right in RIGHTS:
        if right.is_of_company:
            assert (await ask(admin, right, house_id)).status_code == 404, right.path


async def test_who_is_not_signed_in_comes_to_sign_in_from_everywhere(desk: Desk) -> None:
    company = await desk.company("Acme for strangers")
    for right in RIGHTS:
        if right.lowest == PUBLIC:
            continue
        answer = await ask(desk.visitor(), right, company.id)
        if right.method == "GET":
            assert answer.status_code == 303
            assert answer.headers["location"].startswith(SIGN_IN)
        else:
            assert answer.status_code == 401
        assert company.name not in answer.text


async def test_disabling_an_operator_ends_what_is_open(desk: Desk) -> None:
    admin, viewer = await desk.signed_in("Ada who disables"), await desk.signed_in("Vic who is disabled", Role.VIEWER)
    assert viewer.operator is not None
    assert (await viewer.get("/console/companies")).status_code == 200
    await admin.post(f"/console/operators/{viewer.operator.id}/disable")
    assert (await viewer.get("/console/companies")).status_code == 303


async def test_rights_that_are_taken_are_gone_with_the_next_page(desk: Desk) -> None:
    admin, other = await desk.signed_in("Ada who takes"), await desk.signed_in("Ann whose rights go")
    assert other.operator is not None
    assert (await other.get("/console/operators")).status_code == 200
    await admin.post(f"/console/operators/{other.operator.id}/rights", {"role": "viewer", "reach": "all"})
    assert (await other.get("/console/operators")).status_code == 403
    assert "Operators" not in (await other.get("/console/companies")).text


def test_the_menu_leads_to_pages_by_the_right_that_they_ask_for() -> None:
    pages = {row.path: row.permission for row in TABLE if row.method == "GET"}
    assert [(entry.path, entry.permission) for entry in MENU] == [(entry.path, pages[entry.path]) for entry in MENU]
    assert MENU[-1].permission is None, "so that everybody has a home"
