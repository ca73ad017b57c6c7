"""Links to the page on which a client onboards himself: what each is for, how it stands, and until when it holds.

A link and what it is exchanged for are two things. The link lies in a message, is used once and holds for an hour or
so; the session that it is exchanged for lives in one browser (`sessions.py`).
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ostiary.domain.times import DAY_MS, HOUR_MS
from ostiary.domain.value import replace, value_type

MINUTES = range(1, 10_081)
"""How long a link may wait to be opened: a week is enough for who is on holiday, and a lost phone has no older one."""
USUAL_MINUTES = 60
"""Long enough for who was just sent to it, as most are."""
CHILD_MINUTES = 10
"""A link that goes on on a phone is scanned from the screen beside it."""
ADDRESS_CHARACTERS = 2_048
"""Of an address to come back to. As of a webhook; browsers and proxies take as much."""
STATE_CHARACTERS = 1_024
"""What a partner wants back beside it: a signed token fits, and the whole address stays below 4 kB."""
LANGUAGES = ("en", "es", "pt")
"""Those in which the page can be read."""
MOST_LIVE = 20
"""Links of one client that can be opened or are: more are a loop in somebody's code."""
MOST_KEPT = 200
"""Of one client, with those that are over and those made for phones: they are read together."""
KEPT_MS = 30 * DAY_MS
"""What is over is kept as long as what was told of it (`MESSAGES_KEPT_MS`): whoever opens an old link gets to know what
became of it, and the way back to the partner."""
CHILD_KEPT_MS = HOUR_MS
"""A link for a phone that is over: long enough to say so to who scanned it late; they count towards what is kept of a
client, and no partner is to be stopped by them."""
PATH = "/onboarding"


class LinkStatus(StrEnum):
    """How a link stands; wire-stable."""

    ACTIVE = "active"
    """Nobody has used it yet."""
    OPENED = "opened"
    """It was exchanged for a session."""
    FINISHED = "finished"
    """All that it asks for was submitted."""
    EXPIRED = "expired"
    """Nobody used it in time, or who did went away before the end."""
    REVOKED = "revoked"


LIVE = frozenset({LinkStatus.ACTIVE, LinkStatus.OPENED})
IN_USE = frozenset({LinkStatus.OPENED, LinkStatus.FINISHED})
"""Sessions of such a link go on: who has submitted may watch, and may be asked for more."""


class LinkProblem(StrEnum):
    """Why a link, or what it was exchanged for, leads nowhere."""

    UNKNOWN = "unknown"
    USED = "used"
    FINISHED = "finished"
    EXPIRED = "expired"
    REVOKED = "revoked"


@value_type(kw_only=True)
class LinkWish:
    """What a partner asks for. `request_ids` empty: every live request of the client. `language` empty: as the browser
    asks for."""

    request_ids: tuple[str, ...] = ()
    return_url: str = ""
    refresh_url: str = ""
    state: str = field(default="", repr=False)
    language: str = ""
    minutes: int = USUAL_MINUTES


@value_type(kw_only=True)
class OnboardingLink:
    """A link as it is kept: of its secret only a keyed hash, `mark`.

    `due_at_ms`: when it is looked at again, to end or to forget it. `sequence` counts what was told of it. `parent_id`
    is the link whose session made it, for a phone; empty for a link that a partner made.
    """

    id: str
    company_id: str
    client_id: str
    mark: bytes = field(repr=False)
    wish: LinkWish
    status: LinkStatus
    created_at_ms: int
    expires_at_ms: int
    due_at_ms: int
    opened_at_ms: int | None = None
    ended_at_ms: int | None = None
    parent_id: str = ""
    sequence: int = 0

    @property
    def root_id(self) -> str:
        """The link that the partner made."""
        return self.parent_id or self.id

    @property
    def actor(self) -> str:
        """As audit entries name who comes by it."""
        return f"link:{self.root_id}"

    def status_at(self, now_ms: int) -> LinkStatus:
        """How it stands at a moment: one that is too old is expired, whether or not that was written down."""
        is_late = self.status is LinkStatus.ACTIVE and now_ms >= self.expires_at_ms
        return LinkStatus.EXPIRED if is_late else self.status


def problem_of(link: OnboardingLink, now_ms: int) -> LinkProblem | None:
    """Why a link cannot be exchanged; None when it can."""
    return _PROBLEMS[link.status_at(now_ms)]


def opened(link: OnboardingLink, now_ms: int, due_at_ms: int) -> OnboardingLink:
    """After its exchange. It is looked at again when nobody has used the session for too long."""
    return replace(link, status=LinkStatus.OPENED, opened_at_ms=now_ms, due_at_ms=due_at_ms)


def over(link: OnboardingLink, status: LinkStatus, now_ms: int, kept_ms: int = KEPT_MS) -> OnboardingLink:
    """Ended in a way, to be forgotten in a month, or as long after as is declared; one for a phone in an hour."""
    after_ms = CHILD_KEPT_MS if link.parent_id else kept_ms
    return replace(link, status=status, ended_at_ms=now_ms, due_at_ms=now_ms + after_ms)


def state_problem(state: str) -> str | None:
    """What is wrong with a state, to follow its name: it travels in an address, and comes back as it was."""
    if len(state) <= STATE_CHARACTERS and state.isascii() and state.isprintable():
        return None
    return f"must be at most {STATE_CHARACTERS} printable ASCII characters"


_PROBLEMS = {
    LinkStatus.ACTIVE: None,
    LinkStatus.OPENED: LinkProblem.USED,
    LinkStatus.FINISHED: LinkProblem.FINISHED,
    LinkStatus.EXPIRED: LinkProblem.EXPIRED,
    LinkStatus.REVOKED: LinkProblem.REVOKED,
}
