"""The documentation as plain text: what machines that read begin with, and every page that it names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from ostiary.api import plain_pages
from ostiary.api.plain_pages import list_of, readable
from tests.http.running import Running

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
LINK = re.compile(r"\]\(([^()\s]+)\)")
PLAIN = "text/plain; charset=utf-8"


async def test_the_list_names_every_page_for_users_and_each_is_there(app: Running) -> None:
    answer = await app.call("GET", "/llms.txt", None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PLAIN)
    assert answer.text.startswith("# Ostiary\n\n> ")
    named = re.findall(r"^- \[.+?\]\((docs/[\w-]+\.md)\): for .+$", answer.text, re.MULTILINE)
    assert {"docs/integrating.md", "docs/clients.md", "docs/running.md"} <= set(named)
    for address in (*named, "openapi.json", "docs"):
        assert f"]({address})" in answer.text
        assert (await app.call("GET", f"/{address}", None)).status_code == 200


@pytest.mark.parametrize("name", NAMES)
async def test_each_page_is_plain_text_whose_links_lead_somewhere(app: Running, name: str) -> None:
    answer = await app.call("GET", f"/docs/{name}.md", None)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PLAIN)
    assert answer.text.startswith("# ")
    assert not re.search(r"<(?:img|picture|source)\b", answer.text)
    for target in LINK.findall(answer.text):
        page = target.partition("#")[0]
        assert target.startswith(("https://", "#")) or page.removesuffix(".md") in NAMES, target


async def test_nothing_else_of_the_folder_is_served(app: Running) -> None:
    for path in ("/docs/nothing.md", "/docs/index", "/docs/decisions/index.md", "/docs/../README.md", "/docs/"):
        assert (await app.call("GET", path, None)).status_code == 404, path


async def test_pages_are_only_read(app: Running) -> None:
    assert (await app.call("POST", "/llms.txt", None)).status_code == 405
    head = await app.http.head("/docs/integrating.md")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.heavy
def test_an_installation_has_them_beside_its_code(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [wheel] = tmp_path.glob("*.whl")
    files = ZipFile(wheel).namelist()
    pages = {name.removeprefix("ostiary/pages/") for name in files if name.startswith("ostiary/pages/")}
    assert pages == {f"{name}.md" for name in NAMES}
    code = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src/ostiary").rglob("*.py")}
    assert code <= set(files)
    assert not [name for name in files if not name.startswith(("ostiary/", "ostiary-"))]


def test_without_pages_none_is_served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(plain_pages, "PLACES", (tmp_path,))
    assert plain_pages.plain_pages() == {}


@pytest.mark.parametrize(("text", "left"), [
    ("see [Running](running.md#keys) and [below](#here)", "see [Running](running.md#keys) and [below](#here)"),
    ("see [decision 3](decisions/0003-x.md)", "see decision 3"),
    ("see [Security](../SECURITY.md), [RFC](https://rfc.example)", "see Security, [RFC](https://rfc.example)"),
    ("a ![picture](pictures/queue.webp) here", "a  here"),
    ("<picture><source srcset='x'><img\nsrc='y' alt=\"A queue\"\nwidth='9'></picture>", "(Picture: A queue)"),
])  # fmt: skip
def test_links_lead_to_what_is_served_or_nowhere(text: str, left: str) -> None:
    assert readable(text, frozenset({"running"})) == left


def test_a_page_that_is_not_there_is_not_listed() -> None:
    index = "| page | for |\n|---|---|\n| [A](a.md) | all: [b](b.md) |\n| [B](b.md) | nobody |\n"
    assert list_of(index, frozenset({"a"})).endswith("\n- [A](docs/a.md): for all: b\n")
