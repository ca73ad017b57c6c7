"""Sessions of clients on the page: one browser that came by a link, and until when it may go on."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.hosted.links import IN_USE, LinkProblem, LinkStatus, OnboardingLink
from ostiary.domain.times import DAY_MS, HOUR_MS
from ostiary.domain.value import value_type

CLIENT_IDLE_MS = HOUR_MS
"""Somebody looks for a passport, and comes back. WCAG 2.2 (2.2.1) wants a warning before, and a way to stay."""
CLIENT_WHOLE_MS = DAY_MS
"""Whoever needs longer gets another link: nothing that he gave is lost."""
CLIENT_TOUCHED_AFTER_MS = 60_000
"""A session's row is not written more often than that, however many pages are asked for."""
MOST_CHILDREN = 10
"""Links for phones that are made from one link: each try to scan a code makes one."""


@value_type(kw_only=True)
class HostedSession:
    """A session as it is kept. `mark` is the keyed hash of its secret; `link_id` the link that the partner made, and
    `via_id` the one that was exchanged: another one on a phone."""

    mark: bytes = field(repr=False)
    company_id: str
    client_id: str
    link_id: str
    via_id: str
    created_at_ms: int
    seen_at_ms: int
    ends_at_ms: int

    @property
    def idle_until_ms(self) -> int:
        """When it ends if nothing more is done."""
        return min(self.seen_at_ms + CLIENT_IDLE_MS, self.ends_at_ms)

    @property
    def is_by_phone(self) -> bool:
        return self.via_id != self.link_id

    def is_fresh_enough(self, now_ms: int) -> bool:
        """Neither idle for too long nor too old. It also ends when the clock is set back far: nobody knows then how old
        it is."""
        return abs(now_ms - self.seen_at_ms) < CLIENT_IDLE_MS and now_ms < self.ends_at_ms

    def is_to_touch(self, now_ms: int) -> bool:
        """Whether it is worth writing down that it was used."""
        return abs(now_ms - self.seen_at_ms) >= CLIENT_TOUCHED_AFTER_MS


def session_begun(mark: bytes, via: OnboardingLink, now_ms: int) -> HostedSession:
    """A new session, by a link."""
    return HostedSession(
        mark=mark,
        company_id=via.company_id,
        client_id=via.client_id,
        link_id=via.root_id,
        via_id=via.id,
        created_at_ms=now_ms,
        seen_at_ms=now_ms,
        ends_at_ms=now_ms + CLIENT_WHOLE_MS,
    )


def session_problem(session: HostedSession, root: OnboardingLink, now_ms: int) -> LinkProblem | None:
    """Why a session cannot go on; None when it can."""
    if root.status is LinkStatus.REVOKED:
        return LinkProblem.REVOKED
    is_good = root.status in IN_USE and session.is_fresh_enough(now_ms)
    return None if is_good else LinkProblem.EXPIRED
