"""Rules that would be bugs, found in the code's own tree."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from ostiary.telemetry.logs import ALLOWED
from tests.conventions.sources import ROOT, breaches, nodes_of, tree_of

SOURCE = ROOT / "src" / "ostiary"
EVERY = sorted(SOURCE.rglob("*.py"))
PURE = sorted([*(SOURCE / "domain").rglob("*.py"), *(SOURCE / "usecases").rglob("*.py")])
FORBIDDEN_MODULES = {
    "random",
    "secrets",
    "uuid",
    "time",
    "os",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "tempfile",
}
FORBIDDEN_CALLS = {"now", "utcnow", "today", "getenv", "open", "input", "urandom"}
"""`world.today()` and `world.now_ms()` are how use cases ask; the bare classes' own are not."""
PERSONAL = (
    "name", "email", "mail", "birth", "address", "street", "city", "postal", "phone", "number", "metadata", "picture",
    "image", "body", "key", "secret", "token", "url", "query", "path", "message", "detail", "reason",
)  # fmt: skip


def imported(tree: ast.AST) -> Iterator[str]:
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


def called(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """On what, what, where: `datetime.now(...)` is ("datetime", "now", line)."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr, node.lineno


def test_the_contract_of_a_pure_domain_names_every_library_that_there_is() -> None:
    """import-linter forbids by name, so a library that nobody named would pass."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [pure] = [contract for contract in contracts if contract["id"] == "pure"]
    libraries = {name for path in EVERY for name in imported(tree_of(path))}
    assert libraries - sys.stdlib_module_names - {"ostiary"} <= set(pure["forbidden_modules"])


def asked(path: Path) -> list[str]:
    """Where code asks a clock, chance or the machine."""
    tree = tree_of(path)
    return sorted(FORBIDDEN_MODULES.intersection(imported(tree))) + [
        f"line {line}: {on}.{what}"
        for on, what, line in called(tree)
        if what in FORBIDDEN_CALLS and (on in ("", "datetime", "date") or on.endswith((".datetime", ".date")))
    ]


def test_decisions_ask_no_clock_and_no_chance() -> None:
    assert breaches(PURE, asked) == {}, "pass it in: the world has now_ms, new_id, random, chance"


def test_one_module_prints() -> None:
    printed = breaches(
        EVERY, lambda path: [line for on, what, line in called(tree_of(path)) if (on, what) == ("", "print")]
    )
    assert list(printed) == ["src/ostiary/runtime/terminal/printing.py"], "log it, or `say` it"


READ_THE_ENVIRONMENT = {
    "adapters/checkup.py",
    "adapters/crypto/key_command.py",  # which starts a process
    "settings.py", "settings_file.py", "storage/opening.py", "cli/commands/demo.py", "runtime/cluster.py",
    "cli/mcp/serve_mcp.py",  # what it needs are settings of a caller, no installation's
    "adapters/files/object_store.py",  # credentials are found under each cloud's own names
}  # fmt: skip
ENVIRONMENT = {"os.environ", "os.getenv"}


def reads_the_environment(path: Path) -> list[str]:
    accesses = [node for node in nodes_of(tree_of(path)) if isinstance(node, ast.Attribute)]
    return [f"line {each.lineno}" for each in accesses if ast.unparse(each) in ENVIRONMENT]


def test_only_settings_and_what_starts_processes_read_the_environment() -> None:
    assert set(breaches(EVERY, reads_the_environment)) <= {f"src/ostiary/{name}" for name in READ_THE_ENVIRONMENT}


def test_no_field_of_a_log_line_could_hold_what_is_personal() -> None:
    assert not [field for field in ALLOWED if field not in ("message_id",) and any(word in field for word in PERSONAL)]


def dropped(path: Path) -> list[str]:
    """Fields of log lines that the allowlist does not let through."""
    return [
        f"line {node.lineno}: {keyword.arg}"
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.Call) and re.fullmatch(r"_?log\.(debug|info|warning|error)", ast.unparse(node.func))
        for keyword in node.keywords
        if keyword.arg not in ALLOWED
    ]


def test_log_lines_carry_only_fields_that_are_let_through() -> None:
    """A field that the allowlist would drop is a mistake: nobody ever sees it."""
    assert breaches(EVERY, dropped) == {}
