"""What a unit of work changes of operators, their passkeys and sessions. The installation's own company owns it."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.passkeys import Passkey
from ostiary.domain.operators.sessions import Session
from ostiary.domain.value import value_type


@value_type
class AddOperator:
    """Somebody may work with the console."""

    operator: Operator


@value_type
class ChangeOperator:
    """An operator as he shall be."""

    operator: Operator


@value_type
class AddSession:
    """An operator is signed in."""

    session: Session


@value_type
class EndSession:
    """A session is over, by its mark."""

    mark: bytes = field(repr=False)


@value_type
class EndSessions:
    """All of an operator's sessions are over."""

    operator_id: str


@value_type
class AddPasskey:
    """An operator may sign in with it."""

    passkey: Passkey


@value_type
class ChangePasskey:
    """A passkey as it shall be: renamed, used, or over."""

    passkey: Passkey


OperatorChange = AddOperator | ChangeOperator | AddPasskey | ChangePasskey | AddSession | EndSession | EndSessions
