"""`ostiary doctor`: what is wrong with this installation, and what to do. `ostiary settings`: what is in force."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

from ostiary.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from ostiary.cli.checkup import MACHINE, Finding, Level, ok, problem
from ostiary.cli.checkup_database import check_database
from ostiary.cli.running import failed
from ostiary.settings import MB, TABLE, Setting, SettingInvalid, Settings, read_settings

STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "bold red"}
PIPED_WIDTH = 110
SECRET = ("OSTIARY_MASTER_KEY",)
WITH_PASSWORD = frozenset({"OSTIARY_DATABASE_URL", "OSTIARY_DATABASE_DIRECT_URL"})
_PASSWORD = re.compile(r"(?<=//)([^@:]*:).*@|(?<=[?&]password=)()[^&]*")
EMPTY = "empty"
HIDDEN = "(set, not shown)"


def do(options: argparse.Namespace, settings: Settings) -> int:
    if options.command == "settings":
        return _settings(options, settings)
    looked = (_look(check, settings) for check in MACHINE)
    found = [one for one in looked if one is not None]
    return _tell(options, [ok("settings", _changed(settings)), *found, *check_database(settings)])


def settings_invalid(options: argparse.Namespace, fault: SettingInvalid) -> int:
    """Both commands help all the more when the settings cannot be read; nothing else can be looked at then."""
    if options.command == "settings":
        _settings(options, read_settings({}))
        return failed(options, f"{fault}. What you see are the defaults.", EXIT_USAGE)
    each = re.split("; (?=OSTIARY_)", str(fault))
    return _tell(options, [problem("settings", one, "Correct or unset it; then run this again.") for one in each])


def _look(check: Callable[[Settings], Finding | None], settings: Settings) -> Finding | None:
    """A check that the system does not even let begin has found something too."""
    try:
        return check(settings)
    except OSError as fault:
        advice = "Run this as the user the service runs as."
        return problem(check.__name__.replace("_", " "), f"could not be looked at: {fault}", advice)


def _tell(options: argparse.Namespace, found: list[Finding]) -> int:
    problems = sum(one.level is Level.PROBLEM for one in found)
    if options.json:
        rows = [{"check": one.check, "status": one.level, "found": one.found, "advice": one.advice} for one in found]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        _print(found, _verdict(problems, sum(one.level is Level.WARNING for one in found)))
    return EXIT_FAILED if problems else EXIT_OK


def _verdict(problems: int, warnings: int) -> str:
    if not problems and not warnings:
        return "Everything is in order."
    counted = [_count(problems, "problem")] * bool(problems) + [_count(warnings, "warning")] * bool(warnings)
    return f"{' and '.join(counted)}: what to do stands under each."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _print(found: Iterable[Finding], verdict: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in found:
        words = Text(one.found)
        if one.advice:
            words.append(f"\n→ {one.advice}", "bold")
        table.add_row(Text(one.level, STYLES[one.level]), Text(one.check), words)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    console.print(table)
    console.print(f"\n{verdict}")


# ---- settings -------------------------------------------------------------------------------------------------------

_IN_FORCE: dict[str, Callable[[Settings], Any]] = {
    "OSTIARY_DATA_DIR": lambda one: one.data_dir,
    "OSTIARY_DATABASE_URL": lambda one: one.database_url,
    "OSTIARY_DATABASE_DIRECT_URL": lambda one: one.database_direct_url,
    "OSTIARY_FILES_URL": lambda one: one.files_url,
    "OSTIARY_MASTER_KEY": lambda one: one.master_key,
    "OSTIARY_MASTER_KEY_FILE": lambda one: one.master_key_file,
    "OSTIARY_CATALOGUE": lambda one: one.catalogue,
    "OSTIARY_PROVIDERS": lambda one: one.providers,
    "OSTIARY_PUBLIC_URL": lambda one: one.public_url,
    "OSTIARY_RATE_LIMIT_PER_SECOND": lambda one: one.rate_limit_per_second,
    "OSTIARY_TRUSTED_PROXIES": lambda one: ",".join(map(str, one.trusted_proxies)),
    "OSTIARY_MAX_BODY_MB": lambda one: one.max_body_bytes // MB,
    "OSTIARY_UPLOAD_BUDGET_MB": lambda one: one.upload_budget_bytes // MB,
    "OSTIARY_ALLOWED_PRIVATE_NETWORKS": lambda one: ",".join(map(str, one.allowed_private_networks)),
    "OSTIARY_LOG_LEVEL": lambda one: one.log_level,
    "OSTIARY_EMBEDDED_WORKER": lambda one: int(one.embedded_worker),
    "OSTIARY_PROCESSES": lambda one: one.processes,
    "OSTIARY_DRAIN_SECONDS": lambda one: one.drain_s,
}


def in_force(setting: Setting, settings: Settings) -> str:
    """A setting's value as it would be written in the environment; a secret is not shown."""
    value = _IN_FORCE[setting.name](settings)
    text = "" if value is None else str(value)
    if setting.name in WITH_PASSWORD:
        return _PASSWORD.sub(lambda found: f"{found[1]}{HIDDEN}@" if found[1] else HIDDEN, text)
    return HIDDEN if text and setting.name in SECRET else text


def _is_default(setting: Setting, settings: Settings) -> bool:
    usual = setting.read(setting.default)
    value = _IN_FORCE[setting.name](settings)
    return bool(value == usual or (not value and not usual))


def _changed(settings: Settings) -> str:
    names = [one.name for one in TABLE if not _is_default(one, settings)]
    return f"set: {', '.join(names)}" if names else "all as they come"


def _settings(options: argparse.Namespace, settings: Settings) -> int:
    if options.json:
        rows = [
            {"name": one.name, "value": in_force(one, settings), "default": one.default, "means": one.means}
            for one in TABLE
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return EXIT_OK
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("setting", no_wrap=True)
    table.add_column("in force", overflow="fold")
    table.add_column("meaning", min_width=28)
    for one in TABLE:
        style = "" if _is_default(one, settings) else "bold cyan"
        value = Text(in_force(one, settings) or EMPTY, style)
        value.append(" (default)" if not style else f"\ndefault: {one.default or EMPTY}", "dim")
        table.add_row(Text(one.name, style), value, Text(one.means))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPED_WIDTH)
    console.print(table)
    console.print("\nSet them in the environment, as in: OSTIARY_LOG_LEVEL=warning ostiary serve")
    return EXIT_OK
