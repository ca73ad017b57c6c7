"""Every SQL text of the product, found by looking through its code: nobody has to remember to list a new one.

A text that stands under a name in a module is planned on every engine that runs it (`test_plans`,
`test_plans_postgres`). One that stands elsewhere is named in `ELSEWHERE`, with the reason why no plan is looked at.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import ostiary
from ostiary.storage.postgres import dialect

SOURCE = Path(ostiary.__file__).parent
MIGRATIONS = SOURCE / "storage" / "migrations"
SQL = re.compile(r"\s*(SELECT|INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|WITH\s+\w+\s+AS)\b")
SQL_WORD = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b")
ONLY_POSTGRES = {
    "ostiary.storage.postgres.batching": "a server's",
    "ostiary.storage.postgres.diagnostics": "asks a server for its settings",
    "ostiary.storage.postgres.dialect": "a server's",
    "ostiary.storage.postgres.earlier": "a file has no such transactions",
    "ostiary.storage.tables.rate_limits": "rates are shared only where several processes write",
    "ostiary.storage.postgres.notify": "a file has a counter of its own",
    "ostiary.storage.postgres.statistics": "SQLite plans without statistics",
    "ostiary.storage.server_clock": "a file's time is this machine's",
}
ELSEWHERE = {
    ("storage/backup/write.py", "SELECT count(*) FROM installation"): "begins the read; a dozen rows",
    ("storage/backup/write.py", "SELECT company_id, client_id, document_id FROM documents ORDER BY 1, 2, 3"):
        "a backup reads everything, in a copy of its own",
    ("storage/backup/copy.py", "DELETE FROM {} WHERE {}"): "by the table's key",
    ("storage/backup/copy.py", "DELETE FROM installation WHERE name <> ?1"): "a dozen rows",
    ("storage/backup/copy.py", "DELETE FROM installation WHERE name = ?1"): "a dozen rows",
    ("storage/backup/copy.py", "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO {}"): "by the table's key",
    ("storage/backup/copy.py", "SELECT 1 FROM arrivals LIMIT 1"): "the first row there is",
    ("storage/backup/copy.py", "SELECT 1 FROM companies LIMIT 1"): "the first row there is",
    ("storage/backup/copy.py", "SELECT count(*) FROM {}"): "a copy reads everything, for an operator",
    ("storage/backup/copy.py", "SELECT {} FROM {}{} ORDER BY {}{}"): "a copy reads everything, in pages by key",
    ("storage/backup/copy.py", "UPDATE installation SET value = ?2 WHERE name = ?1"): "a dozen rows",
    ("storage/opening.py", "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version' AND schemaname = ANY "
     "(current_schemas(false))"): "the server's own catalogue",
    ("storage/opening.py", "SELECT version_num FROM alembic_version"): "one row",
    ("storage/postgres/composing.py", "SELECT {}"): "puts planned reads side by side",
    ("storage/postgres/composing.py", "SELECT CASE {} ELSE -1 END AS lost"): "counts what planned writes changed",
    ("storage/postgres/pool.py", "SELECT 1 FROM pg_prepared_statements WHERE name = $1"):
        "the connection's own memory",
    ("storage/postgres/engine.py", "SELECT 1 FROM installation LIMIT 1"): "the first row there is",
    ("storage/audit/row_kinds.py", "SELECT {} FROM {} ORDER BY {}"): "verification reads everything",
    ("storage/audit/row_kinds.py", "SELECT {} FROM {} WHERE company_id = ?1 AND {} = ?2"): "by the table's key",
    ("storage/sqlite/engine.py", "SELECT 1 FROM installation LIMIT 1"): "the first row there is",
}  # fmt: skip


def modules() -> Iterator[tuple[str, Path]]:
    """Every module that may hold SQL: migrations run once, and build what the others read."""
    for path in sorted(SOURCE.rglob("*.py")):
        if MIGRATIONS not in path.parents and SQL_WORD.search(path.read_text()):
            dotted = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
            yield dotted.removesuffix(".__init__"), path


def named() -> dict[str, tuple[str, str]]:
    """Every text that stands under a name, by that name: its module and itself."""
    by_name: dict[str, tuple[str, str]] = {}
    for module, _ in modules():
        for name, text in vars(importlib.import_module(module)).items():
            if isinstance(text, str) and SQL.match(text) and "{" not in text:
                assert by_name.setdefault(name, (module, text))[1] == text, f"two statements are called {name}"
    return by_name


def literals(path: Path) -> Iterator[tuple[str, bool]]:
    """Every text in a file that reads like SQL, whole or in part made by the code (`{}` stands for what is put in), and
    whether it is written inside a function."""
    tree = ast.parse(path.read_text())
    inside = {
        id(child)
        for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.walk(each)
    }
    parts = {id(value) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for value in each.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        else:
            continue
        if SQL.match(text):
            yield text, id(node) in inside


def is_planned(literal: str, is_inside: bool) -> bool:
    """Whether a literal is a planned statement, or the beginning of one that its module puts together."""
    if is_inside:
        return literal in planned_texts()
    pattern = re.compile(".*?".join(re.escape(piece) for piece in literal.split("{}")), re.DOTALL)
    return any(pattern.match(planned_text) for planned_text in planned_texts())


@cache
def planned_texts() -> frozenset[str]:
    """Every text that the tests of plans look at."""
    steps = (step for steps in dialect.STEPS.values() for step in steps)
    return frozenset((*(text for _, text in named().values()), *dialect.WORDS.values(), *steps))
