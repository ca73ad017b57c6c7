"""A form counts only if a page of ours sent it, within the session that it was made in, and in the size of a form."""

from __future__ import annotations

import pytest

from ostiary.console.forms.same_site import check_origin
from ostiary.console.problems import ConsoleRefused
from ostiary.console.request import MOST_FORM_BYTES
from ostiary.domain.operators.operator import Role
from ostiary.html.fields import MOST_FIELDS, MOST_QUERY_BYTES
from ostiary.web.asgi import ApiRequest
from tests.console.desk import FORM, ORIGIN, Desk, Visitor

ACTION = "/console/sessions/end-others"
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture
async def viewer(desk: Desk, request: pytest.FixtureRequest) -> Visitor:
    return await desk.signed_in(
        f"Vic of {request.node.name}"[:90].replace("[", " ").replace("]", "").strip(), Role.VIEWER
    )


async def test_a_form_of_this_session_is_taken(viewer: Visitor) -> None:
    assert (await viewer.post(ACTION)).status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "none", "é" * 64, "0" * 60_000])
async def test_without_the_token_nothing_is_done(viewer: Visitor, token: str) -> None:
    answer = await viewer.post(ACTION, {"form_token": token})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text


async def test_the_token_of_another_session_is_none(desk: Desk, viewer: Visitor) -> None:
    other = await desk.signed_in("Otto with a token")
    assert (await viewer.post(ACTION, {"form_token": await other.form_token()})).status_code == 403
    assert viewer.operator is not None
    again = desk.visitor(await desk.session(viewer.operator), viewer.operator)
    assert (await viewer.post(ACTION, {"form_token": await again.form_token()})).status_code == 403, (
        "nor one's own other"
    )


@pytest.mark.parametrize("headers", [
    {"origin": "https://evil.example"},
    {"origin": "http://ostiary.evil.example"},
    {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://[ostiary"},
    {"origin": "ostiary"},
    {"origin": "file://ostiary"},
    {"origin": None},
    {"origin": None, "sec-fetch-site": "cross-site"},
    {"origin": None, "sec-fetch-site": "same-site"},
    {"origin": None, "sec-fetch-site": "none"},
    {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
])  # fmt: skip
async def test_what_a_page_of_ours_did_not_send_is_refused(viewer: Visitor, headers: dict[str, str | None]) -> None:
    answer = await viewer.post(ACTION, headers=headers)
    assert answer.status_code == 403
    assert "not sent by a page of this console" in answer.text


@pytest.mark.parametrize("headers", [
    {"origin": ORIGIN}, {"origin": "http://OSTIARY"}, {"origin": "https://ostiary"},
    {"origin": None, "sec-fetch-site": "same-origin"}, {"origin": ORIGIN, "sec-fetch-site": "same-origin"},
])  # fmt: skip
async def test_what_a_page_of_ours_sent_is_taken(viewer: Visitor, headers: dict[str, str | None]) -> None:
    assert (await viewer.post(ACTION, headers=headers)).status_code == 303


async def test_a_sign_in_needs_the_token_of_its_browser(desk: Desk) -> None:
    """Or a page of somebody else could sign a victim in under its own account."""
    stranger, other = desk.visitor(), desk.visitor()
    foreign = await other.form_token("/console/sign-in")
    assert (await stranger.post("/console/sign-in", {"form_token": foreign, "name": "x"})).status_code == 403
    own = await stranger.form_token("/console/sign-in")
    stranger.http.cookies.delete(FORM)
    assert (await stranger.post("/console/sign-in", {"form_token": own, "name": "x"})).status_code == 403


@pytest.mark.parametrize("media_type", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
async def test_only_forms_are_read(viewer: Visitor, media_type: str) -> None:
    headers = {"origin": ORIGIN, "content-type": media_type}
    answer = await viewer.http.post(ACTION, content=b"form_token=x", headers=headers)
    assert answer.status_code == 415


async def test_a_packed_form_is_not_read(viewer: Visitor) -> None:
    headers = {"origin": ORIGIN, "content-type": FORM_TYPE, "content-encoding": "gzip"}
    assert (await viewer.http.post(ACTION, content=b"x", headers=headers)).status_code == 415


@pytest.mark.parametrize(("body", "status"), [
    (b"form_token=" + b"x" * MOST_FORM_BYTES, 413),
    (b"&".join(b"a=b" for _ in range(MOST_FIELDS + 1)), 400),
    (b"form_token=%ff", 400),
    (b"form_token=%00", 400),
    (b"a%00=b", 400),
    (b"form_token=\xff", 400),
    (b"", 403),
    (b"&&&===", 403),
    (b"form_token=%zz", 403),
    (b"form_token", 403),
])  # fmt: skip
async def test_an_odd_body_is_refused_and_breaks_nothing(viewer: Visitor, body: bytes, status: int) -> None:
    answer = await viewer.http.post(ACTION, content=body, headers={"origin": ORIGIN, "content-type": FORM_TYPE})
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("query", ["a=%ff", "a=%00", "x" * (MOST_QUERY_BYTES + 1), "&".join("a" for _ in range(201))])
async def test_an_odd_query_is_refused(viewer: Visitor, query: str) -> None:
    answer = await viewer.get(f"/console/companies?{query}")
    assert answer.status_code == 400


def sent(origin: str) -> ApiRequest:
    """As a proxy hands it on that puts its own host in the place of ours."""
    headers = [(b"host", b"10.0.0.7:8080"), (b"origin", origin.encode())]

    async def receive() -> dict[str, object]:
        return {}

    return ApiRequest({"type": "http", "method": "POST", "headers": headers}, receive)


def test_the_public_address_is_ours_behind_a_proxy_that_changes_the_host() -> None:
    check_origin(sent("https://kyc.example.com"), "https://kyc.example.com")
    for origin in ("http://kyc.example.com", "https://kyc.example.com.evil.example", "https://kyc.example.com:444"):
        with pytest.raises(ConsoleRefused):
            check_origin(sent(origin), "https://kyc.example.com")
