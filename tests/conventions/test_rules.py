"""Rules that would be bugs, found in the code's own tree."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary.telemetry.logs import ALLOWED
from tests.conventions.sources import tree_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "ostiary"
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


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").partition(".")[0]


def called(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """On what, what, where: `datetime.now(...)` is ("datetime", "now", line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr, node.lineno


def test_the_contract_of_a_pure_domain_names_every_library_that_there_is() -> None:
    """import-linter forbids by name, so a library that nobody named would pass."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [pure] = [contract for contract in contracts if contract["id"] == "pure"]
    libraries = {name for path in SOURCE.rglob("*.py") for name in imported(tree_of(path))}
    assert libraries - sys.stdlib_module_names - {"ostiary"} <= set(pure["forbidden_modules"])


@pytest.mark.parametrize("path", PURE, ids=name_of)
def test_decisions_ask_no_clock_and_no_chance(path: Path) -> None:
    tree = tree_of(path)
    assert not FORBIDDEN_MODULES.intersection(imported(tree)), (
        "pass it in: the world has now_ms, new_id, random, chance"
    )
    asked = [
        f"line {line}: {on}.{what}"
        for on, what, line in called(tree)
        if what in FORBIDDEN_CALLS and (on in ("", "datetime", "date") or on.endswith((".datetime", ".date")))
    ]
    assert not asked, "pass the moment in"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=name_of)
def test_one_module_prints(path: Path) -> None:
    printed = [line for on, what, line in called(tree_of(path)) if (on, what) == ("", "print")]
    assert not printed or name_of(path) == "runtime/terminal/printing.py", "log it, or `say` it"


READ_THE_ENVIRONMENT = {
    "settings.py", "settings_file.py", "storage/opening.py", "cli/commands/demo.py", "runtime/cluster.py",
    "adapters/files/object_store.py",  # credentials are found under each cloud's own names
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=name_of)
def test_only_settings_and_what_starts_processes_read_the_environment(path: Path) -> None:
    tree = tree_of(path)
    reads = {ast.unparse(access) for access in ast.walk(tree) if isinstance(access, ast.Attribute)} & {
        "os.environ",
        "os.getenv",
    }
    assert not reads or name_of(path) in READ_THE_ENVIRONMENT


def test_no_field_of_a_log_line_could_hold_what_is_personal() -> None:
    assert not [field for field in ALLOWED if field not in ("message_id",) and any(word in field for word in PERSONAL)]


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=name_of)
def test_log_lines_carry_only_fields_that_are_let_through(path: Path) -> None:
    """A field that the allowlist would drop is a mistake: nobody ever sees it."""
    dropped = [
        f"line {node.lineno}: {keyword.arg}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and re.fullmatch(r"_?log\.(debug|info|warning|error)", ast.unparse(node.func))
        for keyword in node.keywords
        if keyword.arg not in ALLOWED
    ]
    assert not dropped
