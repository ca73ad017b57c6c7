"""What `doctor` says of who can work with the console."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.cli.doctor.machine import DoctorFinding, ok
from ostiary.settings import Settings
from ostiary.storage.engine import BlockingConnection
from ostiary.storage.operators.accounts import ANY_OPERATOR, house_id


def people(settings: Settings, look: BlockingConnection) -> Iterator[DoctorFinding]:
    """A new installation has nobody, which is no fault: the console then lets nobody in."""
    if not settings.console:
        return
    own_id = house_id(look)
    if own_id is None or not look.rows(ANY_OPERATOR, own_id):
        yield ok("console", "it lets nobody in yet: `ostiary operator create NAME --role admin` prints a link")
    else:
        yield ok("console", "operators may sign in; `ostiary operator list` names them")
