"""What every command has in common: the settings in force, and what goes wrong as words and an exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from ostiary.domain.errors import OstiaryError
from ostiary.prctl import hide_from_others
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_USAGE
from ostiary.runtime.terminal.printing import say, say_json
from ostiary.runtime.terminal.streams import give_up_output
from ostiary.settings import SettingInvalid, Settings, read_settings
from ostiary.settings_file import with_file


def run_with_settings(
    options: argparse.Namespace,
    work: Callable[[Settings], int],
    on_invalid: Callable[[SettingInvalid], int] | None = None,
) -> int:
    """The exit status of `work`, or of its failure, which is said.

    `on_invalid` answers instead of `work` for settings that cannot be read. No other process of the same user may look
    into this one any more: from the settings on it holds keys.
    """
    hide_from_others()
    try:
        status = work(read_settings(with_file()))
        sys.stdout.flush()  # now, while it can still be said that it could not be written
        return status
    except SettingInvalid as problem:
        return failed(options, str(problem), EXIT_USAGE) if on_invalid is None else on_invalid(problem)
    except OstiaryError as problem:
        details = [{"field": fault.field, "code": fault.code, "message": fault.message} for fault in problem.faults]
        return failed(options, problem.message, EXIT_FAILED, details)
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        give_up_output()
        return failed(options, f"{where}{problem.strerror or problem}; `ostiary doctor` checks the folder", EXIT_FAILED)
    except KeyboardInterrupt:
        return EXIT_FAILED


def failed(options: argparse.Namespace, message: str, status: int, details: list[dict[str, str]] | None = None) -> int:
    """Says what could not be done, as JSON if the options ask for that. Returns the exit status."""
    if options.json:
        say_json({"error": message, "details": details or []}, error=True)
    else:
        say(f"ostiary: {message}", error=True)
        for detail in details or []:
            say(f"  {detail['field']}: {detail['message']}", error=True)
    return status
