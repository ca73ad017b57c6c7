"""What compliance reports of its own work: how many submissions came, how long they waited, and who decided.

Read from audit entries: they are written with what they tell of, and nobody changes them afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field

from ostiary.domain.review.approvals import OVERRIDE, STAGED_MARK
from ostiary.domain.times import DAY_MS
from ostiary.domain.value import value_type

SUBMITTED = "product_submitted"
VERDICTS = {
    "verdict_approve": "enabled",
    "verdict_reject": "rejected",
    "verdict_return": "returned",
    "verdict_reject_client": "rejected",
}
"""Audit actions that end a submission, and how they end it."""
REASONED = "verdict_return"
BY_PEOPLE = "operator:"
WEEK_MS = 7 * DAY_MS
MONDAY_MS = 4 * DAY_MS
"""1970 began on a Thursday; weeks begin on Mondays (ISO 8601)."""
PROMPT_MS = DAY_MS
"""What is decided within a day counts as prompt."""
MOST_REASONS = 10
_OWN_CODES = ("attempt_", "looked_", STAGED_MARK)
"""Codes that say what a decision rests on, not why it was made."""


@value_type(kw_only=True)
class FigureEvent:
    """An audit entry that counts: a submission, or a verdict about one."""

    product: str
    enablement_id: str
    action: str
    actor: str
    at_ms: int
    codes: tuple[str, ...] = ()

    @property
    def is_by_machine(self) -> bool:
        return not self.actor.startswith(BY_PEOPLE)

    @property
    def is_by_two(self) -> bool:
        """Whether a second person confirmed it."""
        return any(code.startswith(STAGED_MARK) for code in self.codes)


@value_type(kw_only=True)
class Waits:
    """How long submissions waited for their verdict: half and 95 % of them no longer than this, in ms (None: nothing
    waited), and how many no longer than a day."""

    count: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None
    prompt: int = 0


@value_type(kw_only=True)
class Period:
    """What happened in one week (UTC, from Monday), or in all of them. Of what was decided: `by_machine`, `by_two`
    people, and `overridden`, where an approver set a rule aside."""

    starts_at_ms: int
    submitted: int = 0
    enabled: int = 0
    returned: int = 0
    rejected: int = 0
    by_machine: int = 0
    by_two: int = 0
    overridden: int = 0
    waits: Waits = field(default_factory=Waits)

    @property
    def decided(self) -> int:
        return self.enabled + self.returned + self.rejected


@value_type(kw_only=True)
class Figures:
    """Of one product or all: week by week, oldest first, all together, and why things were returned, most first."""

    weeks: tuple[Period, ...]
    whole: Period
    reasons: tuple[tuple[str, int], ...]
    products: tuple[str, ...]


def week_of(at_ms: int) -> int:
    """When the week of a moment began."""
    return at_ms - (at_ms - MONDAY_MS) % WEEK_MS


def figures_of(events: Iterable[FigureEvent], now_ms: int, weeks: int, product: str = "") -> Figures:
    """The last so many weeks, the running one too.

    A verdict counts in the week in which it came. How long its submission waited is known if that is among the events.
    """
    starts = [week_of(now_ms) - (weeks - 1 - number) * WEEK_MS for number in range(weeks)]
    everything = sorted(events, key=lambda event: event.at_ms)
    chosen = [event for event in everything if product in ("", event.product)]
    waits = _waits(chosen)
    inside = [event for event in chosen if starts[0] <= event.at_ms < starts[-1] + WEEK_MS]
    by_week: dict[int, list[FigureEvent]] = {start: [] for start in starts}
    for event in inside:
        by_week[week_of(event.at_ms)].append(event)
    return Figures(
        weeks=tuple(_period(start, by_week[start], waits) for start in starts),
        whole=_period(starts[0], inside, waits),
        reasons=tuple(_reasons(inside).most_common(MOST_REASONS)),
        products=tuple(sorted({event.product for event in everything})),
    )


Key = tuple[str, int]
"""Which verdict: of which request, and when."""


def _waits(events: Sequence[FigureEvent]) -> dict[Key, int]:
    """How long each verdict's submission waited: from the last submission to the first verdict after it."""
    since: dict[str, int] = {}
    waits: dict[Key, int] = {}
    for event in events:
        if event.action == SUBMITTED:
            since[event.enablement_id] = event.at_ms
        elif event.enablement_id in since:
            waits[event.enablement_id, event.at_ms] = event.at_ms - since.pop(event.enablement_id)
    return waits


def _period(starts_at_ms: int, events: Sequence[FigureEvent], waits: dict[Key, int]) -> Period:
    ends = Counter(VERDICTS[event.action] for event in events if event.action in VERDICTS)
    verdicts = [event for event in events if event.action in VERDICTS]
    pairs = ((event.enablement_id, event.at_ms) for event in verdicts)
    return Period(
        starts_at_ms=starts_at_ms,
        submitted=len(events) - len(verdicts),
        enabled=ends["enabled"],
        returned=ends["returned"],
        rejected=ends["rejected"],
        by_machine=sum(event.is_by_machine for event in verdicts),
        by_two=sum(event.is_by_two for event in verdicts),
        overridden=sum(OVERRIDE in event.codes for event in verdicts),
        waits=_summary([waits[pair] for pair in pairs if pair in waits]),
    )


def _summary(spans_ms: list[int]) -> Waits:
    """By nearest rank: a figure that somebody really waited."""
    if not spans_ms:
        return Waits()
    ordered = sorted(spans_ms)
    return Waits(
        count=len(ordered),
        p50_ms=ordered[-(-len(ordered) * 50 // 100) - 1],
        p95_ms=ordered[-(-len(ordered) * 95 // 100) - 1],
        prompt=sum(span <= PROMPT_MS for span in ordered),
    )


def _reasons(events: Iterable[FigureEvent]) -> Counter[str]:
    return Counter(
        code for event in events if event.action == REASONED for code in event.codes if not code.startswith(_OWN_CODES)
    )
