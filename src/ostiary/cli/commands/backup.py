"""`ostiary migrate`, `ostiary backup` and `ostiary restore`."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from ostiary import __version__
from ostiary.adapters import clock
from ostiary.adapters.crypto import master_key
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.app import database, installation_place, key_source
from ostiary.cli.dispatch import show
from ostiary.cli.privacy.restored import erased_since
from ostiary.cli.showing import progress
from ostiary.domain.errors import KeyMismatch, NotFound
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.terminal.outcome import failed
from ostiary.settings import Settings
from ostiary.storage import opening
from ostiary.storage.backup import restore, write
from ostiary.storage.tables import installation as sql

_REST = "\nwhen the version before is gone everywhere: ostiary migrate --finish"


def run(options: argparse.Namespace, settings: Settings) -> int:
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
    place = opening.SqliteDatabase(path)
    schema = place.schema()
    if schema is None:
        raise NotFound(f"There is no installation to back up in {installation_place(place, settings)}")
    target = Path(options.file).absolute()
    with progress(options, "backing up") as advance:
        pictures_in = None if settings.files_url else settings.data_dir
        source = write.BackupSource(path, pictures_in, __version__, schema)
        manifest = write.write(source, target, clock.now_ms(), advance)
    pictures = len(manifest.manifest.files) - 1
    key = _key_place(settings)
    answer = {
        "file": str(target),
        "bytes": manifest.bytes,
        "schema": schema,
        "at": manifest.manifest.at,
        "documents": manifest.manifest.documents,
        "pictures": pictures,
        "documents_without_pictures": manifest.lost,
        "pictures_elsewhere": settings.files_url or None,
        "master_key_included": False,
        "master_key": key,
    }
    lost = f"\nWARNING: {manifest.lost} documents have no picture on disk." if manifest.lost else ""
    if settings.files_url:
        lost = f"\nThe pictures are NOT in it: they lie in {settings.files_url}. Keep that store's versions as long."
    show(
        options,
        answer,
        f"{target}: database and {pictures} pictures of {manifest.manifest.documents} documents, "
        f"{manifest.bytes / 1e6:.1f} MB; pictures and personal data in it stay encrypted.{lost}\n"
        f"The master key is NOT in it, and without it the backup opens for nobody. It is in {key}: "
        "keep a copy, somewhere else than the backup.",
    )
    return EXIT_OK


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    path = _file(settings)
    with progress(options, "restoring") as advance:
        manifest = restore.read(Path(options.file), path, settings.data_dir, opening.FINISHED, advance)
    pictures = len(manifest.files) - 1
    problem = _key_problem(settings, path)
    if problem is not None:
        return failed(
            options, f"The backup of {manifest.at} is restored in {settings.data_dir}. {problem}", EXIT_FAILED
        )
    place = options.erased or settings.files_url
    again = erased_since(settings, place) if place else None
    answer = {
        "data_dir": str(settings.data_dir),
        "erased_again": again,
        "database": str(path),
        "at": manifest.at,
        "schema": manifest.schema,
        "documents": manifest.documents,
        "pictures": pictures,
    }
    show(
        options,
        answer,
        f"The backup of {manifest.at} is restored in {settings.data_dir}: database and {pictures} "
        f"pictures; the master key opens it.\n{_erased_words(again)}\nnext: ostiary audit verify, then ostiary serve",
    )
    return EXIT_OK


def _erased_words(again: int | None) -> str:
    if again is None:
        return (
            "WARNING: who was erased since then is there again. Name the store that the pictures were in: "
            "ostiary restore --erased file:///OLD/pictures"
        )
    return f"{again} clients that were erased since then are erased again by the worker."


def _file(settings: Settings) -> Path:
    """The database's file. Raises Unavailable for PostgreSQL, which has tools of its own for this."""
    return opening.database_path(settings.database_url, settings.data_dir)


def _key_place(settings: Settings) -> str:
    """Where the master key is, as it is configured."""
    return key_source(settings).words


def _key_problem(settings: Settings, path: Path) -> str | None:
    """What keeps the restored database from being opened; None when the configured key opens it."""
    place, source = _key_place(settings), key_source(settings)
    if not (source.value or source.command) and not Path(place).exists():
        return f"Put the master key it was made with into {place} before you start: a new key cannot open it."
    try:
        cipher = Keyring(master_key.read_masters(source))
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            for name, wrapped in connection.execute(sql.INSTALLATION):
                if name in opening.LOOKUP_KEYS:
                    cipher.unwrap(wrapped, f"{opening.PLACE}|{name}")
    except KeyMismatch as problem:
        return (
            f"{problem.message} Leave the key in {place} as it is: it may be the only copy of another installation's. "
            "Keep the key that the backup was made with in a file of its own, and name that in OSTIARY_MASTER_KEY_FILE."
        )
    return None


_COMMANDS = {"migrate": _migrate, "backup": _backup, "restore": _restore}
