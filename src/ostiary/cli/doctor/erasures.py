"""What `doctor` says of the end of clients' data: erasures that should have ended, those that wait for a person, and
clients whose retention period is over and who are there all the same."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from ostiary.cli.doctor.machine import DoctorFinding, ok, warning
from ostiary.domain.companies.company import Company
from ostiary.domain.ports import Cipher
from ostiary.domain.privacy.erasure import ESCALATED_AFTER_MS
from ostiary.domain.privacy.retention import OF_CLIENTS, Rules
from ostiary.storage.engine import Ask, BlockingConnection, Engine, Row
from ostiary.storage.privacy.erasures import ERASURES_OPEN
from ostiary.storage.store import Store
from ostiary.usecases.privacy.standing import LOOKED_AT_FOR_A_PAGE, due_page
from ostiary.usecases.stores import Storage

MOST_LOOKED_AT = 5 * LOOKED_AT_FOR_A_PAGE
"""Clients of all companies together, and less than a page more: a second or two. The oldest of each come first."""
MOST_NAMED = 5


def erasures(companies: Sequence[Company], look: BlockingConnection, now_ms: int) -> Iterator[DoctorFinding]:
    """Of every company together; one that a hold keeps counts too, since somebody should know."""
    late = staged = waiting = 0
    for company in companies:
        counts = look.rows(ERASURES_OPEN, company.id, now_ms - ESCALATED_AFTER_MS)[0]
        waiting, late, staged = waiting + counts[0], late + counts[1], staged + counts[2]
    if late:
        yield warning(
            "erasures",
            f"{late} have not ended for a week",
            "`ostiary client erasures --company ID` says what keeps each: a hold, the store, a provider "
            "(`ostiary client waive`).",
        )
    if staged:
        yield warning(
            "erasures",
            f"{staged} wait for a second person",
            "`ostiary client confirm ERASURE_ID --company ID --operator NAME`, or `ostiary client withdraw`.",
        )
    if not late and not staged:
        yield ok("erasures", f"{waiting} under way, none is late")


class _Reads:
    """The engine of a store that only reads, on the connection that `doctor` has."""

    is_shared = False

    def __init__(self, look: BlockingConnection) -> None:
        self._look = look

    async def rows(self, text: str, *parameters: object) -> list[Row]:
        return self._look.rows(text, *parameters)

    async def gather(self, *asks: Ask) -> list[list[Row]]:
        return [self._look.rows(text, *parameters) for text, parameters in asks]


@dataclass(frozen=True, slots=True)
class _Looks:
    """What `due_page` needs of the world."""

    storage: Storage
    retention: Rules
    now_ms: Callable[[], int]

    def now_of(self, company: Company) -> int:
        return self.now_ms() + company.clock_ahead_ms

    def row_unopened(self, table: str, company_id: str, client_id: str, problem: str) -> None:
        """Told of with whatever else does not open."""


def retention(
    companies: Sequence[Company], look: BlockingConnection, cipher: Cipher, rules: Rules, now_ms: int
) -> Iterator[DoctorFinding]:
    """Of each company that has any: how many should have ended by themselves, and the oldest of them."""
    by_itself = {category: rules[category] for category in OF_CLIENTS if rules[category].by_itself}
    if not by_itself:
        yield ok("retention", "no client ends by itself: the retention file declares none who does")
        return
    looks = _Looks(Store(cast(Engine, _Reads(look)), cipher), rules, lambda: now_ms)
    late, looked_at, is_whole = asyncio.run(_overdue(looks, companies, by_itself))
    for company_id, ids in late.items():
        named = ", ".join(ids[:MOST_NAMED])
        yield warning(
            "retention",
            f"{len(ids)}{'' if is_whole else ' or more'} clients of company {company_id} should have ended by "
            f"themselves two days ago: {named}{' ...' if len(ids) > MOST_NAMED else ''}",
            f"`ostiary retention due --company {company_id} --overdue` lists them. The worker erases them once a day: "
            "see whether it runs, and what its log says.",
        )
    if not late:
        oldest = "" if is_whole else f" of the first {looked_at} clients"
        yield ok("retention", f"nobody{oldest} is overdue")


async def _overdue(looks: _Looks, companies: Sequence[Company], rules: Rules) -> tuple[dict[str, list[str]], int, bool]:
    """By company those who are, the oldest first; how many clients were looked at, and whether that is everybody. A
    page of each in turn: one that has many keeps nobody else from being looked at."""
    late, looked_at = defaultdict[str, list[str]](list), 0
    waiting = deque((company, "") for company in companies)
    while waiting and looked_at < MOST_LOOKED_AT:
        company, after = waiting.popleft()
        page = await due_page(looks, company, rules, after, LOOKED_AT_FOR_A_PAGE, only_overdue=True)
        looked_at += page.looked_at
        if page.clients:
            late[company.id] += [due.client_id for due in page.clients]
        if page.after:
            waiting.append((company, page.after))
    return late, looked_at, not waiting
