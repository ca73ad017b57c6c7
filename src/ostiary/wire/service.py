"""The health of the service, and what a provider is told of its verdict."""

from __future__ import annotations

from typing import Annotated

from ostiary.usecases.providers.receive_verdict import Heard
from ostiary.wire.answer import Answer, one_of


class HealthAnswer(Answer, kw_only=True, frozen=True):
    """How the service is."""

    status: Annotated[str, one_of(("alive", "ready", "not ready", "draining"))]


class VerdictReceiptAnswer(Answer, kw_only=True, frozen=True):
    """What became of a provider's verdict."""

    outcome: Heard
