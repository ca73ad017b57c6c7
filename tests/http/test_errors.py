"""Every domain error has a status, and its docstring is what a caller reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import ostiary
from ostiary.api.openapi.errors import error_codes
from ostiary.domain import errors
from ostiary.domain.errors import Fault, OstiaryError
from ostiary.web.errors import STATUSES, body_of, headers_of, status_of
from ostiary.wire.problems import FAULT_CODES

TRACE_ID = "0" * 31 + "1"


def tree(kind: type[OstiaryError]) -> Iterator[type[OstiaryError]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from tree(subclass)


KINDS = list(tree(OstiaryError))


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_a_status_and_says_its_docstring(kind: type[OstiaryError]) -> None:
    body = msgspec.json.decode(body_of(kind(), TRACE_ID))
    assert body["trace_id"] == TRACE_ID
    if status_of(kind()) == 500:
        assert body["code"] == "INTERNAL_ERROR"
        assert body["message"] == errors.Broken.__doc__
    else:
        assert body["code"] == kind.code
        assert body["message"] == kind.__doc__


def test_the_table_of_statuses_names_nothing_else() -> None:
    assert set(STATUSES) == set(KINDS)


def test_the_tree_in_the_docstring_tells_the_same_statuses() -> None:
    drawn = [line.split() for line in (errors.__doc__ or "").splitlines() if "──" in line]
    for words in drawn:
        if (len(words) > 2 and words[-1].isdigit()) or any(word.isdigit() for word in words):
            name = next(word for word in words if word[0].isupper())
            status = next(int(word) for word in words if word.isdigit())
            assert STATUSES[getattr(errors, name)] == status


def test_faults_are_listed_and_what_broke_inside_is_not_told() -> None:
    fault = Fault("email", "VALUE_INVALID", "email must be an e-mail address")
    assert msgspec.json.decode(body_of(errors.ValidationFailed(faults=(fault,)), TRACE_ID))["details"] == [
        {"field": "email", "code": "VALUE_INVALID", "message": "email must be an e-mail address"}
    ]
    assert b"secret" not in body_of(errors.Tampered("row secret"), TRACE_ID)


@pytest.mark.parametrize(
    ("problem", "headers"),
    [
        (errors.NotFound(), []),
        (errors.TooManyRequests(retry_after_s=8), [(b"retry-after", b"8")]),
        (errors.Unavailable(), [(b"retry-after", b"1")]),
        (errors.PayloadTooLarge(), [(b"connection", b"close")]),
    ],
)
def test_headers_say_when_to_come_back(problem: OstiaryError, headers: list[tuple[bytes, bytes]]) -> None:
    assert headers_of(problem) == headers


def test_too_many_requests_says_its_code_twice() -> None:
    assert msgspec.json.decode(body_of(errors.TooManyRequests(), TRACE_ID))["error_code"] == "TOO_MANY_REQUESTS"


def test_every_code_is_described() -> None:
    assert set(error_codes()) == {kind.code for kind in KINDS}


OF_FILES = {"ROW_UNKNOWN", "ROW_FAULTY", "FILE_UNUSABLE"}
"""Of documents beside an imported file, which the command line tells alone and no call."""


def test_every_code_of_a_fault_in_the_source_is_described() -> None:
    """Faults are made with their code written out, so reading the source finds them all."""
    source = Path(ostiary.__file__).parent
    layers = (source / "domain", source / "usecases", source / "web", source / "html", source / "api")
    used = {code for layer in layers for path in layer.rglob("*.py") for code in fault_codes(path.read_text())}
    assert used == set(FAULT_CODES) | OF_FILES
    page = (Path(__file__).parents[2] / "docs" / "bulk-import.md").read_text()
    assert [code for code in sorted(OF_FILES) if f"`{code}`" not in page] == []


def fault_codes(source: str) -> Iterator[str]:
    """The codes of the faults that a file tells callers."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fault":
            code = node.args[1]
            if not isinstance(code, ast.Constant):
                continue  # passes a code on, which is written out where it is made
            yield str(code.value)
