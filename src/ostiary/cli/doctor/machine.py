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

from ostiary.adapters.config import providers_file, scenarios_file
from ostiary.adapters.crypto import master_key
from ostiary.adapters.files.store import FOLDER as PICTURES
from ostiary.adapters.reader.availability import INSTALL, missing
from ostiary.app import catalogue_in_force, catalogue_place, key_source
from ostiary.domain.errors import CatalogueInvalid, KeyMismatch, ProvidersInvalid, ScenariosInvalid, Unavailable
from ostiary.settings import Settings

OLDEST_PYTHON = (3, 11)
GB, MB = 1 << 30, 1 << 20
PROBLEM_FREE_BYTES, WARNING_FREE_BYTES = 256 * MB, 2 * GB
PROBLEM_FREE_FRACTION, WARNING_FREE_FRACTION = 0.01, 0.05
"""Of the disk: SQLite and pictures need room to be written at all, and someone needs time to make more."""
LEAST_OPEN_FILES = 1024
"""Every connection is one, and so is every picture being written."""
PROBE_BYTES = 4096
NO_INSTALLATION = (
    "If there is one elsewhere, set OSTIARY_DATA_DIR to its folder. To make one: `ostiary serve --sandbox` to try "
    "Ostiary, `ostiary company create` for real use."
)

NOT_BEFORE_THE_DATABASE = "not looked at before the database can be"
"""What is published lies there, and the database has a line of its own."""


class Level(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """What a check found, and what to do about it."""

    check: str
    level: Level
    found: str
    advice: str = ""


def ok(check: str, what: str) -> DoctorFinding:
    return DoctorFinding(check, Level.OK, what)


def warning(check: str, what: str, advice: str) -> DoctorFinding:
    return DoctorFinding(check, Level.WARNING, what, advice)


def problem(check: str, what: str, advice: str) -> DoctorFinding:
    return DoctorFinding(check, Level.PROBLEM, what, advice)


def python(settings: Settings) -> DoctorFinding:
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return problem("python", f"Python {platform.python_version()}", f"Install Python {wanted} or newer.")
    return ok("python", f"Python {platform.python_version()}")


def data_folder(settings: Settings) -> DoctorFinding:
    folder = settings.data_dir
    if not folder.exists():
        return _no_folder(settings)
    if not folder.is_dir():
        return problem("data folder", f"{folder} is not a folder", "Set OSTIARY_DATA_DIR to a folder.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return problem(
            "data folder",
            f"{folder} cannot be read and written by this user",
            f"Run this as the user the service runs as, or give that user the folder: chown -R USER {folder}",
        )
    if mode := _open_to_others(folder):
        return warning("data folder", f"{folder} is open to other users (mode {mode})", f"chmod 700 {folder}")
    return ok("data folder", str(folder))


def _lies_elsewhere(settings: Settings) -> bool:
    """Whether nothing of the installation is kept in the data folder."""
    return bool(settings.database_url and settings.files_url) and key_source(settings).is_named


def _no_folder(settings: Settings) -> DoctorFinding:
    folder = settings.data_dir
    near = next(parent for parent in folder.parents if parent.exists())
    if not os.access(near, os.W_OK | os.X_OK):
        return problem(
            "data folder",
            f"{folder} does not exist, and this user cannot make it in {near}",
            "Set OSTIARY_DATA_DIR to a folder that this user may write.",
        )
    if not settings.database_url:
        return problem("data folder", f"there is no installation: {folder} does not exist", NO_INSTALLATION)
    if _lies_elsewhere(settings):
        return ok("data folder", f"{folder} is made at the start; nothing is kept there")
    return warning(
        "data folder",
        f"{folder} does not exist yet",
        "`ostiary serve` makes it. If pictures or a key are expected there, set OSTIARY_DATA_DIR to their folder.",
    )


def master_key_file(settings: Settings) -> DoctorFinding | None:
    """Where the key comes from, whether it is one, and who else can read it. It is not made here."""
    source = key_source(settings)
    path = source.file or source.own
    if not source.is_there:
        return None
    try:
        ring = master_key.read_masters(source)
    except (KeyMismatch, OSError, UnicodeDecodeError) as fault:
        return problem(
            "master key", str(fault), "Set OSTIARY_MASTER_KEY or OSTIARY_MASTER_KEY_FILE to the key you kept."
        )
    keys = "1 key" if len(ring) == 1 else f"a ring of {len(ring)} keys"
    if source.value or source.command:
        return ok("master key", f"{keys} from {'OSTIARY_MASTER_KEY' if source.value else source.words}")
    if mode := _open_to_others(path):
        return problem("master key", f"{path} can be read by other users (mode {mode})", f"chmod 600 {path}")
    return ok("master key", f"{keys} from {path}")


def catalogue(settings: Settings) -> DoctorFinding:
    try:
        read, source = catalogue_in_force(settings), catalogue_place(settings)
    except Unavailable:
        return ok("catalogue", NOT_BEFORE_THE_DATABASE)
    except CatalogueInvalid as fault:
        first = fault.faults[0] if fault.faults else None
        shown = f"{first.field}: {first.message}" if first else fault.message
        more = f", and {len(fault.faults) - 1} more" if len(fault.faults) > 1 else ""
        return problem(
            "catalogue",
            f"{shown}{more}",
            f"`ostiary catalogue check {settings.catalogue}` names every fault. `serve` does not start with any.",
        )
    return ok("catalogue", f"{source}: {', '.join(read.products)}")


def providers(settings: Settings) -> DoctorFinding:
    """Whether the providers file can be used, with the catalogue as it is; nobody is asked anything."""
    try:
        configured = providers_file.load(settings.providers, settings.public_url)
        products = catalogue_in_force(settings).products.values()
        providers_file.check_named(configured, {product.id: product.provider for product in products})
        scenarios = scenarios_file.load(settings.catalogue)
    except CatalogueInvalid:
        return ok("providers", "not looked at before the catalogue is right")
    except Unavailable:
        return ok("providers", NOT_BEFORE_THE_DATABASE)
    except (ProvidersInvalid, ScenariosInvalid) as fault:
        return problem("providers", fault.message, "Correct the file; `serve` does not start with a fault.")
    lists = ", ".join(source.name for source in configured.lists) or "none"
    named = ", ".join(["builtin", *configured.makers])
    return ok("providers", f"{named}; lists to screen against: {lists}; {len(scenarios)} sandbox scenarios")


def document_reader(settings: Settings) -> DoctorFinding:
    """Whether documents can be read: a specimen is."""
    absent = missing()
    if absent:
        return warning(
            "documents",
            f"not read: {', '.join(absent)} not installed",
            "Every submission of a production company goes to review, and PDF and HEIC are not taken. To have them "
            f"read: {INSTALL}; then restart.",
        )
    from ostiary.cli.doctor.reader import specimen_read

    return specimen_read()


def cage(settings: Settings) -> DoctorFinding:
    """Whether processes that open hostile bytes are bound by the kernel: one is."""
    from ostiary.cli.doctor.cage import cage_tried

    return cage_tried(settings)


def disk_space(settings: Settings) -> DoctorFinding:
    place = next(folder for folder in (settings.data_dir, *settings.data_dir.parents) if folder.exists())
    usage = shutil.disk_usage(place)
    fraction = usage.free / usage.total if usage.total else 0.0
    space = f"{usage.free / GB:.1f} GB free ({fraction:.0%})"
    advice = f"Make room on the disk of {place}. Without any, every call that writes is answered 503."
    if usage.free < PROBLEM_FREE_BYTES or fraction < PROBLEM_FREE_FRACTION:
        return problem("disk space", space, advice)
    if usage.free < WARNING_FREE_BYTES or fraction < WARNING_FREE_FRACTION:
        return warning("disk space", space, advice)
    return ok("disk space", space)


def file_store(settings: Settings) -> DoctorFinding | None:
    """Writes a file where pictures go, makes it durable and deletes it."""
    if settings.files_url:
        from ostiary.cli.doctor.files import elsewhere

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
            "file store",
            f"{folder} cannot be written: {fault.strerror or fault}",
            "Check the disk, its mount options and the folder's owner. Without it every upload is answered 503.",
        )
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


def open_files(settings: Settings) -> DoctorFinding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < LEAST_OPEN_FILES:
        return warning(
            "open files",
            f"this user may open {soft} files at once",
            f"Raise it to {LEAST_OPEN_FILES} or more: `ulimit -n`, or LimitNOFILE in a systemd unit.",
        )
    return ok("open files", "unlimited" if soft == resource.RLIM_INFINITY else f"{soft} at once")


def _open_to_others(path: Path) -> str:
    """The mode, when group or others have any right; else nothing. What is mounted to be read only, as secrets are in
    containers, has the mode that the engine gives it, and nobody else there."""
    mode = stat.S_IMODE(path.stat().st_mode)
    return f"{mode:04o}" if mode & 0o077 and not os.statvfs(path).f_flag & os.ST_RDONLY else ""


MACHINE: tuple[Callable[[Settings], DoctorFinding | None], ...] = (
    python, data_folder, disk_space, file_store, open_files, catalogue, providers, document_reader, cage,
    master_key_file,
)  # fmt: skip
