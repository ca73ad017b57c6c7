"""What a handler of pages answers with: a page, a redirect, or bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A template with its values. `title` stands in windows and histories: it names no person and no company.

    `scripts` are names of ES modules in `static/`, besides those of every page.
    """

    template: str
    title: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirect:
    """On to another page of ours, by GET. `notice` is a word for a text of ours, shown there.

    `session` is the token of a session that begins with this answer; empty text ends it; None leaves it. `language` is
    the tag of the one that the browser asks for from now on.
    """

    path: str
    notice: str = ""
    session: str | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Bytes as they are. With a `file_name` the browser saves them, without it shows them."""

    body: bytes = field(repr=False)
    media_type: str
    file_name: str = ""
