"""The documentation as plain text, for machines that read: each page as written, and `/llms.txt` that lists them.

An installation has the pages beside its code; a checkout has them in `docs`. Where neither is there, none is served.
"""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path

from starlette.types import ASGIApp

from ostiary.api.application import read_only
from ostiary.web.asgi import ApiRequest, ApiResponse

PACKAGE = Path(__file__).parents[1]
PLACES = (PACKAGE / "pages", PACKAGE.parents[1] / "docs")
INDEX = "index"
PLAIN = b"text/plain; charset=utf-8"
ABOUT = """# Ostiary

> A self-hosted service that onboards clients and enables products for them: it tells partners' code what is still
> missing, takes documents and data, and lets a client in when nothing is missing and the review has said yes.

Begin with Integrating. The API describes itself in [OpenAPI](openapi.json) and, for people, in [a page](docs).

## Pages

"""
_LINK = re.compile(r"(!?)\[([^\]\[]*)\]\(([^()\s]+)\)")
_PICTURE = re.compile(r"<picture>.*?\balt=\"([^\"]*)\".*?</picture>", re.DOTALL)
_ROW = re.compile(r"^\| \[([^\]]+)\]\(([\w-]+)\.md\) \| (.+?) \|$", re.MULTILINE)


def plain_pages() -> dict[str, ASGIApp]:
    """Addresses and what they serve: what was read once is kept."""
    folder = folder_of_pages()
    if folder is None:
        return {}
    names = frozenset(path.stem for path in folder.glob("*.md"))

    @cache
    def text(name: str) -> bytes:
        return readable((folder / f"{name}.md").read_text("utf-8"), names).encode()

    async def page(name: str, _: ApiRequest) -> ApiResponse:
        return ApiResponse(200, text(name), media_type=PLAIN)

    async def listed(_: ApiRequest) -> ApiResponse:
        return ApiResponse(200, list_of((folder / f"{INDEX}.md").read_text("utf-8"), names).encode(), media_type=PLAIN)

    return {
        "/llms.txt": read_only(listed),
        **{f"/docs/{name}.md": read_only(partial(page, name)) for name in sorted(names)},
    }


def folder_of_pages() -> Path | None:
    """Where the pages are."""
    return next((place for place in PLACES if (place / f"{INDEX}.md").is_file()), None)


def readable(text: str, names: frozenset[str]) -> str:
    """A page with words for its pictures, whose links lead to what is served here; of other links the words stay."""

    def link(match: re.Match[str]) -> str:
        is_picture, words, target = match.groups()
        page = target.partition("#")[0]
        leads = not page or page.removesuffix(".md") in names or target.startswith("https://")
        return "" if is_picture else match[0] if leads else words

    return _LINK.sub(link, _PICTURE.sub(r"(Picture: \1)", text))


def list_of(index: str, names: frozenset[str]) -> str:
    """The pages with whom each is for, as https://llmstxt.org has it: the rows of the index."""
    rows = [
        f"- [{title}](docs/{name}.md): for {readable(about, frozenset())}"
        for title, name, about in _ROW.findall(index)
        if name in names
    ]
    return ABOUT + "\n".join(rows) + "\n"
