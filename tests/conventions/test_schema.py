"""Migrations: one line of versions, the code knows the newest, and company data is keyed by company."""

from __future__ import annotations

import ast
from pathlib import Path

from ostiary.storage import opening
from ostiary.storage.sqlite import writer
from tests.conventions.sources import tree_of

VERSIONS = Path(opening.__file__).parent / "migrations" / "versions"
OF_NO_COMPANY = {"installation", "catalogues", "terms_texts", "alembic_version"}


def declared(path: Path) -> dict[str, object]:
    """The constants that a version declares about itself."""
    return {
        target.id: node.value.value
        for node in tree_of(path).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def versions() -> list[dict[str, object]]:
    """In the order of their files' names."""
    return [declared(path) for path in sorted(VERSIONS.glob("v*.py"))]


def test_the_code_works_with_the_newest_version() -> None:
    assert versions()[-1]["revision"] == opening.FINISHED


def test_versions_form_one_line() -> None:
    revisions = [version["revision"] for version in versions()]
    assert [version["down_revision"] for version in versions()] == [None, *revisions[:-1]]
    assert [path.name[1:5] for path in sorted(VERSIONS.glob("v*.py"))] == revisions


def test_tables_of_companies_are_keyed_by_company(tmp_path: Path) -> None:
    path = tmp_path / "fresh.sqlite3"
    assert opening.migrate(opening.SqliteDatabase(path))
    connection = writer.connect(path, read_only=True)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    first = {}
    for table in tables - OF_NO_COMPANY:
        columns = connection.execute("SELECT name, pk, cid FROM pragma_table_info(?)", (table,)).fetchall()
        first[table] = {name for name, pk, _ in columns if pk == 1}
    connection.close()
    assert first
    assert all(columns == {"company_id"} for columns in first.values()), first
