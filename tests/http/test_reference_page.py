"""The reference page: self-contained, escaped, whole."""

from __future__ import annotations

import html as html_module
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from ostiary.adapters.config import scenarios_file
from ostiary.api.openapi.errors import error_codes
from ostiary.api.operations import TABLE
from ostiary.api.reference.chapters import SETTINGS, VERIFY
from ostiary.api.reference.drawing import ways
from ostiary.api.reference.html import ADDRESS, Html, html, rich, table, tag
from ostiary.app import Installation
from ostiary.domain.onboarding.enablement import TRANSITIONS
from ostiary.domain.rejections import EXPLANATIONS
from ostiary.settings import TABLE as KNOWN_SETTINGS
from ostiary.wire.problems import FAULT_CODES
from tests.http.running import running
from tests.material import company

EMPTY = {"meta", "link", "img", "br", "hr", "input"}


class Reader(HTMLParser):
    """Collects what a page refers to, and sees that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.names.add(name)
        self.ids += [anchor for anchor in (named.get("id"),) if anchor]
        self.targets += [target for target in (named.get("href"), named.get("src")) if target]
        assert not [name for name in named if name.startswith("on")]
        if name not in EMPTY:
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name


@pytest.fixture
async def answer(shared: Installation) -> httpx.Response:
    async with running(shared) as app:
        return await app.call("GET", "/docs", None)


@pytest.fixture
def page(answer: httpx.Response) -> str:
    return answer.text


def test_it_is_sent_with_a_strict_policy(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script-src" not in policy


def test_it_is_well_formed_needs_nothing_from_elsewhere_and_every_link_leads_somewhere(page: str) -> None:
    reader = Reader()
    reader.feed(page)
    assert not reader.open
    assert not reader.names & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert len(reader.ids) == len(set(reader.ids))
    dangling = [target for target in reader.targets if target.startswith("#") and target[1:] not in reader.ids]
    assert not dangling
    assert {target for target in reader.targets if not target.startswith("#")} == {"/openapi.json"}
    assert "@import" not in page
    assert "url(" not in page.replace("url(#tip)", "")


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"host": "127.0.0.1:9000"}, "http://127.0.0.1:9000"),
        ({"host": "kyc.example.com", "x-forwarded-proto": "https"}, "https://kyc.example.com"),
        ({"host": "kyc.example.com", "x-forwarded-proto": "gopher"}, "http://kyc.example.com"),
        ({"host": "[2001:db8::1]:8080"}, "http://[2001:db8::1]:8080"),
        ({"host": 'a"><script>'}, ADDRESS),
        ({"host": "a b"}, ADDRESS),
        ({"host": ""}, ADDRESS),
    ],
)
async def test_its_examples_call_the_address_that_the_reader_came_by(
    shared: Installation, headers: dict[str, str], shown: str
) -> None:
    async with running(shared) as app:
        answer = await app.call("GET", "/docs", None, headers=headers)
    assert answer.headers["cache-control"] == "no-store"
    assert f"{shown}/management/products" in html_module.unescape(answer.text)
    assert (ADDRESS in answer.text) is (shown == ADDRESS)
    assert "<script" not in answer.text


async def test_the_bare_address_leads_to_it(shared: Installation) -> None:
    async with running(shared) as app:
        answer = await app.call("GET", "/", None)
        assert answer.status_code == 307
        assert answer.next_request is not None
        assert answer.next_request.url.path == "/docs"
        refused = await app.call("POST", "/", None)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_everything_is_on_it(page: str) -> None:
    for operation in TABLE:
        assert f'id="{operation.name}"' in page
        assert operation.path in page
    codes = [*EXPLANATIONS, *error_codes(), *FAULT_CODES, *SETTINGS]
    assert not [code for code in codes if f"<code>{code}</code>" not in page]
    assert not [scenario for scenario in scenarios_file.load(None) if scenario.description not in page]
    assert page.count("$OSTIARY_API_KEY") >= len(TABLE)
    for explained in EXPLANATIONS.values():
        assert html(explained.action) in page


def test_the_drawing_has_every_way(page: str) -> None:
    assert page.count('class="way"') == len(ways())
    assert {before for before, _ in TRANSITIONS} | set(TRANSITIONS.values()) == {
        status for way in ways() for status in way
    }


def test_its_settings_are_those_there_are() -> None:
    defaults = {setting.name: setting.default for setting in KNOWN_SETTINGS}
    assert {name: defaults[name] for name in SETTINGS} == SETTINGS


def test_its_verification_of_deliveries_works() -> None:
    secret, body = company().signing_secret, '{"a":1}'
    space: dict[str, Any] = {}
    exec(VERIFY, space)  # noqa: S102 (what partners are told to run)
    moment = datetime.now(UTC)
    headers = {
        "webhook-id": "one",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": "v1,AAAA " + Webhook(secret).sign("one", moment, body),
    }
    assert space["is_genuine"](headers, body.encode(), secret)
    assert not space["is_genuine"](headers, b'{"a":2}', secret)
    assert not space["is_genuine"]({**headers, "webhook-timestamp": "1"}, body.encode(), secret)


@pytest.mark.parametrize("make", [html, rich, lambda text: tag("p", text), lambda text: table([text], [[text]]),
                                  lambda text: tag("a", "x", href=text)])  # fmt: skip
def test_what_is_put_in_is_escaped(make: Any) -> None:
    text = '<script>"x"</script>&'
    page = make(text)
    assert isinstance(page, Html)
    assert "<script" not in page
    assert not re.search(r'="[^"]*"x', page)
