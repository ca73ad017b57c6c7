"""What `doctor` finds of the trust store: there is one, it can be read, and its lists are of this quarter."""

from __future__ import annotations

from datetime import UTC, datetime

from ostiary.adapters.trust.standing import standing_of
from ostiary.adapters.trust.store import read_store
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.domain.chip.standing import StoreState, TrustStanding
from ostiary.domain.errors import Refused
from ostiary.settings import Settings

CHECK = "trust store"
_IMPORT = "Import a master list of today: `ostiary trust import`; docs/chips.md says where from."
_OVERDUE = "Import the country's newest revocation list: `ostiary trust verify` says which are due."


def trust_store(settings: Settings) -> DoctorFinding | None:
    """The age of the newest list; an installation that verifies no chips needs no store."""
    if settings.trust is None:
        return ok(CHECK, "none: no signature on a chip is believed (OSTIARY_TRUST)")
    now = datetime.now(UTC)
    try:
        standing = standing_of(read_store(settings.trust), now)
    except (Refused, OSError) as fault:
        return problem(CHECK, str(fault), "Bring back the file as `ostiary trust import` wrote it.")
    if standing.state is StoreState.EMPTY:
        return warning(CHECK, f"{settings.trust} holds no country's certificate", _IMPORT)
    words = _words(standing, now)
    if standing.state is StoreState.OLD:
        return warning(CHECK, words, _IMPORT)
    return warning(CHECK, words, _OVERDUE) if standing.overdue else ok(CHECK, words)


def _words(standing: TrustStanding, now: datetime) -> str:
    words = f"{standing.anchors} anchors, none of a list"
    if standing.newest is not None:
        age = (now - standing.newest).days
        words = f"{standing.anchors} anchors; the newest of {len(standing.lists)} lists is {age} days old"
    if standing.seal_signers:
        words += f"; {standing.seal_signers} signers of seals"
    return f"{words}; {standing.overdue} revocation lists are overdue" if standing.overdue else words
