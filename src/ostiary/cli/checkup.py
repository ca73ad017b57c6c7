"""What `doctor` looks at on the machine: the interpreter, folders, space, key files, limits, and the catalogue.

A check gives what it found, or nothing where there is nothing to look at. None writes anything but its own probe.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ostiary.adapters import master_key, providers_file, scenarios_file
from ostiary.adapters.file_store import FOLDER as PICTURES
from ostiary.adapters.reader.availability import missing
from ostiary.app import catalogue_of
from ostiary.domain.errors import CatalogueInvalid, KeyMismatch, ProvidersInvalid, ScenariosInvalid
from ostiary.settings import Settings

OLDEST_PYTHON = (3, 11)
GB, MB = 1 << 30, 1 << 20
PROBLEM_FREE_BYTES, WARNING_FREE_BYTES = 256 * MB, 2 * GB
PROBLEM_FREE_FRACTION, WARNING_FREE_FRACTION = 0.01, 0.05
"""Of the disk: SQLite and pictures need room to be written at all, and someone needs time to make more."""
LEAST_OPEN_FILES = 1024
"""Every connection is one, and so is every picture being written."""
PROBE_BYTES = 4096


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it."""

    check: str
    level: Level
    found: str
    advice: str = ""


def ok(check: str, found: str) -> Finding:
    return Finding(check, Level.OK, found)


def warning(check: str, found: str, advice: str) -> Finding:
    return Finding(check, Level.WARNING, found, advice)


def problem(check: str, found: str, advice: str) -> Finding:
    return Finding(check, Level.PROBLEM, found, advice)


def python(settings: Settings) -> Finding:
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return problem("python", f"Python {platform.python_version()}", f"Install Python {wanted} or newer.")
    return ok("python", f"Python {platform.python_version()}")


def data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir
    if not folder.exists():
        return _no_folder(folder, is_needed=not _lies_elsewhere(settings))
    if not folder.is_dir():
        return problem("data folder", f"{folder} is not a folder", "Set OSTIARY_DATA_DIR to a folder.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return problem(
            "data folder", f"{folder} cannot be read and written by this user",
            f"Run this as the user the service runs as, or give that user the folder: chown -R USER {folder}",
        )  # fmt: skip
    if mode := _open_to_others(folder):
        return warning("data folder", f"{folder} is open to other users (mode {mode})", f"chmod 700 {folder}")
    return ok("data folder", str(folder))


def _lies_elsewhere(settings: Settings) -> bool:
    """Whether nothing of the installation is kept in the data folder."""
    has_key = bool(settings.master_key) or settings.master_key_file is not None
    return bool(settings.database_url and settings.files_url) and has_key


def _no_folder(folder: Path, *, is_needed: bool) -> Finding:
    near = next(one for one in folder.parents if one.exists())
    if not os.access(near, os.W_OK | os.X_OK):
        return problem(
            "data folder", f"{folder} does not exist, and this user cannot make it in {near}",
            "Set OSTIARY_DATA_DIR to a folder that this user may write.",
        )  # fmt: skip
    if not is_needed:
        return ok("data folder", f"{folder} is made at the start; nothing is kept there")
    return warning(
        "data folder", f"{folder} does not exist yet",
        "Run `ostiary serve --sandbox` to try Ostiary, or `ostiary serve`: either makes it. If you expected an "
        "installation here, set OSTIARY_DATA_DIR to its folder.",
    )  # fmt: skip


def master_key_file(settings: Settings) -> Finding | None:
    """Where the key comes from, whether it is one, and who else can read it. It is not made here."""
    named, own = settings.master_key_file, settings.data_dir / master_key.FILE_NAME
    path = named or own
    if not settings.master_key and named is None and not own.exists():
        return None
    try:
        ring = master_key.read_masters(settings.master_key, named, settings.data_dir)
    except (KeyMismatch, OSError, UnicodeDecodeError) as fault:
        return problem(
            "master key", str(fault), "Set OSTIARY_MASTER_KEY or OSTIARY_MASTER_KEY_FILE to the key you kept."
        )
    keys = "1 key" if len(ring) == 1 else f"a ring of {len(ring)} keys"
    if settings.master_key:
        return ok("master key", f"{keys} from OSTIARY_MASTER_KEY")
    if mode := _open_to_others(path):
        return problem("master key", f"{path} can be read by other users (mode {mode})", f"chmod 600 {path}")
    return ok("master key", f"{keys} from {path}")


def catalogue(settings: Settings) -> Finding:
    try:
        found = catalogue_of(settings)
    except CatalogueInvalid as fault:
        first = fault.faults[0] if fault.faults else None
        shown = f"{first.field}: {first.message}" if first else fault.message
        more = f", and {len(fault.faults) - 1} more" if len(fault.faults) > 1 else ""
        return problem(
            "catalogue", f"{shown}{more}",
            f"`ostiary catalogue check {settings.catalogue}` names every fault. `serve` does not start with any.",
        )  # fmt: skip
    source = str(settings.catalogue or "the one that ships")
    return ok("catalogue", f"{source}: {', '.join(found.products)}")


def providers(settings: Settings) -> Finding:
    """Whether the providers file can be used, with the catalogue as it is; nobody is asked anything."""
    try:
        configured = providers_file.load(settings.providers, settings.public_url)
        products = catalogue_of(settings).products.values()
        providers_file.check_named(configured, {one.id: one.provider for one in products})
        scenarios = scenarios_file.load(settings.catalogue)
    except CatalogueInvalid:
        return ok("providers", "not looked at before the catalogue is right")
    except (ProvidersInvalid, ScenariosInvalid) as fault:
        return problem("providers", fault.message, "Correct the file; `serve` does not start with a fault.")
    lists = ", ".join(one.name for one in configured.lists) or "none"
    named = ", ".join(["builtin", *configured.makers])
    return ok("providers", f"{named}; lists to screen against: {lists}; {len(scenarios)} sandbox scenarios")


def document_reader(settings: Settings) -> Finding:
    """Whether documents can be read at all; nothing is loaded."""
    absent = missing()
    if absent:
        return warning(
            "documents", f"not read: {', '.join(absent)} not installed",
            "Every submission of a production company goes to review, and PDF and HEIC are not taken. To have them "
            "read: pip install 'ostiary[documents]', then restart.",
        )  # fmt: skip
    return ok("documents", "machine-readable lines and barcodes are read; PDF and HEIC are taken")


def disk_space(settings: Settings) -> Finding:
    place = next(one for one in (settings.data_dir, *settings.data_dir.parents) if one.exists())
    usage = shutil.disk_usage(place)
    fraction = usage.free / usage.total if usage.total else 0.0
    found = f"{usage.free / GB:.1f} GB free ({fraction:.0%})"
    advice = f"Make room on the disk of {place}. Without any, every call that writes is answered 503."
    if usage.free < PROBLEM_FREE_BYTES or fraction < PROBLEM_FREE_FRACTION:
        return problem("disk space", found, advice)
    if usage.free < WARNING_FREE_BYTES or fraction < WARNING_FREE_FRACTION:
        return warning("disk space", found, advice)
    return ok("disk space", found)


def file_store(settings: Settings) -> Finding | None:
    """Writes a file where pictures go, makes it durable and deletes it."""
    if settings.files_url:
        from ostiary.cli.checkup_files import elsewhere

        return elsewhere(settings)
    pictures = settings.data_dir / PICTURES
    folder = pictures if pictures.is_dir() else settings.data_dir
    if not folder.is_dir():
        return None
    path = folder / f".doctor.{os.getpid()}"
    try:
        _write_and_delete(path)
    except OSError as fault:
        return problem(
            "file store", f"{folder} cannot be written: {fault.strerror or fault}",
            "Check the disk, its mount options and the folder's owner. Without it every upload is answered 503.",
        )  # fmt: skip
    return ok("file store", f"{folder} can be written")


def _write_and_delete(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, bytes(PROBE_BYTES))
        os.fsync(handle)
    finally:
        os.close(handle)
        with suppress(FileNotFoundError):
            path.unlink()


def open_files(settings: Settings) -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < LEAST_OPEN_FILES:
        return warning(
            "open files", f"this user may open {soft} files at once",
            f"Raise it to {LEAST_OPEN_FILES} or more: `ulimit -n`, or LimitNOFILE in a systemd unit.",
        )  # fmt: skip
    return ok("open files", "unlimited" if soft == resource.RLIM_INFINITY else f"{soft} at once")


def _open_to_others(path: Path) -> str:
    """The mode, when group or others have any right; else nothing. What is mounted to be read only, as secrets are in
    containers, has the mode that the engine gives it, and nobody else there."""
    mode = stat.S_IMODE(path.stat().st_mode)
    return f"{mode:04o}" if mode & 0o077 and not os.statvfs(path).f_flag & os.ST_RDONLY else ""


MACHINE: tuple[Callable[[Settings], Finding | None], ...] = (
    python, data_folder, disk_space, file_store, open_files, catalogue, providers, document_reader,
    master_key_file,
)  # fmt: skip
