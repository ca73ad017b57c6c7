"""What `doctor` finds of the trust store: there is one, it can be read, and its lists are of this quarter."""

from __future__ import annotations

from datetime import UTC, datetime

from ostiary.adapters.trust.checking import LIST_AGE_MOST, list_age
from ostiary.adapters.trust.store import EntryKind, read_store
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.domain.errors import Refused
from ostiary.settings import Settings

CHECK = "trust store"
_IMPORT = "Import a master list of today: `ostiary trust import`; docs/chips.md says where from."


def trust_store(settings: Settings) -> DoctorFinding | None:
    """The age of the newest list; an installation that verifies no chips needs no store."""
    if settings.trust is None:
        return ok(CHECK, "none: no signature on a chip is believed (OSTIARY_TRUST)")
    try:
        store = read_store(settings.trust)
    except (Refused, OSError) as fault:
        return problem(CHECK, str(fault), "Bring back the file as `ostiary trust import` wrote it.")
    anchors, lists = len(store.of(EntryKind.ANCHOR)), store.of(EntryKind.LIST)
    if not anchors:
        return warning(CHECK, f"{settings.trust} holds no country's certificate", _IMPORT)
    if not lists:
        return ok(CHECK, f"{anchors} anchors, none of a list")
    age = min(list_age(each, datetime.now(UTC)) for each in lists)
    words = f"{anchors} anchors; the newest of {len(lists)} lists is {age.days} days old"
    return warning(CHECK, words, _IMPORT) if age > LIST_AGE_MOST else ok(CHECK, words)
