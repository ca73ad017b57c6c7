"""From a link to a password and an authenticator, and signing in with them: as a person does it."""

from __future__ import annotations

import re
import time
from html import unescape

import pyotp
import pytest
import structlog

from ostiary.domain.companies.company import Caller
from ostiary.domain.operators.operator import LINK_MS, Role
from ostiary.domain.operators.sign_in import ACCOUNT_FREE
from ostiary.usecases.operators.directory import house, sandbox_link
from tests.console.desk import SESSION, Desk, Visitor, text_of

PASSWORD = "the cat sleeps in the shed"
LINK = re.compile(r"http://ostiary(/console/link/[0-9A-Za-z_]+)")
SECRET = re.compile(r"<code>([A-Z2-7 ]+)</code>")


async def let_in(desk: Desk, admin: Visitor, name: str, role: str = "viewer") -> str:
    """The path of the link that an admin is shown."""
    page = await admin.post("/console/operators", {"name": name, "role": role, "reach": "all"})
    assert page.status_code == 200
    return str(LINK.findall(unescape(page.text))[0])


async def code_on(visitor: Visitor, link: str) -> str:
    """The secret that a link's page shows for the authenticator."""
    return str(SECRET.findall((await visitor.get(link)).text)[0]).replace(" ", "")


async def set_up(desk: Desk, admin: Visitor, name: str) -> tuple[Visitor, str]:
    """A new operator's browser, signed in by the link, and the secret of the authenticator."""
    link, visitor = await let_in(desk, admin, name), desk.visitor()
    secret = await code_on(visitor, link)
    fields = {"password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
    done = await visitor.post(link, {"form_token": await visitor.form_token(link), **fields})
    assert (done.status_code, done.headers["location"]) == (303, "/console/queue")
    return visitor, secret


async def sign_in(visitor: Visitor, name: str, password: str, code: str, **more: str) -> tuple[int, str]:
    """Status, and what is read or where it leads."""
    answer = await visitor.post("/console/sign-in", {"name": name, "password": password, "code": code, **more})
    return answer.status_code, answer.headers.get("location", text_of(answer))


async def test_a_link_is_looked_at_without_using_it_and_used_once(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of links")
    link = await let_in(desk, admin, "Lea of the link")
    for _ in range(3):
        page = await desk.visitor().get(link)
        assert page.status_code == 200
        assert "Lea of the link" in text_of(page)
    visitor = desk.visitor()
    secret = await code_on(visitor, link)
    form = {"form_token": await visitor.form_token(link), "password": PASSWORD, "again": PASSWORD}
    done = await visitor.post(link, {**form, "code": pyotp.TOTP(secret).now()})
    assert done.status_code == 303
    assert (await visitor.get("/console/sessions")).status_code == 200
    used = await desk.visitor().get(link)
    assert used.status_code == 404
    assert "does not work any more" in text_of(used)


@pytest.mark.parametrize(("fields", "words"), [
    ({"again": "something else that is long"}, "The two passwords differ"),
    ({"password": "short", "again": "short"}, "at least 12 characters"),
    ({"code": "000000"}, "six digits"),
    ({"code": ""}, "six digits"),
    ({"password": "", "again": ""}, "at least 12 characters"),
])  # fmt: skip
async def test_what_is_wrong_is_said_and_the_link_still_holds(desk: Desk, fields: dict[str, str], words: str) -> None:
    admin = await desk.signed_in(f"Ada {words} {sorted(fields.items())}"[:60].strip())
    link, visitor = await let_in(desk, admin, f"Lou {words} {sorted(fields.items())}"[:60].strip()), desk.visitor()
    code = pyotp.TOTP(await code_on(visitor, link)).now()
    form = {"form_token": await visitor.form_token(link), "password": PASSWORD, "again": PASSWORD, "code": code}
    answer = await visitor.post(link, {**form, **fields})
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert PASSWORD not in answer.text
    assert (await visitor.post(link, form)).status_code == 303


async def test_the_picture_for_the_authenticator_is_a_file_that_is_not_kept(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of pictures")
    link = await let_in(desk, admin, "Pia of the picture")
    picture = await desk.visitor().get(f"{link}/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    assert picture.text.startswith("<?xml")
    assert "style" not in picture.text


async def test_a_link_ends_after_a_day_and_by_a_newer_one(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of ends")
    link = await let_in(desk, admin, "Eva of the end")
    [operator_id] = re.findall(r"/link/([0-9A-Za-z]{32})_", link)
    page = await admin.post(f"/console/operators/{operator_id}/reset")
    newer = LINK.findall(unescape(page.text))[0]
    assert (await desk.visitor().get(link)).status_code == 404
    assert (await desk.visitor().get(newer)).status_code == 200
    desk.clock.ahead_ms += LINK_MS
    assert (await desk.visitor().get(newer)).status_code == 404


@pytest.mark.parametrize("token", ["none", "0" * 32 + "_" + "0" * 64, "_", "%00", "a" * 5_000, "..", "0" * 32])
async def test_a_link_that_is_none_says_nothing(desk: Desk, token: str) -> None:
    for path in (f"/console/link/{token}", f"/console/link/{token}/code.svg"):
        answer = await desk.visitor().get(path)
        assert answer.status_code in (303, 404)


async def test_name_password_and_code_sign_in_and_a_code_does_once(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of codes")
    _, secret = await set_up(desk, admin, "Cora of codes")
    desk.clock.ahead_ms += 60_000
    code = pyotp.TOTP(secret).at(time.time() + 60)
    visitor = desk.visitor()
    fixed = "1" * 64
    visitor.http.cookies.set(SESSION, fixed, domain="ostiary.local")
    wanted = {"next": "/console/about", "form_token": await visitor.form_token("/console/sign-in")}
    status, place = await sign_in(visitor, "Cora of codes", PASSWORD, code, **wanted)
    assert (status, place) == (303, "/console/about")
    assert visitor.http.cookies[SESSION] != fixed, "the session is a new one, whatever the browser had"
    assert (await visitor.get("/console/about")).status_code == 200
    assert (await sign_in(desk.visitor(), "Cora of codes", PASSWORD, code))[0] == 401


async def test_whatever_is_wrong_the_words_are_the_same(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of refusals")
    visitor, secret = await set_up(desk, admin, "Rosa of refusals")
    desk.clock.ahead_ms += 60_000
    good = pyotp.TOTP(secret).at(time.time() + 60)
    shown = set()
    for name, password, code in (
        ("Rosa of refusals", "wrong", good),
        ("Rosa of refusals", PASSWORD, "000000"),
        ("Nobody", PASSWORD, good),
        ("", "", ""),
        ("Rosa of refusals", PASSWORD * 100, good),
    ):
        answer = await desk.visitor().post("/console/sign-in", {"name": name, "password": password, "code": code})
        assert answer.status_code == 401
        shown.add(re.findall(r'role="alert"[^>]*>([^<]+)', answer.text)[0])
    assert len(shown) == 1
    assert (await visitor.get("/console/about")).status_code == 200


async def test_too_many_attempts_have_to_wait(desk: Desk) -> None:
    visitor = desk.visitor()
    statuses = [(await sign_in(visitor, "Tim who is tried", "wrong", "123456"))[0] for _ in range(ACCOUNT_FREE + 2)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert "Too many attempts. Try again in" in (await sign_in(visitor, "Tim who is tried", "wrong", "1"))[1]


async def test_the_sandboxs_link_signs_in_by_one_button(desk: Desk) -> None:
    own = await house(desk.parts.context)
    caller = Caller(own, "operator:setup", 5)
    new = await desk.commit(caller, await sandbox_link(desk.parts.context, caller))
    link, visitor = f"/console/link/{new.token}", desk.visitor()
    page = await visitor.get(link)
    assert "Sign in as sandbox" in text_of(page)
    assert 'type="password"' not in page.text
    done = await visitor.post(link, {"form_token": await visitor.form_token(link)})
    assert done.status_code == 303
    assert (await visitor.get("/console/operators")).status_code == 200


async def test_nothing_of_it_is_in_the_log(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of logs")
    with structlog.testing.capture_logs() as lines:
        visitor, secret = await set_up(desk, admin, "Lola of logs")
        link = await let_in(desk, admin, "Lars of logs")
        await visitor.get(link)
        await visitor.get("/console/companies?notice=secret-in-query")
        await sign_in(desk.visitor(), "Lola of logs", "wrong password here", "123456")
    text = repr(lines)
    session = visitor.http.cookies[SESSION]
    tokens = (secret, session, link.rpartition("/")[2])
    kept_out = ("Lola", "Lars", PASSWORD, *tokens, "wrong password", "secret-in", "192.0")
    assert lines
    assert not [word for word in kept_out if word in text]
    assert {line.get("operation") for line in lines} >= {"console_use_link", "console_create_operator"}


async def test_operators_roles_are_shown_with_what_they_may(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of roles")
    page = text_of(await admin.get("/console/operators"))
    assert all(role.value in page for role in Role)
