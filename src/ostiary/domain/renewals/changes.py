"""What a unit of work changes of deadlines."""

from __future__ import annotations

from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.value import value_type


@value_type
class KeepDeadline:
    """A request's deadline as it shall be, whether it had one or not."""

    deadline: Deadline


@value_type
class DropDeadline:
    """A request is enabled no more: nothing is due."""

    enablement_id: str


RenewalChange = KeepDeadline | DropDeadline
