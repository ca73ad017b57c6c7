"""The one way to a terminal. What partners, clients and providers wrote may hold characters that a terminal obeys
instead of showing: they move the cursor, clear the screen, hide or reorder text. Here they become visible.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters of C0 and C1 but tab and line feed (ECMA-48), marks that reorder or hide text (Unicode TR 36),
tags, and halves of surrogates, which cannot be written at all. Joiners that scripts need (U+200C, U+200D) may stay."""


def printable(text: str) -> str:
    """The text with what a terminal would obey written as an escape: `\\x1b` or `\\u202e`."""
    return _OBEYED.sub(lambda match: _escape(ord(match[0])), text)


def say(text: str, *, error: bool = False) -> None:
    """Prints a text for people, of however many lines."""
    print(printable(text), file=sys.stderr if error else sys.stdout, flush=True)


def say_json(value: Any, *, error: bool = False) -> None:
    """Prints one line of JSON that means the same with every such character escaped (RFC 8259 7)."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    plain = _OBEYED.sub(lambda match: json.dumps(match[0])[1:-1], text)
    print(plain, file=sys.stderr if error else sys.stdout, flush=True)


def console(*, error: bool = False, width: int | None = None) -> Console:
    """For tables, trees and progress. Rich's own styles and movements stay, those in texts do not."""
    from rich.console import Console
    from rich.segment import Segment

    class Careful(Console):
        def _render_buffer(self, buffer: Iterable[Segment]) -> str:
            plain = (part if part.control else Segment(printable(part.text), part.style) for part in buffer)
            return super()._render_buffer(plain)

    return Careful(stderr=error, width=width, highlight=False)


def _escape(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
