"""Runs a parsed command: finds the module that handles it, and shows its answer."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from typing import Any

from ostiary import __version__
from ostiary.runtime.terminal.exit_status import EXIT_OK, EXIT_USAGE
from ostiary.runtime.terminal.outcome import run_with_settings
from ostiary.runtime.terminal.printing import say, say_json
from ostiary.settings import SettingInvalid, Settings

HANDLERS = {
    "serve": "ostiary.cli.commands.serve",
    "worker": "ostiary.cli.commands.serve",
    "migrate": "ostiary.cli.commands.backup",
    "copy": "ostiary.cli.commands.copy",
    "doctor": "ostiary.cli.commands.doctor",
    "settings": "ostiary.cli.commands.doctor",
    "demo": "ostiary.cli.commands.demo",
    "specimen": "ostiary.cli.commands.specimen",
    "company": "ostiary.cli.commands.companies",
    "key": "ostiary.cli.commands.companies",
    "keys": "ostiary.cli.keys.masters",
    "operator": "ostiary.cli.operators.accounts",
    "link": "ostiary.cli.hosted.links",
    "brand": "ostiary.cli.hosted.brand",
    "sandbox": "ostiary.cli.sandbox_clock",
    "catalogue": "ostiary.cli.commands.catalogue",
    "document": "ostiary.cli.commands.document",
    "trust": "ostiary.cli.chip.trust",
    "review": "ostiary.cli.commands.review",
    "find": "ostiary.cli.commands.find",
    "import": "ostiary.cli.imports.files",
    "screening": "ostiary.cli.commands.screening",
    "risk": "ostiary.cli.lifecycle.risk",
    "renewals": "ostiary.cli.lifecycle.renewals",
    "terms": "ostiary.cli.lifecycle.terms",
    "client": "ostiary.cli.privacy.client",
    "retention": "ostiary.cli.privacy.retention",
    "export": "ostiary.cli.privacy.export",
    "webhook": "ostiary.cli.commands.webhook",
    "mcp": "ostiary.cli.mcp.serve_mcp",
    "audit": "ostiary.cli.commands.audit",
    "backup": "ostiary.cli.commands.backup",
    "restore": "ostiary.cli.commands.backup",
}
"""Each module has a function `do(options, settings)` that gives the exit status."""


def run(options: argparse.Namespace) -> int:
    """The exit status of a command."""
    if options.version:
        say(__version__)
        return EXIT_OK
    if options.command is None:
        say("Say what to do: `ostiary --help` lists the commands.", error=True)
        return EXIT_USAGE

    def work(settings: Settings) -> int:
        return int(importlib.import_module(HANDLERS[options.command]).run(options, settings))

    return run_with(options, work)


def run_with(options: argparse.Namespace, work: Callable[[Settings], int]) -> int:
    """The exit status of `work`. When settings cannot be read, `doctor` and `settings` answer instead: that is what
    they are for."""

    def say_invalid(problem: SettingInvalid) -> int:
        return int(importlib.import_module(HANDLERS["doctor"]).settings_invalid(options, problem))

    return run_with_settings(options, work, say_invalid if options.command in ("doctor", "settings") else None)


def show(options: argparse.Namespace, answer: Any, words: str) -> None:
    """The answer of a command: JSON for machines, words for people."""
    if options.json:
        say_json(answer)
    else:
        say(words)
