"""What can go wrong, as one tree.

OstiaryError
├── ApiError              the service refused; a class for each code, in `ostiary_client`
├── ConnectionFailed      no answer came, after all tries
│   └── TimedOut          it took too long
├── UnexpectedAnswer      what came is no answer of the service: is the address right?
├── WaitedTooLong         a request did not reach the status in time
├── EndedOtherwise        a request reached another status, and stays there
└── WebhookRefused        an event that is not known to come from the service
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ostiary_client.generated.problems import Fault

if TYPE_CHECKING:
    from ostiary_client.generated.imports import Import
    from ostiary_client.generated.products import Product


class OstiaryError(Exception):
    """Everything that this client raises of its own."""


class ApiError(OstiaryError):
    """The service refused the call.

    `code` is for programs, `message` for people; quote `trace_id` to whoever runs the service.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str = "",
        trace_id: str = "",
        faults: tuple[Fault, ...] = (),
        retry_after_s: float | None = None,
    ) -> None:
        self.message = message
        self.status = status
        self.code = code
        self.trace_id = trace_id
        self.faults = faults
        """Every field at fault, all at once."""
        self.retry_after_s = retry_after_s
        """How long the service asks to wait, where it does."""
        super().__init__(message)

    def __str__(self) -> str:
        lines = [f"{self.message} ({self.code or self.status}, trace {self.trace_id or 'unknown'})"]
        return "\n".join([*lines, *(f"  {fault.field}: {fault.message}" for fault in self.faults)])

    def __reduce__(self) -> tuple[object, ...]:
        """So that it can be sent to another process."""
        return _again, (type(self), self.message, {**self.__dict__})

    @property
    def faults_by_field(self) -> dict[str, tuple[Fault, ...]]:
        """Faults under the path of their field: `address.country`."""
        fields = dict.fromkeys(fault.field for fault in self.faults)
        return {field: tuple(fault for fault in self.faults if fault.field == field) for field in fields}


def _again(kind: type[ApiError], message: str, attributes: dict[str, object]) -> ApiError:
    error = kind(message, status=0)
    error.__dict__.update(attributes)
    return error


class ConnectionFailed(OstiaryError):
    """No answer came. A repeated call with the same idempotency key does nothing twice."""


class TimedOut(ConnectionFailed):
    """No answer came in time."""


class UnexpectedAnswer(OstiaryError):
    """What came is no answer of the service: another program may be at this address, or a newer version."""


class EndedOtherwise(OstiaryError):
    """The request reached another status, and waiting leads no further: `product` has it, with its rejected items."""

    def __init__(self, product: Product) -> None:
        self.product = product
        super().__init__(f"the request {product.id} is {product.status.value}")

    def __reduce__(self) -> tuple[object, ...]:
        """So that it can be sent to another process."""
        return type(self), (self.product,)


class WaitedTooLong(OstiaryError):
    """The status was not reached in time: `product` is the request as it was read last."""

    def __init__(self, product: Product, timeout_s: float) -> None:
        self.product = product
        self.timeout_s = timeout_s
        super().__init__(f"the request {product.id} was still {product.status.value} after {timeout_s:g} s")

    def __reduce__(self) -> tuple[object, ...]:
        """So that it can be sent to another process."""
        return type(self), (self.product, self.timeout_s)


class ImportUnsettled(OstiaryError):
    """The service works at the import still: `current` is the import as it was read last."""

    def __init__(self, current: Import, timeout_s: float) -> None:
        self.current = current
        self.timeout_s = timeout_s
        super().__init__(f"the import {current.id} was still {current.status} after {timeout_s:g} s")

    def __reduce__(self) -> tuple[object, ...]:
        """So that it can be sent to another process."""
        return type(self), (self.current, self.timeout_s)


class WebhookRefused(OstiaryError):
    """The event is not genuine, too old, or none: answer 401 or 400 and do nothing."""
