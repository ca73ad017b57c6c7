"""Passkeys on the pages of the console: as a browser with one sends them, and as somebody else would."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import replace
from html import unescape

import httpx
import pytest
import structlog

from ostiary.api.composition import application
from ostiary.console.application import branch
from ostiary.console.request import MOST_FORM_BYTES
from ostiary.domain.operators.passkeys import RelyingParty
from ostiary.domain.operators.sessions import FRESH_MS
from ostiary.usecases.operators.passkeys import passkeys_of
from ostiary.web.rate_limiter import RateLimiter
from tests.console.desk import FORM, SESSION, Desk, Visitor, text_of
from tests.console.test_sign_in import PASSWORD, let_in
from tests.devices import Device, text

ACCOUNT = "/console/sessions"
BY_PASSKEY = "/console/passkey/sign-in"
ATTRIBUTE = re.compile(r'data-(\w+)="([^"]*)"')


@pytest.fixture
async def public(desk: Desk) -> Desk:
    """The console as people reach it under a name, by a proxy that leaves us the host of its own."""
    desk.address = f"2001:db8:0:{secrets.randbelow(65_536):x}::1"  # failures of other tests are not ours
    console = replace(desk.console, public_url="http://kyc.localhost:8443")
    desk.console = console
    desk.app = application(desk.parts, lambda: None, RateLimiter(0), branches=(branch(console),))
    return desk


PUBLIC = RelyingParty("kyc.localhost", "http://kyc.localhost:8443")


async def challenge(visitor: Visitor) -> str:
    answer = await visitor.get("/console/passkey/challenge")
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["challenge"])


async def sends(
    visitor: Visitor, path: str, page: str, device: Device, operator_id: str = "", **odd: str
) -> httpx.Response:
    """A form that a passkey filled: of signing in or, with the id of whom it is made for, of a new one."""
    form = {"form_token": await visitor.form_token(page), "challenge": await challenge(visitor)}
    sign = (
        device.register(form["challenge"], operator_id, PUBLIC)
        if operator_id
        else device.sign(form["challenge"], PUBLIC)
    )
    return await visitor.post(path, {**form, "credential": sign, **odd})


async def set_up(desk: Desk, name: str, device: Device, role: str = "viewer") -> tuple[Visitor, str]:
    """The browser of a new operator who made a passkey by the link, and his id."""
    link, visitor = await let_in(desk, await desk.signed_in(f"Ada for {name}"), name, role), desk.visitor()
    operator_id = link.rpartition("/")[2].partition("_")[0]
    done = await sends(visitor, f"{link}/passkey", link, device, operator_id)
    assert (done.status_code, done.headers["location"]) == (303, "/console/queue")
    return visitor, operator_id


async def test_a_link_offers_a_passkey_and_one_signs_in_from_then_on(public: Desk) -> None:
    device = Device(credential_id=b"of Pia")
    visitor, _ = await set_up(public, "Pia of the passkey", device)
    assert "First passkey" in text_of(await visitor.get(ACCOUNT))
    again = public.visitor()
    page = await again.get("/console/sign-in?next=%2Fconsole%2Fabout")
    given = dict(ATTRIBUTE.findall(page.text))
    assert (given["passkey"], given["site"], given["origin"]) == ("get", PUBLIC.id, PUBLIC.origin)
    assert "passkeys." in page.text
    done = await sends(again, BY_PASSKEY, "/console/sign-in", device, next="/console/about")
    assert (done.status_code, done.headers["location"]) == (303, "/console/about")
    assert (await again.get("/console/about")).status_code == 200
    operators = text_of(await (await public.signed_in("Ada who looks")).get("/console/operators"))
    assert "Pia of the passkey viewer all passkey active" in operators


async def test_the_form_says_for_whom_a_device_makes_one_and_which_there_are(public: Desk) -> None:
    device = Device(credential_id=b"of Moe")
    visitor, operator_id = await set_up(public, "Moe <of> markup", device)
    given = dict(ATTRIBUTE.findall((await visitor.get(ACCOUNT)).text))
    assert given["user"] == text(operator_id.encode())
    assert given["known"] == text(b"of Moe")
    assert unescape(given["name"]) == "Moe <of> markup"


async def test_whatever_is_wrong_the_words_are_the_same_and_nobody_is_in(public: Desk) -> None:
    device = Device(credential_id=b"of Rex")
    await set_up(public, "Rex of refusals", device)
    shown = set()
    for odd in ({"credential": "{}"}, {"challenge": "A" * 75}, {"credential": "x" * 20_000}, {"challenge": ""}):
        visitor = public.visitor()
        answer = await sends(visitor, BY_PASSKEY, "/console/sign-in", device, **odd)
        assert answer.status_code == 401
        assert visitor.http.cookies.get(SESSION) is None
        shown.add(re.findall(r'role="alert"[^>]*autofocus>([^<]+)', answer.text)[0])
    assert len(shown) == 1
    large = await sends(public.visitor(), BY_PASSKEY, "/console/sign-in", device, credential="x" * MOST_FORM_BYTES)
    assert large.status_code == 413


async def test_a_challenge_of_another_browser_signs_nobody_in(public: Desk) -> None:
    device = Device(credential_id=b"of Ben")
    await set_up(public, "Ben of browsers", device)
    victim, thief = public.visitor(), public.visitor()
    await victim.form_token("/console/sign-in")
    asked = await challenge(victim)
    stolen = {"challenge": asked, "credential": device.sign(asked, PUBLIC)}
    assert (await thief.post(BY_PASSKEY, stolen)).status_code == 401
    assert (await victim.post(BY_PASSKEY, stolen)).status_code == 303


async def test_a_passkey_is_not_taken_from_another_page_nor_without_its_form(public: Desk) -> None:
    device = Device(credential_id=b"of Eve")
    await set_up(public, "Eve of elsewhere", device)
    visitor = public.visitor()
    form = {"form_token": await visitor.form_token("/console/sign-in"), "challenge": await challenge(visitor)}
    form["credential"] = device.sign(form["challenge"], PUBLIC)
    for changed, headers in (({}, {"origin": "https://evil.example"}), ({"form_token": "0" * 64}, {})):
        assert (await visitor.post(BY_PASSKEY, {**form, **changed}, headers=headers)).status_code == 403
    assert (await visitor.post(BY_PASSKEY, form)).status_code == 303


async def test_ones_own_are_added_renamed_and_removed_but_not_the_last(public: Desk) -> None:
    visitor, operator_id = await set_up(public, "Oda who owns", Device(credential_id=b"first of Oda"))
    assert "your only way in" in text_of(await visitor.get(ACCOUNT))
    second = Device(credential_id=b"second of Oda")
    added = await sends(visitor, "/console/passkeys", ACCOUNT, second, operator_id, name="blue <b>key</b>")
    assert added.headers["location"] == f"{ACCOUNT}?notice=passkey_added"
    page = await visitor.get(added.headers["location"])
    assert "The passkey is added" in text_of(page)
    assert "blue <b>key</b>" not in page.text
    first, other = await passkeys_of(public.parts.context, operator_id)
    place = f"/console/passkeys/{other.mark.hex()}"
    renamed = await visitor.post(f"{place}/rename", {"name": "grey key"})
    assert renamed.headers["location"] == f"{ACCOUNT}?notice=passkey_renamed"
    assert "grey key" in text_of(await visitor.get(ACCOUNT))
    removed = await visitor.post(f"{place}/remove")
    assert removed.headers["location"] == f"{ACCOUNT}?notice=passkey_removed"
    last = await visitor.post(f"/console/passkeys/{first.mark.hex()}/remove")
    assert (last.status_code, "only way" in text_of(last)) == (412, True)
    assert (await visitor.post("/console/passkeys/none/remove")).status_code == 400
    assert (await visitor.post(f"/console/passkeys/{'0' * 64}/remove")).status_code == 404


async def test_what_is_wrong_with_a_new_one_is_said_beside_the_form(public: Desk) -> None:
    visitor, operator_id = await set_up(public, "Una who errs", Device(credential_id=b"of Una"))
    other = Device(credential_id=b"second of Una")
    nameless = await sends(visitor, "/console/passkeys", ACCOUNT, other, operator_id, name=" ")
    assert nameless.status_code == 400
    assert 'id="name-problem"' in nameless.text
    broken = await sends(visitor, "/console/passkeys", ACCOUNT, other, operator_id, name="key", credential="{}")
    assert (broken.status_code, "(malformed)" in text_of(broken)) == (400, True)
    link = await let_in(public, await public.signed_in("Ada of Ugo"), "Ugo who errs")
    at_link = await sends(public.visitor(), f"{link}/passkey", link, other, operator_id, credential="[]")
    assert (at_link.status_code, "(malformed)" in text_of(at_link)) == (400, True)


async def test_to_change_them_one_signs_in_again_and_comes_back(public: Desk) -> None:
    visitor, operator_id = await set_up(public, "Sam who stayed", Device(credential_id=b"of Sam"))
    public.clock.ahead_ms += FRESH_MS
    page = await visitor.get(ACCOUNT)
    assert "within the last ten minutes" in text_of(page)
    assert 'action="/console/passkeys"' not in page.text
    refused = await sends(visitor, "/console/passkeys", ACCOUNT, Device(credential_id=b"x"), operator_id, name="key")
    assert (refused.status_code, "Sign in again first" in text_of(refused)) == (412, True)
    out = await visitor.post("/console/sign-out", {"next": ACCOUNT})
    assert out.headers["location"] == "/console/sign-in?next=%2Fconsole%2Fsessions&notice=signed_out"
    out = await visitor.post("/console/sign-out", {"next": "https://evil.example"})
    assert "evil" not in out.headers.get("location", "")


async def test_where_passkeys_do_not_work_the_pages_say_so_and_the_password_form_is_there(desk: Desk) -> None:
    """Under a name without HTTPS, as here, or an address of digits."""
    admin = await desk.signed_in("Ada without a name")
    link = await let_in(desk, admin, "Lin without a name")
    for visitor, path in ((admin, ACCOUNT), (desk.visitor(), link)):
        page = await visitor.get(path)
        assert "OSTIARY_PUBLIC_URL" in text_of(page)
        assert "data-passkey" not in page.text
    page = await desk.visitor().get("/console/sign-in")
    assert ("data-passkey" in page.text, 'type="password"' in page.text) == (False, True)
    refused = await desk.visitor().post(BY_PASSKEY, {"challenge": "A", "credential": "{}"})
    assert (refused.status_code, "do not work at the address" in text_of(refused)) == (412, True)


async def test_without_script_the_passkey_forms_stay_hidden(public: Desk) -> None:
    page = (await public.visitor().get("/console/sign-in")).text
    before, _, after = page.partition("data-passkey=")
    assert before.rpartition("<div")[2].strip().startswith("data-with-passkeys hidden>")
    assert 'type="password"' in after
    assert PASSWORD not in page


async def test_nothing_of_it_is_in_the_log(public: Desk) -> None:
    device = Device(credential_id=b"credential of Lou")
    with structlog.testing.capture_logs() as lines:
        visitor, operator_id = await set_up(public, "Lou of logs", device)
        await sends(visitor, "/console/passkeys", ACCOUNT, Device(credential_id=b"y"), operator_id, name="Lou's ring")
        await sends(public.visitor(), BY_PASSKEY, "/console/sign-in", device)
    kept_out = ("Lou", text(device.credential_id), visitor.http.cookies[SESSION], json.dumps("ring"), FORM)
    assert lines
    assert not [word for word in kept_out if word in repr(lines)]
