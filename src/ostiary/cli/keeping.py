"""`ostiary migrate`, `ostiary backup` and `ostiary restore`."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from ostiary import __version__
from ostiary.adapters import backup, clock, master_key, restoring
from ostiary.adapters.encryption import Keyring
from ostiary.app import database
from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.running import failed, show
from ostiary.cli.showing import progress
from ostiary.domain.errors import KeyMismatch, NotFound
from ostiary.settings import Settings
from ostiary.storage import opening
from ostiary.storage import statements as sql

_REST = "\nwhen the version before is gone everywhere: ostiary migrate --finish"


def do(options: argparse.Namespace, settings: Settings) -> int:
    return _COMMANDS[options.command](options, settings)


def _migrate(options: argparse.Namespace, settings: Settings) -> int:
    place = database(settings)
    before = place.schema()
    changed = opening.migrate(place, finish=options.finish)
    now = place.schema()
    answer = {
        "database": place.shown,
        "from": before,
        "to": now,
        "changed": changed,
        "finished": now == opening.FINISHED,
    }
    came = f"brought from {before or 'nothing'} to schema" if changed else "already at schema"
    rest = "" if now == opening.FINISHED else _REST
    show(options, answer, f"{place.shown}: {came} {now}{rest}")
    return EXIT_OK


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    path = _file(settings)
    schema = opening.SqliteDatabase(path).schema()
    if schema is None:
        raise NotFound(f"There is no database at {path} to back up.")
    target = Path(options.file).absolute()
    with progress(options, "backing up") as tell:
        made = backup.write(
            path, settings.data_dir, target, __version__, schema, clock.now_ms(), tell,
            with_pictures=not settings.files_url,
        )  # fmt: skip
    pictures = len(made.manifest.files) - 1
    key = _key_place(settings)
    answer = {
        "file": str(target), "bytes": made.bytes, "schema": schema, "at": made.manifest.at,
        "documents": made.manifest.documents, "pictures": pictures, "documents_without_pictures": made.lost,
        "pictures_elsewhere": settings.files_url or None, "master_key_included": False, "master_key": key,
    }  # fmt: skip
    lost = f"\nWARNING: {made.lost} documents have no picture on disk." if made.lost else ""
    if settings.files_url:
        lost = f"\nThe pictures are NOT in it: they lie in {settings.files_url}. Keep that store's versions as long."
    show(options, answer, f"{target}: database and {pictures} pictures of {made.manifest.documents} documents, "
         f"{made.bytes / 1e6:.1f} MB; pictures and personal data in it stay encrypted.{lost}\n"
         f"The master key is NOT in it, and without it the backup opens for nobody. It is in {key}: "
         "keep a copy, somewhere else than the backup.")  # fmt: skip
    return EXIT_OK


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    path = _file(settings)
    with progress(options, "restoring") as tell:
        manifest = restoring.read(Path(options.file), path, settings.data_dir, opening.FINISHED, tell)
    pictures = len(manifest.files) - 1
    problem = _key_problem(settings, path)
    if problem is not None:
        return failed(
            options, f"The backup of {manifest.at} is restored in {settings.data_dir}. {problem}", EXIT_FAILED
        )
    answer = {
        "data_dir": str(settings.data_dir), "database": str(path), "at": manifest.at, "schema": manifest.schema,
        "documents": manifest.documents, "pictures": pictures,
    }  # fmt: skip
    show(options, answer, f"The backup of {manifest.at} is restored in {settings.data_dir}: database and {pictures} "
         "pictures; the master key opens it.\nnext: ostiary audit verify, then ostiary serve")  # fmt: skip
    return EXIT_OK


def _file(settings: Settings) -> Path:
    """The database's file. Raises Unavailable for PostgreSQL, which has tools of its own for this."""
    return opening.database_path(settings.database_url, settings.data_dir)


def _key_place(settings: Settings) -> str:
    """Where the master key is, as it is configured."""
    if settings.master_key:
        return "the environment variable OSTIARY_MASTER_KEY"
    return str(settings.master_key_file or settings.data_dir / master_key.FILE_NAME)


def _key_problem(settings: Settings, path: Path) -> str | None:
    """What keeps the restored database from being opened; None when the configured key opens it."""
    place = _key_place(settings)
    if not settings.master_key and not Path(place).exists():
        return f"Put the master key it was made with into {place} before you start: a new key cannot open it."
    try:
        masters = master_key.read_masters(
            settings.master_key, settings.master_key_file, settings.data_dir, may_make=False
        )
        cipher = Keyring(masters)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            for name, wrapped in connection.execute(sql.INSTALLATION):
                if name in opening.LOOKUP_KEYS:
                    cipher.unwrap(wrapped, f"{opening.PLACE}|{name}")
    except KeyMismatch as problem:
        return f"{problem.message} Put the master key it was made with into {place}."
    return None


_COMMANDS = {"migrate": _migrate, "backup": _backup, "restore": _restore}
