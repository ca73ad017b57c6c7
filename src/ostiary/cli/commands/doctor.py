"""`ostiary doctor`: what is wrong with this installation, and what to do. `ostiary settings`: what is in force."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from collections.abc import Callable, Iterable
from typing import Any

from ostiary.cli.doctor.database import check_database
from ostiary.cli.doctor.lists import screening_lists
from ostiary.cli.doctor.machine import MACHINE, DoctorFinding, Level, ok, problem
from ostiary.cli.doctor.trust import trust_store
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from ostiary.runtime.terminal.outcome import failed
from ostiary.runtime.terminal.printing import console, say_json
from ostiary.settings import GB, MB, TABLE, Setting, SettingInvalid, Settings, read_settings
from ostiary.settings_file import is_there

STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.PROBLEM: "bold red"}
PIPED_WIDTH = 110
THREE_COLUMNS = 100
"""The width, in characters, from which name, value and meaning stand in one line."""
SECRET = ("OSTIARY_MASTER_KEY",)
WITH_PASSWORD = frozenset({"OSTIARY_DATABASE_URL", "OSTIARY_DATABASE_DIRECT_URL"})
_PASSWORD = re.compile(r"(?<=//)([^@:]*:).*@|(?<=[?&]password=)()[^&]*")
EMPTY = "empty"
HIDDEN = "(set, not shown)"


def run(options: argparse.Namespace, settings: Settings) -> int:
    if options.command == "settings":
        return _settings(options, settings)
    looked = (_look(check, settings) for check in (*MACHINE, trust_store))
    findings = [finding for finding in looked if finding is not None]
    lists, database = screening_lists(settings), check_database(settings)
    return _report(options, [ok("settings", _changed(settings) + _file_words(settings)), *findings, *lists, *database])


def settings_invalid(options: argparse.Namespace, fault: SettingInvalid) -> int:
    """Both commands are needed most when the settings cannot be read; nothing else can be checked then."""
    if options.command == "settings":
        _settings(options, read_settings({}))
        return failed(options, f"{fault}. What you see are the defaults.", EXIT_USAGE)
    each = re.split("; (?=OSTIARY_)", str(fault))
    return _report(options, [problem("settings", fault, "Correct or unset it; then run this again.") for fault in each])


def _look(check: Callable[[Settings], DoctorFinding | None], settings: Settings) -> DoctorFinding | None:
    """Runs a check; one that the system does not even let begin counts as a finding."""
    try:
        return check(settings)
    except OSError as fault:
        advice = "Run this as the user the service runs as."
        return problem(check.__name__.replace("_", " "), f"could not be looked at: {fault}", advice)


def _report(options: argparse.Namespace, findings: list[DoctorFinding]) -> int:
    problems = sum(finding.level is Level.PROBLEM for finding in findings)
    if options.json:
        rows = [
            {"check": finding.check, "status": finding.level, "found": finding.found, "advice": finding.advice}
            for finding in findings
        ]
        say_json(rows)
    else:
        _print(findings, _verdict(problems, sum(finding.level is Level.WARNING for finding in findings)))
    return EXIT_FAILED if problems else EXIT_OK


def _verdict(problems: int, warnings: int) -> str:
    if not problems and not warnings:
        return "Everything is in order."
    counted = [_count(problems, "problem")] * bool(problems) + [_count(warnings, "warning")] * bool(warnings)
    return f"{' and '.join(counted)}: what to do stands under each."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _print(findings: Iterable[DoctorFinding], verdict: str) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for finding in findings:
        words = Text(finding.found)
        if finding.advice:
            words.append(f"\n→ {finding.advice}", "bold")
        table.add_row(Text(finding.level, STYLES[finding.level]), Text(finding.check), words)
    screen = console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    screen.print(table)
    screen.print(f"\n{verdict}")


# ---- settings -------------------------------------------------------------------------------------------------------

_IN_FORCE: dict[str, Callable[[Settings], Any]] = {
    "OSTIARY_SETTINGS_FILE": lambda settings: settings.settings_file,
    "OSTIARY_DATA_DIR": lambda settings: settings.data_dir,
    "OSTIARY_DATABASE_URL": lambda settings: settings.database_url,
    "OSTIARY_DATABASE_DIRECT_URL": lambda settings: settings.database_direct_url,
    "OSTIARY_FILES_URL": lambda settings: settings.files_url,
    "OSTIARY_MASTER_KEY": lambda settings: settings.master_key,
    "OSTIARY_MASTER_KEY_COMMAND": lambda settings: shlex.join(settings.master_key_command),
    "OSTIARY_MASTER_KEY_FILE": lambda settings: settings.master_key_file,
    "OSTIARY_CHECKPOINTS": lambda settings: settings.checkpoints,
    "OSTIARY_TIMESTAMP_URL": lambda settings: settings.timestamp_url,
    "OSTIARY_CHECKPOINT_HOURS": lambda settings: settings.checkpoint_hours,
    "OSTIARY_CATALOGUE": lambda settings: settings.catalogue,
    "OSTIARY_PROVIDERS": lambda settings: settings.providers,
    "OSTIARY_TRUST": lambda settings: settings.trust,
    "OSTIARY_PUBLIC_URL": lambda settings: settings.public_url,
    "OSTIARY_RATE_LIMIT_PER_SECOND": lambda settings: settings.rate_limit_per_second,
    "OSTIARY_TRUSTED_PROXIES": lambda settings: ",".join(map(str, settings.trusted_proxies)),
    "OSTIARY_MAX_BODY_MB": lambda settings: settings.max_body_bytes // MB,
    "OSTIARY_UPLOAD_BUDGET_MB": lambda settings: settings.upload_budget_bytes // MB,
    "OSTIARY_COMPANY_QUOTA_GB": lambda settings: settings.company_quota_bytes // GB,
    "OSTIARY_ALLOWED_PRIVATE_NETWORKS": lambda settings: ",".join(map(str, settings.allowed_private_networks)),
    "OSTIARY_LOG_LEVEL": lambda settings: settings.log_level,
    "OSTIARY_EMBEDDED_WORKER": lambda settings: settings.worker_place,
    "OSTIARY_PROCESSES": lambda settings: settings.processes,
    "OSTIARY_DRAIN_SECONDS": lambda settings: settings.drain_s,
    "OSTIARY_LEASE_SECONDS": lambda settings: settings.lease_s,
    "OSTIARY_ENDPOINT_TIMEOUT_SECONDS": lambda settings: settings.endpoint_timeout_s,
    "OSTIARY_FIRST_RETRY_SECONDS": lambda settings: settings.first_retry_s,
    "OSTIARY_STORE_TIMEOUT_SECONDS": lambda settings: settings.store_timeout_s,
    "OSTIARY_DATABASE_TIMEOUT_SECONDS": lambda settings: settings.database_timeout_s,
    "OSTIARY_KEY_LEASE_SECONDS": lambda settings: settings.key_lease_s,
    "OSTIARY_CAGE_REQUIRED": lambda settings: int(settings.cage_required),
    "OSTIARY_CONSOLE": lambda settings: int(settings.console),
    "OSTIARY_HOSTED_PAGE": lambda settings: int(settings.hosted_page),
    "OSTIARY_CATALOGUE_FOUR_EYES": lambda settings: int(settings.catalogue_four_eyes),
}


def in_force(setting: Setting, settings: Settings) -> str:
    """A setting's value as it would be written in the environment; a secret is not shown."""
    value = _IN_FORCE[setting.name](settings)
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    if setting.name in WITH_PASSWORD:
        return _PASSWORD.sub(lambda match: f"{match[1]}{HIDDEN}@" if match[1] else HIDDEN, text)
    return HIDDEN if text and setting.name in SECRET else text


def _is_default(setting: Setting, settings: Settings) -> bool:
    usual = setting.read(setting.default)
    value = _IN_FORCE[setting.name](settings)
    return bool(value == usual or (not value and not usual))


def _changed(settings: Settings) -> str:
    names = [setting.name for setting in TABLE if not _is_default(setting, settings)]
    return f"set: {', '.join(names)}" if names else "all as they come"


def _file_words(settings: Settings) -> str:
    return f"; {settings.settings_file} is read" if is_there(settings.settings_file) else ""


def _settings(options: argparse.Namespace, settings: Settings) -> int:
    if options.json:
        rows = [
            {
                "name": setting.name,
                "value": in_force(setting, settings),
                "default": setting.default,
                "means": setting.means,
            }
            for setting in TABLE
        ]
        say_json(rows)
        return EXIT_OK
    from rich.table import Table
    from rich.text import Text

    screen = console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=screen.width >= THREE_COLUMNS)
    for column in ("setting", "in force", "meaning"):
        table.add_column(column, overflow="fold")
    for setting in TABLE:
        style = "" if _is_default(setting, settings) else "bold cyan"
        value = Text(in_force(setting, settings) or EMPTY, style)
        value.append(" (default)" if not style else f"\ndefault: {setting.default or EMPTY}", "dim")
        if screen.width >= THREE_COLUMNS:
            table.add_row(Text(setting.name, style), value, Text(setting.means))
        else:
            screen.print(Text(setting.name, style), value, Text(setting.means), "", sep="\n", overflow="fold")
    screen.print(table)
    is_read = "is read" if is_there(settings.settings_file) else "is not there"
    screen.print(
        f"\nSet them in the environment, as in: OSTIARY_LOG_LEVEL=warning ostiary serve, or for every command in "
        f"{settings.settings_file}, which {is_read}.",
        soft_wrap=True,
    )
    return EXIT_OK
