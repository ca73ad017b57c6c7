"""The rate limit: so many requests a second, and a penalty that grows with every time it is exceeded.

Pure arithmetic over one `Standing` per address or company; who keeps the standings is elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

WINDOW_MS = 1_000
LONGEST_PENALTY_S = 300
FORGIVEN_AFTER_MS = 3_600_000
"""One hour without a violation resets the count."""


@dataclass(frozen=True, slots=True)
class RateState:
    """One caller's recent past. `recent_ms` are the moments of the requests served in the last second."""

    recent_ms: tuple[int, ...] = ()
    violations: int = 0
    violated_at_ms: int = 0
    blocked_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class LocalUsage:
    """What one process tells the others of a caller: requests served since it told last, and its violations."""

    who: str
    spent: int
    violations: int
    violated_ago_ms: int
    blocked_for_ms: int


@dataclass(frozen=True, slots=True)
class SharedUsage:
    """What all processes together know of a caller: requests served in this second and the one before, `into_ms` of
    this one being over; and its violations."""

    who: str
    spent: int
    spent_before: int
    into_ms: int
    violations: int
    violated_ago_ms: int
    blocked_for_ms: int

    def recent(self) -> int:
        """Requests of the last second, as far as whole seconds tell: rather too few than too many, so that nobody is
        blocked who kept the limit."""
        return max(self.spent, self.spent_before * (WINDOW_MS - self.into_ms) // WINDOW_MS)


def joined(standing: RateState, shared: SharedUsage, now_ms: int) -> RateState:
    """A standing with what other processes saw: the longer block counts, and the greater number of violations."""
    return replace(
        standing,
        violations=max(standing.violations, shared.violations),
        violated_at_ms=max(standing.violated_at_ms, now_ms - shared.violated_ago_ms),
        blocked_until_ms=max(standing.blocked_until_ms, now_ms + shared.blocked_for_ms),
    )


def penalty_s(violations: int) -> int:
    """1, 2, 4, 8 ... seconds, up to 300 from the ninth time."""
    return int(2 ** (violations - 1)) if violations < 9 else LONGEST_PENALTY_S


def weigh(standing: RateState, now_ms: int, per_second: int, grows: bool = True) -> tuple[RateState, int]:
    """The standing after one more request, and the whole seconds to wait (0: it may pass).

    A blocked request consumes no quota and is no new violation. Unless the penalty `grows` it is always the first.
    """
    if now_ms < standing.blocked_until_ms:
        return standing, -((now_ms - standing.blocked_until_ms) // 1000)
    recent = tuple(moment_ms for moment_ms in standing.recent_ms if moment_ms > now_ms - WINDOW_MS)
    if len(recent) < per_second:
        return replace(standing, recent_ms=(*recent, now_ms)), 0
    forgiven = now_ms - standing.violated_at_ms >= FORGIVEN_AFTER_MS
    violations = 1 if forgiven or not grows else standing.violations + 1
    wait_s = penalty_s(violations)
    return RateState((), violations, now_ms, now_ms + wait_s * 1000), wait_s
