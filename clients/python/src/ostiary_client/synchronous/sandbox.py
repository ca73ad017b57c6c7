"""The sandbox: verdicts as you like, and a clock that you move.

Made of `asynchronous` by `make clients`: do not edit.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ostiary_client.calls import Sent
from ostiary_client.clients import RequestRef, ids_of
from ostiary_client.generated import operations
from ostiary_client.generated.products import Product
from ostiary_client.generated.sandbox import Clock, Scenario
from ostiary_client.options import Options
from ostiary_client.synchronous.transport import Transport


class SandboxApi:
    """Verdicts and time as you like, in a sandbox company."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def scenarios(self, *, options: Options | None = None) -> tuple[Scenario, ...]:
        """What chooses a verdict, and which."""
        operation = operations.LIST_SCENARIOS
        return self._transport.value(operation, operation.at(), tuple[Scenario, ...], options=options)

    def simulate(
        self,
        request: RequestRef,
        outcome: str,
        *,
        reasons: Sequence[str] = (),
        reason: str | None = None,
        options: Options | None = None,
    ) -> Product:
        """Gives a request that is `in_kyc` this verdict: `enabled`, `rejected`, `pending_documentation` or `review`.

        `reasons` are codes, for what shall be sent again; `reason` describes a rejection.
        """
        operation = operations.SIMULATE_VERDICT
        body = {"outcome": outcome, "reasons": list(reasons) or None, "reason": reason}
        return self._transport.value(operation, operation.at(**ids_of(request)), Product, Sent(body), options)

    def clock(self, *, options: Options | None = None) -> Clock:
        """The clock as it stands."""
        operation = operations.READ_CLOCK
        return self._transport.value(operation, operation.at(), Clock, options=options)

    def advance(self, span: str, *, options: Options | None = None) -> Clock:
        """Moves the clock ahead by a span of ISO 8601, as `P90D`: what becomes due on the way happens.

        A move with much to do answers before it is there. This goes on until it is: `happened` counts all of it. An
        earlier move that was cut short is finished first. These are several calls, each with a key of its own.
        """
        if options is not None and options.idempotency_key:
            raise ValueError("moving a clock may take several calls, and one idempotency key serves one")
        happened, is_begun = 0, False
        while True:
            clock = self._move(span, options)
            happened += clock.happened or 0
            is_begun = is_begun or not clock.resumed
            if is_begun and clock.moving_to is None:
                return msgspec.structs.replace(clock, happened=happened, resumed=None)

    def _move(self, span: str, options: Options | None) -> Clock:
        operation = operations.MOVE_CLOCK
        return self._transport.value(operation, operation.at(), Clock, Sent({"advance": span}), options)
