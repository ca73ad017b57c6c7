"""Every page parses as it was meant: tables, lists, code and links, by a parser of CommonMark with GitHub's tables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
ASIDE = {".venv", ".git", "node_modules"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".venv") or part in ASIDE for part in path.relative_to(ROOT).parts)
)
PARSER = MarkdownIt("commonmark").enable("table")
BROKEN_BLOCK = re.compile(r"^\s*(?:[-*+] |\d+[.)] |\||#{1,6} |```|~~~)", re.MULTILINE)
"""What begins a line of running text only when the block that was meant there was not recognised as one."""
INLINE_LIST = re.compile(r"(?:^|[.;] )2\. ")
LONGEST_LINE_CHARACTERS = 160
"""Of running text in the source, 120 being usual: longer ones hide a change, and tell of text that was never set."""


@cache
def parsed(page: Path) -> list[Token]:
    return PARSER.parse(page.read_text("utf-8"))


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def inner(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def slug(heading: str) -> str:
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page: Path) -> list[str]:
    tokens = parsed(page)
    return [
        slug("".join(part.content for part in after.children or ()))
        for token, after in itertools.pairwise(tokens)
        if token.type == "heading_open"
    ]


def cells(line: str) -> int:
    """How many cells a row has in the source: the parser fills up what is missing, and drops what is too much."""
    row = re.sub(r"\\\|", "", line.strip()).removeprefix("|").removesuffix("|")
    return row.count("|") + 1


def test_there_are_pages() -> None:
    assert {"README.md", "docs/running.md", "deploy/README.md"} <= {name_of(page) for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_row_of_a_table_has_all_its_cells(page: Path) -> None:
    lines, faults, wanted = page.read_text("utf-8").splitlines(), [], 0
    for token in parsed(page):
        if token.type == "table_open" and token.map is not None:
            first, last = token.map
            wanted = cells(lines[first])
            heads = lines[first].strip().strip("|").split("|")
            faults += [first + 1] if not all(head.strip() for head in heads[1:]) else []
            faults += [number + 1 for number in range(first, last) if cells(lines[number]) != wanted]
    assert faults == [], f"lines of {page.name} whose cells are not as many as the head's"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_table_list_heading_or_code_is_taken_for_text(page: Path) -> None:
    problems, tokens = [], parsed(page)
    for before, token in itertools.pairwise(tokens):
        is_text = token.type == "inline" and before.type == "paragraph_open"
        if is_text and token.map is not None and BROKEN_BLOCK.search(token.content):
            problems.append((token.map[0] + 1, token.content[:80]))
    assert problems == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_list_of_steps_has_a_line_for_each(page: Path) -> None:
    tokens = parsed(page)
    pairs = itertools.pairwise(tokens)
    texts = [token.content for before, token in pairs if before.type == "paragraph_open"]
    assert [text[:80] for text in texts if INLINE_LIST.search(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_mark_is_left_open(page: Path) -> None:
    """A backtick, a bracket of a link, or stars that came through as letters."""
    texts = [part.content for part in inner(parsed(page)) if part.type == "text"]
    assert [text for text in texts if "`" in text or "**" in text or "](" in text] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_text_is_broken_into_lines(page: Path) -> None:
    tokens = parsed(page)
    in_tables = {number for token in tokens if token.type == "table_open" and token.map for number in range(*token.map)}
    problems = []
    for number, line in enumerate(page.read_text("utf-8").splitlines()):
        if len(line) > LONGEST_LINE_CHARACTERS and number not in in_tables:
            problems.append((number + 1, len(line)))
    assert problems == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_headings_are_told_apart_and_step_down_one_at_a_time(page: Path) -> None:
    levels = [int(token.tag[1:]) for token in parsed(page) if token.type == "heading_open"]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    titles = anchors(page)
    assert page.name == "CHANGELOG.md" or len(titles) == len(set(titles))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    faults = []
    for token in inner(parsed(page)):
        target = str(token.attrs.get("href", token.attrs.get("src", "")))
        if not target or re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = unquote(target).partition("#")
        file = (page.parent / place).resolve() if place else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            faults.append(target)
    assert faults == []


PICTURED = re.compile(r'srcset="([^"]*)"><img src="([^"]*)"\s+alt="([^"]*)"')
MOST_PICTURE_BYTES = 600_000
"""Of all pictures of the docs: whoever copies the repository has them, and each version of them."""


def test_pictures_of_the_docs_are_there_described_and_small() -> None:
    """Each is a pair for light and dark; what no page shows any more is gone (`make screens`)."""
    shown = [
        (page.parent / name, alt)
        for page in PAGES
        for dark, light, alt in PICTURED.findall(page.read_text("utf-8"))
        for name in (dark, light)
    ]
    assert {path for path, _ in shown} == set((ROOT / "docs" / "pictures").iterdir())
    assert all(len(alt.split()) >= 8 for _, alt in shown)
    assert sum(path.stat().st_size for path, _ in shown) <= MOST_PICTURE_BYTES
