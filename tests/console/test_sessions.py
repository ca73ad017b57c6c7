"""Sessions: who holds the cookie is signed in, until it ends; and nobody can choose somebody else's."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from starlette.types import ASGIApp

from ostiary.api.composition import application
from ostiary.console.application import branch
from ostiary.console.table import TABLE
from ostiary.domain.ids import encode
from ostiary.domain.operators.operator import Role
from ostiary.domain.operators.sessions import IDLE_MS, WHOLE_MS, Session
from ostiary.usecases.operators.sessions import sessions_of
from ostiary.web.rate_limiter import RateLimiter
from tests.console.desk import FORM, ORIGIN, SESSION, Desk, text_of

SESSIONS = "/console/sessions"
MINUTE_MS = 60_000


@pytest.mark.parametrize("cookie", [
    "", "x", "0" * 64, "g" * 64, "%00", '"' + "0" * 64 + '"', "é", "0" * 5_000, "../../etc/passwd", "' OR 1=1 --",
])  # fmt: skip
async def test_a_cookie_that_is_none_signs_nobody_in(desk: Desk, cookie: str) -> None:
    headers = {b"cookie": f"{SESSION}={cookie}".encode()}
    answer = await desk.visitor().http.get(SESSIONS, headers=headers)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/sign-in?next=%2Fconsole%2Fsessions"


async def test_of_two_cookies_none_counts(desk: Desk) -> None:
    """Another host of the domain could set one; which is ours is not known."""
    token = await desk.session(await desk.operator("Two Cookies"))
    strange = f"{SESSION}={token}; {SESSION}={'1' * 64}"
    assert (await desk.visitor().http.get(SESSIONS, headers={"cookie": strange})).status_code == 303
    same = f"{SESSION}={token}; {SESSION}={token}"
    assert (await desk.visitor().http.get(SESSIONS, headers={"cookie": same})).status_code == 200


async def test_a_session_ends_idle_and_is_kept_by_use(desk: Desk) -> None:
    viewer = await desk.signed_in("Ida who idles", Role.VIEWER)
    for _ in range(3):
        desk.clock.ahead_ms += IDLE_MS - MINUTE_MS
        assert (await viewer.get(SESSIONS)).status_code == 200
    desk.clock.ahead_ms += IDLE_MS + MINUTE_MS
    assert (await viewer.get(SESSIONS)).status_code == 303


async def test_a_session_ends_after_a_days_work_however_it_is_used(desk: Desk) -> None:
    viewer = await desk.signed_in("Dora of the day", Role.VIEWER)
    passed_ms = 0
    while passed_ms + IDLE_MS < WHOLE_MS:
        passed_ms += IDLE_MS - MINUTE_MS
        desk.clock.ahead_ms += IDLE_MS - MINUTE_MS
        assert (await viewer.get(SESSIONS)).status_code == 200
    desk.clock.ahead_ms += IDLE_MS - MINUTE_MS
    assert (await viewer.get(SESSIONS)).status_code == 303


async def test_asking_whether_a_session_lives_does_not_keep_it(desk: Desk) -> None:
    viewer = await desk.signed_in("Lars who is asked", Role.VIEWER)
    left = []
    for _ in range(4):
        answer = await viewer.get("/console/session")
        left.append(answer.json()["ends_in_s"])
        desk.clock.ahead_ms += IDLE_MS // 3
    assert left[0] > left[1] > left[2] > 0 == left[3]
    assert (await desk.visitor().get("/console/session")).json() == {"ends_in_s": 0}


async def test_a_claim_that_a_page_renews_by_itself_does_not_keep_a_session(desk: Desk) -> None:
    """Else a case left open would never lock."""
    reviewer, company = await desk.signed_in("Rita who left"), await desk.company("Acme of who left")
    renewal = f"/console/companies/{company.id}/requests/{encode(1, 1)}/renew"
    token = await reviewer.form_token()
    for _ in range(3):
        desk.clock.ahead_ms += IDLE_MS // 3 - MINUTE_MS
        assert (await reviewer.post(renewal, {"form_token": token})).status_code in (303, 404)
    desk.clock.ahead_ms += 4 * MINUTE_MS
    assert (await reviewer.post(renewal, {"form_token": token})).status_code == 401
    assert {row.name for row in TABLE if not row.touches} == {"console_session_state", "console_renew_claim"}


async def test_signing_out_ends_the_session_for_every_holder_of_the_cookie(desk: Desk) -> None:
    viewer = await desk.signed_in("Otto who leaves")
    thief = desk.visitor(viewer.http.cookies[SESSION])
    assert (await thief.get(SESSIONS)).status_code == 200
    answer = await viewer.post("/console/sign-out")
    assert answer.status_code == 303
    assert f"{SESSION}=;" in answer.headers["set-cookie"]
    assert (await thief.get(SESSIONS)).status_code == 303


async def test_one_ends_a_session_of_ones_own_and_no_other(desk: Desk) -> None:
    ann = await desk.signed_in("Ann of two sessions", Role.VIEWER)
    bob = await desk.signed_in("Bob of one session", Role.VIEWER)
    assert ann.operator is not None
    assert bob.operator is not None
    second = desk.visitor(await desk.session(ann.operator), ann.operator)
    marks = {
        operator.name: [session.mark.hex() for session in await _sessions(desk, operator.id)]
        for operator in (ann.operator, bob.operator)
    }
    answer = await ann.post(f"{SESSIONS}/end", {"session": marks["Bob of one session"][0]})
    assert answer.status_code == 404
    assert (await bob.get(SESSIONS)).status_code == 200
    assert (await ann.post(f"{SESSIONS}/end-others")).status_code == 303
    assert (await second.get(SESSIONS)).status_code == 303
    assert (await ann.get(SESSIONS)).status_code == 200
    assert (await ann.post(f"{SESSIONS}/end", {"session": "no mark"})).status_code == 400


async def _sessions(desk: Desk, operator_id: str) -> list[Session]:
    return await sessions_of(desk.parts.context, operator_id)


async def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(desk: Desk) -> None:
    answer = await desk.visitor().get("/console/sign-in")
    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith(f"{FORM}=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax")


async def test_with_a_public_address_by_https_cookies_go_over_nothing_else(desk: Desk) -> None:
    secure = replace(desk.console, public_url="https://kyc.example.com")
    app: ASGIApp = application(desk.parts, lambda: None, RateLimiter(0), branches=(branch(secure),))
    operator = await desk.operator("Sara the secure")
    token = await desk.session(operator)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        [cookie] = (await browser.get("/console/sign-in")).headers.get_list("set-cookie")
        assert cookie.startswith(f"__Host-{FORM}=")
        assert cookie.endswith("; Secure")
        plain = await browser.get(SESSIONS, headers={"cookie": f"{SESSION}={token}"})
        assert plain.status_code == 303, "one without the prefix could have been set by another host"
        assert (await browser.get(SESSIONS, headers={"cookie": f"__Host-{SESSION}={token}"})).status_code == 200


async def test_a_part_of_a_page_leads_the_whole_page_to_sign_in(desk: Desk) -> None:
    answer = await desk.visitor().get(SESSIONS, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/console/sign-in")


async def test_a_part_of_a_page_is_its_content_alone(desk: Desk) -> None:
    viewer = await desk.signed_in("Petra of parts")
    part, page = await viewer.get(SESSIONS, headers={"hx-request": "true"}), await viewer.get(SESSIONS)
    assert "<html" in page.text
    assert "<html" not in part.text
    assert "Your sessions" in text_of(part)
