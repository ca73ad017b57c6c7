"""Runs a parsed command: finds what does it, and turns what goes wrong into words and an exit status."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from ostiary import __version__
from ostiary.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from ostiary.domain.errors import OstiaryError
from ostiary.settings import SettingInvalid, Settings, read_settings

HANDLERS = {
    "serve": "ostiary.cli.supervise",
    "worker": "ostiary.cli.supervise",
    "migrate": "ostiary.cli.keeping",
    "copy": "ostiary.cli.copying",
    "doctor": "ostiary.cli.doctor",
    "settings": "ostiary.cli.doctor",
    "demo": "ostiary.cli.demo",
    "specimen": "ostiary.cli.demo",
    "company": "ostiary.cli.companies",
    "key": "ostiary.cli.companies",
    "catalogue": "ostiary.cli.catalogue",
    "document": "ostiary.cli.document",
    "review": "ostiary.cli.review",
    "screening": "ostiary.cli.screening",
    "webhook": "ostiary.cli.webhook",
    "audit": "ostiary.cli.audit",
    "backup": "ostiary.cli.keeping",
    "restore": "ostiary.cli.keeping",
}
"""Each module has a function `do(options, settings)` that gives the exit status."""


def run(options: argparse.Namespace) -> int:
    """The exit status of a command."""
    if options.version:
        print(__version__)
        return EXIT_OK
    if options.command is None:
        print("Say what to do: `ostiary --help` lists the commands.", file=sys.stderr)
        return EXIT_USAGE

    def work(settings: Settings) -> int:
        return int(importlib.import_module(HANDLERS[options.command]).do(options, settings))

    return run_with(options, work)


def run_with(options: argparse.Namespace, work: Callable[[Settings], int]) -> int:
    """What `work` gives with the settings in force; what goes wrong is said."""
    try:
        return work(read_settings())
    except SettingInvalid as problem:
        if options.command in ("doctor", "settings"):
            return int(importlib.import_module(HANDLERS["doctor"]).settings_invalid(options, problem))
        return failed(options, str(problem), EXIT_USAGE)
    except OstiaryError as problem:
        details = [{"field": one.field, "code": one.code, "message": one.message} for one in problem.faults]
        return failed(options, problem.message, EXIT_FAILED, details)
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        return failed(options, f"{where}{problem.strerror or problem}; `ostiary doctor` checks the folder", EXIT_FAILED)
    except KeyboardInterrupt:
        return EXIT_FAILED


def failed(options: argparse.Namespace, message: str, status: int, details: list[dict[str, str]] | None = None) -> int:
    """Says what could not be done."""
    if options.json:
        print(json.dumps({"error": message, "details": details or []}), file=sys.stderr)
    else:
        print(f"ostiary: {message}", file=sys.stderr)
        for one in details or []:
            print(f"  {one['field']}: {one['message']}", file=sys.stderr)
    return status


def show(options: argparse.Namespace, answer: Any, words: str) -> None:
    """The answer of a command: JSON for machines, words for people."""
    print(json.dumps(answer, ensure_ascii=False, default=str) if options.json else words)
