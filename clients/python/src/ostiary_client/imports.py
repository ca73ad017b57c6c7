"""Waiting until an import is checked, or done."""

from __future__ import annotations

import time
from collections.abc import Callable

from ostiary_client.errors import ImportUnsettled
from ostiary_client.generated.imports import Import
from ostiary_client.polling import Pauses

USUAL_IMPORT_WAIT_S = 600.0
"""50,000 rows, the most of a file, take a minute or two on a quiet machine."""
WORKED_AT = ("checking", "running")


def id_of(which: Import | str) -> str:
    """Of an import, or the id itself."""
    return which if isinstance(which, str) else which.id


class ImportWatch:
    """One waiting for an import."""

    def __init__(self, timeout_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._timeout_s, self._pauses = timeout_s, Pauses(timeout_s, now)

    def wait_after(self, current: Import) -> float | None:
        """The seconds until the next look. None: nobody works at it. Raises ImportUnsettled."""
        if current.status not in WORKED_AT:
            return None
        pause_s = self._pauses.next_s()
        if pause_s is None:
            raise ImportUnsettled(current, self._timeout_s)
        return pause_s
