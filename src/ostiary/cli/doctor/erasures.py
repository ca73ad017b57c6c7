"""What `doctor` says of the end of clients' data: erasures that should have ended, and those that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.cli.doctor.machine import DoctorFinding, ok, warning
from ostiary.domain.companies.company import Company
from ostiary.domain.privacy.erasure import ESCALATED_AFTER_MS
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.privacy.erasures import ERASURES_OPEN


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
