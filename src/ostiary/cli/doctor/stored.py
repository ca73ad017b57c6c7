"""What `doctor` says of the room that companies' pictures take, and how near they are to their quotas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ostiary.cli.doctor.machine import DoctorFinding, ok, warning
from ostiary.domain.companies.company import Company, quota_of
from ostiary.settings import GB, Settings
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.tables.stored_bytes import NOTHING, by_company
from ostiary.storage.tables.unsized import ANY_UNSIZED

NEARLY = 0.9
"""Of a quota: time to ask the company, or to raise it, before its documents are refused."""
MOST_NAMED = 5


def stored(settings: Settings, companies: Sequence[Company], look: BlockingConnection) -> Iterator[DoctorFinding]:
    """Of every company; those that are near their quotas by their ids."""
    sums = by_company(look)
    full = []
    for company in companies:
        quota, has = quota_of(company, settings.company_quota_bytes), sums.get(company.id, NOTHING).bytes
        if quota and has >= NEARLY * quota:
            full.append(f"{company.id} ({has / GB:.2f} of {quota / GB:g} GB)")
    if full:
        yield warning(
            "quotas",
            f"{len(full)} at 90 % or more: {', '.join(full[:MOST_NAMED])}",
            "At the quota documents are refused: `ostiary company quota --company ID --gb N`, or "
            "OSTIARY_COMPANY_QUOTA_GB for all.",
        )
    else:
        yield ok(
            "quotas", f"pictures take {sum(stored.bytes for stored in sums.values()) / GB:.2f} GB, no quota is near"
        )
    if unsized := look.rows(ANY_UNSIZED)[0][0]:
        yield warning(
            "sizes",
            f"{unsized} documents are not counted yet, so quotas hold up to what they take more",
            "A running worker counts them within an hour; what cannot be opened stays uncounted.",
        )
