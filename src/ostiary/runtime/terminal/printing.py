"""The one way to a terminal. What partners, clients and providers wrote may hold characters that a terminal obeys
instead of showing: they move the cursor, clear the screen, hide or reorder text. Here they become visible.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ostiary.domain.names.visible import OBEYED, printable

if TYPE_CHECKING:
    from rich.console import Console


def say(text: str, *, error: bool = False) -> None:
    """Prints a text for people, of however many lines."""
    print(printable(text), file=sys.stderr if error else sys.stdout, flush=True)


def say_json(value: Any, *, error: bool = False) -> None:
    """Prints one line of JSON that means the same with every such character escaped (RFC 8259 7)."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    plain = OBEYED.sub(lambda match: json.dumps(match[0])[1:-1], text)
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
