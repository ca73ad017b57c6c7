"""Pieces of HTML. Everything that is not already `Html` is escaped, so nothing gets into the page by accident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

ADDRESS = "http://127.0.0.1:8080"
"""What examples call, where it is not known by which address the reader came."""
_QUOTED = re.compile(r"`([^`]+)`")
_PARAGRAPHS = re.compile(r"\n\s*\n")


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def html(value: object) -> Html:
    """A value as HTML: escaped, unless it is HTML."""
    return value if isinstance(value, Html) else Html(escape(str(value)))


def joined(parts: Iterable[object]) -> Html:
    return Html("".join(html(part) for part in parts))


def rich(text: str) -> Html:
    """A text with `code` in it."""
    return Html(_QUOTED.sub(r"<code>\1</code>", escape(text)))


def paragraphs(text: str) -> Html:
    return joined(tag("p", rich(paragraph)) for paragraph in _PARAGRAPHS.split(text) if paragraph.strip())


def tag(name: str, *content: object, **attributes: str) -> Html:
    """An element. `class_` stands for class; `_` in other names for `-`."""
    named = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{named}>{joined(content)}</{name}>")


def code(text: object) -> Html:
    return tag("code", text)


def block(text: str, label: str = "") -> Html:
    """A piece of code, with what it is above it. It scrolls, so it can be reached with the keyboard."""
    heading = tag("div", label, class_="label") if label else Html("")
    return Html(f"{heading}{tag('pre', code(text), tabindex='0')}")


def link(anchor: str, text: object) -> Html:
    return tag("a", text, href=f"#{anchor}")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """A table that scrolls by itself on a narrow screen; empty without rows."""
    lines = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    if not lines:
        return Html("")
    head = tag("thead", tag("tr", *(tag("th", heading, scope="col") for heading in headings)))
    return tag("div", tag("table", head, tag("tbody", *lines)), class_="wide")


def section(anchor: str, title: str, *content: object, level: int = 2) -> Html:
    """A part of the page with a heading that can be linked to."""
    heading = tag(f"h{level}", title, " ", tag("a", "#", href=f"#{anchor}", class_="here", aria_label=f"Link: {title}"))
    return tag("section", heading, *content, id=anchor)
