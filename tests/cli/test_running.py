"""What every command has in common: the exit status, how an answer is shown, and how what goes wrong is said."""

from __future__ import annotations

import argparse
import json

import pytest

from ostiary import __version__
from ostiary.cli.dispatch import run_with, show
from ostiary.domain.errors import Fault, NotFound, Unavailable, ValidationFailed
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from ostiary.runtime.terminal.outcome import failed
from ostiary.settings import Settings
from tests.cli.conftest import Desk

FAULTS = (Fault("email", "invalid", "not an address"), Fault("name", "required", "say one"))


def ended(problem: BaseException | int, *, as_json: bool, command: str = "backup") -> int:
    def work(_: Settings) -> int:
        if isinstance(problem, BaseException):
            raise problem
        return problem

    return run_with(argparse.Namespace(json=as_json, command=command), work)


@pytest.mark.parametrize("status", [0, 1, 2, 7])
def test_the_status_is_the_command_s_own(desk: Desk, status: int) -> None:
    assert ended(status, as_json=False) == status


@pytest.mark.parametrize(
    ("problem", "message", "details"),
    [
        (NotFound("There is none."), "There is none.", []),
        (NotFound(), "There is no such client, request or address.", []),
        (Unavailable("Away.", retry_after_s=1), "Away.", []),
        (ValidationFailed(faults=FAULTS), "Some values break a rule; details name each and what would be right.", [
            {"field": "email", "code": "invalid", "message": "not an address"},
            {"field": "name", "code": "required", "message": "say one"},
        ]),
        (PermissionError(13, "Permission denied", "/srv/x"),
         "/srv/x: Permission denied; `ostiary doctor` checks the folder", []),
        (OSError(28, "No space left on device"), "No space left on device; `ostiary doctor` checks the folder", []),
        (OSError("strange"), "strange; `ostiary doctor` checks the folder", []),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_goes_wrong_is_said_on_standard_error(
    desk: Desk, capsys: pytest.CaptureFixture[str], problem: Exception, message: str, details: list[dict[str, str]]
) -> None:
    assert ended(problem, as_json=False) == EXIT_FAILED
    out, err = capsys.readouterr()
    lines = [f"ostiary: {message}", *(f"  {detail['field']}: {detail['message']}" for detail in details)]
    assert (out, err) == ("", "\n".join(lines) + "\n")
    assert ended(problem, as_json=True) == EXIT_FAILED
    out, err = capsys.readouterr()
    assert (out, json.loads(err)) == ("", {"error": message, "details": details})


def test_what_is_a_fault_of_ours_is_not_made_pretty(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError):
        ended(ZeroDivisionError(), as_json=False)


def test_ctrl_c_is_a_failure_without_words(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(KeyboardInterrupt(), as_json=True) == EXIT_FAILED
    assert capsys.readouterr() == ("", "")


def test_a_setting_that_is_wrong_is_wrong_usage(desk: Desk) -> None:
    result = desk("company", "list", log_level="loud")
    assert (result.status, result.out) == (EXIT_USAGE, "")
    assert result.err == "ostiary: OSTIARY_LOG_LEVEL must be one of: debug, info, warning, error\n"
    machine = desk("company", "list", "--json", log_level="loud")
    assert machine.status == EXIT_USAGE
    assert json.loads(machine.err)["error"].startswith("OSTIARY_LOG_LEVEL")
    assert not desk.data.exists(), "nothing was made"


def test_without_a_command_it_says_where_to_look(desk: Desk) -> None:
    result = desk()
    assert (result.status, result.out) == (EXIT_USAGE, "")
    assert "ostiary --help" in result.err


def test_the_version_needs_no_good_settings(desk: Desk) -> None:
    result = desk("--version", log_level="loud")
    assert (result.status, result.out) == (EXIT_OK, f"{__version__}\n")


@pytest.mark.parametrize(
    ("as_json", "shown"), [(True, '{"name": "Äcme", "at": "1"}\n'), (False, "in words\n")]
)  # fmt: skip
def test_an_answer(capsys: pytest.CaptureFixture[str], as_json: bool, shown: str) -> None:
    class Moment:
        def __str__(self) -> str:
            return "1"

    show(argparse.Namespace(json=as_json), {"name": "Äcme", "at": Moment()}, "in words")
    assert capsys.readouterr().out == shown


def test_a_failure_gives_back_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert failed(argparse.Namespace(json=False), "No.", 5) == 5
    assert capsys.readouterr().err == "ostiary: No.\n"
