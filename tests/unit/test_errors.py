"""The tree of errors: drawn as it is, each with its message and code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ostiary.domain import errors
from ostiary.domain.errors import OstiaryError, ValidationFailed


def tree(kind: type[OstiaryError]) -> Iterator[type[OstiaryError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from tree(subclass)


@pytest.mark.parametrize("kind", list(tree(OstiaryError)))
def test_an_errors_docstring_is_its_message(kind: type[OstiaryError]) -> None:
    assert str(kind()) == kind.__doc__
    assert kind("In other words.").message == "In other words."
    assert kind.code.isupper()


def test_the_drawing_names_every_error() -> None:
    drawing = errors.__doc__ or ""
    for kind in tree(OstiaryError):
        assert f" {kind.__name__}" in drawing


def test_the_code_of_every_documented_error_is_there() -> None:
    codes = {kind.code for kind in tree(OstiaryError)}
    assert codes == {
        "INVALID_REQUEST",
        "UNAUTHORIZED",
        "ACCESS_DENIED",
        "NOT_FOUND",
        "METHOD_NOT_ALLOWED",
        "UNSUPPORTED_MEDIA_TYPE",
        "VALIDATION_FAILED",
        "DUPLICATE_CLIENT",
        "PRODUCT_UNKNOWN",
        "PRODUCT_ALREADY_REQUESTED",
        "INVALID_STATE",
        "KEPT_BY_LAW",
        "DOCUMENT_NOT_REQUIRED",
        "PAYLOAD_TOO_LARGE",
        "TOO_MANY_REQUESTS",
        "INTERNAL_ERROR",
        "UNAVAILABLE",
        "IDEMPOTENCY_KEY_REUSED",
        "IDEMPOTENCY_KEY_IN_USE",
    }


def test_faults_travel_with_the_error() -> None:
    fault = errors.Fault("email", "VALUE_INVALID", "email must be an e-mail address")
    assert ValidationFailed(faults=(fault,)).faults == (fault,)
    assert errors.Contended(retry_after_s=1).retry_after_s == 1
