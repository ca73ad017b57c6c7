"""What every answer of the console says to a browser, whatever is asked and however it goes."""

from __future__ import annotations

import re

import pytest

from ostiary.console.security_headers import CONTENT_SECURITY_POLICY
from ostiary.console.sign_in_first import own_path
from ostiary.console.static_files import own_files
from ostiary.console.table import TABLE
from ostiary.console.words import NOTICES
from tests.console.desk import Desk, text_of

ASKED = (
    ("GET", "/console"), ("GET", "/console/sign-in"), ("GET", "/console/companies"), ("GET", "/console/session"),
    ("GET", "/console/nothing"), ("POST", "/console/sign-in"), ("DELETE", "/console/companies"),
    ("OPTIONS", "/console"), ("GET", "/console/link/none"), ("GET", "/console/static/none.css"),
    ("HEAD", "/console/sign-in"), ("PROPFIND", "/console/x"), ("GET", "/console/companies/%2e%2e/operators"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ASKED)
@pytest.mark.parametrize("is_signed_in", [False, True])
async def test_every_answer_keeps_to_itself(desk: Desk, method: str, path: str, is_signed_in: bool) -> None:
    number = ASKED.index((method, path))
    visitor = await desk.signed_in(f"Hedy of headers {number}") if is_signed_in else desk.visitor()
    answer = await visitor.http.request(method, path)
    assert answer.status_code < 500
    expected = {
        "content-security-policy": CONTENT_SECURITY_POLICY.decode(),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "access-control-allow-origin" not in answer.headers


def test_the_policy_of_content_lets_nothing_in_from_elsewhere() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in CONTENT_SECURITY_POLICY.decode().split(";"))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("frame-ancestors") == "'none'"
    assert set(rules.values()) == {"'self'"}
    assert set(rules) == {"script-src", "style-src", "img-src", "connect-src", "form-action"}


INSIDE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=\"/console/static/)")
ELSEWHERE = re.compile(r'(src|href|action)="(?!/console|#)')


async def test_no_page_has_script_or_style_inside_or_anything_from_elsewhere(desk: Desk) -> None:
    admin, company = await desk.signed_in("Inge of the insides"), await desk.company("Acme insides")
    pages = [row.path.replace("{companyId}", company.id) for row in TABLE if row.method == "GET"]
    for path in [path for path in pages if "{" not in path and not path.endswith((".csv", ".json", "/session"))]:
        text = (await admin.http.get(path, follow_redirects=True)).text
        assert not INSIDE.search(text), path
        assert not ELSEWHERE.search(text), path


@pytest.mark.parametrize(("method", "path", "allowed"), [
    ("DELETE", "/console/companies", "GET, HEAD, POST"), ("PUT", "/console/operators", "GET, HEAD, POST"),
    ("GET", "/console/sign-out", "POST"), ("OPTIONS", "/console/about", "GET, HEAD"),
    ("TRACE", "/console", "GET, HEAD"),
])  # fmt: skip
async def test_another_method_is_refused_with_those_that_there_are(
    desk: Desk, method: str, path: str, allowed: str
) -> None:
    admin = await desk.signed_in(f"Mona of {method} {path.rpartition('/')[2]}")
    answer = await admin.http.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


async def test_head_answers_as_get_does(desk: Desk) -> None:
    admin = await desk.signed_in("Hugo of heads")
    assert (await admin.http.head("/console/companies")).status_code == 200
    assert (await desk.visitor().http.head("/console/companies")).status_code == 303


@pytest.mark.parametrize("path", ["/console/x", "/console/companies/", "/console/operators/x/y/z", "/console/%2e%2e/"])
async def test_a_path_that_is_none_is_told_only_to_who_is_signed_in(desk: Desk, path: str) -> None:
    stranger = await desk.visitor().get(path)
    assert (stranger.status_code, stranger.headers["location"][:16]) == (303, "/console/sign-in")
    admin = await desk.signed_in(f"Uma at {path}")
    assert (await admin.get(path)).status_code == 404


async def test_other_addresses_are_the_apis_as_before(desk: Desk) -> None:
    for path in ("/consoles", "/console.css", "/consol", "/management/x"):
        answer = await desk.visitor().get(path)
        assert answer.headers["content-type"] == "application/json", path


# ---- where one is sent on to ----


@pytest.mark.parametrize("path", [
    "/console", "/console/companies", "/console/companies/0Gw29/deliveries?state=failed&before=0Gw",
    "/console/audit.csv",
])  # fmt: skip
def test_a_page_of_ours_may_be_gone_on_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("path", [
    "", "/", "//evil.example", "/console//evil.example", "https://evil.example/console", "/console@evil.example",
    "\\\\evil.example", "/console\\evil", "/console/../management", "/console/..%2f", "/console\r\nset-cookie: a=b",
    "javascript:alert(1)", "/consoles", "/console?next=//evil.example", "console", " /console", "/console#x",
    "/console/" + "a" * 1_000, "/console/é",
])  # fmt: skip
async def test_nothing_else_is_gone_on_to(desk: Desk, path: str) -> None:
    assert own_path(path) is None
    if path.isascii() and path.isprintable():
        admin = await desk.signed_in(f"Nora {abs(hash(path))}")
        answer = await admin.get("/console/sign-in", params={"next": path})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/queue")


async def test_one_comes_back_to_where_one_wanted_to(desk: Desk) -> None:
    place = (await desk.visitor().get("/console/operators?x=1")).headers["location"]
    page = await desk.visitor().get(place)
    assert 'name="next" value="/console/operators?x=1"' in page.text


async def test_no_address_puts_words_into_our_mouth(desk: Desk) -> None:
    admin = await desk.signed_in("Willa of words")
    assert "Evil says" not in (await admin.get("/console/companies?notice=Evil+says")).text
    for word, words in NOTICES.items():
        assert words.split(":")[0] in text_of(await admin.get(f"/console/companies?notice={word}"))


# ---- style and scripts ----


async def test_static_files_are_kept_under_names_that_change_with_them(desk: Desk) -> None:
    page = await desk.visitor().get("/console/sign-in")
    addresses = set(re.findall(r'(?:src|href)="(/console/static/[^"]+)"', page.text))
    assert len(addresses) >= 4
    for address in addresses:
        answer = await desk.visitor().get(address, headers={"accept-encoding": "identity"})
        packed = await desk.visitor().get(address, headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert (packed.headers["content-encoding"], packed.content) == ("gzip", answer.content)
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("name", [
    "console.css", "..", "%2e%2e%2fcookies.py", "..%2f..%2fsettings.py", "htmx.LICENSE", "console.0000000000000000.css",
    "static/console.css", "",
])  # fmt: skip
async def test_no_path_leads_out_of_them(desk: Desk, name: str) -> None:
    answer = await desk.visitor().http.get(f"/console/static/{name}")
    assert answer.status_code in (303, 404)
    assert "import" not in answer.text


def test_every_file_has_one_address() -> None:
    static = own_files()
    assert re.fullmatch(r"/console/static/console\.[0-9a-f]{16}\.css", static.address("console.css"))
    with pytest.raises(KeyError):
        static.address("nothing.css")


def test_all_script_is_small() -> None:
    static = own_files()
    scripts = [file for name, file in static._files.items() if name.endswith(".js")]
    assert sum(len(file.compressed) for file in scripts) <= 50_000
