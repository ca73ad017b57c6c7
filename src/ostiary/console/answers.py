"""What a handler of the console answers with: what any page may, or the way to an identity provider."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.html.answers import Download, Page, Redirect


@dataclass(frozen=True, slots=True)
class SentOff:
    """To an identity provider's own page. `holds` is what the browser keeps until it comes back from there."""

    address: str = field(repr=False)
    holds: str = field(repr=False)


ConsoleAnswer = Page | Redirect | Download | SentOff
